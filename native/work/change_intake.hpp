// Takes in what the provider tells of changed records: notes it, and nothing more.
#pragma once

#include <string>

#include "native/accounting/integration.hpp"
#include "native/work/driver.hpp"

namespace rekey::work {

/// What became of a delivery.
struct Intake {
  std::int64_t noted = 0;              ///< records of connections that live
  std::int64_t unknown_companies = 0;  ///< that nobody has connected here (any more)
  std::int64_t unknown_records = 0;    ///< of kinds that we do not read
};

/// Changes are gathered for so long before they are read, since several come together.
constexpr Millis changes_gather = std::chrono::seconds{1};
/// How long the database may keep a delivery waiting: the provider wants its answer in three
/// seconds, and sends again what it did not get one for.
constexpr Millis intake_waits = std::chrono::milliseconds{1500};

/// Notes the records of a delivery for every connection of their companies, in one transaction.
/// Throws DatabaseError (busy: the database had no time).
Intake take_in(Driver& driver, const std::string& integration,
               const accounting::ChangeDelivery& delivery);

}  // namespace rekey::work
