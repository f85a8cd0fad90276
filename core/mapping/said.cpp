#include "core/mapping/said.hpp"

namespace rekey::mapping {

std::string said(const std::vector<Reason>& reasons, const text::Catalogue& words) {
  std::string out;
  for (const auto reason : reasons) {
    std::string id = "why.";
    id += wire::name_of(reason);
    const auto text = words.say(id);
    out = out.empty() ? text : words.say("why.and", {{"one", out}, {"other", text}});
  }
  return out;
}

}  // namespace rekey::mapping
