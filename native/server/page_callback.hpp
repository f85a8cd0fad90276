// Takes a callback from the provider: judges it again, and gives it to the connection it belongs
// to.
#pragma once

#include "native/server/page_session.hpp"

namespace rekey::server {

/// POST /api/callback. Only the browser that began an attempt may end it. When another tenant has
/// connected the company, the answer is 409 `company_elsewhere`, with nothing spent or stored,
/// until the customer has confirmed it; or, where the operator forbids it, the attempt ends
/// refused. The host is told of either, once an attempt.
http::Response take_callback(Service& service, const http::Request& request, const Who& who);

/// The page's answer to a step that was taken, or refused.
http::Response outcome(const work::Taken& taken, wire::Outcome answer = {});
http::Response outcome_of(const work::Take& take);

}  // namespace rekey::server
