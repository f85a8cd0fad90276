// Loads changed master keys while the service runs, and moves every data key to the newest.
#pragma once

#include <string>
#include <vector>

#include "native/work/driver.hpp"
#include "native/work/key_check.hpp"

namespace rekey::work {

/// Looks at the key file at every pass, and at the data keys after a change, at the start, and from
/// time to time, because a process that had not noticed may have used the older key. Keys that do
/// not open what is in the database are not taken up: the secret store is told
/// (`SecretStore::key_fault`), and the service goes on with those that it has.
class KeyKeeper {
 public:
  explicit KeyKeeper(Driver& driver) : driver_(driver) {}

  /// True: there is more to do at once. For one thread.
  bool pass();

 private:
  /// Takes up what the key file says, unless it does not fit the database.
  void check();
  /// Of keys that do not fit, once.
  void tell_audit(const std::optional<KeyFault>& fault, const std::vector<std::string>& given);
  /// Whether the database knows other keys than at the last look.
  bool others_known(Instant now);
  /// How many data keys were moved.
  int rewrap_some();

  Driver& driver_;
  bool look_ = true;
  Instant look_again_{};
  Instant check_again_{};
  Instant looked_{};
  bool may_seal_ = true;
  std::vector<std::string> known_, given_;
  std::string reason_;
};

}  // namespace rekey::work
