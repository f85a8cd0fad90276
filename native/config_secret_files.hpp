// Secrets that stand in files of their own.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "native/config.hpp"

namespace rekey::config {

// Each is as `Setting::take`: it takes a value into the settings, or says what it must be. A
// complaint that begins with a dot is a sentence of its own, for what is wrong is not the value.

std::optional<std::string> take_tls_key(Settings& settings, const std::string& value);
std::optional<std::string> take_secret_file(Settings& settings, const std::string& value);
std::optional<std::string> take_verifier_tokens(Settings& settings, const std::string& value);
std::optional<std::string> take_verifier_token_file(Settings& settings, const std::string& value);

/// Adds the verifier tokens in a text, with blanks or lines between them: several are good at once
/// while one is replaced by another.
void add_verifier_tokens(Settings& settings, std::string_view text);

}  // namespace rekey::config
