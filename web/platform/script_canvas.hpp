// What the browser knows about text in any script: to set it into a texture, and to fold its case.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rekey::web::script_canvas {

struct Area {
  int x, y, w, h;
};

/// The width in CSS pixels at which the browser sets this line.
float width(std::string_view words, float px, int weight);
unsigned create_texture(int size);
void delete_texture(unsigned texture);
/// Sets the line into an area of the texture, in device pixels; two CSS pixels from its left edge
/// and a quarter of a line below its upper edge. `skip`: so much of its beginning is left out, for
/// the parts of a line that is wider than a texture.
void draw(std::string_view words, float px, float line, int weight, std::uint32_t rgb,
          float density, unsigned texture, Area area, int skip);

/// Lower case, without accents: what is equal to someone who searches.
std::string fold(std::string_view words);

}  // namespace rekey::web::script_canvas
