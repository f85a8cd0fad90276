// The right of one process to refresh a grant, held for as long as the provider takes to answer.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "native/work/driver.hpp"
#include "native/work/refreshing.hpp"

namespace rekey::work {

/// Shows every few seconds that the holder of a turn lives, however long the provider takes: from
/// its construction, when the turn has just been begun, until it goes. The turn itself is ended by
/// what is stored at the end; if nothing was, it is given up when this goes.
class HeldTurn {
 public:
  HeldTurn(Driver& driver, store::GrantKey grant, std::string owner, Millis every);
  ~HeldTurn();
  HeldTurn(const HeldTurn&) = delete;
  HeldTurn& operator=(const HeldTurn&) = delete;

  const std::string& owner() const { return owner_; }
  /// The turn was ended in the store.
  void ended() { ended_ = true; }

 private:
  void show_life(Millis every);

  Driver& driver_;
  store::GrantKey grant_;
  std::string owner_;
  bool ended_ = false;
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace rekey::work
