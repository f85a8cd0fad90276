// The ways within the page: its views, the entries of a navigation with what waits behind them, and
// links for those who come by the keyboard.
#include <algorithm>
#include <cmath>
#include <vector>

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

float longest_word(std::string_view words) {
  float out = 0;
  while (!words.empty()) {
    const auto end = std::min(words.find(' '), words.size());
    out = std::max(out, text::width(face::strong, words.substr(0, end)));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return std::ceil(out);
}

/// How wide each link is, so that all stand beside each other in this room: with names of several
/// words in several lines if need be. Where not even that fits, as wide as they are.
std::vector<float> widths_of(std::span<const ViewLink> views, float around, float room) {
  std::vector<float> out, least;
  float all = 0, all_least = 0;
  for (const ViewLink& each : views) {
    // As wide for either face, so that nothing moves when another one is shown.
    all += out.emplace_back(std::ceil(text::width(face::strong, each.name)) + 2 * around);
    all_least += least.emplace_back(longest_word(each.name) + 2 * around);
  }
  if (all <= room || all_least > room) return out;
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = std::floor(least[i] + (out[i] - least[i]) * (room - all_least) / (all - all_least));
  return out;
}

std::vector<std::string_view> lines_of(const ViewLink& link, float room) {
  return text::lines(face::strong, link.name, room + 0.5f);
}

void view_link(Ui::State& s, const ViewLink& link, const Rect& rect, float around) {
  const Palette& p = palette();
  const Id id = s.id(link.href);
  const Control control = s.control(id);
  const auto lines = lines_of(link, rect.w - 2 * around);
  if (control.hovered) s.paint.fill(rect, p.hover, 8);
  if (link.current)
    s.paint.fill({rect.x + around, rect.bottom() - 3, rect.w - 2 * around, 3}, p.accent.solid,
                 1.5f);
  s.ring(control, rect, 8);
  float y = rect.y + (rect.h - 20 * static_cast<float>(lines.size())) / 2;
  for (const auto line : lines) {
    s.paint.words(link.current ? face::strong : face::medium, rect.x + around, y,
                  link.current ? p.ink : p.muted, line);
    y += 20;
  }
  Node& node = s.mirror.add(id, "a", rect).words(link.name).attr("href", link.href);
  if (link.current) node.attr("aria-current", "page");
  s.focusable(id);
  s.clicked(id);
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
  const Id id = s.id(name);
  const float around = s.narrow() ? 8.f : 14.f;
  const Slot slot =
      s.open_box(id, {.kind = Layout::Flow::Kind::row, .gap = 0, .wrap = true}, {0, 0, 1}, 0, 0);
  s.mirror.open(id, "nav", {slot.x, slot.y, slot.w, 0}).label(name);
  s.push_scope(id);
  const auto widths = widths_of(views, around, slot.w);
  std::size_t lines = 1;
  for (std::size_t i = 0; i < views.size(); ++i)
    lines = std::max(lines, lines_of(views[i], widths[i] - 2 * around).size());
  const float least = s.narrow() || s.screen.coarse ? 44.f : 36.f;
  const float height = std::max(least, 20 * static_cast<float>(lines) + 16);
  for (std::size_t i = 0; i < views.size(); ++i) {
    Rect rect = s.leaf(widths[i], height);
    rect.x -= around;  // the words begin where everything below does
    view_link(s, views[i], rect, around);
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
