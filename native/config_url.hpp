// Reads addresses in settings, in the one form in which browsers write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rekey::config {

/// ASCII letters in lower case, all else as it is.
std::string in_lower_case(std::string_view text);

/// The part of an http(s) address after its scheme; nothing when it is not one we can use.
std::optional<std::string_view> after_scheme(std::string_view url);

/// The origin that an address without a path stands for, as a browser writes it (RFC 6454 section
/// 6.1, URL Standard): scheme and host in lower case, no port that is the scheme's own, no slash at
/// the end. Nothing when it is no such address; a host with other letters than ASCII's must be
/// given as its "xn--" name.
std::optional<std::string> normal_origin(std::string_view url);

/// Whether an http(s) address leads to this machine and nowhere else.
bool on_this_machine(std::string_view url);

}  // namespace rekey::config
