#include "web/model/languages.hpp"

#include "web/platform/platform.hpp"

namespace rekey::web {

const std::vector<Language>& offered_languages() {
  static const auto all = [] {
    std::vector<Language> out;
    const auto lines = platform::languages();
    for (std::size_t at = 0; at < lines.size();) {
      const auto tab = lines.find('\t', at), end = lines.find('\n', at);
      if (tab == lines.npos || end == lines.npos) break;
      out.push_back({lines.substr(at, tab - at), lines.substr(tab + 1, end - tab - 1)});
      at = end + 1;
    }
    return out;
  }();
  return all;
}

void choose_language(Model& model, std::string_view tag) {
  if (tag == texts().language()) return;
  platform::choose_language(
      tag,
      [](void* context) {
        static_cast<Model*>(context)->message =
            Message{Tone::danger, "language_failed.title", "language_failed.text"};
      },
      &model);
}

}  // namespace rekey::web
