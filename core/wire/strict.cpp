#include "core/wire/strict.hpp"

#include <algorithm>

#include "core/text/catalogue.hpp"
#include "core/text/nearest.hpp"

namespace rekey::wire {

namespace {

constexpr std::size_t most_told = 5;
constexpr std::size_t longest_name = 60;

/// A caller's own word, as it may stand in a sentence.
std::string quotable(std::string_view name) {
  std::string out(name.substr(0, longest_name));
  for (auto& each : out)
    if (static_cast<unsigned char>(each) < ' ' || each == '"' || each == 0x7f) each = '?';
  return name.size() > longest_name ? out + "…" : out;
}

std::string spelled(const DocumentPlace* place) {
  if (!place) return {};
  if (place->member.empty()) return spelled(place->in) + "[" + std::to_string(place->item) + "]";
  const auto before = spelled(place->in);
  return before + (before.empty() ? "" : ".") + std::string(place->member);
}

std::string_view meant(std::string_view name, const std::vector<std::string_view>& members,
                       const std::vector<Alias>& aliases) {
  auto known = members;
  for (const auto& each : aliases) known.push_back(each.elsewhere);
  if (known.empty()) return {};
  const auto at = text::nearest(name, known);
  return at < members.size() ? members[at] : aliases[at - members.size()].name;
}

}  // namespace

void find_strangers(const Json& json, const std::vector<std::string_view>& members,
                    const std::vector<Alias>& aliases, const DocumentPlace* place,
                    std::vector<UnknownMember>& found) {
  for (auto each = json.begin(); each != json.end(); ++each) {
    const std::string& name = each.key();
    if (std::find(members.begin(), members.end(), name) != members.end()) continue;
    // The first ones tell enough of a document that is full of them.
    if (found.size() > most_told) {
      found.push_back({});
      continue;
    }
    const auto before = spelled(place);
    found.push_back({before + (before.empty() ? "" : ".") + quotable(name),
                     std::string(meant(name, members, aliases))});
  }
}

std::string in_words(std::string_view kind, std::string_view what,
                     const std::vector<UnknownMember>& found) {
  std::string out = text::fill(found.size() == 1 ? "{what} has a {kind} that is not known here: "
                                                 : "{what} has {kind}s that are not known here: ",
                               {{"what", std::string(what)}, {"kind", std::string(kind)}});
  for (std::size_t i = 0; i < std::min(found.size(), most_told); ++i) {
    const auto& each = found[i];
    out += i > 0 ? " " : "";
    out += text::fill(
        each.meant.empty() ? "\"{at}\" (none is)." : "\"{at}\": did you mean \"{meant}\"?",
        {{"at", each.at}, {"meant", each.meant}});
  }
  if (found.size() > most_told)
    out += text::fill(" And {more} more.", {{"more", std::to_string(found.size() - most_told)}});
  return out;
}

}  // namespace rekey::wire
