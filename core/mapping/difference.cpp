#include "core/mapping/difference.hpp"

#include <unordered_map>

namespace rekey::mapping {

std::vector<Difference> differences(const Configuration& saved, const Records& ours,
                                    const Records& theirs, const WasThere& was_there) {
  std::vector<Difference> out;
  for (const auto section : all_sections) {
    std::unordered_map<std::string_view, const Choice*> choices;
    for (const auto& each : saved.of(section)) choices.emplace(each.ours, &each);
    std::unordered_map<std::string_view, const Record*> targets;
    for (const auto& each : theirs.of(section)) targets.emplace(each.id, &each);
    for (const auto& record : ours.of(section)) {
      const auto at = choices.find(record.id);
      if (at == choices.end()) {
        if (!was_there || !was_there(section, record.id))
          out.push_back({section, record.id, Change::appeared, ""});
        continue;
      }
      const Choice& choice = *at->second;
      if (choice.theirs.empty()) continue;
      const auto target = targets.find(choice.theirs);
      if (target == targets.end()) {
        out.push_back({section, record.id, Change::target_gone, choice.name});
      } else if (!target->second->active) {
        out.push_back({section, record.id, Change::target_inactive, choice.name});
      } else if (!choice.name.empty() && target->second->name != choice.name) {
        out.push_back({section, record.id, Change::target_renamed, choice.name});
      }
    }
  }
  return out;
}

}  // namespace rekey::mapping
