// The same company for two tenants: with Intuit a new grant can end the one that another tenant has
// for it, so customer and host are told before that happens, and the operator can forbid it.
#pragma once

#include <optional>
#include <string>

#include "native/work/driver.hpp"

namespace rekey::work {

/// Whether a grant of another tenant lives, or is on its way to, for this company.
bool company_is_elsewhere(store::Database& db, const std::string& tenant,
                          const std::string& realm_id);

/// Puts the webhook message `connection.company_shared` into the outbox, once for an attempt, in
/// the caller's transaction. It does not say whose the other connection is.
void tell_company_shared(store::Database& db, const store::StoredConnection& connection,
                         const connect::Company& company, const std::string& attempt,
                         const wire::Actor& actor, bool forbidden, Instant now);

/// At the proof of a new grant, where providers that name no company in the callback first tell it:
/// tells the host when another tenant has the company. True: it is forbidden.
bool is_forbidden_company(Driver& driver, const std::string& connection,
                          const connect::Company& company, bool forbid);

}  // namespace rekey::work
