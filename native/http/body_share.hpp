// The part that one request takes of the memory for bodies, which all requests share.
#pragma once

#include <atomic>
#include <cstddef>

namespace rekey::http {

/// Small bodies are not counted: they are always read.
constexpr std::size_t small_body = 64 * 1024;

/// The share of one connection; given back when it goes.
class BodyShare {
 public:
  BodyShare(std::atomic<std::size_t>& in_all, std::size_t most) : in_all_(in_all), most_(most) {}
  ~BodyShare() { release(); }
  BodyShare(const BodyShare&) = delete;
  BodyShare& operator=(const BodyShare&) = delete;

  /// Whether there is room for the body to be of this size; then it is counted.
  bool grow(std::size_t size) {
    if (size <= small_body || size <= counted_) return true;
    const std::size_t more = size - counted_;
    if (in_all_.fetch_add(more) + more > most_) {
      in_all_.fetch_sub(more);
      return false;
    }
    counted_ = size;
    return true;
  }
  void release() {
    in_all_.fetch_sub(counted_);
    counted_ = 0;
  }

 private:
  std::atomic<std::size_t>& in_all_;
  std::size_t most_;
  std::size_t counted_ = 0;
};

}  // namespace rekey::http
