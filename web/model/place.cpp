#include "web/model/place.hpp"

#include <utility>

#include "web/platform/platform.hpp"

namespace rekey::web {

namespace {

/// How a section is looked at, as the tab keeps it.
struct KeptLooks {
  std::optional<mapping::LineFilter> filter;
  std::string search;
  bool backwards = false;
  std::vector<std::string> cursors;  ///< where the parts of its list begin, up to the one shown
  std::int64_t page = 0, first = 0;
  static constexpr auto fields() {
    using wire::field;
    return std::tuple{
        field("filter", &KeptLooks::filter),       field("search", &KeptLooks::search),
        field("backwards", &KeptLooks::backwards), field("cursors", &KeptLooks::cursors),
        field("page", &KeptLooks::page),           field("first", &KeptLooks::first)};
  }
};

wire::Json looks_of(const SectionView& view) {
  return wire::write(KeptLooks{view.looks.filter, view.looks.search, view.looks.backwards,
                               view.cursors, static_cast<std::int64_t>(view.page),
                               static_cast<std::int64_t>(view.first)});
}

void restore(SectionView& view, const wire::Json& stored) {
  auto kept = wire::read_as<KeptLooks>(stored, "the looks");
  if (!kept || kept->cursors.empty() || kept->page < 0 || kept->first < 0) return;
  view.looks = {kept->filter, std::move(kept->search), kept->backwards};
  view.cursors = std::move(kept->cursors);
  view.page = static_cast<std::size_t>(kept->page);
  view.first = static_cast<std::size_t>(kept->first);
}

}  // namespace

void keep_place(const Visit& visit) {
  const auto& model = visit.model;
  wire::Json sections = wire::Json::object();
  std::string selected;
  if (const auto& mapping = model.mapping) {
    for (const auto each : mapping->order)
      sections[std::string(wire::name_of(each))] = looks_of(mapping->of(each));
    if (mapping->was_selected) selected = wire::name_of(mapping->selected);
  }
  platform::store(visit.own_key("place"), wire::dump({{"tray", model.tray_open},
                                                      {"address", address_of(model.where)},
                                                      {"scrolled", model.scrolled},
                                                      {"selected", selected},
                                                      {"sections", sections}}));
  platform::store(visit.own_key("seen"), std::to_string(model.seen));
}

void restore_place(Visit& visit, bool came_back) {
  auto& model = visit.model;
  model.seen = -1;
  visit.looks = wire::Json::object();
  if (const auto seen = platform::stored(visit.own_key("seen")))
    model.seen = std::strtoll(seen->c_str(), nullptr, 10);
  const auto stored = platform::stored(visit.own_key("place"));
  if (!stored) return;
  platform::forget(visit.own_key("place"));
  const auto place = wire::parse(*stored, "The place");
  if (!place || !place->is_object()) return;
  model.tray_open = place->value("tray", false);
  const auto where = where_of(wire::text_at(*place, "address"));
  if (came_back && where) {
    model.where = *where;
    model.arriving = Arriving{Arriving::How::opened, place->value("scrolled", 0.f)};
    platform::replace_address(address_of(*where));
  }
  visit.looks = std::move(*place);
}

void restore_looks(Visit& visit, Mapping& mapping) {
  const auto looks = std::exchange(visit.looks, wire::Json::object());
  auto selected = wire::enumerator_of<mapping::Section>(wire::text_at(looks, "selected"));
  if (visit.model.where.section) selected = visit.model.where.section;
  mapping.was_selected = selected.has_value();
  if (selected) mapping.selected = *selected;
  const auto sections = looks.find("sections");
  if (sections == looks.end() || !sections->is_object()) return;
  for (const auto section : mapping::all_sections) {
    const auto stored = sections->find(std::string(wire::name_of(section)));
    if (stored != sections->end()) restore(mapping.of(section), *stored);
  }
}

void forget_place(const Visit& visit) {
  for (const auto* name : {"place", "seen", "unsent"}) platform::forget(visit.own_key(name));
}

}  // namespace rekey::web
