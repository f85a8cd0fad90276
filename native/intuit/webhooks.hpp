// Intuit's data-change webhooks: whether a delivery is Intuit's, and what it tells.
#pragma once

#include <span>
#include <string_view>

#include "native/accounting/integration.hpp"

namespace rekey::intuit {

/// Whether the header `intuit-signature` is, in base64, the HMAC-SHA256 of the body under one of
/// the verifier tokens (Intuit's developer documentation, "Webhooks", "Validating the
/// notification").
bool is_genuine_webhook(const http::Headers& headers, std::string_view body,
                        std::span<const Secret> verifier_tokens);

/// Reads a body in either form: a list of CloudEvents (one alone, too), Intuit's form since 2026,
/// or `{"eventNotifications": …}`, the form before that. What is in it and is no change of a
/// record that we read is counted and passed over. Fails with `bad_input` when it is neither.
Result<accounting::ChangeDelivery> read_webhook(std::string_view body);

}  // namespace rekey::intuit
