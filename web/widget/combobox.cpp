// The editable combobox: a real input with a list of options that may be very long, or that come
// from elsewhere while the person types.
#include <algorithm>
#include <cmath>
#include <string>

#include "web/widget/combobox_pass.hpp"
#include "web/widget/combobox_rows.hpp"
#include "web/widget/field.hpp"

namespace rekey::web {
namespace {

using Pass = ComboboxPass;

void scroll_to_active(const Pass& p, bool centred) {
  Layer& list = p.list();
  const float row = p.row_height;
  const float top = static_cast<float>(std::max(0, p.open_one().active)) * row;
  const float view = std::min(combobox_max_height, p.content());
  float wanted = list.scroll;
  if (centred) wanted = top - (view - row) / 2;
  if (top < wanted) wanted = top;
  if (top + row + 2 * combobox_padding > wanted + view)
    wanted = top + row + 2 * combobox_padding - view;
  wanted = std::clamp(wanted, 0.f, std::max(0.f, p.content() - view));
  if (wanted == list.scroll && !centred) return;
  list.scroll = list.wanted = std::round(wanted);
  ++list.turn;
}

/// Makes the row at this place the one that Enter takes; -1: none is.
void activate(const Pass& p, int row) {
  OpenCombobox& open = p.open_one();
  open.active = std::clamp(row, -1, p.count() - 1);
  open.active_value = open.active < 0 ? "" : p.value(p.index_in(open.active));
}

/// Finds the active option again among rows that changed: Enter must not take another one.
void activate_again(const Pass& p) {
  OpenCombobox& open = p.open_one();
  if (open.active < 0) return;
  const auto is_it = [&](int index) { return p.value(index) == open.active_value; };
  const auto at = std::find_if(open.rows.begin(), open.rows.end(), is_it);
  open.active = at == open.rows.end() ? -1 : static_cast<int>(at - open.rows.begin());
}

void make_rows(const Pass& p, std::string_view filter) {
  OpenCombobox& open = p.open_one();
  std::string made_for(filter);
  for (const auto part : {static_cast<std::uintptr_t>(p.box.revision),
                          static_cast<std::uintptr_t>(p.box.options.size()),
                          reinterpret_cast<std::uintptr_t>(p.box.options.data())})
    made_for.append("/").append(std::to_string(part));
  // Options that were looked up may be put together anew for each pass, in the same place.
  if (made_for == open.rows_for && !p.box.looked_up) return;
  open.rows = rows_of(p.box, filter);
  open.rows_for = std::move(made_for);
  activate_again(p);
}

void open_list(const Pass& p) {
  p.s.combobox = {};
  OpenCombobox& open = p.open_one();
  open.id = p.id;
  make_rows(p, "");
  const bool has_value = p.selected >= 0 || (p.box.value.empty() && !p.box.none_label.empty());
  const auto at = std::find(open.rows.begin(), open.rows.end(), p.selected);
  if (has_value && at != open.rows.end()) activate(p, static_cast<int>(at - open.rows.begin()));
  p.list().scroll = 0;
  scroll_to_active(p, true);
}

void choose(Pass& p, int index) {
  const Option* option = p.option(index);
  if (option && option->disabled) return;
  p.s.combobox = {};
  if (p.value(index) != p.box.value || p.box.proposed) p.chosen = std::string(p.value(index));
}

void move_active(const Pass& p, int to) {
  activate(p, std::clamp(to, 0, std::max(0, p.count() - 1)));
  scroll_to_active(p, false);
}

void handle_opening_key(const Pass& p, const std::string& key) {
  if (key != "ArrowDown" && key != "ArrowUp" && key != "Enter") return;
  open_list(p);
  if (key == "Enter" || p.open_one().active >= 0) return;
  move_active(p, key == "ArrowDown" ? 0 : p.count() - 1);
}

void handle_key(Pass& p, const std::string& key) {
  if (key.empty()) return;
  if (!p.is_open()) return handle_opening_key(p, key);
  const int active = p.open_one().active, last = p.count() - 1;
  const int page = static_cast<int>(combobox_max_height / p.row_height) - 1;
  if (key == "ArrowDown") move_active(p, active + 1);
  if (key == "ArrowUp") move_active(p, active < 0 ? last : active - 1);
  if (key == "PageDown") move_active(p, active + page);
  if (key == "PageUp") move_active(p, active - page);
  if (key == "Home") move_active(p, 0);
  if (key == "End") move_active(p, last);
  if (key == "Escape") p.s.combobox = {};
  // Only what the person went to: what they typed may be on its way to something else.
  if (key == "Enter" && active >= 0 && active <= last) choose(p, p.index_in(active));
}

void handle_typing(Pass& p) {
  Ui::State& s = p.s;
  if (s.event.kind != EventKind::input || s.event.id != p.id) return;
  const std::string typed = s.event.text;
  s.take(EventKind::input, p.id);
  if (!p.is_open()) open_list(p);
  OpenCombobox& open = p.open_one();
  open.typed = true;
  open.filter = typed;
  activate(p, -1);
  make_rows(p, typed);
  scroll_to_active(p, true);
}

void handle(Pass& p) {
  Ui::State& s = p.s;
  if (s.take(EventKind::blur, p.id) && p.is_open()) s.combobox = {};
  if (p.box.disabled) return;
  if (s.clicked(p.id) && !p.is_open()) open_list(p);
  handle_typing(p);
  // The rows first: a key is about those that are there now.
  if (p.is_open()) make_rows(p, p.open_one().typed ? p.open_one().filter : "");
  handle_key(p, s.take_key(p.id));
  if (!p.is_open() || s.event.kind != EventKind::click) return;
  for (const int index : std::vector<int>(p.open_one().rows)) {
    if (s.clicked(p.option_id(index))) return choose(p, index);
  }
}

/// Says what typing led to, once each time that it is another.
void say_results(Ui& ui, const Pass& p) {
  if (!p.is_open() || !p.open_one().typed || p.box.loading || p.box.results.empty()) return;
  if (p.open_one().said == p.box.results) return;
  p.open_one().said = p.box.results;
  ui.announce(p.box.results);
}

std::string_view words_when_empty(const Combobox& box) {
  return box.placeholder.empty() ? box.none_label : box.placeholder;
}

/// What the field shows: the words that are being typed, or what is chosen.
std::string_view words_in(const Pass& p) {
  if (p.is_open() && p.open_one().typed) return p.open_one().filter;
  if (p.selected >= 0) return p.label(p.selected);
  return p.box.looked_up && !p.box.value.empty() ? p.box.value_label : std::string_view();
}

void describe_input(const Pass& p, const Rect& place, const FieldFrame& frame) {
  const bool open = p.is_open();
  Node& node = p.s.mirror.add(p.id, "input", place).attr("type", "text").role("combobox");
  node.attr("autocomplete", "off")
      .attr("dir", "auto")
      .attr("spellcheck", "false")
      .value(words_in(p));
  p.s.tell_whole(node);
  node.attr("aria-autocomplete", p.box.editable ? "list" : "none").flag("aria-expanded", open);
  node.attr("aria-haspopup", "listbox").face(face::normal).padding(12, 40);
  if (!p.box.editable) node.attr("readonly", "");
  if (const auto empty = words_when_empty(p.box); !empty.empty()) node.attr("placeholder", empty);
  node.keys(open ? "ArrowDown ArrowUp PageDown PageUp Home End Enter Escape"
                 : "ArrowDown ArrowUp Enter");
  if (open) {
    node.attr("aria-controls", dom_id(p.list_id));
    const int active = p.open_one().active;
    if (active >= 0 && active < p.count())
      node.attr("aria-activedescendant", dom_id(p.option_id(p.index_in(active))));
  }
  describe_field(p.s, frame, node);
}

/// Two lines a row where options have details.
float height_of_rows(const Ui::State& s, const Combobox& box) {
  const auto detailed = [](const Option& each) { return !each.detail.empty(); };
  const auto& options = box.options;
  const bool two = box.looked_up ? std::any_of(options.begin(), options.end(), detailed)
                                 : !options.empty() && detailed(options.front());
  return two ? 52.f : s.control_height();
}

}  // namespace

std::optional<std::string> Ui::combobox(const Combobox& combobox) {
  Lookup unused;
  return this->combobox(combobox, unused);
}

std::optional<std::string> Ui::combobox(const Combobox& combobox, Lookup& lookup) {
  State& s = *state_;
  const Id id = s.id(combobox.key, combobox.name);
  auto [where, fresh] = s.chosen.try_emplace(id, -1);
  const int selected = where->second = index_of(combobox, combobox.value, where->second);
  Pass p{s, combobox, id, id * 16777619u + 3, selected, height_of_rows(s, combobox)};
  handle(p);
  say_results(*this, p);
  const FieldFrame frame{id,
                         combobox.name,
                         combobox.show_name,
                         combobox.hint,
                         combobox.error,
                         combobox.disabled,
                         combobox.width};
  const Rect box = open_field(s, frame);
  const Rect room{box.x + 12, box.y, box.w - 52, box.h};
  paint_value(s, s.control(id), room, words_in(p), words_when_empty(combobox), combobox.disabled);
  s.paint.icon(p.is_open() ? Icon::chevron_up : Icon::chevron_down, box.right() - 30,
               box.y + (box.h - 18) / 2, 18, palette().muted);
  describe_input(p, box, frame);
  if (p.is_open()) paint_combobox_list(p, box);
  close_field(s, frame);
  const bool open = p.is_open();
  lookup = {open, open && p.open_one().typed ? p.open_one().filter : ""};
  return p.chosen;
}

}  // namespace rekey::web
