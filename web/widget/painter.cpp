#include "web/widget/painter.hpp"

#include <algorithm>
#include <cmath>

#include "imgui.h"

namespace rekey::web {
namespace {

/// Whether an icon points along the line: such a one points the other way where that runs from
/// right to left.
bool has_direction(Icon icon) {
  switch (icon) {
    case Icon::arrow_left:
    case Icon::arrow_right:
    case Icon::chevron_left:
    case Icon::chevron_right:
    case Icon::external_link:
    case Icon::log_out:
    case Icon::redo_2:
    case Icon::undo_2:
      return true;
    default:
      return false;
  }
}

ImU32 colour_of(Rgb rgb, float alpha = 1) {
  return IM_COL32((rgb >> 16) & 0xff, (rgb >> 8) & 0xff, rgb & 0xff,
                  static_cast<int>(std::clamp(alpha, 0.f, 1.f) * 255 + 0.5f));
}

}  // namespace

Rgb mix(Rgb a, Rgb b, float part) {
  auto channel = [&](int shift) {
    const float x = static_cast<float>((a >> shift) & 0xff);
    const float y = static_cast<float>((b >> shift) & 0xff);
    return static_cast<Rgb>(x + (y - x) * part + 0.5f) << shift;
  };
  return channel(16) | channel(8) | channel(0);
}

Painter::Painter() : depths_(std::make_unique<ImDrawListSplitter>()) {}
Painter::~Painter() = default;

void Painter::begin_pass(float density, float mirrored_at) {
  density_ = density;
  mirrored_at_ = mirrored_at;
  list_ = ImGui::GetBackgroundDrawList();
  // The soft edge of a shape is one device pixel wide, not one CSS pixel.
  list_->_FringeScale = 1 / density;
  depths_->Split(list_, static_cast<int>(Depth::count));
  place_ = {};
  outer_.clear();
  open_ = 0;
}

void Painter::end_pass() {
  depths_->Merge(list_);
}

void Painter::enter(Depth depth, const Rect& view, float dx, float dy) {
  outer_.push_back(place_);
  place_ = {depth, view, dx, dy};
  depths_->SetCurrentChannel(list_, static_cast<int>(depth));
  const float x = mirrored_at_ > 0 ? mirrored_at_ - view.right() : view.x;
  list_->PushClipRect({x, view.y}, {x + view.w, view.bottom()}, false);
}

void Painter::leave() {
  list_->PopClipRect();
  place_ = outer_.back();
  outer_.pop_back();
  depths_->SetCurrentChannel(list_, static_cast<int>(place_.depth));
}

void Painter::open_behind() {
  if (open_ == behind_.size()) behind_.push_back(std::make_unique<ImDrawListSplitter>());
  ImDrawListSplitter& splitter = *behind_[open_++];
  splitter.Split(list_, 2);
  splitter.SetCurrentChannel(list_, 1);
}

void Painter::back() {
  behind_[open_ - 1]->SetCurrentChannel(list_, 0);
}

void Painter::close_behind() {
  behind_[--open_]->Merge(list_);
}

bool Painter::seen(const Rect& r) const {
  const float x = r.x + place_.dx, y = r.y + place_.dy;
  return y < place_.view.bottom() && y + r.h > place_.view.y && x < place_.view.right() &&
         x + r.w > place_.view.x;
}

float Painter::snap(float value) const {
  return std::round(value * density_) / density_;
}

float Painter::on_screen(float x, float width) const {
  const float at = x + place_.dx;
  return mirrored_at_ > 0 ? mirrored_at_ - at - width : at;
}

Rect Painter::on_screen(const Rect& r) const {
  return {on_screen(r.x, r.w), r.y + place_.dy, r.w, r.h};
}

void Painter::fill(const Rect& r, Rgb colour, float radius, float alpha, int corners) {
  if (!seen(r)) return;
  const Rect at = on_screen(r);
  list_->AddRectFilled({snap(at.x), snap(at.y)}, {snap(at.right()), snap(at.bottom())},
                       colour_of(colour, alpha), radius, corners);
}

void Painter::border(const Rect& r, Rgb colour, float radius, float width) {
  if (!seen(r)) return;
  const Rect at = on_screen(r);
  // Dear ImGui strokes along the middle of a line: half a width in, or the edge is smeared.
  const float in = width / 2;
  const ImVec2 from{snap(at.x) + in, snap(at.y) + in};
  const ImVec2 to{snap(at.right()) - in, snap(at.bottom()) - in};
  list_->PathRect(from, to, std::max(0.f, radius - in));
  list_->PathStroke(colour_of(colour), ImDrawFlags_Closed, width);
}

void Painter::shadow(const Rect& r, float radius, float strength) {
  // Many faint layers, each a little larger and lower: what they add up to has no visible steps.
  const int steps = static_cast<int>(4 + 3 * strength);
  const float reach = 3 + 6 * strength;
  for (int i = 1; i <= steps; ++i) {
    const float grow = reach * static_cast<float>(i) / static_cast<float>(steps);
    const Rect around{r.x - grow * 0.8f, r.y - grow * 0.35f, r.w + grow * 1.6f, r.h + grow * 1.5f};
    rim(around, r, palette().shadow, radius + grow, 0.009f);
  }
}

// A rounded shape without the middle, which `inner` will cover: where drawing is done in software,
// painting the same pixels seven times over is most of a frame.
void Painter::rim(const Rect& r, const Rect& inner, Rgb colour, float radius, float alpha) {
  const float cut = radius + 1;
  if (r.h <= 2 * cut || r.w <= 2 * cut) return fill(r, colour, radius, alpha);
  fill({r.x, r.y, r.w, cut}, colour, radius, alpha, ImDrawFlags_RoundCornersTop);
  fill({r.x, r.bottom() - cut, r.w, cut}, colour, radius, alpha, ImDrawFlags_RoundCornersBottom);
  fill({r.x, r.y + cut, inner.x - r.x, r.h - 2 * cut}, colour, 0, alpha);
  fill({inner.right(), r.y + cut, r.right() - inner.right(), r.h - 2 * cut}, colour, 0, alpha);
}

void Painter::ring(const Rect& r, float radius) {
  border(r.inset(-4), palette().ring, radius + 4, 2);
}

void Painter::line(float x1, float y1, float x2, float y2, Rgb colour, float width) {
  const float in = width / 2;
  if (y1 == y2) {
    return fill({std::min(x1, x2), y1 - in, std::fabs(x2 - x1), width}, colour);
  }
  if (x1 == x2) {
    return fill({x1 - in, std::min(y1, y2), width, std::fabs(y2 - y1)}, colour);
  }
  list_->AddLine({on_screen(x1), y1 + place_.dy}, {on_screen(x2), y2 + place_.dy},
                 colour_of(colour), width);
}

void Painter::disc(float x, float y, float radius, Rgb colour) {
  if (!seen({x - radius, y - radius, 2 * radius, 2 * radius})) return;
  list_->AddCircleFilled({on_screen(x), y + place_.dy}, radius, colour_of(colour));
}

void Painter::arc(float x, float y, float radius, float from, float to, float width, Rgb colour) {
  if (!seen({x - radius, y - radius, 2 * radius, 2 * radius})) return;
  list_->PathArcTo({on_screen(x), y + place_.dy}, radius, from, to);
  list_->PathStroke(colour_of(colour), ImDrawFlags_None, width);
}

void Painter::words(const Face& face, float x, float y, Rgb colour, std::string_view words) {
  if (!seen({x, y - face.line, 4096, face.line * 3})) return;
  const float width = mirrored_at_ > 0 ? text::width(face, words) : 0;
  text::draw(*list_, face, snap(on_screen(x, width)), snap(y + place_.dy), colour, words);
}

void Painter::icon(Icon icon, float x, float y, float size, Rgb colour) {
  if (!seen({x, y, size, size})) return;
  const bool turned = mirrored_at_ > 0 && has_direction(icon);
  text::draw_icon(*list_, icon, snap(on_screen(x, size)), snap(y + place_.dy), size, colour,
                  turned);
}

void Painter::clip(const Rect& r) {
  const Rect at = on_screen(r);
  list_->PushClipRect({at.x, at.y}, {at.right(), at.bottom()}, true);
}

void Painter::unclip() {
  list_->PopClipRect();
}

}  // namespace rekey::web
