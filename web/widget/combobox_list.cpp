// The list of an open combobox: as many rows as are seen, of however many there are.
#include <algorithm>
#include <cmath>
#include <string>

#include "web/widget/combobox_pass.hpp"

namespace rekey::web {
namespace {

constexpr float kAround = 10;

/// The words and signs at the right end of a row; gives where the room before them ends.
float paint_marks(const ComboboxPass& p, int index, const Rect& rect) {
  const Palette& colours = palette();
  float right = rect.right() - kAround;
  if (index == p.selected) {
    right -= 18;
    p.s.paint.icon(Icon::check, right, rect.y + (rect.h - 18) / 2, 18, colours.accent.ink);
  }
  const auto& suggested = p.box.suggested;
  const bool marked = index >= 0 && std::find(suggested.begin(), suggested.end(),
                                              p.option(index)->value) != suggested.end();
  if (!marked) return right;
  right -= text::width(face::small_strong, p.box.suggested_word) + 8;
  p.s.paint.words(face::small_strong, right, rect.y + (rect.h - 20) / 2, colours.success.ink,
                  p.box.suggested_word);
  return right;
}

void paint_option(const ComboboxPass& p, int row, const Rect& rect) {
  const int index = p.index_in(row);
  const Palette& colours = palette();
  Painter& paint = p.s.paint;
  if (row == p.open_one().active) {
    paint.fill(rect, colours.accent.soft, 6);
    paint.border(rect, colours.accent.line, 6);
  } else if (p.s.pointer.hover == p.option_id(index)) {
    paint.fill(rect, colours.hover, 6);
  }
  const Option* option = p.option(index);
  const float x = rect.x + kAround, room = paint_marks(p, index, rect) - x - kAround;
  const bool quiet = !option || option->disabled;
  const bool two = option && !option->detail.empty();
  const float y = two ? rect.y + 6 : rect.y + (rect.h - 20) / 2;
  // The field has the focus; the row that Enter would take is the one to be read whole.
  const Id reader = row == p.open_one().active ? p.id : p.option_id(index);
  paint.words(face::normal, x, y, quiet ? colours.muted : colours.ink,
              p.s.fit(reader, rect, face::normal, p.label(index), room));
  if (!two) return;
  paint.words(face::small, x, y + 20, colours.muted,
              p.s.fit(reader, rect, face::small, option->detail, room));
}

Rect row_place(const ComboboxPass& p, int row, float width) {
  return {combobox_padding, combobox_padding + static_cast<float>(row) * p.row_height,
          width - 2 * combobox_padding, p.row_height};
}

void list_option(const ComboboxPass& p, int row, float width) {
  const int index = p.index_in(row);
  const Rect rect = row_place(p, row, width);
  paint_option(p, row, rect);
  std::string words(p.label(index));
  const Option* option = p.option(index);
  if (option && !option->detail.empty()) words.append(", ").append(option->detail);
  Node& node = p.s.mirror.add(p.option_id(index), "div", rect).role("option").words(words);
  node.flag("aria-selected", index == p.selected).keeps_focus();
  p.s.tell_whole(node);
  node.number("aria-posinset", row + 1);
  node.number("aria-setsize", p.count());
  if (option && option->disabled) node.attr("aria-disabled", "true");
}

/// "Nothing found", "Searching…": a line that cannot be chosen.
void list_note(const ComboboxPass& p, float width) {
  const Rect rect = row_place(p, p.count(), width);
  float x = rect.x + kAround;
  if (p.box.loading) {
    p.s.spinner(x, rect.y + (rect.h - 16) / 2, 16, palette().accent.ink);
    x += 26;
  }
  p.s.paint.words(face::normal, x, rect.y + (rect.h - 20) / 2, palette().muted,
                  text::shorten(face::normal, p.note(), rect.right() - x - kAround));
  p.s.mirror.add(p.list_id * 31 + 1, "div", rect)
      .role("option")
      .words(p.note())
      .flag("aria-selected", false)
      .attr("aria-disabled", "true")
      .keeps_focus();
}

Rect list_place(const ComboboxPass& p, const Rect& field) {
  const Ui::State& s = p.s;
  float x = field.x, y = field.y;
  if (s.layer) {
    x += s.layer->view.x;
    y += s.layer->view.y - std::round(s.layer->scroll);
  }
  // What stands still at the bottom is in front of the content.
  const bool in_main = s.layer && s.layer->id == s.main_id;
  const float end = in_main ? s.layer->view.bottom() : s.screen.height;
  const float below = end - (y + field.h) - 12, above = y - 12;
  const float wish = std::min(combobox_max_height, p.content());
  const bool up = below < std::min(wish, 160.f) && above > below;
  const float height =
      std::max(p.row_height + 2 * combobox_padding, std::min(wish, up ? above : below));
  const float width =
      std::min(std::max(field.w, p.box.looked_up ? 400.f : 260.f), s.screen.width - 16);
  x = std::clamp(x, 8.f, std::max(8.f, s.screen.width - width - 8));
  return {x, up ? y - height - 4 : y + field.h + 4, width, height};
}

}  // namespace

void paint_combobox_list(const ComboboxPass& p, const Rect& field) {
  Ui::State& s = p.s;
  Layer* outer = s.layer;
  const Rect view = list_place(p, field);
  s.surface(Painter::Depth::popup, view, 10);
  Node& node = s.mirror.open(p.list_id, "div", view).role("listbox").label(p.box.name);
  node.fixed().keeps_focus();
  if (p.box.loading) node.attr("aria-busy", "true");
  Layer& list = p.list();
  list.content = p.content();
  s.enter_layer(p.list_id, view, Painter::Depth::popup, node);
  const int count = p.count(), active = p.open_one().active;
  const int first =
      std::max(0, static_cast<int>((list.scroll - combobox_padding) / p.row_height) - 1);
  const int last = std::min(count, first + static_cast<int>(view.h / p.row_height) + 4);
  // The active row always has an element: the field refers to it.
  if (active >= 0 && active < first && active < count) list_option(p, active, view.w);
  for (int row = first; row < last; ++row) list_option(p, row, view.w);
  if (active >= last && active < count) list_option(p, active, view.w);
  if (!p.note().empty()) list_note(p, view.w);
  s.leave_layer(p.content());
  s.layer = outer;
}

}  // namespace rekey::web
