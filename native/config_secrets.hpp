// Finds and removes secrets where they do not belong: in arguments, in messages, and in the
// environment for longer than needed.
#pragma once

#include <string>
#include <string_view>

#include "native/config.hpp"

namespace rekey::config {

/// Whether a text has a password in it, in any of the ways that libpq, libcurl and people write
/// one: scheme://user:password@host, password=…, sslpassword = '…', ?password=…, also with
/// characters written as %70. Better once too often than once too seldom.
bool shows_password(std::string_view text);

/// Whether a text can be a master key itself (32 bytes in base64), where its file was asked for.
bool looks_like_key(std::string_view text);

/// What is wrong with the arguments of a command: one shows a password, which every user could read
/// who can list the programs that run. The sentence does not repeat it. Empty: nothing.
std::string complaint_of(int argc, const char* const* argv);

/// Takes secrets out of the environment of this process once they have been read, and gives the
/// database's password (PGPASSWORD), which libpq would read there each time, a place in the
/// settings. Before there are other threads.
void forget_secrets(Settings& settings);

}  // namespace rekey::config
