#include "web/widget/mirror.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace rekey::web {
namespace {

// Places go out in hundredths of a CSS pixel: whole numbers are short, and compare exactly.
long hundredths(double value) {
  return std::lround(value * 100);
}

void write_number(std::string& out, double value) {
  out += std::to_string(hundredths(value));
}

}  // namespace

void write_json(std::string& out, std::string_view value) {
  constexpr char digits[] = "0123456789abcdef";
  out += '"';
  std::size_t begin = 0;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const auto byte = static_cast<unsigned char>(value[at]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    out.append(value.substr(begin, at - begin));
    begin = at + 1;
    if (byte >= 0x20) {
      out += '\\';
      out += value[at];
    } else {
      out += "\\u00";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  out.append(value.substr(begin));
  out += '"';
}

std::string dom_id(Id id) {
  return "t" + std::to_string(id);
}

Node& Node::attr(const char* name, std::string_view value) {
  if (!attributes_.empty()) attributes_ += ',';
  write_json(attributes_, name);
  attributes_ += ':';
  write_json(attributes_, value);
  return *this;
}

Node& Node::flag(const char* name, bool value) {
  return attr(name, value ? "true" : "false");
}

Node& Node::number(const char* name, double value) {
  // Whole numbers are all there is: counts, places in a list.
  return attr(name, std::to_string(std::llround(value)));
}

void Node::extra(const char* name) {
  extras_ += ",\"";
  extras_ += name;
  extras_ += "\":";
}

Node& Node::words(std::string_view value) {
  extra("n");
  write_json(extras_, value);
  return *this;
}

Node& Node::face(const Face& face) {
  extra("f");
  extras_ += '[';
  write_number(extras_, face.px);
  extras_ += ',';
  write_number(extras_, face.line);
  extras_ += ',';
  extras_ += std::to_string(400 + 100 * static_cast<int>(face.weight));
  extras_ += ']';
  return *this;
}

Node& Node::keys(std::string_view value) {
  extra("k");
  write_json(extras_, value);
  return *this;
}

Node& Node::value(std::string_view value) {
  extra("v");
  write_json(extras_, value);
  return *this;
}

Node& Node::padding(float left, float right) {
  extra("d");
  extras_ += '[';
  write_number(extras_, left);
  extras_ += ',';
  write_number(extras_, right);
  extras_ += ']';
  return *this;
}

Node& Node::keeps_focus() {
  extra("m");
  extras_ += '1';
  return *this;
}

Node& Node::keeps_address() {
  extra("l");
  extras_ += '1';
  return *this;
}

Node& Node::scrolls(float content, float top, int turn) {
  layer_ = true;
  extra("s");
  extras_ += '[';
  write_number(extras_, content);
  extras_ += ',';
  write_number(extras_, top);
  extras_ += ',';
  extras_ += std::to_string(turn);
  extras_ += ']';
  return *this;
}

Node& Node::fixed() {
  fixed_ = true;
  extra("x");
  extras_ += '1';
  return *this;
}

Node& Node::watches_outside(Id opener) {
  extra("e");
  extras_ += std::to_string(opener);
  return *this;
}

Node& Node::modal() {
  extra("o");
  extras_ += '1';
  return *this;
}

void Mirror::begin_pass() {
  used_ = 0;
  open_.clear();
  ids_.clear();
}

Node& Mirror::add(Id id, const char* tag, const Rect& rect) {
  // The same words twice in one place are two elements; the second gets an id of its own.
  while (!ids_.insert(id).second) id = id * 16777619u + 1;
  if (used_ == nodes_.size()) nodes_.emplace_back();
  Node& node = nodes_[used_++];
  node.id_ = id;
  node.parent_ = open_.empty() ? -1 : open_.back();
  node.tag_ = tag;
  node.rect_ = rect;
  node.fixed_ = node.layer_ = false;
  node.attributes_.clear();
  node.extras_.clear();
  return node;
}

Node& Mirror::open(Id id, const char* tag, const Rect& rect) {
  Node& node = add(id, tag, rect);
  open_.push_back(static_cast<int>(used_) - 1);
  return node;
}

void Mirror::close(float height) {
  nodes_[static_cast<std::size_t>(open_.back())].rect_.h = height;
  open_.pop_back();
}

bool Mirror::has(Id id) const {
  return ids_.count(id) > 0;
}

// Whether the browser's element can stay as it is. Tags are literals: two of one address are equal.
bool Node::same_as(const Node& other) const {
  return place_ == other.place_ && tag_ == other.tag_ && attributes_ == other.attributes_ &&
         extras_ == other.extras_;
}

void Node::write(std::string& out) const {
  out += "{\"i\":" + std::to_string(id_) + ",\"t\":\"" + tag_ + "\",\"r\":[";
  for (const long& value : place_) {
    if (&value != place_.data()) out += ',';
    out += std::to_string(value);
  }
  out += "],\"a\":{";
  out += attributes_;
  out += '}';
  out += extras_;
  out += '}';
}

void Mirror::settle_places() {
  for (std::size_t i = 0; i < used_; ++i) {
    Node& node = nodes_[i];
    Rect place = node.rect_;
    if (node.parent_ >= 0 && !node.fixed_) {
      // A layer's content has its own beginning; inside anything else the parent's corner is 0, 0.
      const Node& parent = nodes_[static_cast<std::size_t>(node.parent_)];
      if (!parent.layer_) {
        place.x -= parent.rect_.x;
        place.y -= parent.rect_.y;
      }
    }
    node.place_ = {hundredths(place.x), hundredths(place.y), hundredths(place.w),
                   hundredths(place.h)};
  }
}

bool Mirror::same_order() const {
  return used_ == told_used_ &&
         std::equal(nodes_.begin(), nodes_.begin() + static_cast<std::ptrdiff_t>(used_),
                    told_.begin(), [](const Node& a, const Node& b) {
                      return a.id_ == b.id_ && a.parent_ == b.parent_ && a.tag_ == b.tag_;
                    });
}

std::string Mirror::news(std::string_view head) {
  settle_places();
  std::string order, changed;
  const auto tell = [&](const Node& node) {
    if (!changed.empty()) changed += ',';
    node.write(changed);
  };
  if (same_order()) {
    for (std::size_t i = 0; i < used_; ++i)
      if (!nodes_[i].same_as(told_[i])) tell(nodes_[i]);
  } else {
    std::unordered_map<Id, const Node*> before;
    for (std::size_t i = 0; i < told_used_; ++i) before.emplace(told_[i].id_, &told_[i]);
    for (std::size_t i = 0; i < used_; ++i) {
      const Node& node = nodes_[i];
      order += order.empty() ? "\"order\":[" : ",";
      order += std::to_string(node.id_) + "," + std::to_string(node.parent_);
      const auto was = before.find(node.id_);
      if (was == before.end() || !node.same_as(*was->second)) tell(node);
    }
    order += order.empty() ? "\"order\":[]," : "],";
  }
  if (order.empty() && changed.empty() && told_head_ == head) return {};
  told_head_ = head;
  std::swap(nodes_, told_);
  told_used_ = used_;
  std::string out = "{";
  out.append(head).append(order).append("\"nodes\":[").append(changed).append("]}");
  return out;
}

}  // namespace rekey::web
