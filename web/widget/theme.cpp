#include "web/widget/theme.hpp"

#include <algorithm>
#include <cmath>

namespace rekey::web {
namespace {

constexpr Palette light{
    .page = 0xf5f6f8,
    .surface = 0xffffff,
    .sunken = 0xf0f2f6,
    .hover = 0xeef1f6,
    .line = 0xe0e4eb,
    .control = 0x808a9c,
    .ink = 0x18202e,
    .muted = 0x565f70,
    .track = 0xe3e7ee,
    .shadow = 0x1b2a4a,
    .ring = 0x2b5cd0,
    .accent = {0x2454c4, 0xe9effc, 0xc3d2f5, 0x2b5cd0, 0xffffff},
    .info = {0x1c5d9f, 0xe8f2fb, 0xbfdaf2, 0x1c5d9f, 0xffffff},
    .success = {0x17693f, 0xe6f5ec, 0xb7e0c8, 0x1a7a48, 0xffffff},
    .warning = {0x7d5100, 0xfdf3de, 0xf0d9a4, 0x8a5a00, 0xffffff},
    .danger = {0xb32232, 0xfdedee, 0xf5c6cb, 0xc2293a, 0xffffff},
};

constexpr Palette dark{
    .page = 0x11141a,
    .surface = 0x1a1f28,
    .sunken = 0x141820,
    .hover = 0x252c38,
    .line = 0x2e3644,
    .control = 0x7a869b,
    .ink = 0xe9edf4,
    .muted = 0xa6b0c0,
    .track = 0x323b4a,
    .shadow = 0x000000,
    .ring = 0x8db0ff,
    .accent = {0x9dbbff, 0x1f2b48, 0x35486f, 0x8db0ff, 0x0d1526},
    .info = {0x8cc4f7, 0x16283b, 0x27466a, 0x82bdf5, 0x0b1724},
    .success = {0x6fd49d, 0x15301f, 0x235238, 0x63cf95, 0x07190f},
    .warning = {0xf0c46c, 0x33280f, 0x5a4719, 0xeebd5c, 0x1d1503},
    .danger = {0xff9ba3, 0x3b1b20, 0x6a2d36, 0xff8f98, 0x2b080c},
};

Palette current = light;

double linear(Rgb channel) {
  const double value = static_cast<double>(channel & 0xff) / 255.0;
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(Rgb colour) {
  return 0.2126 * linear(colour >> 16) + 0.7152 * linear(colour >> 8) + 0.0722 * linear(colour);
}

}  // namespace

const ToneColours& Palette::tone(Tone tone) const {
  switch (tone) {
    case Tone::info:
      return info;
    case Tone::success:
      return success;
    case Tone::warning:
      return warning;
    case Tone::danger:
      return danger;
    case Tone::normal:
    case Tone::muted:
    case Tone::accent:
      break;
  }
  return accent;
}

Rgb Palette::words(Tone which) const {
  if (which == Tone::normal) return ink;
  if (which == Tone::muted) return muted;
  return tone(which).ink;
}

const Palette& palette() {
  return current;
}
const Palette& palette_of(bool is_dark) {
  return is_dark ? dark : light;
}
void use_palette(bool is_dark) {
  current = palette_of(is_dark);
}

void use_system_palette(const Rgb (&c)[6]) {
  const Rgb canvas = c[0], text = c[1], link = c[2], border = c[3], mark = c[4], on_mark = c[5];
  const ToneColours plain{text, canvas, border, mark, on_mark};
  const ToneColours accent{link, canvas, border, mark, on_mark};
  current = {.page = canvas,
             .surface = canvas,
             .sunken = canvas,
             .hover = canvas,
             .line = border,
             .control = border,
             .ink = text,
             .muted = text,
             .track = canvas,
             .shadow = canvas,
             .ring = mark,
             .accent = accent,
             .info = plain,
             .success = plain,
             .warning = plain,
             .danger = plain};
}

double contrast(Rgb a, Rgb b) {
  const double x = luminance(a), y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

}  // namespace rekey::web
