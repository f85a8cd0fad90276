// Whether a text is a well-formed XML document, as far as the sandbox writes XML: one root element,
// attributes in double quotes, the five entities and character references of them, no comments.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rekey::fuzz {

/// A reader that stops at the first thing that XML 1.0 does not allow.
class WellFormed {
 public:
  static bool document(std::string_view text) {
    WellFormed reader(text);
    if (reader.skip("<?xml ")) {
      const auto end = reader.rest_.find("?>");
      if (end == reader.rest_.npos) return false;
      reader.rest_.remove_prefix(end + 2);
      reader.blanks();
    }
    return reader.element() && (reader.blanks(), reader.rest_.empty());
  }

 private:
  explicit WellFormed(std::string_view text) : rest_(text) {}

  bool skip(std::string_view what) {
    if (!rest_.starts_with(what)) return false;
    rest_.remove_prefix(what.size());
    return true;
  }
  bool blanks() {
    const auto size = rest_.size();
    while (!rest_.empty() && std::string_view(" \t\r\n").find(rest_[0]) != std::string_view::npos)
      rest_.remove_prefix(1);
    return rest_.size() != size;
  }
  std::string_view name() {
    constexpr std::string_view begin = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    constexpr std::string_view more = "0123456789.-";
    std::size_t size = 0;
    while (size < rest_.size() && (begin.find(rest_[size]) != begin.npos ||
                                   (size > 0 && more.find(rest_[size]) != more.npos)))
      ++size;
    const auto found = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return found;
  }
  /// One character or entity of a text; the characters that may be in XML are those of section 2.2.
  bool character() {
    if (rest_[0] == '&') {
      for (const char* entity : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"})
        if (skip(entity)) return true;
      return false;
    }
    const auto byte = static_cast<unsigned char>(rest_[0]);
    const std::size_t size = byte < 0x80   ? 1
                             : byte < 0xc2 ? 0
                             : byte < 0xe0 ? 2
                             : byte < 0xf0 ? 3
                             : byte < 0xf5 ? 4
                                           : 0;
    if (size == 0 || rest_.size() < size) return false;
    char32_t code = size == 1 ? byte : byte & (0x7f >> size);
    for (std::size_t i = 1; i < size; ++i) {
      const auto next = static_cast<unsigned char>(rest_[i]);
      if ((next & 0xc0) != 0x80) return false;
      code = (code << 6) | (next & 0x3f);
    }
    rest_.remove_prefix(size);
    if (size == 3 && code < 0x800) return false;
    if (size == 4 && (code < 0x10000 || code > 0x10ffff)) return false;
    if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
    return !(code >= 0xd800 && code <= 0xdfff) && code != 0xfffe && code != 0xffff;
  }
  bool attributes() {
    std::vector<std::string_view> names;
    while (blanks() && !rest_.starts_with('>') && !rest_.starts_with('/')) {
      const auto is = name();
      for (const auto& before : names)
        if (before == is) return false;
      names.push_back(is);
      if (is.empty() || !skip("=\"")) return false;
      while (!rest_.starts_with('"'))
        if (rest_.empty() || rest_[0] == '<' || !character()) return false;
      rest_.remove_prefix(1);
    }
    return true;
  }
  /// An element with everything in it; without recursion, since anything may be nested deeply.
  bool element() {
    std::vector<std::string> open;
    do {
      if (skip("</")) {
        if (open.empty() || name() != open.back() || !skip(">")) return false;
        open.pop_back();
      } else if (skip("<")) {
        open.emplace_back(name());
        if (open.back().empty() || !attributes()) return false;
        if (skip("/>"))
          open.pop_back();
        else if (!skip(">"))
          return false;
      } else if (open.empty() || rest_.empty() || rest_.starts_with("]]>") || !character()) {
        return false;
      }
    } while (!open.empty());
    return true;
  }

  std::string_view rest_;
};

}  // namespace rekey::fuzz
