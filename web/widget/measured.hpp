// What was found out about words, kept from frame to frame: in most frames nothing is new.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "web/widget/text.hpp"

namespace rekey::web::text {

/// Values by words, face and room. When too many have come together, all are forgotten.
template <class Value>
class Measured {
 public:
  /// The value for this, made by `make` where it is not known yet. Good until the next call.
  template <class Make>
  const Value& of(const Face& face, std::string_view words, float room, Make&& make) {
    const std::uint64_t key = hash(face, words, room);
    const auto found = entries_.find(key);
    if (found != entries_.end() && found->second.is(face, words, room)) return found->second.value;
    Value value = make();
    if (entries_.size() >= kMost) entries_.clear();
    Entry& entry = entries_[key];
    entry = {std::string(words), face.px, room, face.weight, std::move(value)};
    return entry.value;
  }

  void forget() { entries_.clear(); }

 private:
  static constexpr std::size_t kMost = 4096;

  struct Entry {
    std::string words;
    float px = 0, room = 0;
    Weight weight = Weight::regular;
    Value value{};

    bool is(const Face& face, std::string_view other, float other_room) const {
      return px == face.px && room == other_room && weight == face.weight && words == other;
    }
  };

  // FNV-1a, eight bytes at a time.
  static std::uint64_t hash(const Face& face, std::string_view words, float room) {
    std::uint64_t value = 14695981039346656037u;
    const auto mix = [&](std::uint64_t more) { value = (value ^ more) * 1099511628211u; };
    std::size_t at = 0;
    for (; at + 8 <= words.size(); at += 8) {
      std::uint64_t piece;
      std::memcpy(&piece, words.data() + at, 8);
      mix(piece);
      value ^= value >> 32;
    }
    for (; at < words.size(); ++at) mix(static_cast<unsigned char>(words[at]));
    mix(static_cast<std::uint64_t>(face.px * 4) << 8 | static_cast<std::uint64_t>(face.weight));
    mix(static_cast<std::uint64_t>(static_cast<std::int64_t>(room * 64)));
    return value ^ value >> 29;
  }

  std::unordered_map<std::uint64_t, Entry> entries_;
};

}  // namespace rekey::web::text
