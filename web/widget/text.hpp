// Words: measured, broken into lines and drawn; in Inter by Dear ImGui, in anything else by the
// browser, whose fonts and shaping know every script.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "web/widget/icon.hpp"

struct ImDrawList;
struct ImFont;

namespace rekey::web {

enum class Weight { regular, medium, semibold };

/// A font at a size in CSS pixels, with the height of its lines.
struct Face {
  float px = 14;
  float line = 20;
  Weight weight = Weight::regular;
};

namespace text {

/// Gives the fonts to Dear ImGui: the bytes of three weights of Inter and of the icons, which must
/// stay where they are. To be called once, before the first frame.
void load_fonts(const std::vector<std::vector<unsigned char>>& files);
/// To be called before each frame: the density glyphs are drawn at.
void begin_frame(float density);
/// Forgets what the graphics card held (its context was lost).
void forget_textures();
/// Forgets how wide and how lines are set: the browser has other fonts now, or another language.
void forget_measures();

/// The width of one line.
float width(const Face& face, std::string_view words);
/// The beginning of `words` that fits, with an ellipsis if something was left out.
std::string shorten(const Face& face, std::string_view words, float max_width);
/// What was left out by `shorten` since the frame began, one text a line: for tests that look for
/// texts without room.
const std::string& cut_short();
/// `words` in lines that fit; they end where `piece_end` lets them.
std::vector<std::string_view> lines(const Face& face, std::string_view words, float max_width);
/// Draws one line in a line box whose top left is (x, y) in screen coordinates.
void draw(ImDrawList& list, const Face& face, float x, float y, std::uint32_t rgb,
          std::string_view words);
/// Draws an icon in a square; `turned`: as a mirror shows it.
void draw_icon(ImDrawList& list, Icon icon, float x, float y, float size, std::uint32_t rgb,
               bool turned = false);

}  // namespace text
}  // namespace rekey::web
