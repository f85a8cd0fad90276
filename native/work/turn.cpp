#include "native/work/turn.hpp"

#include "native/log.hpp"

namespace rekey::work {

HeldTurn::HeldTurn(Driver& driver, store::GrantKey grant, std::string owner, Millis every)
    : driver_(driver),
      grant_(std::move(grant)),
      owner_(std::move(owner)),
      thread_([this, every] { show_life(every); }) {}

HeldTurn::~HeldTurn() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopped_.notify_all();
  thread_.join();
  if (ended_) return;
  try {
    auto db = driver_.databases().borrow();
    store::give_up_turn(*db, grant_.connection, grant_.version, owner_);
  } catch (const std::exception& error) {
    // It runs out by itself: nobody shows life for it any more.
    log::error("turn.not_given_up", {{"connection", grant_.connection}, {"what", error.what()}});
  }
}

void HeldTurn::show_life(Millis every) {
  std::unique_lock lock(mutex_);
  while (!stopped_.wait_for(lock, every, [this] { return stop_; })) {
    try {
      auto db = driver_.databases().borrow();
      store::keep_turn(*db, grant_.connection, grant_.version, owner_);
    } catch (const std::exception& error) {
      log::warning("turn.not_kept", {{"connection", grant_.connection}, {"what", error.what()}});
    }
  }
}

}  // namespace rekey::work
