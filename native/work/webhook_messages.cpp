#include "native/work/webhook_messages.hpp"

#include "core/connect/ending.hpp"
#include "native/store/webhooks.hpp"
#include "native/system/rfc3339.hpp"
#include "native/vault/random.hpp"
#include "native/words/words.hpp"

namespace rekey::work {

namespace {

/// Empty: the host is not told.
std::string_view type_of(Note note) {
  switch (note) {
    case Note::connected:
    case Note::upgraded:
    case Note::renewed:
      return "connection.made";
    case Note::grant_ended:
      return "connection.broken";
    case Note::grant_at_risk:
    case Note::grant_in_trouble:
      return "connection.at_risk";
    case Note::grant_recovered:
      return "connection.recovered";
    case Note::revocation_pending:
      return "connection.revocation_pending";
    case Note::revocation_confirmed:
      return "connection.revocation_confirmed";
    case Note::revocation_given_up:
    case Note::legacy_given_up:
      return "connection.revocation_given_up";
    case Note::sign_in_failed:
      return "sign_in.failed";
    case Note::import_stopped:
      return "import.failed";
    case Note::disconnected:
      return "connection.disconnected";
    case Note::import_finished:
      return "import.finished";
    case Note::configuration_saved:
      return "configuration.saved";
    case Note::save_failed:
      return "configuration.failed";
    // These are for the page: the host hears of what comes of them.
    case Note::legacy_found:
    case Note::company_differs:
    case Note::company_kept:
    case Note::import_started:
    case Note::list_left_out:
    case Note::needed_list_left_out:
    case Note::list_not_read:
      break;
  }
  return {};
}

/// The reason, if there is one, and whether we or the customer can do something about it.
void add_reason(wire::Json& data, const wire::Notice& notice, const State& after) {
  switch (notice.note) {
    case Note::sign_in_failed:
      data["ours"] = false;
      if (const auto why = wire::enumerator_of<connect::Failed>(notice.detail))
        data["ours"] = connect::is_ours(*why);
      break;
    case Note::import_stopped:
      data["resumable"] = std::holds_alternative<imports::Failed>(after.import.phase) &&
                          connect::live_grant(after.connect) != nullptr;
      break;
    case Note::grant_ended:
    case Note::grant_at_risk:
    case Note::grant_in_trouble:
    case Note::grant_recovered:
      break;
    default:
      return;
  }
  data["reason"] = notice.detail;
}

/// The lists that an import could not have.
void add_left_out(wire::Json& data, const wire::Notice& notice, const State& after) {
  if (notice.note != Note::import_finished && notice.note != Note::import_stopped) return;
  data["left_out"] = wire::Json::array();
  for (const auto& each : imports::lists_left_out(after.import))
    data["left_out"].push_back(
        {{"entity", wire::name_of(each.entity)}, {"reason", wire::write(each.left_out)}});
}

/// Whether a step did to this revocation what the note says.
bool is_told_of(Note note, const connect::Revocation& each, const connect::State& before,
                const connect::State& after) {
  const auto* had = connect::revocation(before, each.version);
  const auto* has = connect::revocation(after, each.version);
  if (note == Note::revocation_pending) return has && !has->tell_at && (!had || had->tell_at);
  if (note == Note::revocation_given_up) return has && has->given_up && (!had || !had->given_up);
  return had && !has;
}

/// Which access is meant: its company may be another than the connection's.
void add_revocation(wire::Json& data, const wire::Notice& notice, const connect::State& before,
                    const connect::State& after) {
  const bool of_revocation =
      notice.note == Note::revocation_pending || notice.note == Note::revocation_confirmed ||
      notice.note == Note::revocation_given_up || notice.note == Note::legacy_given_up;
  if (!of_revocation) return;
  for (const auto* list : {&after.revocations, &before.revocations})
    for (const auto& each : *list) {
      if (connect::name_of(each.company) != notice.detail ||
          !is_told_of(notice.note, each, before, after))
        continue;
      data["revocation"] = {{"grant", each.version},
                            {"oauth1", each.version == 0},
                            {"company", wire::write(each.company)},
                            {"since", to_ms(each.since)}};
      if (notice.note == Note::revocation_given_up)
        data["what_to_do"] = words::say("revocation.given_up.webhook");
      return;
    }
}

}  // namespace

void note_webhooks(store::Database& db, const store::StoredConnection& before, const State& after,
                   const wire::Actor& actor, const std::vector<wire::Notice>& notices) {
  for (const auto& notice : notices) {
    const auto type = type_of(notice.note);
    if (type.empty()) continue;
    const auto* company = connect::known_company(after.connect);
    wire::Json data = {{"connection", before.id},
                       {"tenant", before.tenant},
                       {"company", company ? wire::write(*company) : wire::Json(nullptr)},
                       {"note", wire::name_of(notice.note)},
                       {"actor", wire::write(actor)},
                       {"seq", notice.seq}};
    add_reason(data, notice, after);
    add_left_out(data, notice, after);
    add_revocation(data, notice, before.state.connect, after.connect);
    store::put_message(
        db, {"msg_" + vault::random_token(18), before.id, std::string(type), notice.at,
             wire::dump(
                 {{"type", type}, {"timestamp", rfc3339(notice.at)}, {"data", std::move(data)}})});
  }
}

void note_deleted(store::Database& db, const std::string& connection, const std::string& tenant,
                  const std::string& digest, const wire::Actor& actor, Instant at) {
  constexpr const char* type = "connection.deleted";
  wire::Json data = {{"connection", connection},
                     {"tenant", tenant},
                     {"digest", digest},
                     {"actor", wire::write(actor)}};
  store::put_message(
      db, {"msg_" + vault::random_token(18), connection, type, at,
           wire::dump({{"type", type}, {"timestamp", rfc3339(at)}, {"data", std::move(data)}})});
}

void note_deletion_not_ended(store::Database& db, const std::string& digest, Instant at) {
  constexpr const char* type = "connection.revocation_given_up";
  wire::Json data = {{"digest", digest},
                     {"note", wire::name_of(Note::revocation_given_up)},
                     {"actor", wire::write(wire::by_time())},
                     {"what_to_do", words::say("revocation.given_up.webhook")}};
  store::put_message(
      db, {"msg_" + vault::random_token(18), "", type, at,
           wire::dump({{"type", type}, {"timestamp", rfc3339(at)}, {"data", std::move(data)}})});
}

}  // namespace rekey::work
