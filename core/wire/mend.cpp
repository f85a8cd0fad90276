#include "core/wire/mend.hpp"

#include <algorithm>
#include <array>

namespace rekey::wire {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view replacement_escape = "\\ufffd";

unsigned char byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

bool is_between(unsigned char byte, unsigned low, unsigned high) {
  return byte >= low && byte <= high;
}

/// What may stand second in a character, by its first byte, and how long the character is (Unicode,
/// table 3-7). Length 0: none begins so.
struct Lead {
  std::size_t length = 0;
  unsigned low = 0x80, high = 0xBF;
};

Lead lead_of(unsigned char first) {
  if (first < 0x80) return {1};
  if (is_between(first, 0xC2, 0xDF)) return {2};
  if (first == 0xE0) return {3, 0xA0, 0xBF};
  if (first == 0xED) return {3, 0x80, 0x9F};  // no surrogates
  if (is_between(first, 0xE1, 0xEF)) return {3};
  if (first == 0xF0) return {4, 0x90, 0xBF};
  if (is_between(first, 0xF1, 0xF3)) return {4};
  if (first == 0xF4) return {4, 0x80, 0x8F};
  return {};
}

/// How long the character at a place is; 0: there is none.
std::size_t character_at(std::string_view text, std::size_t at) {
  const auto lead = lead_of(byte_at(text, at));
  if (lead.length == 0 || at + lead.length > text.size()) return 0;
  for (std::size_t i = 1; i < lead.length; ++i) {
    const auto low = i == 1 ? lead.low : 0x80, high = i == 1 ? lead.high : 0xBF;
    if (!is_between(byte_at(text, at + i), low, high)) return 0;
  }
  return lead.length;
}

/// The number in an escape \uXXXX that begins at a place; below 0: there is no such escape.
int escaped_unit(std::string_view text, std::size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return -1;
  int out = 0;
  for (std::size_t i = at + 2; i < at + 6; ++i) {
    const char c = text[i];
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return -1;
    out = out * 16 + digit;
  }
  return out;
}

bool is_short_escape(std::string_view text, std::size_t at) {
  constexpr std::string_view letters = "\"\\/bfnrt";
  return at + 1 < text.size() && letters.find(text[at + 1]) != letters.npos;
}

/// Goes through a text and copies it, mended.
class Mender {
 public:
  explicit Mender(std::string_view text) : text_(text) { out_.reserve(text.size() + 16); }

  /// Empty: nothing was changed.
  std::string run() {
    while (at_ < text_.size()) {
      if (!in_string_) {
        in_string_ = text_[at_] == '"';
        copy(1);
      } else if (text_[at_] == '"') {
        in_string_ = false;
        copy(1);
      } else if (text_[at_] == '\\') {
        escape();
      } else if (byte_at(text_, at_) < 0x20) {
        control();
      } else if (const auto length = character_at(text_, at_); length > 0) {
        copy(length);
      } else {
        put(replacement, 1);
      }
    }
    return changed_ ? std::move(out_) : std::string();
  }

 private:
  void copy(std::size_t count) {
    out_ += text_.substr(at_, count);
    at_ += count;
  }
  void put(std::string_view instead, std::size_t of) {
    out_ += instead;
    at_ += of;
    changed_ = true;
  }
  void control() {
    constexpr char digits[] = "0123456789abcdef";
    const auto byte = byte_at(text_, at_);
    const std::array<char, 6> escaped{'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
    put({escaped.data(), escaped.size()}, 1);
  }
  void escape() {
    const auto unit = escaped_unit(text_, at_);
    const bool high = unit >= 0xD800 && unit <= 0xDBFF, low = unit >= 0xDC00 && unit <= 0xDFFF;
    const auto next = high ? escaped_unit(text_, at_ + 6) : -1;
    if (high && next >= 0xDC00 && next <= 0xDFFF)
      copy(12);
    else if (high || low)
      put(replacement_escape, 6);
    else if (unit >= 0 || is_short_escape(text_, at_))
      copy(2);
    else
      put("\\\\", 1);  // a backslash that begins no escape is one
  }

  std::string_view text_;
  std::string out_;
  std::size_t at_ = 0;
  bool in_string_ = false;
  bool changed_ = false;
};

}  // namespace

std::string mend(std::string_view text) {
  return Mender(text).run();
}

Result<Mended> parse_mended(std::string_view text, std::string_view what) {
  auto json = parse(text, what);
  if (json) return Mended{std::move(*json), false};
  const auto mended = mend(text);
  if (mended.empty()) return tl::unexpected(json.error());
  auto again = parse(mended, what);
  if (!again) return tl::unexpected(json.error());
  return Mended{std::move(*again), true};
}

bool is_mended(const Json& value) {
  if (value.is_string())
    return value.get_ref<const std::string&>().find(replacement) != std::string::npos;
  if (!value.is_structured()) return false;
  return std::any_of(value.begin(), value.end(), [](const Json& each) { return is_mended(each); });
}

}  // namespace rekey::wire
