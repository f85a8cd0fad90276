// Small pictures of numbers: how a whole is made up, and how something went over time.
#include <algorithm>
#include <cmath>
#include <string>

#include "web/widget/state.hpp"

namespace rekey::web {
namespace {

Rgb colour_of(Tone tone) {
  if (tone == Tone::normal || tone == Tone::muted) return palette().control;
  return palette().tone(tone).solid;
}

void paint_shares(Ui::State& s, const Shares& shares, const Rect& bar) {
  double whole = 0;
  for (const Share& part : shares.parts) whole += part.value;
  s.paint.fill(bar, palette().track, bar.h / 2);
  if (whole <= 0) return;
  float x = bar.x;
  double before = 0;
  for (const Share& part : shares.parts) {
    if (part.value <= 0) continue;
    before += part.value;
    const float end = bar.x + bar.w * static_cast<float>(before / whole);
    // However small a part is, it can be seen.
    const float width = std::max(4.f, end - x - (before < whole ? 2.f : 0.f));
    s.paint.fill({x, bar.y, std::min(width, bar.right() - x), bar.h}, colour_of(part.tone),
                 bar.h / 2);
    x = std::max(end, x + width + 2);
  }
}

void legend(Ui& ui, const Shares& shares) {
  Ui::State& s = ui.state();
  ui.row({.gap = 14, .key = "legend"}, [&] {
    for (const Share& part : shares.parts) {
      if (part.words.empty()) continue;
      ui.row({.gap = 6, .wrap = false, .grow = 0, .key = part.words}, [&] {
        const Rect dot = s.leaf(10, 10);
        s.paint.disc(dot.x + 5, dot.y + 5, 5, colour_of(part.tone));
        ui.text(part.words, {.size = TextSize::small, .tone = Tone::muted, .nowrap = true});
      });
    }
  });
}

std::string read_out(const Shares& shares) {
  std::string out(shares.name);
  const char* between = ": ";
  for (const Share& part : shares.parts) {
    if (part.words.empty()) continue;
    out.append(between).append(part.words);
    between = ", ";
  }
  return out;
}

}  // namespace

void Ui::shares(const Shares& shares) {
  State& s = *state_;
  const Id id = s.id(shares.key, shares.name);
  s.open_box(id, {.kind = Layout::Flow::Kind::column, .gap = 6}, {120, 80, 1}, 0, 0);
  const Slot slot = s.layout.place({120, 80, 1});
  const Rect bar{slot.x, slot.y, slot.w, 8};
  s.layout.placed(bar.h);
  paint_shares(s, shares, bar);
  s.mirror.add(id, "div", bar).role("img").label(read_out(shares));
  s.push_scope(id);
  if (shares.legend) legend(*this, shares);
  s.pop_scope();
  s.close_box(0);
}

void Ui::sparkline(const Sparkline& sparkline) {
  State& s = *state_;
  const Id id = s.id(sparkline.key, sparkline.name);
  const Slot slot = s.layout.place({120, 80, 1});
  const Rect place{slot.x, slot.y, slot.w, 36};
  s.layout.placed(place.h);
  const Palette& p = palette();
  s.paint.fill(place, p.sunken, 6);
  const Rect inner = place.inset(4);
  const double most = sparkline.values.empty()
                          ? 0
                          : *std::max_element(sparkline.values.begin(), sparkline.values.end());
  const float step =
      inner.w / static_cast<float>(std::max<std::size_t>(24, sparkline.values.size()));
  float x = inner.right() - step * static_cast<float>(sparkline.values.size());
  for (const double value : sparkline.values) {
    // What stood still is a line on the ground: something was there to be seen.
    const float part = most > 0 ? static_cast<float>(value / most) : 0;
    const float height = std::max(2.f, inner.h * part);
    s.paint.fill({x, inner.bottom() - height, std::max(1.f, step - 1.5f), height},
                 value > 0 ? p.accent.solid : p.control, 1);
    x += step;
  }
  s.mirror.add(id, "div", place).role("img").label(sparkline.name);
}

}  // namespace rekey::web
