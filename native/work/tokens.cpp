#include "native/work/tokens.hpp"

#include <thread>

#include "native/log.hpp"
#include "native/store/access.hpp"
#include "native/vault/random.hpp"

namespace rekey::work {

namespace {

constexpr Millis margin = std::chrono::minutes{5};
// Longer than a token call can take, so that a slow provider never meets two of us.
constexpr Millis lease_time = std::chrono::seconds{90};
constexpr Millis waiting_step = std::chrono::milliseconds{100};

}  // namespace

struct Tokens::Read {
  store::Grant grant;
  Secret access, refresh, previous;
};

std::optional<Tokens::Read> Tokens::read(const Owner& owner, std::int64_t version) {
  auto db = driver_.databases().borrow();
  auto grant = store::grant(*db, owner.connection, version);
  if (!grant) return {};
  const auto get = [&](const char* field) {
    return driver_.safe().get(*db, owner, field, version).value_or(Secret());
  };
  Read out{std::move(*grant), get(sealed_field::access_token), get(sealed_field::refresh_token),
           get(sealed_field::previous_refresh_token)};
  if (out.access.empty()) return {};
  return out;
}

tl::expected<AccessToken, NoToken> Tokens::fresh(const Owner& owner, std::int64_t version,
                                                 std::optional<std::int64_t> rejected) {
  // Another process may be refreshing: its result is waited for, as long as its lease can last.
  const auto give_up = driver_.now() + lease_time;
  // Some providers' tokens never live as long as the margin: one made just now is good enough.
  std::int64_t renewed_from = -1;
  for (;;) {
    auto current = read(owner, version);
    if (!current) return tl::unexpected(NoToken::gone);
    const auto& grant = current->grant;
    const bool spent = rejected && grant.revision <= *rejected;
    const bool good_enough = driver_.now() + margin < grant.access_expires ||
                             (renewed_from >= 0 && grant.revision > renewed_from);
    if (!spent && good_enough)
      return AccessToken{current->access, grant.access_expires, grant.realm_id, grant.revision};
    const auto lease = outside_.owner + vault::random_token(6);
    bool ours = false;
    {
      auto db = driver_.databases().borrow();
      ours = store::lease_grant(*db, owner.connection, version, lease, driver_.now(),
                                driver_.now() + lease_time);
    }
    if (!ours) {
      if (driver_.now() >= give_up) return tl::unexpected(NoToken::later);
      std::this_thread::sleep_for(waiting_step);
      continue;
    }
    // Between reading and leasing somebody may have finished: read again under the lease.
    std::optional<NoToken> failed;
    if (const auto latest = read(owner, version); !latest) {
      failed = NoToken::gone;
    } else if (latest->grant.revision == grant.revision) {
      failed = refresh(owner, version, *latest);
    }
    {
      auto db = driver_.databases().borrow();
      store::release_grant(*db, owner.connection, version, lease);
    }
    if (!failed) {
      renewed_from = grant.revision;
      rejected.reset();
      continue;
    }
    // What cannot be renewed now is still served to its end.
    if (*failed == NoToken::later && !spent && driver_.now() < grant.access_expires)
      return AccessToken{current->access, grant.access_expires, grant.realm_id, grant.revision};
    return tl::unexpected(*failed);
  }
}

tl::expected<oauth::Tokens, intuit::TokenFailure> Tokens::ask(const Read& current) {
  auto answer = outside_.tokens->refresh(current.refresh);
  if (answer || answer.error().fault != oauth::TokenFault::invalid_grant ||
      current.previous.empty())
    return answer;
  // A reply that was lost left us with the older token, or the newer one was never valid.
  auto again = outside_.tokens->refresh(current.previous);
  return again ? std::move(again) : std::move(answer);
}

std::optional<NoToken> Tokens::refresh(const Owner& owner, std::int64_t version,
                                       const Read& current) {
  if (current.refresh.empty()) {
    // The provider gave none: the grant lives as long as its access token.
    if (driver_.now() < current.grant.access_expires) return NoToken::later;
    (void)driver_.take(owner.connection, connect::GrantEnded{version, connect::Ended::expired});
    return NoToken::ended;
  }
  auto answer = ask(current);
  if (answer) {
    store(owner, version, current, *answer);
    return {};
  }
  log::warning("grant.refresh_failed", {{"connection", owner.connection},
                                        {"fault", std::string(wire::name_of(answer.error().fault))},
                                        {"trace", answer.error().debug}});
  switch (answer.error().fault) {
    case oauth::TokenFault::invalid_grant:
      (void)driver_.take(owner.connection, connect::GrantEnded{version, connect::Ended::refused});
      return NoToken::ended;
    case oauth::TokenFault::misconfigured:
      return NoToken::ours;
    case oauth::TokenFault::unavailable:
    case oauth::TokenFault::unreadable:
      break;
  }
  return NoToken::later;
}

void Tokens::store(const Owner& owner, std::int64_t version, const Read& current,
                   const oauth::Tokens& answer) {
  const auto& safe = driver_.safe();
  const auto keep = [&](store::Database& db) {
    store::renew_grant(db, owner.connection, version, current.grant.revision,
                       answer.lifetimes.access_expires);
    safe.put(db, owner, sealed_field::access_token, version, answer.access_token);
    // Without a new one in the answer, the one that was used stays valid (RFC 6749 6).
    if (!answer.refresh_token.empty() && !answer.refresh_token.same_as(current.refresh.reveal())) {
      safe.put(db, owner, sealed_field::previous_refresh_token, version, current.refresh);
      safe.put(db, owner, sealed_field::refresh_token, version, answer.refresh_token);
    }
  };
  const auto taken = driver_.take(
      owner.connection, connect::GrantRefreshed{version, answer.lifetimes},
      [&](store::Database& db, const store::StoredConnection&, const Step&) { keep(db); });
  if (taken) return;
  // Not the live grant (a new one is being proved, or it was disconnected): a grant that is still
  // there keeps its tokens; one that was forgotten gets none back.
  auto db = driver_.databases().borrow();
  store::Transaction transaction(*db);
  if (safe.get(*db, owner, sealed_field::access_token, version)) keep(*db);
  transaction.commit();
}

}  // namespace rekey::work
