#include "web/widget/text.hpp"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <unordered_map>
#include <utility>

#include "imgui.h"
#include "imgui_internal.h"
#include "web/widget/breaks.hpp"
#include "web/widget/icon_glyphs.hpp"
#include "web/widget/measured.hpp"
#include "web/widget/script_run.hpp"

namespace rekey::web::text {
namespace {

// Dear ImGui's size of a font is ascent plus descent; a CSS size is the em. Of Inter, in 2048ths:
constexpr float kHeightPerEm = (1984.f + 494.f) / 2048.f;

ImFont* fonts[3];
std::string cut;
ImFont* icons;
float density = 0;

// Lines by where they begin and how long they are.
using Lines = std::vector<std::pair<std::size_t, std::size_t>>;

// Of words that Inter sets; of others the browser's side keeps its own (script_run.cpp).
Measured<float> widths;
Measured<std::size_t> fits;
Measured<Lines> known_lines;  // of all words

ImFont* font_of(const Face& face) {
  return fonts[static_cast<int>(face.weight)];
}

// Marks that combine, joiners and direction marks need shaping even where Inter has the letters.
bool needs_shaping(std::uint32_t code) {
  return code >= 0x10000 || (code >= 0x300 && code <= 0x36f) ||
         (code >= 0x200b && code <= 0x200f) || (code >= 0x202a && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

bool set_in_inter(std::string_view words) {
  for (std::size_t at = 0; at < words.size();) {
    if (static_cast<unsigned char>(words[at]) < 0x80) {
      ++at;
      continue;
    }
    const std::uint32_t code = next_code_point(words, at);
    if (needs_shaping(code) || !fonts[0]->IsGlyphInFont(static_cast<ImWchar>(code))) return false;
  }
  return true;
}

std::string_view trimmed(std::string_view words) {
  while (!words.empty() && (words.back() == ' ' || words.back() == '\n')) words.remove_suffix(1);
  return words;
}

float measure(const Face& face, std::string_view words) {
  return font_of(face)
      ->CalcTextSizeA(face.px * kHeightPerEm, FLT_MAX, 0, words.data(), words.data() + words.size())
      .x;
}

// The width of a piece that is not asked for again.
float measured(const Face& face, std::string_view words) {
  if (words.empty()) return 0;
  return set_in_inter(words) ? measure(face, words) : script_run::width(face, words);
}

// The longest beginning that fits, by whole characters; at least one.
std::size_t fitting(const Face& face, std::string_view words, float max_width) {
  std::size_t best = 0;
  for (std::size_t at = 0; at < words.size();) {
    next_code_point(words, at);
    if (best > 0 && measured(face, words.substr(0, at)) > max_width) break;
    best = at;
  }
  return best;
}

ImU32 colour(std::uint32_t rgb) {
  return IM_COL32((rgb >> 16) & 0xff, (rgb >> 8) & 0xff, rgb & 0xff, 0xff);
}

}  // namespace

void load_fonts(const std::vector<std::vector<unsigned char>>& files) {
  forget_measures();
  ImFontAtlas* atlas = ImGui::GetIO().Fonts;
  ImFontConfig config;
  config.FontDataOwnedByAtlas = false;
  config.OversampleH = 2;
  auto add = [&](const std::vector<unsigned char>& bytes) {
    return atlas->AddFontFromMemoryTTF(const_cast<unsigned char*>(bytes.data()),
                                       static_cast<int>(bytes.size()), 0, &config);
  };
  for (int i = 0; i < 3; ++i) fonts[i] = add(files[static_cast<std::size_t>(i)]);
  config.OversampleH = 1;
  icons = add(files[3]);
}

void begin_frame(float now) {
  if (std::exchange(density, now) != now) forget_measures();
  for (ImFont* font : {fonts[0], fonts[1], fonts[2], icons}) font->CurrentRasterizerDensity = now;
  script_run::begin_frame(now);
  cut.clear();
}

void forget_textures() {
  script_run::forget_textures();
}

void forget_measures() {
  widths.forget();
  fits.forget();
  known_lines.forget();
  script_run::forget_measures();
}

float width(const Face& face, std::string_view words) {
  if (words.empty()) return 0;
  return set_in_inter(words) ? widths.of(face, words, 0, [&] { return measure(face, words); })
                             : script_run::width(face, words);
}

std::string shorten(const Face& face, std::string_view words, float max_width) {
  if (width(face, words) <= max_width) return std::string(words);
  cut.append(words).append("\n");
  constexpr std::string_view ellipsis = "\u2026";
  const auto fit = [&] { return fitting(face, words, max_width - width(face, ellipsis)); };
  const std::size_t end = set_in_inter(words) ? fits.of(face, words, max_width, fit) : fit();
  return std::string(trimmed(words.substr(0, end))).append(ellipsis);
}

namespace {

Lines broken(const Face& face, std::string_view words, float max_width, bool by_browser) {
  Lines result;
  std::size_t line = 0, at = 0;
  float before = 0;  // how wide the pieces are that are in the line already
  const auto end_line = [&](std::size_t end) {
    result.push_back({line, trimmed(words.substr(line, end - line)).size()});
    line = end;
    before = 0;
  };
  const auto rest = [&](std::size_t end) { return trimmed(words.substr(line, end - line)); };
  while (at < words.size()) {
    const std::size_t end = piece_end(words, at);
    const std::string_view piece = words.substr(at, end - at);
    // To ask the browser for every beginning of a line takes long; its pieces come again and again.
    const float wide = by_browser ? before + width(face, trimmed(piece)) : measure(face, rest(end));
    const bool has_room = wide <= max_width + 0.5f;
    if (!has_room) {
      if (at > line) end_line(at);
      while (measured(face, rest(end)) > max_width + 0.5f) {
        const std::size_t fit = fitting(face, words.substr(line, end - line), max_width);
        if (line + fit >= end) break;
        end_line(line + fit);
      }
    }
    if (by_browser)
      before += width(face, words.substr(std::max(at, line), end - std::max(at, line)));
    if (words[end - 1] == '\n') end_line(end);
    at = end;
  }
  if (line < words.size() || result.empty()) end_line(words.size());
  return result;
}

}  // namespace

const std::string& cut_short() {
  return cut;
}

std::vector<std::string_view> lines(const Face& face, std::string_view words, float max_width) {
  const auto make = [&] { return broken(face, words, max_width, !set_in_inter(words)); };
  std::vector<std::string_view> result;
  for (const auto& [begin, size] : known_lines.of(face, words, max_width, make))
    result.push_back(words.substr(begin, size));
  return result;
}

void draw(ImDrawList& list, const Face& face, float x, float y, std::uint32_t rgb,
          std::string_view words) {
  if (words.empty()) return;
  if (!set_in_inter(words)) return script_run::draw(list, face, x, y, rgb, words);
  const float size = face.px * kHeightPerEm;
  list.AddText(font_of(face), size, {x, y + (face.line - size) / 2}, colour(rgb), words.data(),
               words.data() + words.size());
}

void draw_icon(ImDrawList& list, Icon icon, float x, float y, float size, std::uint32_t rgb,
               bool turned) {
  if (icon == Icon::none) return;
  const std::uint32_t code = kIconGlyphs[static_cast<std::size_t>(icon)];
  const int before = list.VtxBuffer.Size;
  icons->RenderChar(&list, size, {x, y}, colour(rgb), static_cast<ImWchar>(code));
  if (!turned) return;
  for (int i = before; i < list.VtxBuffer.Size; ++i)
    list.VtxBuffer[i].pos.x = 2 * x + size - list.VtxBuffer[i].pos.x;
}

}  // namespace rekey::web::text
