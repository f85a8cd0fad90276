// Headings, paragraphs, chips, definitions and icons: what is read and not pressed.
#include <algorithm>

#include "web/widget/state.hpp"

namespace rekey::web {
namespace {

Face face_of(const Text& how) {
  const Weight weight = how.strong ? Weight::semibold : Weight::regular;
  switch (how.size) {
    case TextSize::small:
      return {13, 20, how.strong ? Weight::medium : Weight::regular};
    case TextSize::large:
      return {16, 24, weight};
    case TextSize::lead:
      return {18, 28, weight};
    case TextSize::normal:
      break;
  }
  return {14, 20, weight};
}

Face heading_face(int level, bool narrow) {
  if (level <= 1) return narrow ? Face{24, 32, Weight::semibold} : Face{28, 36, Weight::semibold};
  if (level == 2) return {20, 28, Weight::semibold};
  if (level == 3) return {16, 24, Weight::semibold};
  return {14, 20, Weight::semibold};
}

}  // namespace

void Ui::heading(int level, std::string_view words) {
  State& s = *state_;
  const Id id = s.id(words);
  const Face face = heading_face(level, s.narrow());
  const float natural = text::width(face, words);
  const Slot slot = s.layout.place({natural + 1, std::min(natural, 120.f), 0});
  const char tag[] = {'h', static_cast<char>('0' + std::clamp(level, 1, 6)), 0};
  static constexpr const char* tags[] = {"h1", "h1", "h2", "h3", "h4", "h5", "h6"};
  const char* name = tags[tag[1] - '0'];
  const float height = s.words(id, name, face, palette().ink, words, slot.x, slot.y, slot.w);
  s.mirror.last().attr("tabindex", "-1");
  s.ring(s.control(id), {slot.x, slot.y, std::min(slot.w, natural), height}, 4);
  s.focusable(id);
  s.layout.placed(height);
  if (s.go_to_next && !s.in_sight(slot.y)) {
    constexpr float above = 36;  // of the surface it may stand on
    scroll_to(std::max(0.f, slot.y - above));
  }
  s.go_to_next = false;
}

void Ui::text(std::string_view words, const Text& how) {
  State& s = *state_;
  if (words.empty()) return;
  const Id id = s.id(how.key, words);
  const Face face = face_of(how);
  const float natural = text::width(face, words) + 1;
  const float want = how.grow > 0 ? std::min(natural, 160.f) : natural;
  const Slot slot = s.layout.place({want, std::min(want, 72.f), how.grow});
  const Rgb colour = palette().words(how.tone);
  float height = face.line;
  if (how.nowrap) {
    const Rect place{slot.x, slot.y, slot.w, face.line};
    s.paint.words(face, slot.x, slot.y, colour, s.fit(id, place, face, words, slot.w));
    s.tell_whole(s.mirror.add(id, "p", place).words(words).face(face));
  } else {
    height = s.words(id, "p", face, colour, words, slot.x, slot.y, slot.w);
  }
  s.layout.placed(height);
}

void Ui::icon(Icon icon, Tone tone, float size) {
  State& s = *state_;
  const Rect rect = s.leaf(size, size);
  s.paint.icon(icon, rect.x, rect.y, size, palette().words(tone));
}

void Ui::chip(const Chip& chip) {
  State& s = *state_;
  const Face face = face::small_strong;
  const float left = chip.icon == Icon::none ? 10.f : 28.f;
  const float natural = std::ceil(text::width(face, chip.text)) + left + 11;
  const Slot slot = s.layout.place({natural, std::min(natural, 110.f)});
  // Words too long for one line get another: what a thing's state is must not be cut off.
  const float width = std::min(natural, slot.w);
  const auto lines = text::lines(face, chip.text, width - left - 10);
  const Rect rect{slot.x, slot.y, width, 6 + face.line * static_cast<float>(lines.size())};
  s.layout.placed(rect.h);
  const bool plain = chip.tone == Tone::muted || chip.tone == Tone::normal;
  const ToneColours& tone = palette().tone(chip.tone);
  s.paint.fill(rect, plain ? palette().sunken : tone.soft, 13);
  s.paint.border(rect, plain ? palette().line : tone.line, 13);
  const Rgb ink = palette().words(chip.tone);
  s.paint.icon(chip.icon, rect.x + 8, rect.y + 5, 16, ink);
  float y = rect.y + 3;
  for (const std::string_view line : lines) {
    s.paint.words(face, rect.x + left, y, ink, line);
    y += face.line;
  }
  s.mirror.add(s.id(chip.text), "span", rect).words(chip.text).face(face);
}

void Ui::definition(std::string_view term, std::string_view value) {
  definition(term, [&] { text(value); });
}

void Ui::definition(std::string_view term, Body value) {
  State& s = *state_;
  const Id id = s.id(term);
  const Slot slot = s.layout.place({0, 0, 1});
  const bool stacked = slot.w < 420;
  s.layout.open(id,
                {.kind = stacked ? Layout::Flow::Kind::column : Layout::Flow::Kind::row,
                 .gap = stacked ? 2.f : 16.f,
                 .align = Align::start,
                 .wrap = false},
                slot.x, slot.y, slot.w);
  s.mirror.open(id, "dl", {slot.x, slot.y, slot.w, 0});
  s.push_scope(id);
  const float side = stacked ? slot.w : std::min(200.f, slot.w * 0.36f);
  const Slot left = s.layout.place({side, side, 0});
  s.layout.placed(
      s.words(s.id("term"), "dt", face::normal, palette().muted, term, left.x, left.y, side));
  const Id right = s.id("value");
  const Slot place =
      s.open_box(right, {.kind = Layout::Flow::Kind::column, .gap = 4}, {0, 0, 1}, 0, 0);
  s.mirror.open(right, "dd", {place.x, place.y, place.w, 0});
  value();
  s.mirror.close(s.close_box(0));
  s.pop_scope();
  const float height = s.layout.close();
  s.layout.placed(height);
  s.mirror.close(height);
}

}  // namespace rekey::web
