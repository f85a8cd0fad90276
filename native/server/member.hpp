// Routes of the host API, each with the scope it needs and its rate limit.
#pragma once

#include "core/wire/actor.hpp"
#include "native/server/api_keys.hpp"
#include "native/server/router.hpp"
#include "native/server/service.hpp"

namespace rekey::server {

/// A route of the host API. The actor is the key that asks.
using Member = http::Response (*)(Service&, const http::Request&, const Places&,
                                  const wire::Actor&);

/// Carries a write out once for an `Idempotency-Key`, for a day: when it is sent again, the answer
/// is given again (`Idempotency-Replayed: true`); another request under the same key is answered
/// 422, and one that arrives while the first is carried out 409. Deletions need none of this, and
/// answers that hold a secret are not kept. `carry_out` may give a response that comes later.
http::Response once(Service& service, const std::string& caller, const http::Request& request,
                    const std::function<http::Response()>& carry_out);

/// The route, for callers whose key has the scope: others are answered 401 or 403, and 429 when
/// they ask more often than their key may.
Route with_key(Service& service, Scope scope, Member route);

/// The answer to a request that is over the limit of the key with this id.
http::Response too_often(const Allowance& allowance, const std::string& key, Instant now);
/// Says how the caller stands with their limit (RateLimit and RateLimit-Policy, after
/// draft-ietf-httpapi-ratelimit-headers).
void say_allowance(http::Response& response, const Allowance& allowance);

}  // namespace rekey::server
