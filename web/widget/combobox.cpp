// The editable combobox: a real input with a list of options that may be very long.
#include "web/widget/combobox_rows.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "web/widget/field.hpp"

namespace rekey::web {
namespace {

constexpr float kPadding = 4;
constexpr float kMaxHeight = 336;

/// One combobox in one pass: what it was given, and the list that is open under it, if it is.
struct Pass {
  Ui::State& s;
  const Combobox& box;
  Id id;
  Id list_id;
  int selected;
  std::optional<std::string> chosen = {};

  bool is_open() const { return s.combobox.id == id; }
  OpenCombobox& open_one() const { return s.combobox; }
  Layer& list() const { return s.layers[list_id]; }
  const Option* option(int index) const {
    return index < 0 ? nullptr : &box.options[static_cast<std::size_t>(index)];
  }
  std::string_view label(int index) const {
    return index < 0 ? box.none_label : std::string_view(option(index)->label);
  }
  Id option_id(int index) const {
    return s.id(std::to_string(list_id) + "/" + (index < 0 ? "" : option(index)->value));
  }
  float row_height() const {
    return !box.options.empty() && !box.options.front().detail.empty() ? 52.f : 40.f;
  }
  float content() const {
    return static_cast<float>(std::max<std::size_t>(1, open_one().rows.size())) * row_height() +
           2 * kPadding;
  }
};

void scroll_to_active(const Pass& p, bool centred) {
  Layer& list = p.list();
  const float row = p.row_height();
  const float top = static_cast<float>(p.open_one().active) * row;
  const float view = std::min(kMaxHeight, p.content());
  float wanted = list.scroll;
  if (centred) wanted = top - (view - row) / 2;
  if (top < wanted) wanted = top;
  if (top + row + 2 * kPadding > wanted + view) wanted = top + row + 2 * kPadding - view;
  wanted = std::clamp(wanted, 0.f, std::max(0.f, p.content() - view));
  if (wanted == list.scroll && !centred) return;
  list.scroll = list.wanted = std::round(wanted);
  ++list.turn;
}

void make_rows(const Pass& p, std::string_view filter) {
  OpenCombobox& open = p.open_one();
  std::string made_for = std::string(filter) + "/" + std::to_string(p.box.revision) + "/" +
                         std::to_string(p.box.options.size()) + "/" +
                         std::to_string(reinterpret_cast<std::uintptr_t>(p.box.options.data()));
  if (made_for == open.rows_for) return;
  open.rows = rows_of(p.box, filter);
  open.rows_for = std::move(made_for);
  open.active = std::clamp(open.active, 0, std::max(0, static_cast<int>(open.rows.size()) - 1));
}

void open_list(const Pass& p) {
  p.s.combobox = {};
  OpenCombobox& open = p.open_one();
  open.id = p.id;
  make_rows(p, "");
  const auto at = std::find(open.rows.begin(), open.rows.end(), p.selected);
  if (at != open.rows.end()) open.active = static_cast<int>(at - open.rows.begin());
  p.list().scroll = 0;
  scroll_to_active(p, true);
}

void choose(Pass& p, int index) {
  const Option* option = p.option(index);
  if (option && option->disabled) return;
  p.s.combobox = {};
  const std::string_view value = option ? std::string_view(option->value) : std::string_view();
  if (value != p.box.value) p.chosen = std::string(value);
}

void move_active(const Pass& p, int to) {
  OpenCombobox& open = p.open_one();
  open.active = std::clamp(to, 0, std::max(0, static_cast<int>(open.rows.size()) - 1));
  scroll_to_active(p, false);
}

void handle_key(Pass& p, const std::string& key) {
  if (key.empty()) return;
  if (!p.is_open()) {
    if (key == "ArrowDown" || key == "ArrowUp" || key == "Enter") open_list(p);
    return;
  }
  OpenCombobox& open = p.open_one();
  const int page = static_cast<int>(kMaxHeight / p.row_height()) - 1;
  if (key == "ArrowDown") move_active(p, open.active + 1);
  if (key == "ArrowUp") move_active(p, open.active - 1);
  if (key == "PageDown") move_active(p, open.active + page);
  if (key == "PageUp") move_active(p, open.active - page);
  if (key == "Home") move_active(p, 0);
  if (key == "End") move_active(p, static_cast<int>(open.rows.size()) - 1);
  if (key == "Escape") p.s.combobox = {};
  if (key == "Enter" && !open.rows.empty()) {
    choose(p, open.rows[static_cast<std::size_t>(open.active)]);
  }
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
  open.active = 0;
  make_rows(p, typed);
  scroll_to_active(p, true);
}

void handle(Pass& p) {
  Ui::State& s = p.s;
  if (s.take(EventKind::blur, p.id) && p.is_open()) s.combobox = {};
  if (p.box.disabled) return;
  if (s.clicked(p.id) && !p.is_open()) open_list(p);
  handle_typing(p);
  handle_key(p, s.take_key(p.id));
  if (!p.is_open()) return;
  make_rows(p, p.open_one().typed ? p.open_one().filter : "");
  if (s.event.kind != EventKind::click) return;
  for (const int index : std::vector<int>(p.open_one().rows)) {
    if (s.clicked(p.option_id(index))) return choose(p, index);
  }
}

void paint_option(const Pass& p, int row, const Rect& rect) {
  const OpenCombobox& open = p.open_one();
  const int index = open.rows[static_cast<std::size_t>(row)];
  const Palette& colours = palette();
  Painter& paint = p.s.paint;
  const Option* option = p.option(index);
  const bool hovered = p.s.pointer.hover == p.option_id(index);
  if (row == open.active) {
    paint.fill(rect, colours.accent.soft, 6);
    paint.border(rect, colours.accent.line, 6);
  } else if (hovered) {
    paint.fill(rect, colours.hover, 6);
  }
  float right = rect.right() - 10;
  if (index == p.selected) {
    right -= 18;
    paint.icon(Icon::check, right, rect.y + (rect.h - 18) / 2, 18, colours.accent.ink);
  }
  const bool suggested = option && std::find(p.box.suggested.begin(), p.box.suggested.end(),
                                             option->value) != p.box.suggested.end();
  if (suggested) {
    right -= text::width(face::small_strong, p.box.suggested_word) + 8;
    paint.words(face::small_strong, right, rect.y + (rect.h - 20) / 2, colours.success.ink,
                p.box.suggested_word);
  }
  const float x = rect.x + 10, room = right - x - 10;
  const bool quiet = !option || option->disabled;
  const bool two = option && !option->detail.empty();
  const float y = two ? rect.y + 6 : rect.y + (rect.h - 20) / 2;
  paint.words(face::normal, x, y, quiet ? colours.muted : colours.ink,
              text::shorten(face::normal, p.label(index), room));
  if (!two) return;
  paint.words(face::small, x, y + 20, colours.muted,
              text::shorten(face::small, option->detail, room));
}

void list_option(const Pass& p, int row, float width) {
  const OpenCombobox& open = p.open_one();
  const int index = open.rows[static_cast<std::size_t>(row)];
  const float height = p.row_height();
  const Rect rect{kPadding, kPadding + static_cast<float>(row) * height, width - 2 * kPadding,
                  height};
  paint_option(p, row, rect);
  std::string words(p.label(index));
  const Option* option = p.option(index);
  if (option && !option->detail.empty()) words += ", " + option->detail;
  Node& node = p.s.mirror.add(p.option_id(index), "div", rect).role("option").words(words);
  node.flag("aria-selected", index == p.selected).keeps_focus();
  node.number("aria-posinset", row + 1);
  node.number("aria-setsize", static_cast<double>(open.rows.size()));
  if (option && option->disabled) node.attr("aria-disabled", "true");
}

void list_nothing(const Pass& p, float width) {
  const Rect rect{kPadding, kPadding, width - 2 * kPadding, p.row_height()};
  p.s.paint.words(face::normal, rect.x + 10, rect.y + (rect.h - 20) / 2, palette().muted,
                  p.box.nothing_found);
  p.s.mirror.add(p.list_id * 31 + 1, "div", rect)
      .role("option")
      .words(p.box.nothing_found)
      .flag("aria-selected", false)
      .attr("aria-disabled", "true")
      .keeps_focus();
}

Rect list_place(const Pass& p, const Rect& field) {
  const Ui::State& s = p.s;
  float x = field.x, y = field.y;
  if (s.layer) {
    x += s.layer->view.x;
    y += s.layer->view.y - std::round(s.layer->scroll);
  }
  const float below = s.screen.height - (y + field.h) - 12, above = y - 12;
  const float wish = std::min(kMaxHeight, p.content());
  const bool up = below < std::min(wish, 160.f) && above > below;
  const float height = std::max(p.row_height() + 2 * kPadding, std::min(wish, up ? above : below));
  const float width = std::min(std::max(field.w, 260.f), s.screen.width - 16);
  x = std::clamp(x, 8.f, std::max(8.f, s.screen.width - width - 8));
  return {x, up ? y - height - 4 : y + field.h + 4, width, height};
}

void paint_list(const Pass& p, const Rect& field) {
  Ui::State& s = p.s;
  Layer* outer = s.layer;
  const Rect view = list_place(p, field);
  s.surface(Painter::Depth::popup, view, 10);
  Node& node = s.mirror.open(p.list_id, "div", view).role("listbox").label(p.box.name);
  node.fixed().keeps_focus();
  Layer& list = p.list();
  list.content = p.content();
  s.enter_layer(p.list_id, view, Painter::Depth::popup, node);
  const OpenCombobox& open = p.open_one();
  const int count = static_cast<int>(open.rows.size());
  const int first = std::max(0, static_cast<int>((list.scroll - kPadding) / p.row_height()) - 1);
  const int last = std::min(count, first + static_cast<int>(view.h / p.row_height()) + 4);
  if (open.active < first && open.active < count) list_option(p, open.active, view.w);
  for (int row = first; row < last; ++row) list_option(p, row, view.w);
  if (open.active >= last && open.active < count) list_option(p, open.active, view.w);
  if (count == 0) list_nothing(p, view.w);
  s.leave_layer(p.content());
  s.layer = outer;
}

std::string_view words_when_empty(const Combobox& box) {
  return box.placeholder.empty() ? box.none_label : box.placeholder;
}

void describe_input(const Pass& p, const Rect& place, const FieldFrame& frame) {
  const bool open = p.is_open();
  std::string_view value = p.selected < 0 ? std::string_view() : p.label(p.selected);
  if (open && p.open_one().typed) value = p.open_one().filter;
  Node& node = p.s.mirror.add(p.id, "input", place).attr("type", "text").role("combobox");
  node.attr("autocomplete", "off").attr("spellcheck", "false").value(value);
  node.attr("aria-autocomplete", p.box.editable ? "list" : "none").flag("aria-expanded", open);
  node.attr("aria-haspopup", "listbox").face(face::normal).padding(12, 40);
  if (!p.box.editable) node.attr("readonly", "");
  if (const auto empty = words_when_empty(p.box); !empty.empty()) node.attr("placeholder", empty);
  node.keys(open ? "ArrowDown ArrowUp PageDown PageUp Home End Enter Escape"
                 : "ArrowDown ArrowUp Enter");
  if (open) {
    node.attr("aria-controls", dom_id(p.list_id));
    const auto& rows = p.open_one().rows;
    if (!rows.empty()) {
      const int active = rows[static_cast<std::size_t>(p.open_one().active)];
      node.attr("aria-activedescendant", dom_id(p.option_id(active)));
    }
  }
  describe_field(p.s, frame, node);
}

}  // namespace

std::optional<std::string> Ui::combobox(const Combobox& combobox) {
  State& s = *state_;
  const Id id = s.id(combobox.key, combobox.name);
  auto [where, fresh] = s.chosen.try_emplace(id, -1);
  const int selected = where->second = index_of(combobox, combobox.value, where->second);
  Pass p{s, combobox, id, id * 16777619u + 3, selected};
  handle(p);
  const FieldFrame frame{id,
                         combobox.name,
                         combobox.show_name,
                         combobox.hint,
                         combobox.error,
                         combobox.disabled,
                         combobox.width};
  const Rect box = open_field(s, frame);
  const Rect room{box.x + 12, box.y, box.w - 52, box.h};
  std::string_view shown = selected < 0 ? std::string_view() : p.label(selected);
  if (p.is_open() && p.open_one().typed) shown = p.open_one().filter;
  paint_value(s, s.control(id), room, shown, words_when_empty(combobox), combobox.disabled);
  s.paint.icon(p.is_open() ? Icon::chevron_up : Icon::chevron_down, box.right() - 30,
               box.y + (box.h - 18) / 2, 18, palette().muted);
  describe_input(p, box, frame);
  if (p.is_open()) paint_list(p, box);
  close_field(s, frame);
  return p.chosen;
}

}  // namespace rekey::web
