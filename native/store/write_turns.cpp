#include "native/store/write_turns.hpp"

namespace rekey::store {

bool WriteTurns::take(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  if (!taken_) return taken_ = true;
  Waiter self;
  const auto place = waiting_.insert(waiting_.end(), &self);
  if (self.come.wait_for(lock, longest, [&] { return self.has_come; })) return true;
  waiting_.erase(place);
  return false;
}

void WriteTurns::give() {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) {
    taken_ = false;
    return;
  }
  auto* next = waiting_.front();
  waiting_.pop_front();
  next->has_come = true;
  next->come.notify_one();
}

std::size_t WriteTurns::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

}  // namespace rekey::store
