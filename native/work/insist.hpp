// What a provider gave once must be stored, however long the database takes to come back.
#pragma once

#include <chrono>
#include <string>
#include <thread>

#include "native/log.hpp"
#include "native/store/database.hpp"
#include "native/work/refreshing.hpp"

namespace rekey::work {

/// Runs `store` until the database takes it, as long as `times` says; throws what it threw last.
/// `event` is what the log calls each failure.
template <class Store>
void insist(const RefreshTimes& times, const char* event, const std::string& connection,
            Store&& store) {
  using Steady = std::chrono::steady_clock;
  const auto give_up = Steady::now() + times.insist;
  for (;;) {
    try {
      store();
      return;
    } catch (const store::DatabaseError& error) {
      log::error(event, {{"connection", connection}, {"what", error.what()}});
      if (Steady::now() >= give_up) throw;
    }
    std::this_thread::sleep_for(times.look_every);
  }
}

}  // namespace rekey::work
