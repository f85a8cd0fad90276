// Draws shapes and words into Dear ImGui's draw list, at places in the content of a layer.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "web/widget/layout.hpp"
#include "web/widget/text.hpp"
#include "web/widget/theme.hpp"

struct ImDrawList;
struct ImDrawListSplitter;

namespace rekey::web {

/// A mixture of two colours; `part` 0 is the first.
Rgb mix(Rgb a, Rgb b, float part);

class Painter {
 public:
  Painter();
  ~Painter();

  /// What is painted in a higher layer covers the lower ones.
  enum class Depth { main, bar, tray, scrim, popup, count };

  /// `mirrored_at`: the width of a screen whose content runs from right to left; 0: it does not.
  /// Everything is described as if it ran from left to right, and mirrored here, once for all.
  void begin_pass(float density, float mirrored_at);
  void end_pass();

  /// Everything up to `leave` is painted inside `view` of the screen, where the content's (0, 0) is
  /// at (dx, dy).
  void enter(Depth depth, const Rect& view, float dx, float dy);
  void leave();

  /// What is painted between `behind` and `end_behind`'s own painting comes to stand in front of
  /// it: a card's surface is painted when its height is known.
  void open_behind();
  void back();
  void close_behind();

  /// Where this stands on the screen, described as if it ran from left to right.
  Rect described(const Rect& rect) const {
    return {rect.x + place_.dx, rect.y + place_.dy, rect.w, rect.h};
  }
  /// Whether anything of this would be seen.
  bool seen(const Rect& rect) const;

  /// `corners`: those that are round, as Dear ImGui's flags; 0: all.
  void fill(const Rect& rect, Rgb colour, float radius = 0, float alpha = 1, int corners = 0);
  void border(const Rect& rect, Rgb colour, float radius, float width = 1);
  /// Of a surface that will be painted over it: there is none under its middle.
  void shadow(const Rect& rect, float radius, float strength);
  void ring(const Rect& rect, float radius);
  void line(float x1, float y1, float x2, float y2, Rgb colour, float width = 1);
  void disc(float x, float y, float radius, Rgb colour);
  void arc(float x, float y, float radius, float from, float to, float width, Rgb colour);
  /// One line of words in a line box whose top left is (x, y).
  void words(const Face& face, float x, float y, Rgb colour, std::string_view words);
  void icon(Icon icon, float x, float y, float size, Rgb colour);
  /// What follows is cut off outside this rectangle, until `unclip`.
  void clip(const Rect& rect);
  void unclip();

 private:
  struct Place {
    Depth depth = Depth::main;
    Rect view;
    float dx = 0, dy = 0;
  };
  float snap(float value) const;
  /// Where something of this width at this place of the content begins on the screen.
  float on_screen(float x, float width = 0) const;
  Rect on_screen(const Rect& rect) const;
  void rim(const Rect& rect, const Rect& inner, Rgb colour, float radius, float alpha);

  ImDrawList* list_ = nullptr;
  float density_ = 1;
  float mirrored_at_ = 0;
  Place place_;
  std::vector<Place> outer_;
  std::unique_ptr<ImDrawListSplitter> depths_;
  std::vector<std::unique_ptr<ImDrawListSplitter>> behind_;
  std::size_t open_ = 0;
};

}  // namespace rekey::web
