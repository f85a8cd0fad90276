#include "web/model/places.hpp"

namespace rekey::web {

namespace {

/// The place of an address; one that names none is changed into that of the store.
Where taken(const std::string& address) {
  const auto where = where_of(address);
  if (!where) platform::replace_address(address_of({}));
  return where.value_or(Where{});
}

/// The heading of a part of the configuration, an id of the catalogue.
std::string part_title(const Where& where) {
  switch (where.pane) {
    case Pane::lists:
      break;
    case Pane::settings:
      return "settings.title";
    case Pane::company:
      return "company.heading";
    case Pane::left_out:
      return "set_aside.heading";
    case Pane::versions:
      return "versions.heading";
    case Pane::sheet:
      return "sheet.heading";
  }
  const auto section = where.section.value_or(mapping::Section::accounts);
  return "section." + std::string(wire::name_of(section)) + ".title";
}

}  // namespace

void open_at(Visit& visit, const platform::Launch& launch) {
  visit.model.where = taken(launch.hash);
  const auto how = launch.is_next_step      ? Arriving::How::followed
                   : launch.left.focus != 0 ? Arriving::How::returned
                                            : Arriving::How::opened;
  visit.model.arriving = Arriving{how, launch.left.top, launch.left.focus};
}

Places::Places(Visit& visit, Looking& looking) : visit_(visit), looking_(looking) {
  platform::on_address([this](platform::Address address) { gone_to(address); });
}

void Places::gone_to(const platform::Address& address) {
  Arriving arriving;
  if (address.left_at)
    arriving = {Arriving::How::returned, address.left_at->top, address.left_at->focus};
  take(taken(address.address), arriving);
}

void Places::go(const Where& where) {
  show(where);
  visit_.model.arriving = Arriving{};
}

void Places::show(const Where& where) {
  if (where == visit_.model.where) return;
  platform::push_address(address_of(where));
  take(where, {});
}

void Places::take(const Where& where, std::optional<Arriving> arriving) {
  visit_.model.where = where;
  visit_.model.arriving = arriving;
  unread_ = true;
  settle();
}

void Places::settle() {
  auto& model = visit_.model;
  if (!model.mapping) unread_ = true;  // of another firm, or after an import, it is another one
  if (!unread_ || model.stage != Stage::ready || !model.mapping) return;
  auto& where = model.where;
  if (where.view != View::configuration) return;
  unread_ = false;
  if (where.section && !mapping::is_among(*where.section, model.mapping->order)) {
    where.section.reset();
    platform::replace_address(address_of(where));
  }
  if (where.section && *where.section != model.mapping->selected) looking_.select(*where.section);
  if (where.pane == Pane::left_out) looking_.show_set_aside();
  if (where.pane != Pane::versions) return;
  if (where.version > 0) return looking_.compare(where.version);
  looking_.close_comparison();
  looking_.show_versions();
}

std::string title_of(const Model& model) {
  if (model.stage != Stage::ready) return say("page.title");
  if (!model.pretended_attempt.empty()) return say("pretend.heading");
  switch (model.where.view) {
    case View::store:
      return say("page.title");
    case View::connection:
      return say("connection.heading");
    case View::configuration:
      break;
  }
  if (!names_part(model.where)) return say("configuration.heading");
  return say("title.part", {{"part", say(part_title(model.where))}});
}

}  // namespace rekey::web
