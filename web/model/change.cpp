#include "web/model/change.hpp"

#include <map>

namespace rekey::web {

namespace {

wire::ChoicePatch patch_of(const LineChange& change) {
  wire::ChoicePatch out{change.section, change.ours};
  if (!change.choice)
    out.undecided = true;
  else if (change.choice->create)
    out.create = true;
  else
    out.theirs = change.choice->theirs;
  return out;
}

/// Whether a change goes with others in one patch.
bool is_part(const Change& change) {
  return std::holds_alternative<LineChange>(change) ||
         std::holds_alternative<SettingsChange>(change);
}

NextEdit patch_of(const std::vector<Edit>& edits, std::int64_t seen) {
  NextEdit out;
  wire::ConfigurationPatch patch{seen, {}, {}};
  std::map<std::pair<mapping::Section, std::string>, std::size_t> places;
  for (const auto& each : edits) {
    if (!is_part(each.what)) break;
    out.upto = each.number;
    if (const auto* settings = std::get_if<SettingsChange>(&each.what)) {
      patch.settings = settings->settings;
      continue;
    }
    const auto& line = std::get<LineChange>(each.what);
    const auto [place, is_new] =
        places.try_emplace({line.section, line.ours}, patch.choices.size());
    if (is_new) patch.choices.emplace_back();
    patch.choices[place->second] = patch_of(line);
  }
  out.request = std::move(patch);
  return out;
}

}  // namespace

NextEdit next_edit(const std::vector<Edit>& edits, std::int64_t seen) {
  const auto& first = edits.front();
  if (const auto* accept = std::get_if<AcceptChange>(&first.what))
    return {wire::AcceptSuggestions{seen, accept->section, accept->confidence, {}}, first.number};
  if (const auto* back = std::get_if<BackChange>(&first.what))
    return {wire::GoBack{seen, back->revision}, first.number};
  return patch_of(edits, seen);
}

}  // namespace rekey::web
