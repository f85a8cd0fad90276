#include "web/model/unsent.hpp"

#include "web/platform/platform.hpp"

namespace rekey::web {

namespace {

struct Unsent {
  std::vector<Edit> edits;
  std::optional<mapping::Settings> settings;
  std::optional<std::string> company;  ///< realm id; none: kept by an earlier version
  static constexpr auto fields() {
    using wire::field;
    return std::tuple{field("edits", &Unsent::edits), field("settings", &Unsent::settings),
                      field("company", &Unsent::company)};
  }
};

}  // namespace

void keep_unsent(const Visit& visit) {
  const auto key = visit.own_key("unsent");
  const auto& mapping = *visit.model.mapping;
  if (!mapping.unsent_changes()) return platform::forget(key);
  const Unsent unsent{mapping.unsent, mapping.unsent_settings, mapping.page.company.realm_id};
  platform::store(key, wire::dump(wire::write(unsent)));
}

void restore_unsent(Visit& visit) {
  const auto stored = platform::stored(visit.own_key("unsent"));
  if (!stored) return;
  const auto json = wire::parse(*stored, "The choices");
  if (!json) return;
  auto unsent = wire::read_as<Unsent>(*json, "the choices");
  if (!unsent) return;
  auto& mapping = *visit.model.mapping;
  if (unsent->company && *unsent->company != mapping.page.company.realm_id) return;
  for (auto& each : unsent->edits) each.number = ++mapping.changes;
  mapping.unsent = std::move(unsent->edits);
  mapping.unsent_settings = unsent->settings;
  if (mapping.unsent_settings) mapping.settings_change = ++mapping.changes;
}

}  // namespace rekey::web
