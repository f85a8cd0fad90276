// Switches, checkboxes and segmented choices: what is on or off, or one of a few.
#include <algorithm>
#include <cmath>
#include <string>

#include "web/widget/state.hpp"

namespace rekey::web {
namespace {

void paint_switch(Ui::State& s, const Switch& toggle, const Control& control, float x, float y) {
  const Palette& p = palette();
  const float part = s.moved(control.id, toggle.on ? 1.f : 0.f);
  const Rect track{x, y, 44, 24};
  Rgb off = control.hovered ? mix(p.control, p.ink, 0.15f) : p.control;
  Rgb on = control.hovered ? mix(p.accent.solid, p.ink, 0.12f) : p.accent.solid;
  if (toggle.disabled) off = on = mix(p.control, p.surface, 0.5f);
  s.paint.fill(track, mix(off, on, part), 12);
  const float knob = x + 12 + part * 20;
  s.paint.disc(knob, y + 12, 9, toggle.on ? p.accent.on_solid : p.surface);
  if (toggle.busy) s.spinner(knob - 7, y + 5, 14, toggle.on ? p.accent.solid : p.control);
  s.ring(control, track, 12);
}

}  // namespace

bool Ui::toggle(const Switch& toggle) {
  State& s = *state_;
  const Id id = s.id(toggle.key, toggle.name);
  const Control control = s.control(id);
  const float words = toggle.show_name ? text::width(face::medium, toggle.name) + 12 : 0;
  const Rect place = s.leaf(44 + words, s.control_height(), 96);
  paint_switch(s, toggle, control, place.x, place.y + (place.h - 24) / 2);
  if (toggle.show_name) {
    s.paint.words(face::medium, place.x + 56, place.y + (place.h - 20) / 2, palette().ink,
                  s.fit(id, place, face::medium, toggle.name, place.w - 56));
  }
  Node& node = s.mirror.add(id, "button", place).role("switch").flag("aria-checked", toggle.on);
  s.tell_whole(node);
  node.words(toggle.name);
  if (toggle.disabled || toggle.busy) node.attr("aria-disabled", "true");
  if (toggle.busy) node.attr("aria-busy", "true");
  if (!toggle.description.empty()) node.attr("aria-description", toggle.description);
  s.focusable(id);
  const bool pressed = s.clicked(id);
  return pressed && !toggle.disabled && !toggle.busy;
}

bool Ui::checkbox(const Checkbox& box) {
  State& s = *state_;
  const Id id = s.id(box.key, box.name);
  const Control control = s.control(id);
  const Palette& p = palette();
  constexpr float beside = 30;
  const float natural = std::ceil(text::width(face::normal, box.name)) + beside + 4;
  const Rect place = s.pressable({natural, std::min(natural, 96.f)}, s.control_height(),
                                 face::normal, box.name, beside);
  const Rect square{place.x, place.y + (s.control_height() - 20) / 2, 20, 20};
  const Rgb line = control.hovered ? p.accent.solid : p.control;
  if (box.checked) {
    s.paint.fill(square, box.disabled ? p.control : p.accent.solid, 5);
    s.paint.icon(Icon::check, square.x + 2, square.y + 2, 16, p.accent.on_solid);
  } else {
    s.paint.fill(square, p.surface, 5);
    s.paint.border(square, line, 5, 1.5f);
  }
  s.ring(control, square, 5);
  float y = square.y;
  for (const auto each : text::lines(face::normal, box.name, place.w - beside)) {
    s.paint.words(face::normal, place.x + beside, y, box.disabled ? p.muted : p.ink, each);
    y += face::normal.line;
  }
  Node& node = s.mirror.add(id, "button", place).role("checkbox").flag("aria-checked", box.checked);
  node.words(box.name);
  if (box.disabled) node.attr("aria-disabled", "true");
  if (!box.description.empty()) node.attr("aria-description", box.description);
  s.focusable(id);
  const bool pressed = s.clicked(id);
  return pressed && !box.disabled;
}

std::optional<int> Ui::segmented(const Segmented& choice) {
  State& s = *state_;
  const Id id = s.id(choice.key, choice.name);
  const auto part = [&](int i) {
    return s.id(std::to_string(id).append("/").append(std::to_string(i)));
  };
  const int count = static_cast<int>(choice.options.size());
  const std::vector<int> next =
      choice.pills ? s.pills(choice, id, part) : s.strip(choice, id, part);
  std::optional<int> chosen;
  for (const int each : next) {
    if (each < 0 || each >= count) continue;
    if (each != choice.selected) chosen = each;
    s.request_focus(part(each));
  }
  return chosen;
}

std::vector<int> Ui::State::strip(const Segmented& choice, Id id, const PartId& part) {
  std::vector<float> widths;
  float total = 8;
  for (const std::string& option : choice.options) {
    widths.push_back(std::ceil(text::width(face::medium, option)) + 28);
    total += widths.back();
  }
  const float height = screen.coarse ? 52.f : control_height();
  const Rect place = leaf(total, height, std::min(total, 120.f));
  // Too narrow for the words: all get less, and the longest are shortened.
  const float squeeze = std::min(1.f, (place.w - 8) / std::max(1.f, total - 8));
  paint.fill(place, palette().track, 9);
  mirror.open(id, "div", place).role("radiogroup").label(choice.name);
  std::vector<int> taken;
  float x = place.x + 4;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const Rect rect{x, place.y + 4, widths[i] * squeeze, place.h - 8};
    x += rect.w;
    const int index = static_cast<int>(i);
    taken.push_back(segment(choice, index, part(index), rect));
  }
  mirror.close(place.h);
  return taken;
}

std::vector<int> Ui::State::pills(const Segmented& choice, Id id, const PartId& part) {
  const Slot slot = open_box(id, {.kind = Layout::Flow::Kind::row, .gap = 6}, {0, 0, 1}, 0, 0);
  mirror.open(id, "div", {slot.x, slot.y, slot.w, 0}).role("radiogroup").label(choice.name);
  std::vector<int> taken;
  for (int i = 0; i < static_cast<int>(choice.options.size()); ++i)
    taken.push_back(pill(choice, i, part(i)));
  mirror.close(close_box(0));
  return taken;
}

int Ui::State::segment(const Segmented& choice, int index, Id id, const Rect& rect) {
  const Control control = this->control(id);
  const std::string& words = choice.options[static_cast<std::size_t>(index)];
  const bool taken = index == choice.selected;
  if (taken) {
    paint.shadow(rect, 6, 0.5f);
    paint.fill(rect, palette().surface, 6);
  }
  ring(control, rect, 6);
  const std::string shown = fit(id, rect, face::medium, words, rect.w - 8);
  const Rgb ink = taken || control.hovered ? palette().ink : palette().muted;
  paint.words(face::medium, rect.x + (rect.w - text::width(face::medium, shown)) / 2,
              rect.y + (rect.h - 20) / 2, ink, shown);
  return choice_taken(choice, index, id, rect);
}

int Ui::State::pill(const Segmented& choice, int index, Id id) {
  const Control control = this->control(id);
  const std::string& words = choice.options[static_cast<std::size_t>(index)];
  const bool taken = index == choice.selected;
  const Palette& p = palette();
  const float width = std::ceil(text::width(face::small_strong, words)) + 25;
  const Rect rect = leaf(width, std::max(narrow() ? 40.f : 32.f, small_height()), 80);
  const float radius = rect.h / 2;
  paint.fill(rect, taken ? p.accent.soft : control.hovered ? p.hover : p.surface, radius);
  paint.border(rect, taken ? p.accent.ink : mix(p.line, p.control, 0.45f), radius,
               taken ? 1.5f : 1);
  ring(control, rect, radius);
  const std::string shown = fit(id, rect, face::small_strong, words, rect.w - 20);
  paint.words(face::small_strong, rect.x + (rect.w - text::width(face::small_strong, shown)) / 2,
              rect.y + (rect.h - 20) / 2, taken ? p.accent.ink : p.ink, shown);
  return choice_taken(choice, index, id, rect);
}

int Ui::State::choice_taken(const Segmented& choice, int index, Id id, const Rect& rect) {
  const bool taken = index == choice.selected;
  Node& node = mirror.add(id, "button", rect)
                   .role("radio")
                   .flag("aria-checked", taken)
                   .attr("tabindex", taken ? "0" : "-1")
                   .keys("ArrowLeft ArrowRight ArrowUp ArrowDown Home End")
                   .words(choice.options[static_cast<std::size_t>(index)]);
  tell_whole(node);
  if (taken) focusable(id);
  if (clicked(id)) return index;
  const std::string key = take_key(id);
  const int count = static_cast<int>(choice.options.size());
  const char* back = screen.right_to_left ? "ArrowRight" : "ArrowLeft";
  const char* on = screen.right_to_left ? "ArrowLeft" : "ArrowRight";
  if (key == back || key == "ArrowUp") return (index + count - 1) % count;
  if (key == on || key == "ArrowDown") return (index + 1) % count;
  if (key == "Home") return 0;
  return key == "End" ? count - 1 : -1;
}

}  // namespace rekey::web
