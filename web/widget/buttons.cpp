// Buttons, icon buttons, links, disclosures and pages: what is pressed once.
#include <algorithm>
#include <cmath>
#include <string>

#include "web/widget/state.hpp"

namespace rekey::web {
namespace {

struct Look {
  Rgb fill, ink, line;
  bool filled = true, lined = true;
};

Look look_of(const Button& button, const Control& control) {
  const Palette& p = palette();
  Look look{p.surface, p.ink, mix(p.line, p.control, 0.45f)};
  if (button.kind == ButtonKind::primary) {
    look = {p.accent.solid, p.accent.on_solid, 0, true, false};
  } else if (button.kind == ButtonKind::danger) {
    look = {p.danger.solid, p.danger.on_solid, 0, true, false};
  } else if (button.kind == ButtonKind::quiet) {
    look = {p.surface, p.accent.ink, 0, false, false};
  }
  const bool solid = button.kind == ButtonKind::primary || button.kind == ButtonKind::danger;
  if (button.disabled) {
    if (button.kind != ButtonKind::quiet) look = {p.sunken, p.muted, p.line, true, true};
    look.ink = p.muted;
    return look;
  }
  if (control.hovered) {
    look.fill = solid ? mix(look.fill, p.ink, 0.12f) : p.hover;
    look.filled = true;
  }
  if (control.held) look.fill = mix(look.fill, p.ink, solid ? 0.1f : 0.06f);
  return look;
}

void describe(Node& node, const Button& button, const std::string& reason_id) {
  if (button.disabled || button.busy) node.attr("aria-disabled", "true");
  if (button.busy) node.attr("aria-busy", "true");
  if (button.controls_popup) node.flag("aria-expanded", button.expanded);
  if (!reason_id.empty()) {
    node.attr("aria-describedby", reason_id);
  } else if (!button.description.empty()) {
    node.attr("aria-description", button.description);
  }
}

}  // namespace

Rect Ui::State::pressable(const Want& want, float height, const Face& face, std::string_view name,
                          float around) {
  const Slot slot = layout.place(want);
  const float width = want.grow > 0 ? slot.w : std::min(want.width, slot.w);
  const auto lines = text::lines(face, name, width - around);
  height += face.line * static_cast<float>(lines.size() - 1);
  layout.placed(height);
  return {slot.x, slot.y, width, height};
}

void Ui::State::button_face(const Button& button, const Control& control, const Rect& place,
                            const Face& face, float around) {
  const Look look = look_of(button, control);
  if (look.filled) paint.fill(place, look.fill, 8);
  if (look.lined) paint.border(place, look.line, 8);
  ring(control, place, 8);
  const float icon = button.icon != Icon::none || button.busy ? 26.f : 0.f;
  const auto lines = text::lines(face, button.name, place.w - around);
  float content = 0;
  for (const std::string_view line : lines)
    content = std::max(content, text::width(face, line) + icon);
  const float x = std::max(place.x + 8, place.x + (place.w - content) / 2);
  const float icon_x = button.icon_after ? x + content - 18 : x;
  const float icon_y = place.y + (place.h - 18) / 2;
  if (button.busy) {
    spinner(icon_x, icon_y, 18, look.ink);
  } else {
    paint.icon(button.icon, icon_x, icon_y, 18, look.ink);
  }
  float y = place.y + (place.h - face.line * static_cast<float>(lines.size())) / 2;
  for (const std::string_view line : lines) {
    paint.words(face, button.icon_after ? x : x + icon, y, look.ink, line);
    y += face.line;
  }
}

bool Ui::button(const Button& button) {
  State& s = *state_;
  const Id id = s.id(button.key, button.name);
  const std::string reason =
      "\x04"
      "reason" +
      std::to_string(id);
  const bool explained = button.disabled && !button.reason.empty();
  if (explained) {
    s.open_box(s.id("\x04"
                    "box" +
                    std::to_string(id)),
               {.kind = Layout::Flow::Kind::column, .gap = 6}, {}, 0, 0);
  }
  const Face face = button.small ? face::small_strong : face::medium;
  const float height = button.small ? s.small_height() : s.control_height();
  const bool has_icon = button.icon != Icon::none || button.busy;
  const float around = (button.small ? 24.f : 32.f) + (has_icon ? 26.f : 0.f);
  const float natural = std::ceil(text::width(face, button.name) + around);
  const Want want{button.wide ? s.layout.available() : natural, std::min(natural, 120.f),
                  button.wide && s.layout.in_row() ? 1.f : 0.f};
  const Rect place = s.pressable(want, height, face, button.name, around);
  s.button_face(button, s.control(id), place, face, around);
  describe(s.mirror.add(id, "button", place).words(button.name), button,
           explained ? dom_id(s.id(reason)) : "");
  s.focusable(id);
  if (explained) {
    text(button.reason, {.size = TextSize::small, .tone = Tone::muted, .key = reason});
    s.close_box(0);
  }
  const bool pressed = s.clicked(id) && !button.disabled && !button.busy;
  if (pressed && button.controls_popup) s.last_opener = id;
  return pressed;
}

bool Ui::icon_button(const IconButton& button) {
  State& s = *state_;
  const Id id = s.id(button.key, button.name);
  const Control control = s.control(id);
  const float size = s.control_height();
  const Rect place = s.leaf(size, size);
  const Palette& p = palette();
  if (!button.disabled && (control.hovered || button.expanded)) {
    s.paint.fill(place, control.held ? mix(p.hover, p.ink, 0.06f) : p.hover, 8);
  }
  s.ring(control, place, 8);
  s.paint.icon(button.icon, place.x + (size - 20) / 2, place.y + (size - 20) / 2, 20,
               button.disabled ? mix(p.control, p.surface, 0.35f) : p.ink);
  if (button.badge > 0) {
    const std::string count = button.badge > 99 ? "99+" : std::to_string(button.badge);
    const Face face{10, 16, Weight::semibold};
    const float width = std::max(16.f, text::width(face, count) + 8);
    const Rect badge{place.x + size / 2 + 3, place.y + 3, width, 16};
    s.paint.fill(badge.inset(-1.5f), p.surface, 10);
    s.paint.fill(badge, p.danger.solid, 8);
    s.paint.words(face, badge.x + (width - text::width(face, count)) / 2, badge.y,
                  p.danger.on_solid, count);
  }
  Node& node = s.mirror.add(id, "button", place).words(button.name);
  if (button.controls_popup) node.flag("aria-expanded", button.expanded);
  if (!button.description.empty()) node.attr("aria-description", button.description);
  node.attr("title", button.name);
  if (button.disabled) node.attr("aria-disabled", "true");
  s.focusable(id);
  const bool pressed = s.clicked(id) && !button.disabled;
  if (pressed && button.controls_popup) s.last_opener = id;
  return pressed;
}

Rect Ui::State::button_like(const Link& link, const Control& control) {
  const Button button{
      .name = link.name,
      .kind = link.look == LinkLook::primary ? ButtonKind::primary : ButtonKind::secondary,
      .icon = link.icon};
  const float around = 32.f + (link.icon != Icon::none ? 26.f : 0.f);
  const float natural = std::ceil(text::width(face::medium, link.name) + around);
  const Rect place = pressable({natural, std::min(natural, 96.f)}, control_height(), face::medium,
                               link.name, around);
  button_face(button, control, place, face::medium, around);
  return place;
}

Rect Ui::State::underlined(const Link& link, const Control& control) {
  State& s = *this;
  const Face face = face::medium;
  const float words = text::width(face, link.name);
  const float icon = link.external ? 20.f : 0.f;
  const Rect place =
      s.leaf(std::ceil(words + icon) + 1, s.screen.coarse ? 44.f : 28.f, std::min(words, 80.f));
  const Rgb ink = palette().accent.ink;
  const std::string shown = s.fit(control.id, place, face, link.name, place.w - icon);
  const float y = place.y + (place.h - 20) / 2;
  s.paint.words(face, place.x, y, ink, shown);
  const float end = place.x + text::width(face, shown);
  s.paint.fill({place.x, y + 19, end - place.x, control.hovered ? 2.f : 1.f}, ink, 0,
               control.hovered ? 1.f : 0.45f);
  if (link.external) s.paint.icon(Icon::external_link, end + 4, y + 2, 16, ink);
  s.ring(control, place, 4);
  return place;
}

void Ui::link(const Link& link) {
  State& s = *state_;
  const Id id = s.id(link.key, link.name);
  const Control control = s.control(id);
  const Rect place =
      link.look == LinkLook::words ? s.underlined(link, control) : s.button_like(link, control);
  Node& node = s.mirror.add(id, "a", place).words(link.name).attr("href", link.href);
  s.tell_whole(node);
  if (link.external) node.attr("target", "_blank").attr("rel", "noopener noreferrer");
  s.focusable(id);
  s.clicked(id);  // the browser follows it; nothing is left to do here
}

std::optional<int> Ui::pager(const Pager& pager) {
  State& s = *state_;
  const Id id = s.id(pager.name);
  std::optional<int> chosen;
  if (pager.pages <= 1) return chosen;
  const Slot slot = s.open_box(id, {.kind = Layout::Flow::Kind::row, .gap = 8}, {0, 0, 1}, 0, 0);
  s.mirror.open(id, "nav", {slot.x, slot.y, slot.w, 0}).label(pager.name);
  s.push_scope(id);
  const std::string where = std::to_string(pager.page + 1) + " / " + std::to_string(pager.pages);
  text(pager.words.empty() ? std::string_view(where) : pager.words,
       {.tone = Tone::muted, .key = "where"});
  spacer();
  if (button({.name = pager.previous, .icon = Icon::chevron_left, .disabled = pager.page <= 0})) {
    chosen = pager.page - 1;
  }
  if (button({.name = pager.next,
              .icon = Icon::chevron_right,
              .icon_after = true,
              .disabled = pager.page + 1 >= pager.pages})) {
    chosen = pager.page + 1;
  }
  s.pop_scope();
  s.mirror.close(s.close_box(0));
  return chosen;
}

bool Ui::disclosure(std::string_view name, bool& open) {
  State& s = *state_;
  const Id id = s.id(name);
  const Control control = s.control(id);
  const Face face = face::strong;
  const float words = text::width(face, name);
  const Rect place = s.leaf(words + 36, s.control_height(), 96);
  if (control.hovered)
    s.paint.fill({place.x - 4, place.y, place.w + 8, place.h}, palette().hover, 8);
  s.ring(control, place, 8);
  const float y = place.y + (place.h - 20) / 2;
  s.paint.icon(open ? Icon::chevron_down : Icon::chevron_right, place.x, y, 20, palette().muted);
  s.paint.words(face, place.x + 28, y, palette().ink, s.fit(id, place, face, name, place.w - 28));
  s.tell_whole(s.mirror.add(id, "button", place).words(name).flag("aria-expanded", open));
  s.focusable(id);
  if (s.clicked(id)) open = !open;
  return open;
}

}  // namespace rekey::web
