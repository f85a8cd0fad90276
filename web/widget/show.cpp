// Progress, banners, steps and what stands in for content to come: how things are.
#include <algorithm>
#include <cmath>
#include <string>

#include "web/platform/speech.hpp"
#include "web/widget/state.hpp"

namespace rekey::web {
namespace {

Icon icon_of(Tone tone) {
  switch (tone) {
    case Tone::success:
      return Icon::circle_check;
    case Tone::warning:
      return Icon::triangle_alert;
    case Tone::danger:
      return Icon::circle_alert;
    case Tone::normal:
    case Tone::muted:
    case Tone::accent:
    case Tone::info:
      break;
  }
  return Icon::info;
}

void paint_bar(Ui::State& s, const Progress& progress, const Rect& bar) {
  const ToneColours& tone = palette().tone(progress.tone);
  s.paint.fill(bar, palette().track, bar.h / 2);
  if (progress.max > 0) {
    const float part =
        static_cast<float>(std::clamp(progress.value / progress.max, 0.0, 1.0)) * bar.w;
    if (part > 0) s.paint.fill({bar.x, bar.y, std::max(part, bar.h), bar.h}, tone.solid, bar.h / 2);
    return;
  }
  const float piece = bar.w * 0.3f;
  if (s.screen.reduced_motion) {
    for (float x = bar.x; x < bar.right() - 8; x += 16) {
      s.paint.fill({x, bar.y, 8, bar.h}, tone.solid, bar.h / 2);
    }
    return;
  }
  const float turn = static_cast<float>(std::fmod(s.time, 1.6) / 1.6);
  s.paint.clip(bar);
  s.paint.fill({bar.x - piece + turn * (bar.w + piece), bar.y, piece, bar.h}, tone.solid,
               bar.h / 2);
  s.paint.unclip();
  s.soon(16);
}

}  // namespace

void Ui::progress(const Progress& progress) {
  State& s = *state_;
  const Id id = s.id(progress.key, progress.name);
  const Slot slot = s.layout.place({160, 100, 1});
  const float side = text::width(face::small, progress.text);
  const float name = progress.show_name ? text::width(face::medium, progress.name) : 0;
  // Beside each other where there is room, else below: neither is cut.
  const bool beside = name == 0 || side == 0 || name + side + 12 <= slot.w;
  const auto lines =
      text::lines(face::medium, name > 0 ? progress.name : std::string_view(), slot.w);
  float words = name > 0 ? 20 * static_cast<float>(lines.size()) : side > 0 ? 20.f : 0.f;
  if (!beside) words += 20;
  if (words > 0) words += 6;
  const Rect place{slot.x, slot.y, slot.w, words + 8};
  s.layout.placed(place.h);
  float y = place.y;
  for (const auto line : lines) {
    s.paint.words(face::medium, place.x, y, palette().ink, line);
    y += 20;
  }
  s.paint.words(face::small, beside ? place.right() - side : place.x, beside ? place.y : y,
                palette().muted, progress.text);
  paint_bar(s, progress, {place.x, place.y + words, place.w, 8});
  Node& node = s.mirror.add(id, "div", place).role("progressbar").label(progress.name);
  if (progress.max > 0) {
    node.number("aria-valuemin", 0).number("aria-valuemax", progress.max);
    node.number("aria-valuenow", std::clamp(progress.value, 0.0, progress.max));
  }
  if (!progress.text.empty()) node.attr("aria-valuetext", progress.text);
}

bool Ui::banner(const Banner& banner) {
  return state_->banner(*this, banner, nullptr);
}

bool Ui::banner(const Banner& banner, Body actions) {
  return state_->banner(*this, banner, &actions);
}

bool Ui::State::banner(Ui& ui, const Banner& banner, const Body* actions) {
  const std::string_view between = banner.title.empty() || banner.text.empty() ? "" : ". ";
  const std::string said = std::string(banner.title).append(between).append(banner.text);
  const Id id = this->id(banner.key, said);
  if (banner.announce && announced[id] != said) {
    announced[id] = said;
    ui.announce(said, banner.tone == Tone::danger);
  }
  const bool plain = banner.tone == Tone::normal || banner.tone == Tone::muted;
  const ToneColours& tone = palette().tone(plain ? Tone::info : banner.tone);
  bool dismissed = false;
  paint.open_behind();
  const Slot slot = layout.place({200, 200, 1});
  const float room = slot.w - 36 - (banner.dismissable ? 36 : 0);
  layout.open(id,
              {.kind = Layout::Flow::Kind::row, .gap = 12, .align = Align::start, .wrap = false},
              slot.x + 16, slot.y + 14, room);
  mirror.open(id, "div", {slot.x, slot.y, slot.w, 0}).role("group");
  mirror.last().label(banner.title.empty() ? banner.text : banner.title);
  push_scope(id);
  const Rect icon_place = leaf(20, 20);
  paint.icon(icon_of(banner.tone), icon_place.x, icon_place.y, 20, tone.ink);
  ui.column({.gap = 12, .key = "content"}, [&] {
    ui.column({.gap = 4, .key = "words"}, [&] {
      ui.text(banner.title, {.strong = true, .key = "title"});
      ui.text(banner.text, {.key = "text"});
    });
    if (actions) ui.row({.gap = 8, .key = "actions"}, *actions);
  });
  const float height = layout.close() + 28;
  layout.placed(height);
  if (banner.dismissable) {
    // In the corner, outside of the row: it must not make a banner of one line any higher.
    const float size = control_height();
    layout.open(id + 1, {}, slot.x + slot.w - size - 6, slot.y + (48 - size) / 2, size);
    dismissed = ui.icon_button({.name = banner.dismiss_name, .icon = Icon::x});
    layout.close();
  }
  pop_scope();
  mirror.close(height);
  paint.back();
  paint.fill({slot.x, slot.y, slot.w, height}, tone.soft, 10);
  paint.border({slot.x, slot.y, slot.w, height}, tone.line, 10);
  paint.close_behind();
  if (dismissed) announced.erase(id);
  return dismissed;
}

void Ui::announce(std::string_view text, bool urgent) {
  speech::say(text, urgent);
}

namespace {

struct StepPlace {
  float x, y, width;
};

void paint_step(Ui::State& s, const Step& step, int number, StepPlace at, bool words) {
  const Palette& p = palette();
  const float middle = at.y + 14;
  const bool reached = step.state != StepState::todo;
  if (reached) {
    s.paint.disc(at.x + 14, middle, 14,
                 step.state == StepState::done ? p.success.solid : p.accent.solid);
  } else {
    s.paint.border({at.x, at.y, 28, 28}, p.control, 14, 1.5f);
  }
  const std::string digits = std::to_string(number);
  if (step.state == StepState::done) {
    s.paint.icon(Icon::check, at.x + 6, at.y + 6, 16, p.success.on_solid);
  } else {
    s.paint.words(face::strong, at.x + 14 - text::width(face::strong, digits) / 2, at.y + 4,
                  reached ? p.accent.on_solid : p.muted, digits);
  }
  if (!words) return;
  const Face& face = step.state == StepState::current ? face::strong : face::normal;
  s.paint.words(face, at.x + 38, at.y + 4, step.state == StepState::todo ? p.muted : p.ink,
                text::shorten(face, step.name, at.width - 38));
}

/// The name of the current step where there is no room beside it: below, as near to it as it fits.
void paint_below(Ui::State& s, const Slot& slot, float middle,
                 const std::vector<std::string_view>& lines) {
  float y = slot.y + 34;
  for (const auto line : lines) {
    const float words = text::width(face::strong, line);
    const float most = std::max(slot.x, slot.x + slot.w - words);
    s.paint.words(face::strong, std::clamp(middle - words / 2, slot.x, most), y, palette().ink,
                  line);
    y += 20;
  }
}

}  // namespace

void Ui::State::step(const Step& step, int number, const Rect& rect) {
  const bool leads = !step.href.empty();
  const auto key = std::to_string(number);
  // With a link in it, it is another element: one has the words, the other something around them.
  const Id own = id((leads ? "\x04step with link" : "\x04step") + key);
  Node& node = mirror.open(own, "li", rect);
  if (step.state == StepState::current) node.attr("aria-current", "step");
  if (leads) {
    const Id link = id("\x04link of step" + key);
    // On a phone there is only the number, which is too small for a finger.
    const float wider = std::max(0.f, (control_height() - rect.w) / 2);
    const float higher = screen.coarse ? std::max(0.f, (control_height() - rect.h) / 2) : 0;
    const Rect place{rect.x - wider, rect.y - higher, rect.w + 2 * wider, rect.h + 2 * higher};
    mirror.add(link, "a", place).words(step.name).attr("href", step.href);
    ring(control(link), {place.x - 3, place.y - 3, place.w + 6, place.h + 6}, 8);
    focusable(link);
    clicked(link);
  } else {
    node.words(step.name);
  }
  mirror.close(rect.h);
}

void Ui::stepper(std::string_view name, std::span<const Step> steps) {
  State& s = *state_;
  if (steps.empty()) return;
  const Id id = s.id(name);
  const Slot slot = s.layout.place({160, 160, 1});
  float need = 0;
  for (const Step& step : steps) need += text::width(face::strong, step.name) + 38 + 56;
  const bool wide = need - 56 <= slot.w;
  const auto current = std::find_if(steps.begin(), steps.end(), [](const Step& step) {
    return step.state == StepState::current;
  });
  const auto below = wide || current == steps.end()
                         ? std::vector<std::string_view>()
                         : text::lines(face::strong, current->name, slot.w);
  const float height = wide ? 28.f : 36 + 20 * std::max(1.f, static_cast<float>(below.size()));
  s.layout.placed(height);
  s.mirror.open(id, "ol", {slot.x, slot.y, slot.w, 0}).role("list").label(name);
  const float count = static_cast<float>(steps.size());
  const float spare = wide ? (slot.w - (need - 56 * count)) / std::max(1.f, count - 1)
                           : (slot.w - 28 * count) / std::max(1.f, count - 1);
  const float gap = wide ? std::min(spare, 96.f) : spare;
  float x = slot.x;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    const float width = wide ? text::width(face::strong, step.name) + 38 : 28;
    paint_step(s, step, static_cast<int>(i) + 1, {x, slot.y, width + 1}, wide);
    if (!wide && step.state == StepState::current) paint_below(s, slot, x + 14, below);
    s.step(step, static_cast<int>(i) + 1, {x, slot.y, width, height});
    x += width;
    if (i + 1 < steps.size()) {
      const Rgb line = step.state == StepState::done ? palette().success.solid : palette().control;
      s.paint.fill({x + 8, slot.y + 13, gap - 16, 2}, line, 1);
    }
    x += gap;
  }
  s.mirror.close(height);
}

void Ui::loading(std::string_view words) {
  State& s = *state_;
  const Rect place = s.leaf(text::width(face::normal, words) + 32, 28, 80);
  s.spinner(place.x, place.y + 4, 20, palette().accent.ink);
  s.paint.words(face::normal, place.x + 30, place.y + 4, palette().muted, words);
  s.mirror.add(s.id(words), "p", place).words(words).face(face::normal);
}

void Ui::skeleton(int lines) {
  State& s = *state_;
  for (int i = 0; i < lines; ++i) {
    const Slot slot = s.layout.place({120, 60, 1});
    const float part = i + 1 == lines ? 0.6f : i % 2 == 0 ? 1.f : 0.88f;
    s.paint.fill({slot.x, slot.y + 3, slot.w * part, 14}, palette().track, 7);
    s.layout.placed(20);
  }
}

}  // namespace rekey::web
