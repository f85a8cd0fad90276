#include "web/widget/layout.hpp"

#include <algorithm>
#include <cmath>

namespace rekey::web {
namespace {
constexpr float same_within = 0.25f;  // CSS pixels; less is rounding, not another layout
constexpr int forget_after = 600;
}  // namespace

void Layout::begin_pass() {
  ++pass_;
  settled_ = true;
  boxes_.clear();
  opened_.clear();
  if (pass_ % forget_after == 0) {
    std::erase_if(memory_, [&](const auto& entry) { return entry.second.pass < pass_ - 8; });
  }
}

// Two boxes of one key in one pass would take each other's memory, and never settle.
Id Layout::told_apart(Id id) {
  while (!opened_.insert(id).second) id = id * 16777619u + 1;
  return id;
}

void Layout::open(Id id, const Flow& flow, float x, float y, float width) {
  id = told_apart(id);
  Box box{id, flow, x, y, width, y, 0, false, {}, {}};
  if (flow.kind != Flow::Kind::column) {
    if (auto found = memory_.find(id); found != memory_.end()) {
      arrange(flow, {x, y, width, 0}, found->second.items, box.plan);
    }
  }
  boxes_.push_back(std::move(box));
}

Slot Layout::place(const Want& want) {
  Box& box = boxes_.back();
  const std::size_t index = box.items.size();
  box.items.push_back({want, 0});
  if (box.flow.kind == Flow::Kind::column) {
    box.gap = box.any ? box.flow.gap : 0;
    box.cursor_y += box.gap;
    return {box.x, box.cursor_y, box.w, 0};
  }
  if (index < box.plan.size()) return box.plan[index];
  // Unknown until the next pass: anywhere will do, this one is not painted.
  return {box.x, box.y, std::min(std::max(want.width, want.least), box.w), 0};
}

void Layout::placed(float height) {
  Box& box = boxes_.back();
  box.items.back().height = height;
  if (box.flow.kind != Flow::Kind::column) return;
  box.cursor_y += height;
  // What has no height, such as a row with nothing in it, takes no gap either.
  if (height <= 0) box.cursor_y -= box.gap;
  if (height > 0) box.any = true;
}

float Layout::close() {
  Box box = std::move(boxes_.back());
  boxes_.pop_back();
  remember(box);
  if (box.flow.kind == Flow::Kind::column) return box.cursor_y - box.y;
  std::vector<Slot> slots;
  return arrange(box.flow, {box.x, box.y, box.w, 0}, box.items, slots);
}

void Layout::remember(Box& box) {
  float natural = 0;
  for (const Item& item : box.items) {
    const float width = std::max({item.want.width, item.want.least, item.want.natural});
    if (box.flow.kind == Flow::Kind::row) {
      natural += width + (&item == &box.items.front() ? 0 : box.flow.gap);
    } else {
      natural = std::max(natural, width);
    }
  }
  Memory& memory = memory_[box.id];
  auto same = [](const Item& a, const Item& b) {
    return std::fabs(a.want.width - b.want.width) < same_within &&
           std::fabs(a.want.least - b.want.least) < same_within && a.want.grow == b.want.grow &&
           std::fabs(a.height - b.height) < same_within;
  };
  const bool matters = box.flow.kind != Flow::Kind::column;
  const bool equal = std::fabs(memory.natural - natural) < same_within &&
                     (!matters || std::equal(memory.items.begin(), memory.items.end(),
                                             box.items.begin(), box.items.end(), same));
  if (!equal) settled_ = false;
  memory.natural = natural;
  memory.pass = pass_;
  if (matters && !equal) memory.items = std::move(box.items);
  if (matters && !equal) box.items = memory.items;
}

float Layout::natural_width(Id id) const {
  auto found = memory_.find(id);
  return found == memory_.end() ? 0 : found->second.natural;
}

float Layout::arrange(const Flow& flow, Rect box, const std::vector<Item>& items,
                      std::vector<Slot>& slots) {
  slots.resize(items.size());
  if (items.empty()) return 0;
  return flow.kind == Flow::Kind::grid ? arrange_grid(flow, box, items, slots)
                                       : arrange_row(flow, box, items, slots);
}

float Layout::arrange_row(const Flow& flow, Rect box, const std::vector<Item>& items,
                          std::vector<Slot>& slots) {
  float y = box.y;
  std::size_t first = 0;
  while (first < items.size()) {
    float used = std::max(items[first].want.width, items[first].want.least);
    float height = items[first].height;
    std::size_t last = first + 1;
    while (last < items.size()) {
      const float next = std::max(items[last].want.width, items[last].want.least);
      if (flow.wrap && used + flow.gap + next > box.w + same_within) break;
      used += flow.gap + next;
      height = std::max(height, items[last].height);
      ++last;
    }
    if (first > 0) y += flow.gap;
    arrange_line(flow, box.x, y, box.w, items, slots, first, last, height);
    y += height;
    first = last;
  }
  return y - box.y;
}

void Layout::arrange_line(const Flow& flow, float x, float y, float width,
                          const std::vector<Item>& items, std::vector<Slot>& slots,
                          std::size_t first, std::size_t last, float height) {
  float used = flow.gap * static_cast<float>(last - first - 1), grow = 0, give = 0;
  for (std::size_t i = first; i < last; ++i) {
    const Want& want = items[i].want;
    used += std::max(want.width, want.least);
    grow += want.grow;
    give += std::max(0.f, want.width - want.least);
  }
  const float spare = width - used;
  for (std::size_t i = first; i < last; ++i) {
    const Want& want = items[i].want;
    float w = std::max(want.width, want.least);
    if (spare > 0 && grow > 0) w += spare * want.grow / grow;
    if (spare < 0 && give > 0) {
      w += std::max(spare, -give) * std::max(0.f, want.width - want.least) / give;
    }
    w = std::min(w, width);
    float down = 0;
    if (flow.align == Align::center) down = (height - items[i].height) / 2;
    if (flow.align == Align::end) down = height - items[i].height;
    slots[i] = {x, y + std::max(0.f, down), w, flow.align == Align::stretch ? height : 0};
    x += w + flow.gap;
  }
}

float Layout::arrange_grid(const Flow& flow, Rect box, const std::vector<Item>& items,
                           std::vector<Slot>& slots) {
  const int fit = static_cast<int>((box.w + flow.gap) / (flow.min_cell + flow.gap));
  const std::size_t columns =
      static_cast<std::size_t>(std::clamp(fit, 1, std::max(1, flow.max_columns)));
  const float cell = (box.w - flow.gap * static_cast<float>(columns - 1)) / columns;
  float y = box.y;
  for (std::size_t first = 0; first < items.size(); first += columns) {
    const std::size_t last = std::min(first + columns, items.size());
    float height = 0;
    for (std::size_t i = first; i < last; ++i) height = std::max(height, items[i].height);
    if (first > 0) y += flow.gap;
    for (std::size_t i = first; i < last; ++i) {
      slots[i] = {box.x + static_cast<float>(i - first) * (cell + flow.gap), y, cell, height};
    }
    y += height;
  }
  return y - box.y;
}

}  // namespace rekey::web
