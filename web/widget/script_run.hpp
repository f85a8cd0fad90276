// Lines that Inter cannot set (other scripts, emoji): the browser draws them once into a texture.
#pragma once

#include <cstdint>
#include <string_view>

#include "web/widget/text.hpp"

namespace rekey::web::script_run {

/// How wide the browser sets this line, in CSS pixels.
float width(const Face& face, std::string_view words);
/// Draws the line; its picture is kept until the density changes, or room is needed and it was not
/// seen for the longest time.
void draw(ImDrawList& list, const Face& face, float x, float y, std::uint32_t rgb,
          std::string_view words);
void begin_frame(float density);
void forget_textures();
/// Everything is measured and drawn anew.
void forget_measures();

}  // namespace rekey::web::script_run
