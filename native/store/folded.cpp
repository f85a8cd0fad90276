#include "native/store/folded.hpp"

#include "core/text/fold.hpp"

namespace rekey::store {

std::string folded(std::string_view text) {
  return rekey::text::fold(text);
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
