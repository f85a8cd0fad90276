#include "web/model/place.hpp"

#include <algorithm>

#include "web/platform/platform.hpp"

namespace rekey::web {

void keep_place(const Visit& visit) {
  const auto& model = visit.model;
  wire::Json sections = wire::Json::array();
  if (model.mapping)
    for (const auto& each : model.mapping->sections)
      sections.push_back({{"filter", static_cast<int>(each.filter)},
                          {"search", each.search},
                          {"page", each.page}});
  platform::store(visit.own_key("place"), wire::dump({{"tray", model.tray_open},
                                                      {"scrolled", model.scrolled},
                                                      {"sections", sections}}));
  platform::store(visit.own_key("seen"), std::to_string(model.seen));
}

void restore_place(Visit& visit) {
  auto& model = visit.model;
  model.seen = -1;
  visit.looks = wire::Json::array();
  if (const auto seen = platform::stored(visit.own_key("seen")))
    model.seen = std::strtoll(seen->c_str(), nullptr, 10);
  const auto stored = platform::stored(visit.own_key("place"));
  if (!stored) return;
  platform::forget(visit.own_key("place"));
  const auto place = wire::parse(*stored, "The place");
  if (!place || !place->is_object()) return;
  model.tray_open = place->value("tray", false);
  model.scroll_back = place->value("scrolled", 0.f);
  visit.looks = place->value("sections", wire::Json::array());
}

void restore_looks(Visit& visit) {
  const auto& looks = visit.looks;
  auto& sections = visit.model.mapping->sections;
  for (std::size_t i = 0; i < looks.size() && i < sections.size(); ++i) {
    const auto& stored = looks[i];
    if (!stored.is_object()) continue;
    const int filter = stored.value("filter", 0);
    if (filter < 0 || filter > 2) continue;
    look(sections[i], static_cast<Filter>(filter), stored.value("search", std::string()));
    sections[i].page = std::clamp(stored.value("page", 0), 0, pages_of(sections[i]) - 1);
  }
  visit.looks = wire::Json::array();
}

void forget_place(const Visit& visit) {
  for (const auto* name : {"place", "seen", "unsent"}) platform::forget(visit.own_key(name));
}

}  // namespace rekey::web
