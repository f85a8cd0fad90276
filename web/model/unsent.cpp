#include "web/model/unsent.hpp"

#include "web/platform/platform.hpp"

namespace rekey::web {

namespace {

struct Unsent {
  std::vector<Edit> changes;
  std::string company;  ///< realm id
  static constexpr auto fields() {
    using wire::field;
    return std::tuple{field("changes", &Unsent::changes), field("company", &Unsent::company)};
  }
};

/// What the page of version 0.1 kept: the page may be replaced while a tab is open.
struct Choice01 {
  mapping::Section section = mapping::Section::accounts;
  mapping::Choice choice;
  static constexpr auto fields() {
    using wire::field;
    return std::tuple{field("section", &Choice01::section), field("choice", &Choice01::choice)};
  }
};
struct Unsent01 {
  std::vector<Choice01> edits;
  std::optional<mapping::Settings> settings;
  std::optional<std::string> company;
  static constexpr auto fields() {
    using wire::field;
    return std::tuple{field("edits", &Unsent01::edits), field("settings", &Unsent01::settings),
                      field("company", &Unsent01::company)};
  }
};

std::optional<Unsent> read(const wire::Json& json, const std::string& company) {
  if (auto kept = wire::read_as<Unsent>(json, "the changes")) return std::move(*kept);
  auto old = wire::read_as<Unsent01>(json, "the changes");
  if (!old) return {};
  Unsent out{{}, old->company.value_or(company)};
  for (auto& each : old->edits) {
    LineChange line{each.section, each.choice.ours, each.choice};
    out.changes.push_back({std::move(line)});
  }
  if (old->settings) out.changes.push_back({SettingsChange{*old->settings}});
  return out;
}

}  // namespace

void keep_unsent(const Visit& visit) {
  const auto key = visit.own_key("unsent");
  const auto& mapping = *visit.model.mapping;
  if (!mapping.unsent_changes()) return platform::forget(key);
  platform::store(key, wire::text_of(Unsent{mapping.unsent, mapping.company.realm_id}));
}

std::int64_t count_unsent(const Visit& visit) {
  if (const auto& mapping = visit.model.mapping; mapping && mapping->unsent_changes())
    return static_cast<std::int64_t>(mapping->unsent.size());
  const auto json =
      wire::parse(platform::stored(visit.own_key("unsent")).value_or(""), "The changes");
  if (!json || !json->is_object() || !json->contains("changes")) return 0;
  return static_cast<std::int64_t>(json->at("changes").size());
}

void restore_unsent(Visit& visit) {
  const auto stored = platform::stored(visit.own_key("unsent"));
  if (!stored) return;
  const auto json = wire::parse(*stored, "The changes");
  if (!json) return;
  auto& mapping = *visit.model.mapping;
  auto kept = read(*json, mapping.company.realm_id);
  if (!kept || kept->company != mapping.company.realm_id) return;
  for (auto& each : kept->changes) each.number = ++mapping.made;
  mapping.unsent = std::move(kept->changes);
}

}  // namespace rekey::web
