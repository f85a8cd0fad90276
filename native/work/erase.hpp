// Deleting a connection, with a proof of it.
#pragma once

#include <map>
#include <string>

#include "native/work/driver.hpp"
#include "native/work/outside.hpp"

namespace rekey::work {

/// What was deleted. Nothing of it is kept but `digest`, so whoever has the proof can have it
/// confirmed, and nobody can tell from the store what it was about.
struct Erasure {
  std::string connection, tenant;
  Instant at{};
  std::string revocation;                    ///< "revoked", "not_confirmed" or "nothing_to_revoke"
  std::map<std::string, std::int64_t> rows;  ///< deleted, by table

  /// With `digest`: SHA-256 in hex of the same JSON without it, keys sorted, without spaces.
  wire::Json proof() const;
};

/// Turns the connection off, ends its grants at the provider as far as it answers, and deletes
/// everything that belongs to it: rows are overwritten, and the write-ahead log is emptied. Throws
/// std::out_of_range when there is no such connection.
Erasure erase_connection(Driver& driver, const Outside& outside, const wire::Actor& actor,
                         const std::string& id);

}  // namespace rekey::work
