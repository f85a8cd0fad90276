#include "web/widget/theme.hpp"

#include <catch2/catch_all.hpp>

using namespace rekey::web;

TEST_CASE("theme: contrast is what WCAG says it is") {
  CHECK(contrast(0x000000, 0xffffff) == Catch::Approx(21));
  CHECK(contrast(0xffffff, 0xffffff) == Catch::Approx(1));
  CHECK(contrast(0x777777, 0xffffff) == Catch::Approx(4.48).margin(0.01));
}

TEST_CASE("theme: words are readable on all they stand on, light and dark") {
  for (const bool dark : {false, true}) {
    const Palette& p = palette_of(dark);
    for (const Rgb ground : {p.page, p.surface, p.sunken, p.hover, p.track}) {
      CHECK(contrast(p.ink, ground) >= 4.5);
      CHECK(contrast(p.muted, ground) >= 4.5);
    }
    for (const Tone tone : {Tone::accent, Tone::info, Tone::success, Tone::warning, Tone::danger}) {
      INFO("tone " << static_cast<int>(tone) << (dark ? ", dark" : ", light"));
      const ToneColours& c = p.tone(tone);
      for (const Rgb ground : {c.soft, p.surface, p.page}) CHECK(contrast(c.ink, ground) >= 4.5);
      CHECK(contrast(p.ink, c.soft) >= 4.5);
      CHECK(contrast(c.on_solid, c.solid) >= 4.5);
    }
  }
}

TEST_CASE("theme: the system's own colours are taken as they are") {
  use_system_palette({0x000000, 0xffffff, 0xffff00, 0xffffff, 0x00ffff, 0x000000});
  CHECK(palette().page == 0x000000);
  CHECK(palette().ink == 0xffffff);
  CHECK(palette().words(Tone::danger) == 0xffffff);
  CHECK(palette().accent.ink == 0xffff00);
  use_palette(false);
  CHECK(palette().page == palette_of(false).page);
}
