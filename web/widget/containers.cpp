// Boxes, cards, lists and tables: what holds other widgets.
#include <algorithm>
#include <string>
#include <utility>

#include "web/widget/state.hpp"

namespace rekey::web {
namespace {

using Flow = Layout::Flow;

Id box_id(Ui::State& s, std::string_view key) {
  return key.empty() ? s.anonymous() : s.id(key);
}

const char* role_name(CardRole role) {
  switch (role) {
    case CardRole::article:
      return "article";
    case CardRole::region:
      return "region";
    case CardRole::group:
    case CardRole::none:
      break;
  }
  return "group";
}

/// How far down a column stands in its row, so that it is in sight as far as the row is.
float stuck(Ui::State& s, Id id, const Slot& slot) {
  constexpr float around = 16;
  const float own = s.own_heights[id];
  if (!s.layer || own > s.layer->view.h - 2 * around) return 0;
  return std::clamp(s.layer->scroll + around - slot.y, 0.f, std::max(0.f, slot.stretch - own));
}

}  // namespace

void Ui::column(const Column& column, Body body) {
  State& s = *state_;
  const Id id = box_id(s, column.key);
  if (column.sticky) {
    const Slot slot = s.layout.place({column.min_width, column.min_width, column.grow});
    s.layout.open(id, {.kind = Flow::Kind::column, .gap = column.gap}, slot.x,
                  slot.y + stuck(s, id, slot), slot.w);
    body();
    const float height = s.layout.close();
    s.layout.placed(height);
    if (std::exchange(s.own_heights[id], height) != height) s.again = true;
    return;
  }
  const float width = column.grow > 0 ? column.min_width : 0;
  s.open_box(id, {.kind = Flow::Kind::column, .gap = column.gap},
             {width, column.min_width, column.grow}, column.padding, column.max_width);
  body();
  s.close_box(column.padding);
}

void Ui::row(const Row& row, Body body) {
  State& s = *state_;
  const Id id = box_id(s, row.key);
  s.open_box(id, {.kind = Flow::Kind::row, .gap = row.gap, .align = row.align, .wrap = row.wrap},
             {row.grow > 0 ? row.min_width : 0, row.min_width, row.grow}, 0, 0);
  body();
  s.close_box(0);
}

void Ui::grid(const Grid& grid, Body body) {
  State& s = *state_;
  const Id id = box_id(s, grid.key);
  s.open_box(id,
             {.kind = Flow::Kind::grid,
              .gap = grid.gap,
              .min_cell = grid.min_width,
              .max_columns = grid.max_columns},
             {0, 0, 1}, 0, 0);
  body();
  s.close_box(0);
}

void Ui::card(const Card& card, Body body) {
  State& s = *state_;
  const std::string_view key = card.key.empty() ? card.name : card.key;
  const Id id = box_id(s, key);
  const bool named = !card.name.empty() && card.role != CardRole::none;
  const float padding = s.narrow() ? std::min(card.padding, 16.f) : card.padding;
  s.paint.open_behind();
  const Slot slot =
      s.open_box(id, {.kind = Flow::Kind::column, .gap = card.gap},
                 {card.grow > 0 ? card.min_width : 0, card.min_width, card.grow}, padding, 0);
  if (named) {
    s.mirror.open(id, "div", {slot.x, slot.y, slot.w, 0})
        .role(role_name(card.role))
        .label(card.name);
  }
  if (!key.empty()) s.push_scope(id);
  body();
  if (!key.empty()) s.pop_scope();
  const float height = std::max(slot.stretch, s.close_box(padding));
  if (named) s.mirror.close(height);
  s.paint.back();
  const Rect rect{slot.x, slot.y, slot.w, height};
  const bool plain = card.tone == Tone::normal || card.tone == Tone::muted;
  const ToneColours& tone = palette().tone(card.tone);
  if (card.raised) s.paint.shadow(rect, 12, 1);
  s.paint.fill(rect, plain ? palette().surface : mix(palette().surface, tone.soft, 0.6f), 12);
  s.paint.border(rect, plain ? palette().line : tone.line, 12);
  s.paint.close_behind();
}

void Ui::group(std::string_view name, Body body) {
  State& s = *state_;
  const Id id = s.id(name);
  const Slot slot = s.open_box(id, {.kind = Flow::Kind::column, .gap = 16}, {0, 0, 1}, 0, 0);
  s.mirror.open(id, "div", {slot.x, slot.y, slot.w, 0}).role("group").label(name);
  s.push_scope(id);
  body();
  s.pop_scope();
  s.mirror.close(s.close_box(0));
}

void Ui::scope(std::string_view key, Body body) {
  state_->push_scope(state_->id(key));
  body();
  state_->pop_scope();
}

void Ui::spacer() {
  State& s = *state_;
  if (s.layout.in_row()) {
    s.leaf(0, 0, 0, 1);
  } else {
    s.leaf(0, 8);
  }
}

void Ui::space(float height) {
  state_->leaf(0, height);
}

void Ui::divider() {
  State& s = *state_;
  const Rect rect = s.leaf(0, 1, 0, 1);
  s.paint.fill({rect.x, rect.y, s.layout.in_row() ? rect.w : s.layout.available(), 1},
               palette().line);
}

void Ui::list(const List& list, Body body) {
  State& s = *state_;
  const Id id = s.id(list.key, list.name);
  const Slot slot = s.open_box(id, {.kind = Flow::Kind::column, .gap = list.gap}, {0, 0, 1}, 0, 0);
  // Said outright: some browsers take the role from a list that shows no bullets.
  Node& node = s.mirror.open(id, "ul", {slot.x, slot.y, slot.w, 0}).role("list");
  if (!list.name.empty()) node.label(list.name);
  s.push_scope(id);
  s.list_dividers.push_back({list.dividers, true});
  body();
  s.list_dividers.pop_back();
  s.pop_scope();
  s.mirror.close(s.close_box(0));
}

void Ui::list_item(std::string_view key, Body body) {
  State& s = *state_;
  const Id id = s.id(key);
  auto& [dividers, first] = s.list_dividers.back();
  const float padding = dividers ? 12.f : 0.f;
  const Slot slot = s.layout.place({0, 0, 1});
  if (dividers && !first) s.paint.fill({slot.x, slot.y, slot.w, 1}, palette().line);
  first = false;
  s.layout.open(id, {.kind = Flow::Kind::column, .gap = 8}, slot.x, slot.y + padding, slot.w);
  s.mirror.open(id, "li", {slot.x, slot.y, slot.w, 0});
  s.push_scope(id);
  body();
  s.pop_scope();
  const float height = s.layout.close() + 2 * padding;
  s.layout.placed(height);
  s.mirror.close(height);
}

void Ui::table(const Table& table, Body rows) {
  State& s = *state_;
  const Id id = s.id(table.key, table.name);
  const Slot slot = s.open_box(id, {.kind = Flow::Kind::column}, {0, 0, 1}, 0, 0);
  s.mirror.open(id, "div", {slot.x, slot.y, slot.w, 0}).role("table").label(table.name);
  s.push_scope(id);
  std::vector<TableColumn> outer(table.columns.begin(), table.columns.end());
  std::swap(outer, s.columns);
  const bool stacked = s.narrow();
  s.table_head = true;
  // When narrow the headings stay for those who listen; there is nothing above them to head.
  table_row("\x02head", [&] {
    for (const TableColumn& column : table.columns) {
      cell([&] {
        const Id head = s.id(column.title);
        if (stacked) {
          s.mirror.add(head, "span", {slot.x, slot.y, 1, 1}).words(column.title);
        } else {
          text(column.title, {.size = TextSize::small, .tone = Tone::muted, .strong = true});
        }
      });
    }
  });
  s.table_head = false;
  rows();
  std::swap(outer, s.columns);
  s.pop_scope();
  s.mirror.close(s.close_box(0));
}

void Ui::table_row(std::string_view key, Body cells) {
  State& s = *state_;
  const Id id = s.id(key);
  const bool stacked = s.narrow();
  const bool hidden = stacked && s.table_head;
  const float padding = hidden ? 0.f : s.table_head ? 8.f : 12.f;
  const Slot slot = s.layout.place({0, 0, 1});
  if (!s.table_head) s.paint.fill({slot.x, slot.y, slot.w, 1}, palette().line);
  Flow flow{.kind = stacked ? Flow::Kind::column : Flow::Kind::row, .gap = 16, .wrap = false};
  if (stacked) flow.gap = hidden ? 0 : 8;
  s.layout.open(id, flow, slot.x, slot.y + padding, slot.w);
  s.mirror.open(id, "div", {slot.x, slot.y, slot.w, 0}).role("row");
  s.push_scope(id);
  s.table_column = 0;
  cells();
  s.pop_scope();
  const float height = s.layout.close() + 2 * padding;
  s.layout.placed(height);
  s.mirror.close(height);
}

void Ui::cell(Body body) {
  State& s = *state_;
  const std::size_t index = static_cast<std::size_t>(s.table_column++);
  const float share = index < s.columns.size() ? s.columns[index].share : 1;
  const Id id = s.id("\x02" + std::to_string(index));
  const bool head = s.table_head;
  const Slot slot = s.open_box(id, {.kind = Flow::Kind::column, .gap = 4}, {0, 0, share}, 0, 0);
  s.mirror.open(id, "div", {slot.x, slot.y, slot.w, 0}).role(head ? "columnheader" : "cell");
  s.push_scope(id);
  body();
  s.pop_scope();
  s.mirror.close(s.close_box(0));
}

void Ui::cell(std::string_view words, const Text& how) {
  cell([&] { text(words, how); });
}

}  // namespace rekey::web
