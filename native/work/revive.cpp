#include "native/work/revive.hpp"

#include "core/refresh/step.hpp"
#include "native/store/refreshes.hpp"

namespace rekey::work {

bool revive(Driver& driver, const store::StoredConnection& connection) {
  const auto* kept = connect::kept_grant(connection.state.connect);
  if (!kept) return false;
  const store::GrantKey grant{connection.id, kept->version};
  auto db = driver.databases().borrow();
  const bool revived = store::in_transaction(*db, [&] {
    const auto row = store::refresh_row(*db, grant);
    if (!row) return false;
    const auto moved = refresh::step(row->state, refresh::Revived{}, driver.now());
    if (moved.refused) return false;
    // How long its refresh token lives is told by the next renewal.
    const connect::Lifetimes lifetimes{row->state.access_expires, {}, {}};
    const auto keep = [&](store::Database&, const store::StoredConnection&, const Step&) {
      (void)store::replace_refresh_state(*db, grant, row->state, moved.next);
    };
    return driver
        .take_within(*db, connection.id, wire::by_operator(),
                     connect::GrantRevived{grant.version, lifetimes}, keep)
        .has_value();
  });
  if (revived) driver.tell(connection.id);
  return revived;
}

}  // namespace rekey::work
