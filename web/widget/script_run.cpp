#include "web/widget/script_run.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>
#include <vector>

#include "imgui.h"
#include "web/platform/script_canvas.hpp"

namespace rekey::web::script_run {
namespace {

constexpr int kPage = 1024;        // pixels of one texture, each way
constexpr std::size_t kPages = 3;  // more than this and everything is drawn anew
constexpr std::size_t kWidths = 4096;

struct Picture {
  std::size_t page = 0;
  int x = 0, y = 0, w = 0, h = 0;
};

// Lines of text are about equally high, so they are put beside each other on shelves.
struct Page {
  unsigned texture = 0;
  int x = 0, y = 0, shelf = 0;

  bool room(int w, int h, Picture& picture) {
    if (x + w > kPage) {
      x = 0;
      y += shelf;
      shelf = 0;
    }
    if (w > kPage || y + h > kPage) return false;
    picture.x = x;
    picture.y = y;
    x += w;
    shelf = std::max(shelf, h);
    return true;
  }
};

std::unordered_map<std::string, float> widths;
std::unordered_map<std::string, Picture> pictures;
std::vector<Page> pages;
float density = 1;

std::string key_of(const Face& face, std::string_view words, std::uint32_t rgb) {
  std::string key(words);
  key += '\0';
  key += std::to_string(static_cast<int>(face.px * 4)) + "/" +
         std::to_string(static_cast<int>(face.weight)) + "/" + std::to_string(rgb);
  return key;
}

int css_weight(const Face& face) {
  return 400 + 100 * static_cast<int>(face.weight);
}

void drop_everything() {
  for (Page& page : pages) script_canvas::delete_texture(page.texture);
  pages.clear();
  pictures.clear();
}

Picture& picture_of(const Face& face, std::string_view words, std::uint32_t rgb) {
  std::string key = key_of(face, words, rgb);
  if (auto found = pictures.find(key); found != pictures.end()) return found->second;
  Picture picture;
  // A pixel on each side keeps neighbours out of each other's smoothing.
  picture.w = std::min(kPage, static_cast<int>(std::ceil((width(face, words) + 4) * density)) + 2);
  picture.h = static_cast<int>(std::ceil(face.line * 1.5f * density));
  if (pages.empty() || !pages.back().room(picture.w, picture.h, picture)) {
    pages.push_back({script_canvas::create_texture(kPage), 0, 0, 0});
    pages.back().room(picture.w, picture.h, picture);
  }
  picture.page = pages.size() - 1;
  script_canvas::draw(words, face.px, face.line, css_weight(face), rgb, density,
                      pages.back().texture, {picture.x, picture.y, picture.w, picture.h});
  return pictures.emplace(std::move(key), picture).first->second;
}

}  // namespace

float width(const Face& face, std::string_view words) {
  std::string key = key_of(face, words, 0);
  if (auto found = widths.find(key); found != widths.end()) return found->second;
  if (widths.size() >= kWidths) widths.clear();
  const float result = script_canvas::width(words, face.px, css_weight(face));
  widths.emplace(std::move(key), result);
  return result;
}

void draw(ImDrawList& list, const Face& face, float x, float y, std::uint32_t rgb,
          std::string_view words) {
  const Picture& picture = picture_of(face, words, rgb);
  constexpr float unit = 1.f / kPage;
  // The picture has two CSS pixels of room at the left and a quarter line above.
  const float left = std::round((x - 2) * density) / density;
  const float top = std::round((y - face.line * 0.25f) * density) / density;
  list.AddImage(ImTextureRef(static_cast<ImTextureID>(pages[picture.page].texture)), {left, top},
                {left + picture.w / density, top + picture.h / density},
                {picture.x * unit, picture.y * unit},
                {(picture.x + picture.w) * unit, (picture.y + picture.h) * unit});
}

void begin_frame(float new_density) {
  if (new_density != density || pages.size() > kPages) drop_everything();
  density = new_density;
}

void forget_textures() {
  drop_everything();
}

}  // namespace rekey::web::script_run
