// What the host is told of: which steps of a connection make a webhook, and what it says.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "native/store/connections.hpp"

namespace rekey::work {

/// The types of webhooks there are.
constexpr std::array<std::string_view, 7> webhook_types = {
    "connection.made", "connection.broken",   "connection.at_risk",       "connection.disconnected",
    "import.finished", "configuration.saved", "connection.company_shared"};

/// Writes the messages that follow from a step into the outbox, in the step's own transaction.
/// They name connection, tenant, company and who did it, and the reason if there is one; never a
/// token.
void note_webhooks(store::Database& db, const store::StoredConnection& before, const State& after,
                   const wire::Actor& actor, const std::vector<wire::Notice>& notices);

}  // namespace rekey::work
