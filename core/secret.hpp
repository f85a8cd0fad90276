// A value that must not be printed or logged: a token, a code, a key, a client secret.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace rekey {

/// Holds a secret text. There is no way to print it, to put it in JSON or a log field, or to
/// compare it by accident; it is read through `reveal()` only, and wiped when it goes.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  explicit Secret(std::string_view value) : value_(value) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : value_(std::move(other.value_)) { other.wipe(); }
  Secret& operator=(const Secret& other) {
    if (this != &other) {
      wipe();
      value_ = other.value_;
    }
    return *this;
  }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      wipe();
      value_ = std::move(other.value_);
      other.wipe();
    }
    return *this;
  }
  ~Secret() { wipe(); }
  bool operator==(const Secret&) const = delete;

  /// The text itself. Every call is a place to look at in a review.
  const std::string& reveal() const { return value_; }
  bool empty() const { return value_.empty(); }

  /// Equality that takes the same time wherever the texts differ (RFC 9700 asks for no less).
  bool same_as(std::string_view other) const {
    if (value_.size() != other.size()) return false;
    unsigned char difference = 0;
    for (std::size_t i = 0; i < value_.size(); ++i)
      difference |= static_cast<unsigned char>(value_[i] ^ other[i]);
    return difference == 0;
  }

 private:
  // A volatile write is one the compiler may not leave out. All of the room is wiped, because a
  // short text stays inside the string it was moved from, though that says it is empty.
  void wipe() {
    value_.resize(value_.capacity());
    volatile char* at = value_.data();
    for (std::size_t i = 0; i < value_.size(); ++i) at[i] = 0;
    value_.clear();
  }
  std::string value_;
};

}  // namespace rekey
