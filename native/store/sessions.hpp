// Sessions of the page, and the one-time links that begin them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "core/wire/page.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

// Everything a caller presents is kept as its SHA-256 only.

/// The person a page is opened for, the address it leads back to, and the key that asked for it.
struct PageVisit {
  std::string tenant;
  std::string connection;
  wire::PageUser user;
  std::string return_url;  ///< empty: none
  std::string key_id;      ///< the API key that minted the link; empty: none did
};

/// A one-time token that signs a tenant's customer in to the page.
struct PageToken {
  PageVisit visit;
  Instant expires{};
  bool used = false;
};
void put_page_token(Database& db, const std::string& hash, const PageVisit& visit, Instant expires);
/// Also one that was used, or whose time is over: it still says where its link leads back to, for a
/// day (retention.cpp).
std::optional<PageToken> page_token(Database& db, const std::string& hash);
/// Forgets the person it was for. False: it has been used already.
bool use_page_token(Database& db, const std::string& hash);

/// A session of the page. It is over at `expires`, some time after it was last `seen`, and when the
/// API key that minted it is no more.
struct PageSession {
  std::string id;  ///< to name it by
  PageVisit visit;
  Instant created{}, seen{}, expires{};
};
void put_page_session(Database& db, const std::string& hash, const PageSession& session);
/// The session that is not over; `seen_after`: one that was last seen before that is.
std::optional<PageSession> page_session(Database& db, const std::string& hash, Instant now,
                                        Instant seen_after);
/// Of the session with this id.
std::optional<PageVisit> page_visit_by_id(Database& db, const std::string& id);
void note_page_session_seen(Database& db, const std::string& hash, Instant now);
/// Sessions that are not over, by id; of one tenant, or of all.
std::vector<PageSession> list_page_sessions(Database& db, const std::optional<std::string>& tenant,
                                            const std::string& after, Instant now,
                                            Instant seen_after, int most);

/// Where a session of this connection that is over led back to, for a day; none: it is not known.
/// What a key said that was revoked since is not repeated.
std::optional<std::string> ended_return_url(Database& db, const std::string& hash,
                                            const std::string& connection);

/// The ways a session ends; each gives how many did. The watchers of `changes` hear of it.
std::int64_t end_page_session(Database& db, const std::string& hash, Instant now);
std::int64_t end_page_session_by_id(Database& db, const std::string& id, Instant now);
/// All of a tenant; its links that were not used yet are worth nothing from here on either.
std::int64_t end_page_sessions_of(Database& db, const std::string& tenant, Instant now);
/// All that an API key minted, and its links.
std::int64_t end_page_sessions_by(Database& db, const std::string& key_id);
/// Those that are over.
std::int64_t end_page_sessions_over(Database& db, Instant now, Instant seen_after);
/// Of a tenant's sessions, those that were seen longest ago, so that no more than `most` are left.
std::int64_t end_idlest_page_sessions(Database& db, const std::string& tenant, std::int64_t most,
                                      Instant now);

}  // namespace rekey::store
