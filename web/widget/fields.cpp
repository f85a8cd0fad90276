#include <algorithm>

#include "web/widget/field.hpp"

namespace rekey::web {
namespace {

Id help_id(const FieldFrame& field) {
  return field.id * 16777619u + 7;
}
Id label_id(const FieldFrame& field) {
  return field.id * 16777619u + 5;
}

}  // namespace

Rect open_field(Ui::State& s, const FieldFrame& field) {
  const float wish = field.width > 0 ? field.width : 220;
  const Slot slot =
      s.open_box(field.id, {.kind = Layout::Flow::Kind::column, .gap = 6},
                 {wish, std::min(wish, 140.f), field.width > 0 ? 0.f : 1.f}, 0, field.width);
  if (field.show_name) {
    const Slot label = s.layout.place({});
    const float height = s.words(label_id(field), "label", face::small_strong, palette().ink,
                                 field.name, label.x, label.y, slot.w);
    s.mirror.last().attr("for", dom_id(field.id));
    s.layout.placed(height);
  }
  const float height = s.control_height();
  const Slot place = s.layout.place({});
  s.layout.placed(height);
  const Rect box{place.x, place.y, slot.w, height};
  const Palette& p = palette();
  const Control control = s.control(field.id);
  s.paint.fill(box, field.disabled ? p.sunken : p.surface, 8);
  Rgb line = field.disabled ? p.line : control.hovered ? mix(p.control, p.ink, 0.35f) : p.control;
  if (!field.error.empty()) line = p.danger.solid;
  if (control.focused) line = p.ring;
  s.paint.border(box, line, 8, control.focused ? 2.f : 1.f);
  if (control.focused) s.paint.border(box.inset(-3), mix(p.surface, p.ring, 0.28f), 11, 3);
  return box;
}

void describe_field(Ui::State& s, const FieldFrame& field, Node& node) {
  if (!field.show_name) node.label(field.name);
  if (!field.error.empty()) node.attr("aria-invalid", "true");
  if (!field.hint.empty() || !field.error.empty()) {
    node.attr("aria-describedby", dom_id(help_id(field)));
  }
  if (field.disabled) node.attr("disabled", "");
  if (!field.disabled) s.focusable(field.id);
}

void close_field(Ui::State& s, const FieldFrame& field) {
  const std::string_view help = field.error.empty() ? field.hint : field.error;
  if (!help.empty()) {
    const Slot place = s.layout.place({});
    const Rgb ink = field.error.empty() ? palette().muted : palette().danger.ink;
    s.layout.placed(
        s.words(help_id(field), "p", face::small, ink, help, place.x, place.y, place.w));
  }
  s.close_box(0);
}

void paint_value(Ui::State& s, const Control& control, const Rect& room, std::string_view value,
                 std::string_view placeholder, bool disabled) {
  const float y = room.y + (room.h - 20) / 2;
  if (value.empty()) {
    s.paint.words(face::normal, room.x, y, palette().muted,
                  s.fit(control.id, room, face::normal, placeholder, room.w));
    return;
  }
  // While it has the focus, the element shows what it holds.
  const auto shown = s.fit(control.id, room, face::normal, value, room.w);
  if (!control.focused)
    s.paint.words(face::normal, room.x, y, disabled ? palette().muted : palette().ink, shown);
}

bool Ui::text_field(const TextField& field, std::string& value) {
  State& s = *state_;
  const Id id = s.id(field.key, field.name);
  const FieldFrame frame{id,          field.name,     field.show_name, field.hint,
                         field.error, field.disabled, field.width};
  const Control control = s.control(id);
  bool changed = false;
  if (s.event.kind == EventKind::input && s.event.id == id) {
    changed = s.event.text != value;
    if (changed) value = s.event.text;
    s.take(EventKind::input, id);
  }
  s.clicked(id);
  s.take(EventKind::blur, id);
  const Rect box = open_field(s, frame);
  const bool search = field.kind == FieldKind::search;
  const float left = search ? 38.f : 12.f;
  if (search) {
    s.paint.icon(Icon::search, box.x + 12, box.y + (box.h - 18) / 2, 18, palette().muted);
  }
  const Rect room{box.x + left, box.y, box.w - left - 12, box.h};
  paint_value(s, control, room, value, field.placeholder, field.disabled);
  Node& node = s.mirror.add(id, "input", box).attr("type", search ? "search" : "text");
  node.attr("autocomplete", "off")
      .attr("dir", "auto")
      .value(value)
      .face(face::normal)
      .padding(left, 12);
  s.tell_whole(node);
  if (field.kind == FieldKind::number) node.attr("inputmode", "decimal");
  if (field.kind == FieldKind::email) node.attr("inputmode", "email");
  if (!field.placeholder.empty()) node.attr("placeholder", field.placeholder);
  describe_field(s, frame, node);
  close_field(s, frame);
  return changed;
}

}  // namespace rekey::web
