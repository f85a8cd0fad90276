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
constexpr std::size_t kPages = 6;  // more are made only where one screen needs them
constexpr std::size_t kWidths = 4096;

struct Picture {
  std::size_t page = 0;
  int x = 0, y = 0, w = 0, h = 0;
};

// Lines of text are about equally high, so they are put beside each other on shelves.
struct Page {
  unsigned texture = 0;
  int x = 0, y = 0, shelf = 0;
  int used = 0;  // the frame in which one of its pictures was drawn last

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
std::size_t filling = 0;  // the page that new pictures go to
float density = 1;
int frame = 0;

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
  filling = 0;
}

// Begins a page: the one that was not drawn from for the longest time, unless it is still needed.
void turn_page() {
  const auto oldest = std::min_element(
      pages.begin(), pages.end(), [](const Page& a, const Page& b) { return a.used < b.used; });
  // What this frame and the one before drew from is what is on the screen.
  if (pages.size() < kPages || oldest->used >= frame - 1) {
    filling = pages.size();
    pages.push_back({script_canvas::create_texture(kPage), 0, 0, 0, frame});
    return;
  }
  filling = static_cast<std::size_t>(oldest - pages.begin());
  std::erase_if(pictures, [](const auto& entry) { return entry.second.page == filling; });
  *oldest = {oldest->texture, 0, 0, 0, frame};
}

Picture& picture_of(const Face& face, std::string_view words, std::uint32_t rgb) {
  std::string key = key_of(face, words, rgb);
  if (auto found = pictures.find(key); found != pictures.end()) return found->second;
  Picture picture;
  // A pixel on each side keeps neighbours out of each other's smoothing.
  picture.w = std::min(kPage, static_cast<int>(std::ceil((width(face, words) + 4) * density)) + 2);
  picture.h = static_cast<int>(std::ceil(face.line * 1.5f * density));
  if (pages.empty() || !pages[filling].room(picture.w, picture.h, picture)) {
    turn_page();
    pages[filling].room(picture.w, picture.h, picture);
  }
  picture.page = filling;
  script_canvas::draw(words, face.px, face.line, css_weight(face), rgb, density,
                      pages[filling].texture, {picture.x, picture.y, picture.w, picture.h});
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
  pages[picture.page].used = frame;
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
  if (new_density != density) drop_everything();
  density = new_density;
  ++frame;
}

void forget_measures() {
  widths.clear();
  drop_everything();
}

void forget_textures() {
  drop_everything();
}

}  // namespace rekey::web::script_run
