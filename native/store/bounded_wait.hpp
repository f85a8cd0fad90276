// For a caller that must answer soon, whatever else the database does.
#pragma once

#include "core/time.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

/// While it lives, a connection to the database waits for other writers for so long at most; then
/// it throws Kind::busy. Not within a transaction.
class BoundedWait {
 public:
  BoundedWait(Database& db, Millis most);
  ~BoundedWait();
  BoundedWait(const BoundedWait&) = delete;
  BoundedWait& operator=(const BoundedWait&) = delete;

 private:
  Database& db_;
};

}  // namespace rekey::store
