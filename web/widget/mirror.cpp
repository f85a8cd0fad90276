#include "web/widget/mirror.hpp"

#include <cmath>

namespace rekey::web {
namespace {

// Places go out in hundredths of a CSS pixel: whole numbers are short, and compare exactly.
void write_number(std::string& out, double value) {
  out += std::to_string(static_cast<long>(std::lround(value * 100)));
}

}  // namespace

void write_json(std::string& out, std::string_view value) {
  constexpr char digits[] = "0123456789abcdef";
  out += '"';
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    } else {
      out += c;
    }
  }
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

std::string Mirror::description(std::string_view head) const {
  std::string out = "{";
  out.reserve(used_ * 128);
  out += head;
  out += "\"nodes\":[";
  for (std::size_t i = 0; i < used_; ++i) {
    const Node& node = nodes_[i];
    Rect place = node.rect_;
    if (node.parent_ >= 0 && !node.fixed_) {
      // A layer's content has its own beginning; inside anything else the parent's corner is 0, 0.
      const Node& parent = nodes_[static_cast<std::size_t>(node.parent_)];
      if (!parent.layer_) {
        place.x -= parent.rect_.x;
        place.y -= parent.rect_.y;
      }
    }
    if (i > 0) out += ',';
    out += "{\"i\":" + std::to_string(node.id_) + ",\"p\":" + std::to_string(node.parent_) +
           ",\"t\":\"" + node.tag_ + "\",\"r\":[";
    const float values[] = {place.x, place.y, place.w, place.h};
    for (const float& value : values) {
      if (&value != values) out += ',';
      write_number(out, value);
    }
    out += "],\"a\":{" + node.attributes_ + "}" + node.extras_ + "}";
  }
  out += "]}";
  return out;
}

}  // namespace rekey::web
