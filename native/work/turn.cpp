#include "native/work/turn.hpp"

#include "native/log.hpp"
#include "native/work/grant_keeper.hpp"

namespace rekey::work {

TurnKeeper::~TurnKeeper() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

TurnKeeper::Place TurnKeeper::hold(Turn turn, Millis every) {
  const std::lock_guard lock(mutex_);
  every_ = every;
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  turns_.push_back(std::move(turn));
  if (turns_.size() == 1) changed_.notify_all();
  return std::prev(turns_.end());
}

// The lock is held while life is shown, so nothing is shown for it after this.
void TurnKeeper::release(Place place) {
  const std::lock_guard lock(mutex_);
  turns_.erase(place);
}

void TurnKeeper::run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    if (turns_.empty()) {
      changed_.wait(lock);
      continue;
    }
    changed_.wait_for(lock, every_, [this] { return stop_; });
    if (!stop_) show_life();
  }
}

// Some at a time in one transaction, so that it is short, and seldom in the way of another.
void TurnKeeper::show_life() {
  constexpr int most = 50;
  for (auto turn = turns_.begin(); turn != turns_.end();) {
    const auto first = turn;
    for (int i = 0; i < most && turn != turns_.end() && turn->databases == first->databases; ++i)
      ++turn;
    try {
      auto db = first->databases->borrow();
      store::in_transaction(*db, [&] {
        for (auto each = first; each != turn; ++each)
          store::show_life(*db, each->grant, each->owner);
      });
    } catch (const std::exception& error) {
      log::warning("turn.not_kept",
                   {{"connection", first->grant.connection}, {"what", error.what()}});
    }
  }
}

HeldTurn::HeldTurn(GrantKeeper& keeper, TurnKeeper& lives, TurnKeeper::Turn turn, Millis every)
    : keeper_(keeper), lives_(lives), place_(lives.hold(std::move(turn), every)) {}

HeldTurn::~HeldTurn() {
  const auto turn = *place_;
  lives_.release(place_);
  if (ended_) return;
  try {
    (void)keeper_.move(turn.grant, refresh::TurnGivenUp{turn.owner});
  } catch (const std::exception& error) {
    // It runs out by itself, because no life is shown for it any more.
    log::error("turn.not_given_up",
               {{"connection", turn.grant.connection}, {"what", error.what()}});
  }
}

}  // namespace rekey::work
