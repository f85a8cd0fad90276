// The colours and measures of the page: one palette for light, one for dark, all in one place.
#pragma once

#include <cstdint>

#include "web/widget/types.hpp"

namespace rekey::web {

/// 0xRRGGBB.
using Rgb = std::uint32_t;

/// What one tone looks like: `ink` is readable on `soft`, on a surface and on the page.
struct ToneColours {
  Rgb ink, soft, line, solid, on_solid;
};

struct Palette {
  Rgb page, surface, sunken, hover;  ///< the page, cards, insets, and what is pointed at
  Rgb line, control;  ///< a soft border (decoration), and one that shows where a control is (3:1)
  Rgb ink, muted;
  Rgb track;  ///< the empty part of a bar
  Rgb shadow;
  Rgb ring;  ///< the focus ring
  ToneColours accent, info, success, warning, danger;

  const ToneColours& tone(Tone tone) const;
  /// The colour of words in this tone.
  Rgb words(Tone tone) const;
};

/// The palette that is in use; `use_palette` changes it between frames.
const Palette& palette();
void use_palette(bool dark);
/// The high-contrast modes of operating systems name the colours themselves: the six in the order
/// Canvas, CanvasText, LinkText, ButtonBorder, Highlight, HighlightText.
void use_system_palette(const Rgb (&colours)[6]);
/// Either palette, for the test of its contrasts.
const Palette& palette_of(bool dark);

/// The contrast of two colours as WCAG 2 defines it, 1 to 21.
double contrast(Rgb a, Rgb b);

}  // namespace rekey::web
