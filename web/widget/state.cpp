#include "web/widget/state.hpp"

#include <algorithm>
#include <cmath>

namespace rekey::web {
namespace {

constexpr int kSpin = 33;  // milliseconds; what turns for long need not be smoother than that

// FNV-1a, begun from the enclosing scope.
Id hash(Id seed, std::string_view text) {
  Id value = seed ^ 2166136261u;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 16777619u;
  return value == 0 ? 1 : value;
}

}  // namespace

Id Ui::State::id(std::string_view key) const {
  return hash(scopes.back(), key);
}

Id Ui::State::anonymous() {
  return hash(scopes.back(), "\x01" + std::to_string(counters.back()++));
}

void Ui::State::push_scope(Id scope) {
  scopes.push_back(scope);
  counters.push_back(0);
}

void Ui::State::pop_scope() {
  scopes.pop_back();
  counters.pop_back();
}

bool Ui::State::take(EventKind kind, Id id) {
  if (event.kind != kind || event.id != id) return false;
  event.kind = EventKind::none;
  again = true;
  return true;
}

std::string Ui::State::take_key(Id id) {
  std::string key;
  if (event.kind == EventKind::key && event.id == id) {
    key = std::move(event.text);
    take(EventKind::key, id);
  }
  return key;
}

Control Ui::State::control(Id id) const {
  return {id, pointer.hover == id, pointer.held == id && pointer.hover == id, pointer.focus == id,
          pointer.focus == id && pointer.focus_visible};
}

void Ui::State::focusable(Id id) {
  if (!focus_next) return;
  focus_next = false;
  request_focus(id);
}

void Ui::State::request_focus(Id id) {
  focus_wanted = id;
  ++focus_turn;
}

Slot Ui::State::open_box(Id id, const Layout::Flow& flow, const Want& want, float padding,
                         float max_width) {
  Want asked = want;
  asked.natural = layout.natural_width(id) + 2 * padding;
  if (asked.grow == 0 && asked.width == 0) {
    asked.width = asked.natural;
    asked.least = std::min(asked.width, std::max(asked.least, 2 * padding + 40));
  }
  Slot slot = layout.place(asked);
  if (max_width > 0) slot.w = std::min(slot.w, max_width);
  layout.open(id, flow, slot.x + padding, slot.y + padding, std::max(0.f, slot.w - 2 * padding));
  return slot;
}

float Ui::State::close_box(float padding, float at_least) {
  const float height = std::max(at_least, layout.close() + 2 * padding);
  layout.placed(height);
  return height;
}

Rect Ui::State::leaf(float width, float height, float least, float grow) {
  const Slot slot = layout.place({width, least < 0 ? width : std::min(least, width), grow});
  layout.placed(height);
  return {slot.x, slot.y, grow > 0 ? slot.w : std::min(width, slot.w), height};
}

Layer& Ui::State::enter_layer(Id id, const Rect& view, Painter::Depth depth, Node& node) {
  Layer& entered = layers[id];
  entered.id = id;
  entered.view = view;
  node.scrolls(entered.content, entered.wanted, entered.turn);
  layer = &entered;
  paint.enter(depth, view, view.x,
              view.y - std::round(entered.scroll * screen.density) / screen.density);
  return entered;
}

void Ui::State::leave_layer(float content) {
  content = std::round(content);
  if (std::fabs(layer->content - content) > 0.5f) {
    layer->content = content;
    again = true;
  }
  paint.leave();
  mirror.close(layer->view.h);
  layer = nullptr;
}

float Ui::State::moved(Id id, float target, float seconds) {
  auto [found, fresh] = moving.try_emplace(id, target);
  float& value = found->second;
  if (fresh || screen.reduced_motion) return value = target;
  // After an idle time the first step is one frame's, not the whole way.
  if (painting) {
    const float step = std::min(delta, 1.f / 30) / seconds;
    value = value < target ? std::min(target, value + step) : std::max(target, value - step);
  }
  if (value != target) soon(0);
  return value * value * (3 - 2 * value);
}

void Ui::State::spinner(float x, float y, float size, Rgb colour) {
  constexpr float turn = 6.2831853f;
  const float radius = size / 2 - 1;
  const float from =
      screen.reduced_motion ? 0 : static_cast<float>(std::fmod(time * 0.9, 1.0)) * turn;
  paint.arc(x + size / 2, y + size / 2, radius, from, from + turn * 0.72f, 2, colour);
  if (!screen.reduced_motion) soon(kSpin);
}

void Ui::State::ring(const Control& control, const Rect& rect, float radius) {
  if (control.ringed) paint.ring(rect, radius);
}

std::string Ui::State::fit(Id id, const Rect& place, const Face& face, std::string_view words,
                           float room) {
  auto shown = text::shorten(face, words, room);
  if (shown == words) return shown;
  if (!cut.empty()) cut += '\n';
  cut += words;
  if (control(id).ringed) whole = {cut, paint.described(place)};
  return shown;
}

void Ui::State::tell_whole(Node& node) {
  if (!cut.empty()) node.attr("title", cut);
  cut.clear();
}

void Ui::State::paint_whole() {
  if (whole.words.empty()) return;
  const Face face = face::small;
  const float edge = 8, padding = 10;
  const float most = std::min(420.f, screen.width - 2 * (edge + padding));
  const auto lines = text::lines(face, whole.words, most);
  float width = 0;
  for (const auto line : lines) width = std::max(width, text::width(face, line));
  Rect rect{0, 0, std::ceil(width) + 2 * padding,
            face.line * static_cast<float>(lines.size()) + 2 * 6};
  rect.x = std::clamp(whole.under.x, edge, std::max(edge, screen.width - rect.w - edge));
  const bool below = whole.under.bottom() + 6 + rect.h < screen.height;
  rect.y = below ? whole.under.bottom() + 6 : whole.under.y - rect.h - 6;
  surface(Painter::Depth::popup, rect, 8);
  paint.enter(Painter::Depth::popup, {0, 0, screen.width, screen.height}, 0, 0);
  float y = rect.y + 6;
  for (const auto line : lines) {
    paint.words(face, rect.x + padding, y, palette().ink, line);
    y += face.line;
  }
  paint.leave();
}

float Ui::State::words(Id id, const char* tag, const Face& face, Rgb colour, std::string_view words,
                       float x, float y, float width) {
  const auto lines = text::lines(face, words, std::max(width, 8.f));
  float at = y;
  for (const std::string_view line : lines) {
    paint.words(face, x, at, colour, line);
    at += face.line;
  }
  mirror.add(id, tag, {x, y, width, at - y}).words(words).face(face);
  return at - y;
}

}  // namespace rekey::web
