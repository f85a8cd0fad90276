// Where things stand: columns, rows that wrap, and grids, laid out while they are described.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "web/widget/types.hpp"

namespace rekey::web {

using Id = std::uint32_t;

struct Rect {
  float x = 0, y = 0, w = 0, h = 0;
  float right() const { return x + w; }
  float bottom() const { return y + h; }
  Rect inset(float by) const { return {x + by, y + by, w - 2 * by, h - 2 * by}; }
  bool operator==(const Rect&) const = default;
};

/// What an item asks for along a row: the width it would like, the least it can live with, and its
/// share of what is left over.
struct Want {
  float width = 0;
  float least = 0;
  float grow = 0;
  float natural = 0;  ///< of a box: what its content would like, for the boxes around it
};

/// Where an item may stand. `stretch` is the height its neighbours have, 0 where that is no matter.
struct Slot {
  float x = 0, y = 0, w = 0;
  float stretch = 0;
};

/// A row cannot place its first item without knowing its last. So every box remembers what its
/// items asked for in the pass before; when they ask for something else, `settled` says no and the
/// same frame is described once more. Nothing is painted from a pass that did not settle.
class Layout {
 public:
  struct Flow {
    enum class Kind { column, row, grid } kind = Kind::column;
    float gap = 0;
    Align align = Align::center;
    bool wrap = true;
    float min_cell = 0;
    int max_columns = 1;
  };

  void begin_pass();
  /// Whether every box was described as it was in the pass before.
  bool settled() const { return settled_; }

  void open(Id id, const Flow& flow, float x, float y, float width);
  /// Ends the innermost box and gives its height.
  float close();
  /// The place of the next item, and then how high it turned out to be.
  Slot place(const Want& want);
  void placed(float height);

  /// The width that the content of this box asked for in the pass before.
  float natural_width(Id id) const;
  /// The width the next item could have at most.
  float available() const { return boxes_.back().w; }
  bool in_row() const { return boxes_.back().flow.kind == Flow::Kind::row; }

 private:
  struct Item {
    Want want;
    float height = 0;
  };
  struct Memory {
    std::vector<Item> items;
    float natural = 0;
    int pass = 0;
  };
  struct Box {
    Id id;
    Flow flow;
    float x, y, w;
    float cursor_y = 0;
    float gap = 0;     ///< that was put before the item now being placed
    bool any = false;  ///< whether an item of some height stands in this column already
    std::vector<Item> items;
    std::vector<Slot> plan;
  };

  static float arrange(const Flow& flow, Rect box, const std::vector<Item>& items,
                       std::vector<Slot>& slots);
  static float arrange_row(const Flow& flow, Rect box, const std::vector<Item>& items,
                           std::vector<Slot>& slots);
  static float arrange_grid(const Flow& flow, Rect box, const std::vector<Item>& items,
                            std::vector<Slot>& slots);
  static void arrange_line(const Flow& flow, float x, float y, float width,
                           const std::vector<Item>& items, std::vector<Slot>& slots,
                           std::size_t first, std::size_t last, float height);
  void remember(Box& box);

  Id told_apart(Id id);

  std::vector<Box> boxes_;
  std::unordered_set<Id> opened_;  ///< in this pass
  std::unordered_map<Id, Memory> memory_;
  int pass_ = 0;
  bool settled_ = true;
};

}  // namespace rekey::web
