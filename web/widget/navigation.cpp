// A navigation within the page: entries with what waits behind them.
#include <algorithm>
#include <cmath>

#include "web/widget/state.hpp"

namespace rekey::web {
namespace {

constexpr float kAround = 12;

float badge_width(const NavItem& item) {
  return std::max(24.f, std::ceil(text::width(face::small_strong, item.badge)) + 14);
}

/// What the badge or the tick takes of the width, with the gap before it.
float badge_room(const NavItem& item) {
  if (!item.badge.empty()) return badge_width(item) + 8;
  return item.done ? 26.f : 0.f;
}

/// What waits, or a tick, at the right end of an entry.
void paint_badge(Ui::State& s, const NavItem& item, const Rect& rect) {
  const Palette& p = palette();
  const float right = rect.right() - kAround;
  const float middle = rect.y + rect.h / 2;
  if (item.badge.empty()) {
    if (item.done) s.paint.icon(Icon::check, right - 18, middle - 9, 18, p.success.ink);
    return;
  }
  const float width = badge_width(item);
  const Rect badge{right - width, middle - 11, width, 22};
  s.paint.fill(badge, p.warning.soft, 11);
  s.paint.border(badge, p.warning.line, 11);
  s.paint.words(face::small_strong,
                badge.x + (width - text::width(face::small_strong, item.badge)) / 2, badge.y + 1,
                p.warning.ink, item.badge);
}

}  // namespace

void Ui::nav(std::string_view name, Body body) {
  State& s = *state_;
  const Id id = s.id(name);
  Layout::Flow flow{.kind = Layout::Flow::Kind::column, .gap = 2};
  s.nav_in_columns = s.narrow() || s.layout.available() > 480;
  if (s.nav_in_columns)
    flow = {.kind = Layout::Flow::Kind::grid, .gap = 8, .min_cell = 150, .max_columns = 4};
  const Slot slot = s.open_box(id, flow, {0, 0, 1}, 0, 0);
  s.mirror.open(id, "nav", {slot.x, slot.y, slot.w, 0}).label(name);
  s.push_scope(id);
  body();
  s.pop_scope();
  s.mirror.close(s.close_box(0));
}

bool Ui::nav_item(const NavItem& item) {
  State& s = *state_;
  const Id id = s.id(item.key, item.name);
  const Control control = s.control(id);
  const Palette& p = palette();
  const bool two = !item.detail.empty() && !s.nav_in_columns;
  const Slot slot = s.layout.place({120, 100, 1});
  // Words too long for one line get another: they say where the entry leads.
  const Face face = item.selected ? face::strong : face::medium;
  const auto lines = text::lines(face, item.name, slot.w - 2 * kAround - badge_room(item));
  const auto details =
      two ? text::lines(face::small, item.detail, slot.w - 2 * kAround - badge_room(item))
          : std::vector<std::string_view>();
  const float words = 20 * static_cast<float>(lines.size() + details.size());
  const float height = std::max(44.f, words + 16);
  const Rect rect{slot.x, slot.y, slot.w, std::max(height, slot.stretch)};
  s.layout.placed(height);
  if (item.selected) {
    s.paint.fill(rect, p.accent.soft, 8);
    s.paint.fill({rect.x, rect.y + 8, 3, rect.h - 16}, p.accent.solid, 1.5f);
  } else if (control.hovered || s.nav_in_columns) {
    s.paint.fill(rect, control.hovered ? p.hover : p.surface, 8);
  }
  if (s.nav_in_columns) s.paint.border(rect, item.selected ? p.accent.line : p.line, 8);
  s.ring(control, rect, 8);
  paint_badge(s, item, rect);
  const float x = rect.x + kAround;
  float y = rect.y + (rect.h - words) / 2;
  for (const auto line : lines) {
    s.paint.words(face, x, y, item.selected ? p.accent.ink : p.ink, line);
    y += 20;
  }
  for (const auto line : details) {
    s.paint.words(face::small, x, y, p.muted, line);
    y += 20;
  }
  Node& node = s.mirror.add(id, "button", rect).words(item.name);
  if (item.selected) node.attr("aria-current", "true");
  if (!item.language.empty()) node.attr("lang", item.language);
  if (!item.description.empty()) node.attr("aria-description", item.description);
  s.focusable(id);
  return s.clicked(id);
}

}  // namespace rekey::web
