#include "native/work/move_in.hpp"

#include <algorithm>
#include <iterator>

#include "core/refresh/step.hpp"
#include "core/wire/strict.hpp"
#include "native/metrics/limit.hpp"
#include "native/store/access.hpp"
#include "native/store/refreshes.hpp"
#include "native/vault/random.hpp"
#include "native/words/words.hpp"
#include "native/work/dice.hpp"
#include "native/work/host_id.hpp"
#include "native/work/shared_company.hpp"

namespace rekey::work {

using wire::field;

// (Not in the unnamed namespace: it is a member of a class with linkage.)
struct GrantLine {
  std::string tenant, realm_id, refresh_token;
  std::optional<std::string> name, company_name, access_token, client_id;
  std::optional<std::vector<std::string>> scopes;
  std::optional<Instant> expires_at, refresh_expires_at;
  static constexpr auto fields() {
    return std::tuple{field("tenant", &GrantLine::tenant),
                      field("realm_id", &GrantLine::realm_id),
                      field("refresh_token", &GrantLine::refresh_token),
                      field("name", &GrantLine::name),
                      field("company_name", &GrantLine::company_name),
                      field("access_token", &GrantLine::access_token),
                      field("scopes", &GrantLine::scopes),
                      field("expires_at", &GrantLine::expires_at),
                      field("refresh_expires_at", &GrantLine::refresh_expires_at),
                      field("client_id", &GrantLine::client_id)};
  }
};

namespace {

constexpr std::size_t lines_at_once = 250;
constexpr Millis usual_access_life = std::chrono::hours{1};

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
std::string complaint(const GrantLine& line, Instant now) {
  // Before 1973 in milliseconds, 2001 and later in seconds.
  constexpr std::int64_t least_ms = 100'000'000'000;
  if (!is_host_id(line.tenant)) return words::say("grant_line.tenant");
  if (!is_host_id(line.realm_id)) return words::say("grant_line.realm_id");
  if (line.refresh_token.empty() || !is_token(line.refresh_token) ||
      !is_token(line.access_token.value_or("")))
    return words::say("grant_line.token");
  if (line.client_id && (line.client_id->empty() || !is_token(*line.client_id)))
    return words::say("grant_line.client_id");
  if (!is_name(line.name) || !is_name(line.company_name)) return words::say("grant_line.name");
  if (line.scopes && !std::all_of(line.scopes->begin(), line.scopes->end(), is_scope))
    return words::say("grant_line.scopes");
  for (const auto& at : {line.expires_at, line.refresh_expires_at})
    if (at && to_ms(*at) > 0 && to_ms(*at) < least_ms) return words::say("grant_line.seconds");
  if (line.refresh_expires_at && *line.refresh_expires_at <= now)
    return words::say("grant_line.run_out");
  return {};
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& each : words) out += (out.empty() ? "" : " ") + each;
  return out;
}

/// Why the machine did not take a grant.
std::string why_refused(const State& state, const std::string& realm_id) {
  const auto* known = connect::known_company(state.connect);
  if (known && known->realm_id != realm_id) return words::say("grant_line.other_company");
  if (connect::live_grant(state.connect)) return words::say("grant_line.other_grant");
  return words::say("grant_line.in_use");
}

/// What a line says; a sentence when it cannot be used.
tl::expected<GrantLine, std::string> line_of(const TextLine& text, const LineBounds& bounds) {
  if (text.too_long)
    return tl::unexpected(
        words::say("grant_line.too_long", {{"most", std::to_string(bounds.length)}}));
  const auto json = wire::parse(text.text.reveal(), "The line");
  if (!json) return tl::unexpected(json.error().hint);
  auto line = wire::read_strictly_as<GrantLine>(*json, "The line");
  if (!line) return tl::unexpected(line.error().hint);
  return std::move(*line);
}

LineOutcome too_many(const LineReader& lines) {
  LineOutcome out;
  out.line = lines.not_read();
  out.outcome = "not_read";
  out.reason = words::say("grant_line.too_many", {{"most", std::to_string(lines.bounds().lines)}});
  return out;
}

}  // namespace

struct MoveIn::Read {
  LineOutcome outcome;
  std::optional<GrantLine> line;
};

std::vector<LineOutcome> MoveIn::take(LineReader& lines) {
  std::vector<Read> all;
  const auto now = driver_.now();
  bool any = false;
  const auto portion = lines.next(lines_at_once);
  first_ = portion.empty() ? 0 : portion.front().number;
  for (const auto& each : portion) {
    auto& read = all.emplace_back();
    read.outcome.line = each.number;
    read.outcome.outcome = "refused";
    if (each.too_long)
      metrics::limit_met("line", "grants.line_too_long", {{"most", lines.bounds().length}});
    auto line = line_of(each, lines.bounds());
    if (line) read.outcome.tenant = line->tenant;
    read.outcome.reason = line ? complaint(*line, now) : line.error();
    if (!read.outcome.reason.empty()) continue;
    read.line = std::move(*line);
    any = true;
  }
  // What cannot be used needs no transaction, so that it holds up no other writer.
  std::vector<std::string> moved;
  if (any) {
    auto db = driver_.databases().borrow();
    store::in_transaction(*db, [&] {
      moved.clear();
      for (auto& each : all)
        if (each.line) take_line(*db, each, moved);
    });
  }
  for (const auto& each : moved) driver_.tell(each);
  std::vector<LineOutcome> out;
  for (auto& each : all) out.push_back(std::move(each.outcome));
  if (lines.not_read() > 0) out.push_back(too_many(lines));
  return out;
}

void MoveIn::take_line(store::Database& db, Read& read, std::vector<std::string>& moved) {
  auto& out = read.outcome;
  const auto* line = &*read.line;
  out = {out.line, false, "refused", line->tenant, {}, {}};  // it may be tried again
  const auto now = driver_.now();
  if (store::is_refresh_token_elsewhere(db, line->tenant, vault::sha256_hex(line->refresh_token))) {
    out.reason = words::say("grant_line.other_tenant");
    return;
  }
  const bool shared = company_is_elsewhere(db, line->tenant, line->realm_id);
  const bool forbidden = shared && forbid_shared_company_;
  const bool known = store::tenant_name(db, line->tenant).has_value();
  if (forbidden && !known) {
    out.reason = words::say("grant_line.company_forbidden");
    return;
  }
  if (!known) store::put_tenant(db, line->tenant, line->name.value_or(line->tenant), now);
  const auto before = store::ensure_connection(db, line->tenant, integration_, now);
  const Owner owner{before.tenant, before.id};
  const auto& secrets = driver_.secrets();
  const auto same = [&](const connect::Linked& live) {
    if (live.company.realm_id != line->realm_id) return false;
    for (const char* kept : {sealed_field::refresh_token, sealed_field::previous_refresh_token}) {
      const auto secret = secrets.get(db, owner, kept, live.version);
      if (secret && secret->same_as(line->refresh_token)) return true;
    }
    return false;
  };
  const auto* live = connect::live_grant(before.state.connect);
  if (live && same(*live)) {
    out.accepted = true;
    out.outcome = "unchanged";
    out.connection = before.id;
    return;
  }
  if (forbidden) {
    out.reason = words::say("grant_line.company_forbidden");
    return;
  }
  const auto expires = line->access_token ? line->expires_at.value_or(Instant{}) : Instant{};
  const connect::GrantImported event{{line->realm_id, line->company_name.value_or("")},
                                     {expires, line->refresh_expires_at, {}}};
  const auto keep = [&](store::Database&, const store::StoredConnection& was, const Step& taken) {
    const auto version = taken.next.connect.versions;
    store::put_grant(db, owner.connection, version, {line->realm_id, {}, {}, 0, {}});
    auto state = refresh::begin({expires, line->refresh_expires_at, {}}, true, roll_dice(), now);
    // What is left of its access token says nothing about how long the next one lives.
    state.access_life = std::max(state.access_life, usual_access_life);
    store::start_refreshing(db, {owner.connection, version}, state,
                            line->client_id.value_or(client_id_));
    if (line->scopes) store::set_grant_scope(db, owner.connection, version, joined(*line->scopes));
    if (line->access_token)
      secrets.put(db, owner, sealed_field::access_token, version, Secret(*line->access_token));
    secrets.put(db, owner, sealed_field::refresh_token, version, Secret(line->refresh_token));
    if (shared)
      tell_company_shared(db, was, event.company, "grant " + std::to_string(version), actor_, false,
                          now);
  };
  const auto taken = driver_.take_within(db, before.id, actor_, event, keep);
  if (!taken) {
    out.reason = why_refused(before.state, line->realm_id);
    return;
  }
  moved.push_back(before.id);
  out.accepted = true;
  out.outcome = "imported";
  out.connection = before.id;
}

}  // namespace rekey::work
