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

// A part of a line, as wide as a texture at most.
struct Piece {
  std::size_t page = 0;
  int x = 0, y = 0, w = 0, h = 0;
};
using Picture = std::vector<Piece>;  // one after the other

// Lines of text are about equally high, so they are put beside each other on shelves.
struct Page {
  unsigned texture = 0;
  int x = 0, y = 0, shelf = 0;
  int used = 0;  // the frame in which one of its pictures was drawn last

  bool room(int w, int h, Piece& piece) {
    if (x + w > kPage) {
      x = 0;
      y += shelf;
      shelf = 0;
    }
    if (w > kPage || y + h > kPage) return false;
    piece.x = x;
    piece.y = y;
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
  std::erase_if(pictures, [](const auto& entry) {
    return std::any_of(entry.second.begin(), entry.second.end(),
                       [](const Piece& each) { return each.page == filling; });
  });
  *oldest = {oldest->texture, 0, 0, 0, frame};
}

Piece room_for(int w, int h) {
  Piece piece{filling, 0, 0, w, h};
  if (pages.empty() || !pages[filling].room(w, h, piece)) {
    turn_page();
    piece.page = filling;
    pages[filling].room(w, h, piece);
  }
  // Before the picture is drawn from: its next piece must not take this page away.
  pages[filling].used = frame;
  return piece;
}

Picture& picture_of(const Face& face, std::string_view words, std::uint32_t rgb) {
  std::string key = key_of(face, words, rgb);
  if (auto found = pictures.find(key); found != pictures.end()) return found->second;
  // A pixel on each side keeps neighbours out of each other's smoothing.
  const int all = static_cast<int>(std::ceil((width(face, words) + 4) * density)) + 2;
  const int high = static_cast<int>(std::ceil(face.line * 1.5f * density));
  Picture picture;
  for (int from = 0; from < all; from += kPage) {
    picture.push_back(room_for(std::min(kPage, all - from), high));
    const Piece& piece = picture.back();
    script_canvas::draw(words, face.px, face.line, css_weight(face), rgb, density,
                        pages[piece.page].texture, {piece.x, piece.y, piece.w, piece.h}, from);
  }
  return pictures.emplace(std::move(key), std::move(picture)).first->second;
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
  constexpr float unit = 1.f / kPage;
  // The picture has two CSS pixels of room at the left and a quarter line above.
  float left = std::round((x - 2) * density) / density;
  const float top = std::round((y - face.line * 0.25f) * density) / density;
  for (const Piece& each : picture_of(face, words, rgb)) {
    Page& page = pages[each.page];
    page.used = frame;
    const float wide = each.w / density;
    list.AddImage(ImTextureRef(static_cast<ImTextureID>(page.texture)), {left, top},
                  {left + wide, top + each.h / density}, {each.x * unit, each.y * unit},
                  {(each.x + each.w) * unit, (each.y + each.h) * unit});
    left += wide;
  }
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
