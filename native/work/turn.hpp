// The right of one process to refresh a grant, held while the provider is asked.
#pragma once

#include <condition_variable>
#include <list>
#include <mutex>
#include <string>
#include <thread>

#include "native/store/refreshes.hpp"

namespace rekey::work {

class GrantKeeper;

/// Shows every few seconds that the holders of turns live, in one thread and one transaction for
/// all turns of this process, however long the provider takes.
class TurnKeeper {
 public:
  struct Turn {
    store::Databases* databases = nullptr;
    store::GrantKey grant;
    std::string owner;
  };
  using Place = std::list<Turn>::iterator;

  TurnKeeper() = default;
  ~TurnKeeper();
  TurnKeeper(const TurnKeeper&) = delete;
  TurnKeeper& operator=(const TurnKeeper&) = delete;

  /// From here on, life is shown for a turn that has just been begun, `every` so often.
  Place hold(Turn turn, Millis every);
  /// No more; the database is not used for it after this.
  void release(Place place);

 private:
  void run();
  void show_life();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Turn> turns_;
  Millis every_{0};
  bool stop_ = false;
  std::thread thread_;  // begun with the first turn
};

/// A turn that has just been taken, until it goes. The turn itself is ended by what is stored at
/// the end; if nothing was, it is given up when this goes.
class HeldTurn {
 public:
  HeldTurn(GrantKeeper& keeper, TurnKeeper& lives, TurnKeeper::Turn turn, Millis every);
  ~HeldTurn();
  HeldTurn(const HeldTurn&) = delete;
  HeldTurn& operator=(const HeldTurn&) = delete;

  const std::string& owner() const { return place_->owner; }
  /// The turn was ended in the store.
  void ended() { ended_ = true; }

 private:
  GrantKeeper& keeper_;
  TurnKeeper& lives_;
  TurnKeeper::Place place_;
  bool ended_ = false;
};

}  // namespace rekey::work
