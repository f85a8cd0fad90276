// Finds the page session of a request. A browser may hold several, one for each connection, each in
// a cookie that is named after it; the header X-Rekey-Connection says which one a tab shows.
#pragma once

#include <string>
#include <vector>

#include "native/server/page_problem.hpp"
#include "native/server/service.hpp"

namespace rekey::server {

/// Who is asking: a session of a tenant's customer.
struct Who {
  store::PageSession session;
  std::string hash;  ///< of the session's secret
  wire::Actor actor;

  const std::string& tenant() const { return session.visit.tenant; }
  const std::string& connection() const { return session.visit.connection; }
};

/// A session's cookie that a request brought along.
struct SessionCookie {
  std::string name;
  std::string hash;                           ///< of its value
  std::optional<store::PageSession> session;  ///< none: it is over, or was never ours
  std::optional<std::string> return_url;      ///< of one that is over, where that is still known
};
/// All of a request, at most as many as a browser may hold.
std::vector<SessionCookie> session_cookies(Service& service, store::Database& db,
                                           const http::Request& request);

/// The field that gives a browser the session's secret; under https its name makes browsers insist
/// on Secure, on "/" and on this very host. It lives a day longer than the session: a tab that is
/// loaded anew then still learns where it came from.
std::string session_cookie(const Service& service, const std::string& connection,
                           const std::string& secret);
/// The field that takes a cookie away again.
std::string no_cookie(const Service& service, const std::string& name);

/// Whether a request that changes something came from the page itself: another site can neither set
/// the header X-Rekey nor hide its own origin.
Result<void> check_not_forged(const Service& service, const http::Request& request);

/// Whose request it is. Otherwise the answer to it: 401 when the session is over, 409 `other_page`
/// when the browser's sessions are of other connections than the one that the tab shows.
tl::expected<Who, http::Response> who_asks(Service& service, const http::Request& request);

/// Who a visit is of, as what is done in it is noted.
wire::Actor actor_of(const store::PageVisit& visit);

/// 401 with this message, and the way back to the host where one is known.
http::Response not_signed_in(const Service& service, PageMessage message,
                             const std::string& return_url = {});
/// The answer for a session that is over.
http::Response session_is_over(const Service& service, const std::string& return_url = {});

/// An open page, as the question and the choice between pages name it.
wire::OpenPage open_page(store::Database& db, const store::PageVisit& visit);

/// 429, when a session does something too often; it is logged. None: go on.
std::optional<http::Response> too_much(Service& service, const Who& who, Deed deed);

}  // namespace rekey::server
