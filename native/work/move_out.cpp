#include "native/work/move_out.hpp"

#include "native/store/access.hpp"
#include "native/store/refreshes.hpp"

namespace rekey::work {

namespace {

wire::Json words(const std::string& text) {
  wire::Json out = wire::Json::array();
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    if (end > at) out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::optional<Secret> line_of(Driver& driver, store::Database& db,
                              const store::StoredConnection& connection) {
  const auto* live = connect::live_grant(connection.state.connect);
  if (!live) return {};
  const Owner owner{connection.tenant, connection.id};
  const auto grant = store::grant(db, connection.id, live->version);
  const auto access = driver.secrets().get(db, owner, sealed_field::access_token, live->version);
  const auto refresh = driver.secrets().get(db, owner, sealed_field::refresh_token, live->version);
  if (!grant || (!access && !refresh)) return {};
  wire::Json line = {{"tenant", connection.tenant},
                     {"realm_id", live->company.realm_id},
                     {"company_name", live->company.name},
                     {"refresh_token", refresh.value_or(Secret()).reveal()}};
  if (access) {
    line["access_token"] = access->reveal();
    line["expires_at"] = to_ms(grant->access_expires);
  }
  if (const auto name = store::tenant_name(db, connection.tenant)) line["name"] = *name;
  if (live->refresh_expires) line["refresh_expires_at"] = to_ms(*live->refresh_expires);
  if (const auto scope = store::grant_scope(db, connection.id, live->version); !scope.empty())
    line["scopes"] = words(scope);
  const auto client = store::client_of(db, {connection.id, live->version});
  if (!client.empty()) line["client_id"] = client;
  return Secret(wire::dump(line));
}

}  // namespace

MovedOut move_out(Driver& driver, const vault::Recipient& recipient, const std::string& after,
                  int most) {
  MovedOut out;
  auto db = driver.databases().borrow();
  const auto connections = store::list_connections(*db, {}, {}, after, most);
  for (const auto& each : connections)
    if (const auto line = line_of(driver, *db, each))
      out.sealed.push_back(recipient.seal_json(*line));
  if (connections.size() == static_cast<std::size_t>(most)) out.next = connections.back().id;
  return out;
}

}  // namespace rekey::work
