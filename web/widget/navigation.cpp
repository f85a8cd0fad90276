// The ways within the page: its views, the entries of a navigation with what waits behind them, and
// links for those who come by the keyboard.
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

Node& Ui::State::nav_entry(const NavItem& item, Id id, const char* tag) {
  State& s = *this;
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
  Node& node = s.mirror.add(id, tag, rect).words(item.name);
  if (!item.language.empty()) node.attr("lang", item.language);
  if (!item.description.empty()) node.attr("aria-description", item.description);
  s.focusable(id);
  return node;
}

bool Ui::nav_item(const NavItem& item) {
  State& s = *state_;
  const Id id = s.id(item.key, item.name);
  Node& node = s.nav_entry(item, id, "button");
  if (item.selected) node.attr("aria-current", "true");
  return s.clicked(id);
}

void Ui::nav_link(const NavItem& item) {
  State& s = *state_;
  const Id id = s.id(item.key, item.name);
  Node& node = s.nav_entry(item, id, "a").attr("href", item.href);
  if (item.selected) node.attr("aria-current", "page");
  s.clicked(id);  // the browser's side has followed it
}

void Ui::views(std::string_view name, std::span<const ViewLink> views) {
  State& s = *state_;
  const Palette& p = palette();
  const Id id = s.id(name);
  const float height = s.narrow() || s.screen.coarse ? 44.f : 36.f,
              around = s.narrow() ? 8.f : 12.f;
  const Slot slot =
      s.open_box(id, {.kind = Layout::Flow::Kind::row, .gap = 4, .wrap = true}, {0, 0, 1}, 0, 0);
  s.mirror.open(id, "nav", {slot.x, slot.y, slot.w, 0}).label(name);
  s.push_scope(id);
  for (const ViewLink& each : views) {
    const Id own = s.id(each.href);
    const Control control = s.control(own);
    const Face face = each.current ? face::strong : face::medium;
    // As wide for either face, so that nothing moves when another one is shown.
    Rect rect = s.leaf(std::ceil(text::width(face::strong, each.name)) + 2 * around, height);
    rect.x -= around;  // the words begin where everything below does
    if (control.hovered) s.paint.fill(rect, p.hover, 8);
    if (each.current)
      s.paint.fill({rect.x + around, rect.bottom() - 3, rect.w - 2 * around, 3}, p.accent.solid,
                   1.5f);
    s.ring(control, rect, 8);
    s.paint.words(face, rect.x + around, rect.y + (height - face.line) / 2,
                  each.current ? p.ink : p.muted,
                  s.fit(own, rect, face, each.name, rect.w - 2 * around));
    Node& node = s.mirror.add(own, "a", rect).words(each.name).attr("href", each.href);
    s.tell_whole(node);
    if (each.current) node.attr("aria-current", "page");
    s.focusable(own);
    s.clicked(own);
  }
  s.pop_scope();
  s.mirror.close(s.close_box(0));
}

bool Ui::skip_link(std::string_view name, std::string_view href) {
  State& s = *state_;
  const Id id = s.id(name);
  const Control control = s.control(id);
  Rect rect{0, 0, 1, 1};
  if (control.focused) {
    const Palette& p = palette();
    const float edge = 16, most = s.screen.width - 2 * edge;
    rect = {edge, 8, std::min(std::ceil(text::width(face::medium, name)) + 32, most),
            s.bar_height - 16};
    s.paint.enter(Painter::Depth::popup, {0, 0, s.screen.width, s.screen.height}, 0, 0);
    s.paint.fill(rect, p.accent.solid, 8);
    s.ring(control, rect, 8);
    s.paint.words(face::medium, rect.x + 16, rect.y + (rect.h - 20) / 2, p.accent.on_solid,
                  s.fit(id, rect, face::medium, name, rect.w - 32));
    s.paint.leave();
  }
  s.tell_whole(s.mirror.add(id, "a", rect).words(name).attr("href", href).keeps_address());
  s.focusable(id);
  return s.clicked(id);
}

}  // namespace rekey::web
