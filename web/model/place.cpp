// What outlives a reload of this tab, for each connection by itself: where the person was, what was
// seen, and the choices that the backend does not have yet.
#include <algorithm>

#include "web/model/app.hpp"

namespace rekey::web {

namespace {

/// The choices that were not confirmed yet.
struct Unsent {
  std::vector<Edit> edits;
  std::optional<mapping::Settings> settings;
  static constexpr auto fields() {
    using wire::field;
    return std::tuple{field("edits", &Unsent::edits), field("settings", &Unsent::settings)};
  }
};

}  // namespace

std::string App::own_key(std::string_view name) const {
  return "rekey." + std::string(name) + "." + connection_;
}

/// Where the person was, through a reload of this tab: what was read and open.
void App::keep_place() {
  wire::Json sections = wire::Json::array();
  if (model_.mapping)
    for (const auto& each : model_.mapping->sections)
      sections.push_back({{"filter", static_cast<int>(each.filter)},
                          {"search", each.search},
                          {"page", each.page}});
  platform::store(own_key("place"), wire::dump({{"tray", model_.tray_open},
                                                {"scrolled", model_.scrolled},
                                                {"sections", sections}}));
  platform::store(own_key("seen"), std::to_string(model_.seen));
}

void App::restore_place() {
  model_.seen = -1;
  place_ = wire::Json::array();
  if (const auto seen = platform::stored(own_key("seen")))
    model_.seen = std::strtoll(seen->c_str(), nullptr, 10);
  const auto stored = platform::stored(own_key("place"));
  if (!stored) return;
  platform::forget(own_key("place"));
  const auto place = wire::parse(*stored, "The place");
  if (!place || !place->is_object()) return;
  model_.tray_open = place->value("tray", false);
  model_.scroll_back = place->value("scrolled", 0.f);
  place_ = place->value("sections", wire::Json::array());
}

void App::forget_place() {
  for (const auto* name : {"place", "seen", "unsent"}) platform::forget(own_key(name));
}

void App::keep_unsent() {
  if (!model_.mapping->unsent_changes()) return platform::forget(own_key("unsent"));
  const Unsent unsent{model_.mapping->unsent, model_.mapping->unsent_settings};
  platform::store(own_key("unsent"), wire::dump(wire::write(unsent)));
}

/// Choices made before the page was left, or its session ended: they go on as if made now.
void App::restore_unsent() {
  const auto stored = platform::stored(own_key("unsent"));
  if (!stored) return;
  const auto json = wire::parse(*stored, "The choices");
  if (!json) return;
  auto unsent = wire::read_as<Unsent>(*json, "the choices");
  if (!unsent) return;
  model_.mapping->unsent = std::move(unsent->edits);
  model_.mapping->unsent_settings = unsent->settings;
}

void App::restore_looks() {
  for (std::size_t i = 0; i < place_.size() && i < model_.mapping->sections.size(); ++i) {
    const auto& stored = place_[i];
    if (!stored.is_object()) continue;
    auto& view = model_.mapping->sections[i];
    const int filter = stored.value("filter", 0);
    if (filter < 0 || filter > 2) continue;
    web::look(view, static_cast<Filter>(filter), stored.value("search", std::string()));
    view.page = std::clamp(stored.value("page", 0), 0, pages_of(view) - 1);
  }
  place_ = wire::Json::array();
}

}  // namespace rekey::web
