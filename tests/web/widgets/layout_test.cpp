#include "web/widget/layout.hpp"

#include <catch2/catch_all.hpp>
#include <vector>

using namespace rekey::web;
using Flow = Layout::Flow;

namespace {

struct Asked {
  Want want;
  float height = 20;
};

// Describes one box of these items until it settles; gives their places and the box's height.
struct Placed {
  std::vector<Slot> slots;
  float height = 0;
  int passes = 0;
};

Placed placed(const Flow& flow, float width, const std::vector<Asked>& items) {
  Layout layout;
  Placed result;
  do {
    layout.begin_pass();
    result.slots.clear();
    layout.open(1, flow, 10, 100, width);
    for (const Asked& item : items) {
      result.slots.push_back(layout.place(item.want));
      layout.placed(item.height);
    }
    result.height = layout.close();
    ++result.passes;
  } while (!layout.settled() && result.passes < 10);
  return result;
}

const Flow row{.kind = Flow::Kind::row, .gap = 8};

}  // namespace

TEST_CASE("layout: a column puts one thing below the other, with gaps between") {
  const Placed p = placed({.gap = 12}, 300, {{{50}, 20}, {{60}, 30}, {{70}, 10}});
  CHECK(p.slots[0].y == 100);
  CHECK(p.slots[1].y == 132);
  CHECK(p.slots[2].y == 174);
  CHECK(p.slots[2].w == 300);
  CHECK(p.height == 84);
}

TEST_CASE("layout: what has no height takes no gap") {
  const Placed p =
      placed({.gap = 12}, 300, {{{50}, 0}, {{60}, 30}, {{50}, 0}, {{70}, 10}, {{1}, 0}});
  CHECK(p.slots[1].y == 100);
  CHECK(p.slots[3].y == 142);
  CHECK(p.height == 52);
}

TEST_CASE("layout: a row is placed rightly in its second pass, and then settled") {
  const Placed p = placed(row, 300, {{{50, 50}, 20}, {{60, 60}, 40}});
  CHECK(p.passes == 2);
  CHECK(p.slots[0].x == 10);
  CHECK(p.slots[1].x == 68);
  CHECK(p.slots[0].y == 110);  // in the middle of the higher one
  CHECK(p.slots[1].y == 100);
  CHECK(p.height == 40);
}

TEST_CASE("layout: what does not fit goes to the next line") {
  const Placed p = placed(row, 120, {{{50, 50}}, {{50, 50}}, {{50, 50}}});
  CHECK(p.slots[1].x == 68);
  CHECK(p.slots[2].x == 10);
  CHECK(p.slots[2].y == 128);
  CHECK(p.height == 48);
}

TEST_CASE("layout: without wrapping, what can give way does, and no more than it can") {
  Flow flow = row;
  flow.wrap = false;
  const Placed p = placed(flow, 108, {{{100, 40}}, {{60, 60}}});
  CHECK(p.slots[0].w == 40);
  CHECK(p.slots[1].w == 60);
  CHECK(p.slots[1].x == 58);
}

TEST_CASE(
    "layout: what is left over goes by shares; something between pushes the rest to the end") {
  const Placed shares = placed(row, 316, {{{0, 0, 2}}, {{100, 100, 1}}});
  CHECK(shares.slots[0].w == Catch::Approx(2 * 208 / 3.0));
  CHECK(shares.slots[1].w == Catch::Approx(100 + 208 / 3.0));
  const Placed pushed = placed(row, 316, {{{50, 50}}, {{0, 0, 1}, 0}, {{40, 40}}});
  CHECK(pushed.slots[2].x + pushed.slots[2].w == Catch::Approx(326));
}

TEST_CASE("layout: cells of a grid are equally wide, and as high as the highest beside them") {
  const Flow grid{.kind = Flow::Kind::grid, .gap = 10, .min_cell = 90, .max_columns = 4};
  const Placed p = placed(grid, 200, {{{}, 40}, {{}, 70}, {{}, 30}});
  CHECK(p.slots[0].w == 95);
  CHECK(p.slots[0].stretch == 70);
  CHECK(p.slots[1].x == 115);
  CHECK(p.slots[2].y == 180);
  CHECK(p.height == 110);
  CHECK(placed(grid, 50, {{{}, 40}, {{}, 70}}).slots[1].x == 10);
}

TEST_CASE("layout: two boxes of one key come to rest, each with its own items") {
  Layout layout;
  float second = 0;
  int passes = 0;
  do {
    layout.begin_pass();
    for (const float width : {50.f, 80.f}) {
      layout.open(7, row, 0, 0, 300);
      layout.place({width, width});
      layout.placed(20);
      second = layout.place({20, 20}).x;
      layout.placed(20);
      layout.close();
    }
  } while (!layout.settled() && ++passes < 10);
  CHECK(passes < 3);
  CHECK(second == 88);
}

TEST_CASE("layout: something that changed asks for another pass") {
  Layout layout;
  const auto pass = [&](float width) {
    layout.begin_pass();
    layout.open(1, row, 0, 0, 300);
    layout.place({width, width});
    layout.placed(20);
    layout.close();
    return layout.settled();
  };
  CHECK_FALSE(pass(50));
  CHECK(pass(50));
  CHECK_FALSE(pass(60));
  CHECK(pass(60));
}
