#include "native/store/folded.hpp"

namespace rekey::store {

// Of ASCII alone: accents and other scripts are left as they are.
std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_word =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (is_word)
      out += c;
    else if (c >= 'A' && c <= 'Z')
      out += static_cast<char>(c - 'A' + 'a');
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string folded(const mapping::Record& record) {
  std::string out = folded(record.name);
  const auto add = [&](const std::string& text) {
    auto words = folded(text);
    if (words.empty()) return;
    out += ' ';
    out += words;
  };
  add(record.detail);
  add(record.parent);
  add(record.number);
  for (const auto& each : record.emails) add(each);
  return out;
}

}  // namespace rekey::store
