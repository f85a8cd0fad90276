#include "native/store/bounded_wait.hpp"

namespace rekey::store {

BoundedWait::BoundedWait(Database& db, Millis most) : db_(db) {
  db_.wait_at_most(most);
}

BoundedWait::~BoundedWait() {
  try {
    db_.wait_at_most({});
  } catch (const DatabaseError&) {
    // Then the next user of this connection gives up sooner, and says so.
  }
}

}  // namespace rekey::store
