#include "core/mapping/configuration.hpp"

#include <algorithm>
#include <set>

#include "core/text/catalogue.hpp"

namespace rekey::mapping {

namespace {

constexpr std::size_t longest_id = 128;
constexpr std::size_t longest_name = 2048;

}  // namespace

std::string path_of(const Record& record) {
  if (record.parent.empty()) return record.name;
  const auto above = record.parent + ":";
  return record.name.starts_with(above) ? record.name : above + record.name;
}

const std::vector<Record>& Records::of(Section section) const {
  return part_of(*this, section);
}
std::vector<Record>& Records::of(Section section) {
  return part_of(*this, section);
}
const std::vector<Choice>& Configuration::of(Section section) const {
  return part_of(*this, section);
}
std::vector<Choice>& Configuration::of(Section section) {
  return part_of(*this, section);
}

const Choice* Configuration::find(Section section, const std::string& ours) const {
  for (const auto& each : of(section))
    if (each.ours == ours) return &each;
  return nullptr;
}

void Configuration::choose(Section section, Choice choice) {
  for (auto& each : of(section)) {
    if (each.ours != choice.ours) continue;
    each = std::move(choice);
    return;
  }
  of(section).push_back(std::move(choice));
}

Decision decision_of(const Choice& choice) {
  if (!choice.theirs.empty()) return Decision::chosen;
  return choice.create ? Decision::create : Decision::none;
}

std::string_view complaint_about(const Choice& choice) {
  if (choice.ours.empty() || choice.ours.size() > longest_id || choice.theirs.size() > longest_id ||
      choice.name.size() > longest_name)
    return "A choice for {section} has an id or name that is empty or too long. Nothing was "
           "changed.";
  if (choice.create && !choice.theirs.empty())
    return "A choice for {section} names a counterpart and asks for one to be made. Nothing was "
           "changed.";
  return {};
}

Result<Configuration> checked(Configuration configuration) {
  constexpr std::size_t most = 200'000;
  for (const auto section : all_sections) {
    const auto& choices = configuration.of(section);
    const auto no = [&](std::string_view sentence) {
      return fail(Code::bad_input,
                  text::fill(sentence, {{"section", std::string(wire::name_of(section))}}));
    };
    if (choices.size() > most) return no("There are more than 200,000 choices for {section}.");
    std::set<std::string_view> seen;
    for (const auto& each : choices) {
      if (const auto wrong = complaint_about(each); !wrong.empty()) return no(wrong);
      if (!seen.insert(each.ours).second)
        return no("There are two choices for the same record of {section}. Nothing was changed.");
    }
  }
  if (configuration.settings.terms.size() > longest_id)
    return fail(Code::bad_input, "The payment term's id is too long. Nothing was changed.");
  return configuration;
}

}  // namespace rekey::mapping
