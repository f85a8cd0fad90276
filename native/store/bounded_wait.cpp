#include "native/store/bounded_wait.hpp"

#include <string>

#include "core/text/catalogue.hpp"

namespace rekey::store {

BoundedWait::BoundedWait(Database& db, Millis most) : db_(db) {
  const auto script = text::fill(db_.dialect() == Dialect::postgres
                                     ? "set lock_timeout = {ms}; set statement_timeout = {ms}"
                                     : "pragma busy_timeout = {ms}",
                                 {{"ms", std::to_string(most.count())}});
  db_.run_script(script.c_str());
}

BoundedWait::~BoundedWait() {
  try {
    db_.run_script(
        db_.dialect() == Dialect::postgres
            ? "set lock_timeout = '10s'; set statement_timeout = 0"  // as postgres.cpp has it
            : "pragma busy_timeout = 10000");
  } catch (const DatabaseError&) {
    // Then the next user of this connection gives up sooner, and says so.
  }
}

}  // namespace rekey::store
