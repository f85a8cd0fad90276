// The page as elements: what every widget states about itself, written down for the browser.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "web/widget/layout.hpp"
#include "web/widget/text.hpp"

namespace rekey::web {

/// One element. Its identity is `id`: the element stays the same while the id does.
class Node {
 public:
  /// An attribute as it stands in HTML.
  Node& attr(const char* name, std::string_view value);
  Node& flag(const char* name, bool value);  ///< "true" or "false", as ARIA wants it
  Node& number(const char* name, double value);
  Node& role(const char* value) { return attr("role", value); }
  Node& label(std::string_view value) { return attr("aria-label", value); }
  /// The element's words; they are there for reading, searching and copying, and not painted.
  Node& words(std::string_view value);
  Node& face(const Face& face);
  /// The keys it takes, separated by spaces; they reach C++ instead of the browser.
  Node& keys(std::string_view value);
  /// What an input holds.
  Node& value(std::string_view value);
  /// The room an input leaves at its left and right.
  Node& padding(float left, float right);
  /// Pressing it leaves the focus where it is.
  Node& keeps_focus();
  /// A link that is followed by the view alone: the address stays as it is.
  Node& keeps_address();
  /// It is a view that scrolls over content of this height; it goes to `top` when `turn` changes.
  Node& scrolls(float content, float top, int turn);
  /// Its place is one on the screen, whatever it is inside of.
  Node& fixed();
  /// A press anywhere else, except on the element `opener`, is an event of this one.
  Node& watches_outside(Id opener);
  /// While it is there, nothing else can be reached.
  Node& modal();

 private:
  friend class Mirror;
  void extra(const char* name);
  bool same_as(const Node& other) const;
  void write(std::string& out) const;
  Id id_ = 0;
  int parent_ = -1;
  const char* tag_ = "div";
  Rect rect_;
  std::array<long, 4> place_{};  ///< inside its parent, in hundredths of a CSS pixel
  bool fixed_ = false, layer_ = false;
  std::string attributes_, extras_;
};

/// How an id is written in attributes that refer to another element ("aria-controls").
std::string dom_id(Id id);

class Mirror {
 public:
  void begin_pass();
  /// An element inside the one that is open. The reference holds until the next call.
  Node& add(Id id, const char* tag, const Rect& rect);
  /// The same, and what follows is inside of it until `close`, which says how high it became.
  Node& open(Id id, const char* tag, const Rect& rect);
  void close(float height);
  /// The element that was added last.
  Node& last() { return nodes_[used_ - 1]; }
  /// What is other than when this was called last, as JSON; empty when nothing is. `head` are
  /// members of the outermost object, each followed by a comma. Then come, only if elements came,
  /// went or moved to another place among the others, `order` (of each element its id and the index
  /// of its parent in that order, or -1), and in any case `nodes`: the elements that are new or
  /// have changed.
  std::string news(std::string_view head);
  /// Whether an element of this id was stated in this pass.
  bool has(Id id) const;

 private:
  void settle_places();
  bool same_order() const;

  std::vector<Node> nodes_, told_;
  std::size_t used_ = 0, told_used_ = 0;
  std::string told_head_;
  std::vector<int> open_;
  std::unordered_set<Id> ids_;
};

/// Adds `value` as a JSON string, with its quotes.
void write_json(std::string& out, std::string_view value);

}  // namespace rekey::web
