// Takes up changed master keys while the service runs, and moves every data key to the newest.
#pragma once

#include <map>
#include <string>

#include "native/work/driver.hpp"

namespace rekey::work {

/// Looks at the key file at every pass, and at the data keys after a change, at the start, and from
/// time to time, because a process that had not noticed may have used the older key.
class KeyKeeper {
 public:
  explicit KeyKeeper(Driver& driver) : driver_(driver) {}

  /// True: there is more to do at once. For one thread.
  bool pass();

 private:
  /// How many data keys were moved.
  int rewrap_some();

  Driver& driver_;
  bool look_ = true;
  Instant look_again_{};
};

/// How many data keys are wrapped by each master key, by its id.
std::map<std::string, std::int64_t> data_keys_by_master_key(store::Database& db);

}  // namespace rekey::work
