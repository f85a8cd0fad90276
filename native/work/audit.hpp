// Notes an event in the security log and in the audit by one call, so that neither is forgotten.
// The log has one JSON object a line at info, with fixed names; the audit (GET /v1/audit) has the
// same with its actor. Personal data is in the audit alone, and is deleted with its tenant.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "native/store/audit.hpp"

namespace rekey::audit {

/// What is kept. Names are a promise: docs/operating.md lists them.
enum class Event {
  key_refused,         ///< a request to the host API with an unknown key
  scope_missing,       ///< with a key that may not do that
  request_forged,      ///< a request to the page's API that did not come from the page
  callback_refused,    ///< the end of a sign-in that this browser did not begin
  link_refused,        ///< a page link that is unknown, used or too old
  delivery_refused,    ///< news of changed records that the provider has not signed
  page_mismatch,       ///< a request of the page for another connection than its session's
  link_made,           ///< the host asked for a page link
  signed_in,           ///< a page link was used
  signed_out,          ///< a page session was ended: by its user, the host, or with what it hung on
  legacy_loaded,       ///< the credential of an OAuth 1.0a connection
  grants_imported,     ///< in bulk
  grants_exported,     ///< sealed, for a key of the host's
  connection_deleted,  ///< with everything that belongs to it
  tenant_deleted,
  directory_replaced,  ///< or changed in part
  disconnected,        ///< asked for by a user or the host
  webhook_added,
  webhook_changed,
  webhook_removed,
  webhook_secret_read,
  api_key_added,
  api_key_revoked,
  master_key_added,     ///< the first of a fresh database, or one for later use
  master_key_rotated,   ///< another one seals from now on
  master_key_retired,   ///< taken out
  master_key_refused,   ///< those that were given do not fit what is there
  grants_revived,       ///< an operator undid ends that were wrong
  revocation_given_up,  ///< the provider did not confirm within a day that a grant ended
};
constexpr std::array<std::string_view, 29> names_of(Event) {
  return {"key_refused",         "scope_missing",      "request_forged",     "callback_refused",
          "link_refused",        "delivery_refused",   "page_mismatch",      "link_made",
          "signed_in",           "signed_out",         "legacy_loaded",      "grants_imported",
          "grants_exported",     "connection_deleted", "tenant_deleted",     "directory_replaced",
          "disconnected",        "webhook_added",      "webhook_changed",    "webhook_removed",
          "webhook_secret_read", "api_key_added",      "api_key_revoked",    "master_key_added",
          "master_key_rotated",  "master_key_retired", "master_key_refused", "grants_revived",
          "revocation_given_up"};
}

/// What an entry is about.
struct Entry {
  Event event;
  wire::Actor actor;
  std::string tenant = {};      ///< empty: none
  std::string connection = {};  ///< empty: none
  std::string peer =
      {};  ///< the address that asked; in the log alone, and only of what was refused
  wire::Json detail = wire::Json::object();  ///< ids, counts, reasons; never a name, never a secret
};

/// Logs, counts, and stores as part of the caller's transaction.
void note_within(store::Database& db, const Entry& entry, Instant now);
/// The same in a transaction of its own. What cannot be stored is logged all the same, with
/// `"stored": false`: a full disk must not make the refusal of a request fail.
void note(store::Databases& databases, const Entry& entry, Instant now);

}  // namespace rekey::audit
