// The rules for ids that the host gives: of a tenant, of a company, of a record.
#pragma once

#include <algorithm>
#include <string_view>

namespace rekey::work {

/// Up to 128 letters and digits of ASCII, and "-_.:@": it becomes part of addresses and of lines.
inline bool is_host_id(std::string_view text) {
  constexpr std::string_view others = "-_.:@";
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           others.find(c) != std::string_view::npos;
  });
}

}  // namespace rekey::work
