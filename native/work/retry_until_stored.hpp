// Stores an answer that the provider gives only once, and tries again while the database fails.
#pragma once

#include <functional>
#include <string>

#include "native/async/pool.hpp"
#include "native/log.hpp"
#include "native/store/database.hpp"
#include "native/work/refreshing.hpp"

namespace rekey::work {

/// Runs `store` until the database takes it, as long as `times` says; throws what it threw last.
/// `event` is what the log calls each failure.
inline async::Task<void> retry_until_stored(async::Pool& pool, RefreshTimes times,
                                            const char* event, std::string connection,
                                            std::function<void()> store) {
  const auto give_up = async::Steady::now() + times.retry_storing;
  for (;;) {
    try {
      store();
      co_return;
    } catch (const store::DatabaseError& error) {
      log::error(event, {{"connection", connection}, {"what", error.what()}});
      if (async::Steady::now() >= give_up) throw;
    }
    co_await pool.sleep(times.look_every);
  }
}

}  // namespace rekey::work
