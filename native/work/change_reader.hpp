// Reads what the provider says has changed, connection after connection.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

#include "native/async/pool.hpp"
#include "native/store/change_notices.hpp"
#include "native/work/driver.hpp"
#include "native/work/provider_clients.hpp"

namespace rekey::work {

/// Reads the changes of one connection (`follow_changes`): how many rows are others than before.
using FollowChanges =
    std::function<async::Task<accounting::Read<std::int64_t>>(store::ChangesToRead)>;

/// A thread that takes connections whose changes are due and has them read in the pool, a few at
/// once, until destroyed; then it waits for those under way. A connection is taken for a while, so
/// that several processes share the work; when one dies, its connections go to the next. What
/// cannot be read now is tried again; what cannot be read by trying again is forgotten, and read by
/// the next import.
class ChangeReader {
 public:
  ChangeReader(Driver& driver, std::shared_ptr<async::Pool> pool, FollowChanges read);
  ~ChangeReader();
  ChangeReader(const ChangeReader&) = delete;
  ChangeReader& operator=(const ChangeReader&) = delete;

 private:
  void work();
  bool begin_one();
  async::Task<void> carry_out(store::ChangesToRead changes);
  /// What could not be done for a reason of ours is tried again.
  void give_back(const store::ChangesToRead& changes);
  void put_down(const store::ChangesToRead& changes, const accounting::Read<std::int64_t>& read);

  Driver& driver_;
  std::shared_ptr<async::Pool> pool_;
  FollowChanges read_;
  std::atomic<int> in_hand_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace rekey::work
