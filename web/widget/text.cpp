#include "web/widget/text.hpp"

#include <algorithm>
#include <cfloat>

#include "imgui.h"
#include "imgui_internal.h"
#include "web/widget/icon_glyphs.hpp"
#include "web/widget/measured.hpp"
#include "web/widget/script_run.hpp"

namespace rekey::web::text {
namespace {

// Dear ImGui's size of a font is ascent plus descent; a CSS size is the em. Of Inter, in 2048ths:
constexpr float kHeightPerEm = (1984.f + 494.f) / 2048.f;
constexpr std::uint32_t kReplacement = 0xfffd;

ImFont* fonts[3];
ImFont* icons;
float density = 0;

// Of words that Inter sets; the browser's side keeps its own (script_run.cpp).
Measured<float> widths;
Measured<std::size_t> fits;
Measured<std::vector<std::pair<std::size_t, std::size_t>>> broken;  // begin and size of each line

void forget_measures() {
  widths.forget();
  fits.forget();
  broken.forget();
}

ImFont* font_of(const Face& face) {
  return fonts[static_cast<int>(face.weight)];
}

std::uint32_t next_code_point(std::string_view words, std::size_t& at) {
  unsigned int code = kReplacement;
  const int bytes = ImTextCharFromUtf8(&code, words.data() + at, words.data() + words.size());
  at += static_cast<std::size_t>(std::max(1, bytes));
  return code;
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

bool is_cjk(std::uint32_t code) {
  return (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3) ||
         (code >= 0xf900 && code <= 0xfaff) || (code >= 0xff00 && code <= 0xff60) ||
         (code >= 0x20000 && code <= 0x3ffff);
}

// Where the piece ends that begins at `at` and may not be broken: after spaces, around CJK.
std::size_t piece_end(std::string_view words, std::size_t at) {
  bool space = false, first = true;
  while (at < words.size()) {
    std::size_t next = at;
    const std::uint32_t code = next_code_point(words, next);
    if (code == '\n') return next;
    if (space && code != ' ') return at;
    if (!first && is_cjk(code)) return at;
    space = code == ' ';
    at = next;
    if (is_cjk(code)) {
      while (at < words.size() && words[at] == ' ') ++at;
      return at;
    }
    first = false;
  }
  return at;
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

// `words` in lines that fit.
std::vector<std::string_view> break_lines(const Face& face, std::string_view words,
                                          float max_width) {
  std::vector<std::string_view> result;
  std::size_t line = 0, at = 0;
  auto end_line = [&](std::size_t end) {
    result.push_back(trimmed(words.substr(line, end - line)));
    line = end;
  };
  while (at < words.size()) {
    const std::size_t end = piece_end(words, at);
    const std::string_view candidate = trimmed(words.substr(line, end - line));
    if (measured(face, candidate) > max_width + 0.5f) {
      if (at > line) end_line(at);
      while (measured(face, trimmed(words.substr(line, end - line))) > max_width + 0.5f) {
        const std::size_t fit = fitting(face, words.substr(line, end - line), max_width);
        if (line + fit >= end) break;
        end_line(line + fit);
      }
    }
    if (words[end - 1] == '\n') end_line(end);
    at = end;
  }
  if (line < words.size() || result.empty()) end_line(words.size());
  return result;
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
  for (ImFont* font : {fonts[0], fonts[1], fonts[2], icons})
    font->CurrentRasterizerDensity = now;
  script_run::begin_frame(now);
}

void forget_textures() {
  script_run::forget_textures();
}

float width(const Face& face, std::string_view words) {
  if (words.empty()) return 0;
  return set_in_inter(words) ? widths.of(face, words, 0, [&] { return measure(face, words); })
                             : script_run::width(face, words);
}

std::string shorten(const Face& face, std::string_view words, float max_width) {
  if (width(face, words) <= max_width) return std::string(words);
  constexpr std::string_view ellipsis = "\u2026";
  const auto fit = [&] { return fitting(face, words, max_width - width(face, ellipsis)); };
  const std::size_t end = set_in_inter(words) ? fits.of(face, words, max_width, fit) : fit();
  return std::string(trimmed(words.substr(0, end))).append(ellipsis);
}

std::vector<std::string_view> lines(const Face& face, std::string_view words, float max_width) {
  if (!set_in_inter(words)) return break_lines(face, words, max_width);
  const auto make = [&] {
    std::vector<std::pair<std::size_t, std::size_t>> places;
    for (const std::string_view line : break_lines(face, words, max_width))
      places.emplace_back(static_cast<std::size_t>(line.data() - words.data()), line.size());
    return places;
  };
  std::vector<std::string_view> result;
  for (const auto& [begin, size] : broken.of(face, words, max_width, make))
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

void draw_icon(ImDrawList& list, Icon icon, float x, float y, float size, std::uint32_t rgb) {
  if (icon == Icon::none) return;
  const std::uint32_t code = kIconGlyphs[static_cast<std::size_t>(icon)];
  icons->RenderChar(&list, size, {x, y}, colour(rgb), static_cast<ImWchar>(code));
}

}  // namespace rekey::web::text
