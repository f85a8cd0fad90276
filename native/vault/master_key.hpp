// Reading and making master keys.
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/secret.hpp"

namespace rekey::vault {

/// A key and the id by which sealed data keys name it, which is derived from the key.
struct NamedKey {
  std::string id;
  Secret key;
};

/// The keys in a text: one base64 text of 32 bytes a line, '#' begins a comment. `origin` is for
/// the error ("the master key file /etc/rekey/master.key").
Result<std::vector<NamedKey>> parse_master_keys(const Secret& text, const std::string& origin);

/// The contents of a key file, if no other user may read it.
Result<Secret> read_key_file(const std::string& path);

/// What a command prints. `what` it is for, in the error.
Result<Secret> read_key_command(const std::string& command,
                                std::string_view what = "The master key command");

}  // namespace rekey::vault
