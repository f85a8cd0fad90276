#include "native/work/move_in.hpp"

#include <algorithm>
#include <iterator>

#include "native/store/access.hpp"
#include "native/vault/random.hpp"
#include "native/work/ahead.hpp"
#include "native/work/host_id.hpp"

namespace rekey::work {

namespace {

using wire::field;

constexpr std::size_t lines_at_once = 250;
constexpr Millis usual_access_life = std::chrono::hours{1};

struct Line {
  std::string tenant, realm_id, refresh_token;
  std::optional<std::string> name, company_name, access_token;
  std::optional<std::vector<std::string>> scopes;
  std::optional<Instant> expires_at, refresh_expires_at;
  static constexpr auto fields() {
    return std::tuple{field("tenant", &Line::tenant),
                      field("realm_id", &Line::realm_id),
                      field("refresh_token", &Line::refresh_token),
                      field("name", &Line::name),
                      field("company_name", &Line::company_name),
                      field("access_token", &Line::access_token),
                      field("scopes", &Line::scopes),
                      field("expires_at", &Line::expires_at),
                      field("refresh_expires_at", &Line::refresh_expires_at)};
  }
};

bool is_token(const std::string& text) {
  if (text.size() > 8192) return false;
  for (const char c : text)
    if (c <= ' ' || c >= 0x7f) return false;
  return true;
}

/// RFC 6749 section 3.3.
bool is_scope(const std::string& text) {
  return !text.empty() && is_token(text) && text.find_first_of("\"\\") == text.npos;
}

bool is_name(const std::optional<std::string>& text) {
  return !text || std::none_of(text->begin(), text->end(), [](unsigned char c) { return c < ' '; });
}

/// What is wrong with a line that could be read; empty: nothing.
std::string complaint(const Line& line, Instant now) {
  // Before 1973 in milliseconds, 2001 and later in seconds.
  constexpr std::int64_t least_ms = 100'000'000'000;
  if (!is_host_id(line.tenant))
    return "tenant must be 1 to 128 letters, digits or - _ . : @ characters.";
  if (!is_host_id(line.realm_id)) return "realm_id is not a company's id.";
  if (line.refresh_token.empty() || !is_token(line.refresh_token) ||
      !is_token(line.access_token.value_or("")))
    return "access_token or refresh_token is not a token.";
  if (!is_name(line.name) || !is_name(line.company_name))
    return "name or company_name has characters in it that cannot be shown.";
  if (line.scopes && !std::all_of(line.scopes->begin(), line.scopes->end(), is_scope))
    return "scopes is not a list of scopes.";
  for (const auto& at : {line.expires_at, line.refresh_expires_at})
    if (at && to_ms(*at) > 0 && to_ms(*at) < least_ms)
      return "times are milliseconds since 1970; these look like seconds.";
  if (line.refresh_expires_at && *line.refresh_expires_at <= now)
    return "the refresh token has run out, so the customer has to connect again.";
  return {};
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& each : words) out += (out.empty() ? "" : " ") + each;
  return out;
}

/// The next line, without what ends it.
std::string_view take_from(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

/// Why the machine did not take a grant.
std::string why_refused(const State& state, const std::string& realm_id) {
  const auto* known = connect::known_company(state.connect);
  if (known && known->realm_id != realm_id)
    return "this tenant's connection belongs to another company; everything mapped is that "
           "company's, so only the customer can change it.";
  if (connect::live_grant(state.connect))
    return "this tenant has a working connection with another grant; disconnect it first.";
  return "this tenant's connection is in use (OAuth 1.0a, or a sign-in is under way).";
}

}  // namespace

std::vector<LineOutcome> MoveIn::take(std::string_view text, std::int64_t first) {
  std::vector<LineOutcome> out;
  auto number = first;
  while (!text.empty()) {
    std::vector<std::pair<std::int64_t, std::string_view>> lines;
    for (; lines.size() < lines_at_once && !text.empty(); ++number) {
      const auto line = take_from(text);
      if (!line.empty()) lines.emplace_back(number, line);
    }
    std::vector<LineOutcome> outcomes;
    std::vector<std::string> moved;
    {
      auto db = driver_.databases().borrow();
      store::in_transaction(*db, [&] {
        outcomes.clear();
        moved.clear();
        for (const auto& [at, line] : lines) outcomes.push_back(take_line(*db, line, at, moved));
      });
    }
    std::move(outcomes.begin(), outcomes.end(), std::back_inserter(out));
    for (const auto& each : moved) driver_.tell(each);
  }
  return out;
}

LineOutcome MoveIn::take_line(store::Database& db, std::string_view text, std::int64_t number,
                              std::vector<std::string>& moved) {
  LineOutcome out;
  out.line = number;
  out.outcome = "refused";
  const auto refused = [&](std::string why) {
    out.reason = std::move(why);
    return out;
  };
  const auto json = wire::parse(text, "The line");
  if (!json) return refused("the line is not JSON.");
  const auto line = wire::read_as<Line>(*json, "The line");
  if (!line) return refused(line.error().hint);
  out.tenant = line->tenant;
  const auto now = driver_.now();
  if (auto why = complaint(*line, now); !why.empty()) return refused(std::move(why));

  if (store::is_refresh_token_elsewhere(db, line->tenant, vault::sha256_hex(line->refresh_token)))
    return refused(
        "this refresh token is another tenant's here already, and two who use it end it for both; "
        "have the customer connect this tenant by themselves.");
  if (!store::tenant_name(db, line->tenant))
    store::put_tenant(db, line->tenant, line->name.value_or(line->tenant), now);
  const auto before = store::ensure_connection(db, line->tenant, integration_, now);
  const Owner owner{before.tenant, before.id};
  const auto& safe = driver_.safe();
  const auto same = [&](const connect::Linked& live) {
    if (live.company.realm_id != line->realm_id) return false;
    for (const char* kept : {sealed_field::refresh_token, sealed_field::previous_refresh_token}) {
      const auto secret = safe.get(db, owner, kept, live.version);
      if (secret && secret->same_as(line->refresh_token)) return true;
    }
    return false;
  };
  const auto* live = connect::live_grant(before.state.connect);
  if (live && same(*live)) {
    out.accepted = true;
    out.outcome = "unchanged";
    out.connection = before.id;
    return out;
  }
  const auto expires = line->access_token ? line->expires_at.value_or(Instant{}) : Instant{};
  const auto keep = [&](store::Database&, const store::StoredConnection& was, const Step&) {
    const auto version = was.state.connect.versions + 1;
    store::put_grant(db, owner.connection, version, {line->realm_id, {}, {}, 0, {}});
    auto renewal = renewal_of({expires, line->refresh_expires_at, {}}, now);
    // What is left of its access token says nothing about how long the next one lives.
    renewal.access_life = std::max(renewal.access_life, usual_access_life);
    store::renew_grant(db, owner.connection, version, 0, renewal);
    if (line->scopes) store::set_grant_scope(db, owner.connection, version, joined(*line->scopes));
    // A grant without an access token has one that ran out long ago.
    safe.put(db, owner, sealed_field::access_token, version,
             Secret(line->access_token.value_or("none")));
    safe.put(db, owner, sealed_field::refresh_token, version, Secret(line->refresh_token));
  };
  const connect::GrantImported event{{line->realm_id, line->company_name.value_or("")},
                                     {expires, line->refresh_expires_at, {}}};
  const auto taken = driver_.take_within(db, before.id, actor_, event, keep);
  if (!taken) return refused(why_refused(before.state, line->realm_id));
  moved.push_back(before.id);
  out.accepted = true;
  out.outcome = "imported";
  out.connection = before.id;
  return out;
}

}  // namespace rekey::work
