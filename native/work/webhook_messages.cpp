#include "native/work/webhook_messages.hpp"

#include <ctime>

#include "native/store/webhooks.hpp"
#include "native/vault/random.hpp"

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
      return "connection.at_risk";
    case Note::disconnected:
      return "connection.disconnected";
    case Note::import_finished:
      return "import.finished";
    case Note::configuration_saved:
      return "configuration.saved";
    default:
      return {};
  }
}

/// RFC 3339, as the Standard Webhooks specification writes times in a payload.
std::string written(Instant at) {
  const auto seconds = static_cast<std::time_t>(to_ms(at) / 1000);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[40] = {};
  const auto size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
  const auto ms = std::to_string(1000 + to_ms(at) % 1000);
  return std::string(text, size) + "." + ms.substr(1) + "Z";
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
    if (notice.note == Note::grant_ended || notice.note == Note::grant_at_risk)
      data["reason"] = notice.detail;
    store::put_message(
        db, {"msg_" + vault::random_token(18), before.id, std::string(type), notice.at,
             wire::dump(
                 {{"type", type}, {"timestamp", written(notice.at)}, {"data", std::move(data)}})});
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
           wire::dump({{"type", type}, {"timestamp", written(at)}, {"data", std::move(data)}})});
}

}  // namespace rekey::work
