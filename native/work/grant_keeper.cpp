#include "native/work/grant_keeper.hpp"

#include "core/refresh/policy.hpp"
#include "native/log.hpp"
#include "native/words/words.hpp"

namespace rekey::work {

namespace {

using refresh::Action;

/// What becomes an event of the connection; none: the action is for this process.
struct EventOfAction {
  std::int64_t version;
  Instant now;
  Millis keep;

  std::optional<Event> operator()(const refresh::TellRenewed& tell) const {
    return connect::GrantRefreshed{version, tell.lifetimes};
  }
  std::optional<Event> operator()(const refresh::TellTrouble& tell) const {
    return connect::GrantInTrouble{version, tell.reason, tell.since};
  }
  std::optional<Event> operator()(const refresh::TellRestored&) const {
    return connect::AccessRestored{version};
  }
  std::optional<Event> operator()(const refresh::TellRisk& tell) const {
    return connect::GrantAtRisk{version, tell.reason, tell.ends};
  }
  std::optional<Event> operator()(const refresh::TellEnded& tell) const {
    connect::GrantEnded out{version, tell.reason};
    if (keep > Millis{0}) out.keep_until = now + keep;
    return out;
  }
  std::optional<Event> operator()(const refresh::Serve&) const { return {}; }
  std::optional<Event> operator()(const refresh::Spend&) const { return {}; }
  std::optional<Event> operator()(const refresh::Watch&) const { return {}; }
  std::optional<Event> operator()(const refresh::Wait&) const { return {}; }
  std::optional<Event> operator()(const refresh::Later&) const { return {}; }
  std::optional<Event> operator()(const refresh::Over&) const { return {}; }
  std::optional<Event> operator()(const refresh::StoreTokens&) const { return {}; }
  std::optional<Event> operator()(const refresh::RenewAndRepeat&) const { return {}; }
};

void note_in_log(const store::GrantKey& grant, const RefreshMove& moved) {
  if (const auto* trouble = moved.find<refresh::TellTrouble>())
    log::warning("grant.in_trouble", {{"connection", grant.connection},
                                      {"grant", grant.version},
                                      {"reason", std::string(wire::name_of(trouble->reason))}});
  if (const auto* ended = moved.find<refresh::TellEnded>())
    log::warning("grant.ended", {{"connection", grant.connection},
                                 {"grant", grant.version},
                                 {"reason", std::string(wire::name_of(ended->reason))}});
}

}  // namespace

RefreshMove GrantKeeper::step_within(store::Database& db, const store::GrantKey& grant,
                                     const EventOf& event_of,
                                     const InSameTransaction& in_same_transaction,
                                     const wire::Actor& actor, bool& told) {
  RefreshMove out;
  const auto row = store::refresh_row(db, grant);
  if (!row) {
    out.gone = true;
    return out;
  }
  const auto now = driver_.now();
  auto taken = refresh::step(row->state, event_of(db, *row), now);
  out.refused = taken.refused.has_value();
  out.state = std::move(taken.next);
  out.actions = std::move(taken.actions);
  if (out.refused) return out;
  if (out.find<refresh::Spend>()) db.need_room();
  if (out.state != row->state && !store::replace_refresh_state(db, grant, row->state, out.state))
    throw store::DatabaseError(words::say("database.overtaken.grant"),
                               store::DatabaseError::Kind::overtaken);
  if (in_same_transaction) in_same_transaction(db, out);
  const EventOfAction event{grant.version, now, clients_.keep_ended};
  for (const auto& action : out.actions) {
    const auto happened = std::visit(event, action);
    // Refused: it is not the live grant, or it was told before.
    if (happened) told |= driver_.take_within(db, grant.connection, actor, *happened).has_value();
  }
  return out;
}

RefreshMove GrantKeeper::move(const store::GrantKey& grant, const EventOf& event_of,
                              const InSameTransaction& in_same_transaction,
                              const wire::Actor& actor) {
  bool told = false;
  auto moved = [&] {
    auto db = driver_.databases().borrow();
    return store::in_transaction(*db, [&] {
      told = false;
      return step_within(*db, grant, event_of, in_same_transaction, actor, told);
    });
  }();
  if (told) driver_.tell(grant.connection);
  note_in_log(grant, moved);
  return moved;
}

RefreshMove GrantKeeper::move(const store::GrantKey& grant, const refresh::Event& event) {
  return move(grant, [&](store::Database&, const store::RefreshRow&) { return event; });
}

bool GrantKeeper::knows_client(const store::RefreshRow& row) const {
  return clients_.is_client(row.client_id);
}

bool GrantKeeper::may_end(store::Database& db, const store::GrantKey& grant) const {
  const auto most = clients_.ends_at_most;
  if (most <= 0) return true;
  const auto ending =
      store::refused_since(db, driver_.now() - refresh::policy::ends_within, grant) + 1;
  if (ending <= most) return true;
  return ending * 100 <= store::living_grants(db) * clients_.ends_percent;
}

}  // namespace rekey::work
