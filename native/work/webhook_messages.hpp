// The messages of webhooks: which steps of a connection make one, and what it says.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "native/store/connections.hpp"

namespace rekey::work {

/// The types of webhooks there are.
constexpr std::array<std::string_view, 15> webhook_types = {
    "connection.made",
    "connection.broken",
    "connection.at_risk",
    "connection.recovered",
    "connection.disconnected",
    "connection.deleted",
    "connection.company_shared",
    "connection.revocation_pending",
    "connection.revocation_confirmed",
    "connection.revocation_given_up",
    "sign_in.failed",
    "import.finished",
    "import.failed",
    "configuration.saved",
    "configuration.failed",
};

/// Writes the messages that follow from a step into the outbox, in the step's own transaction.
/// They name connection, tenant, company and who did it, and the reason if there is one; never a
/// token.
void note_webhooks(store::Database& db, const store::StoredConnection& before, const State& after,
                   const wire::Actor& actor, const std::vector<wire::Notice>& notices);

/// Writes the message that a connection was deleted, with the digest of the proof, in the
/// deletion's own transaction.
void note_deleted(store::Database& db, const std::string& connection, const std::string& tenant,
                  const std::string& digest, const wire::Actor& actor, Instant at);

/// Writes the message that the provider never confirmed the end of a deleted connection's grant, in
/// the caller's transaction. Of the connection nothing is known any more but the digest of the
/// proof that it was deleted.
void note_deletion_not_ended(store::Database& db, const std::string& digest, Instant at);

}  // namespace rekey::work
