// Runs the same work for many connections, one after the other; one that is damaged does not keep
// the others from their turn.
#pragma once

#include <exception>
#include <string>

#include "native/log.hpp"
#include "native/store/database.hpp"

namespace rekey::work {

/// Whether the database fails for every connection, not for one alone (a state that cannot be read,
/// a key that is missing).
inline bool fails_for_all(const store::DatabaseError& error) {
  using Kind = store::DatabaseError::Kind;
  return error.kind() == Kind::unreachable || error.kind() == Kind::busy ||
         error.kind() == Kind::pooled || error.kind() == Kind::corrupt || error.is_about_writing();
}

/// Does it for one connection. A failure of this one alone is logged as `event`; that of all is
/// thrown on.
template <class Work>
void for_one_of_many(const char* event, const std::string& connection, Work&& work) {
  try {
    work();
    return;
  } catch (const store::DatabaseError& error) {
    if (fails_for_all(error)) throw;
    log::error(event, {{"connection", connection}, {"what", error.what()}});
  } catch (const std::exception& error) {
    log::error(event, {{"connection", connection}, {"what", error.what()}});
  }
}

}  // namespace rekey::work
