#include "core/codes.hpp"

#include <algorithm>
#include <iterator>

namespace rekey {

namespace {

constexpr CodeEntry entries[] = {
    {Code::bad_input, "bad_input", 400, "The request cannot be used",
     "A value is missing, of the wrong kind, or out of its range; `detail` names it.",
     "Correct the request."},
    {Code::unknown_member, "unknown_member", 400, "The request has a member that is not known",
     "The body has members that this version does not know; `detail` names each with the nearest "
     "one there is. Nothing was changed.",
     "Correct the name, or leave the member out."},
    {Code::unknown_parameter, "unknown_parameter", 400,
     "The request has a parameter that is not known",
     "The query has parameters that this address does not take; `detail` names each with the "
     "nearest one there is.",
     "Correct the name, or leave the parameter out."},
    {Code::malformed_request, "malformed_request", 400, "This is not a request",
     "The bytes are not HTTP/1.1 in a form this server understands. The connection is closed.",
     "Look at the client or the proxy in between."},
    {Code::unsupported_type, "unsupported_type", 415, "The content type is not taken here",
     "The body's content type is not one that this address takes, or its charset is not UTF-8.",
     "Send what the description says, in UTF-8."},
    {Code::callback_unusable, "callback_unusable", 400, "The sign-in cannot be used",
     "What the provider sent back is no answer to a sign-in of this tab; `refusal` says why.",
     "The page offers to begin again."},
    {Code::not_found, "not_found", 404, "There is no such thing",
     "The tenant, connection, webhook, message or proof that the path names is not here.",
     "Look at the list it belongs to."},
    {Code::no_such_address, "no_such_address", 404, "There is nothing at this address",
     "The path is none of this service.", "Compare it with `/v1/openapi.json`."},
    {Code::nothing_saved, "nothing_saved", 404, "Nothing has been saved yet",
     "The connection is there, but its customer has saved no configuration for the company that "
     "is connected.",
     "Wait for the webhook `configuration.saved`."},
    {Code::not_imported, "not_imported", 404, "The list is not here",
     "The connection is there, but nothing of this list has been imported of its company.",
     "Wait for the webhook `import.finished`; its `left_out` names lists that the provider "
     "does not give to the company."},
    {Code::method_not_allowed, "method_not_allowed", 405, "This address does not take the method",
     "The path is known, but not with this method; `Allow` names those that are.",
     "Use one of them."},
    {Code::timed_out, "timed_out", 408, "The request did not arrive in time",
     "The request was begun and not finished within its time. The connection is closed.",
     "Send it again."},
    {Code::too_large, "too_large", 413, "The request is too large",
     "The body is larger than this server takes. The connection is closed.", "Send it in parts."},
    {Code::header_too_large, "header_too_large", 431, "The header is too large",
     "The header is larger than this server takes. The connection is closed.",
     "Send fewer or shorter header fields."},
    {Code::expectation_failed, "expectation_failed", 417, "This expectation cannot be met",
     "The only expectation this server can meet is 100-continue.", "Leave `Expect` out."},
    {Code::key_missing, "key_missing", 401, "An API key is needed",
     "The request has no `Authorization: Bearer` with a key in it.", "Send the API key."},
    {Code::key_unknown, "key_unknown", 401, "The API key is not known",
     "The API key was never made here, or has been revoked.", "Make one with `rekey api-key add`."},
    {Code::scope_missing, "scope_missing", 403, "The API key may not do this",
     "The API key lacks the scope that `scope` names.",
     "Use a key that has it; keys are given their scopes when they are made."},
    {Code::session_ended, "session_ended", 401, "Not signed in",
     "The page's session is over, or there was none.",
     "Open the page from the host application again."},
    {Code::link_spent, "link_spent", 401, "The link cannot be used",
     "The address that signs a customer in to the page was used already, or is too old.",
     "Open the page from the host application again."},
    {Code::forged_request, "forged_request", 403, "Not a request of the page",
     "The request did not come from the page itself, so it was not carried out.",
     "Only the page uses these addresses; use `/v1`."},
    {Code::not_signed, "not_signed", 401, "Not signed by the provider",
     "The delivery has no signature, or one that does not fit its body and the verifier tokens. "
     "Nothing was noted.",
     "Compare the setting `webhook-verifier-token` with what the provider shows for the app."},
    {Code::not_possible, "not_possible", 409, "Not possible now",
     "The connection is not in a state in which this can be done; `refusal` names why. Nothing "
     "was changed.",
     "Read the connection, and decide anew."},
    {Code::no_grant, "no_grant", 409, "There is no working grant",
     "Nothing is connected, or what was connected has ended; `reason` says why.",
     "Ask the customer to connect: `POST /v1/page-sessions` gives the address."},
    {Code::sign_in_under_way, "sign_in_under_way", 409, "The customer is connecting just now",
     "A sign-in has begun and has not ended yet.", "Ask again after `Retry-After` seconds."},
    {Code::removes_too_much, "removes_too_much", 409, "Too much would be removed",
     "The directory would lose more than half of a section or of all; `would_remove` has the "
     "counts. "
     "Nothing was changed.",
     "If that is meant, send it with `\"replace\": true`; otherwise `PATCH` what changed."},
    {Code::limit_reached, "limit_reached", 409, "There are as many as there may be",
     "One more of these is not kept.", "Delete one that is not needed any more."},
    {Code::version_changed, "version_changed", 412, "It has changed since",
     "`If-Match` names another version than the newest. Nothing was changed.",
     "Read it again, see what changed (`since`), and send the change with its new `ETag`."},
    {Code::write_under_way, "write_under_way", 409, "The same write is being carried out",
     "A request with the same `Idempotency-Key` has arrived before and has not been answered "
     "yet.",
     "Ask again after `Retry-After` seconds for its answer."},
    {Code::idempotency_reused, "idempotency_reused", 422, "The request does not fit an earlier one",
     "The `Idempotency-Key` came with another request before.",
     "Give every request a key of its own."},
    {Code::other_page, "other_page", 409, "Another page is open in this browser",
     "The tab shows another connection than the browser's session is of. Nothing was changed.",
     "The page says which, and offers a way on."},
    {Code::confirm_link, "confirm_link", 409, "A question comes first",
     "The link is for another firm than the one whose page is open in this browser. It has not "
     "been used.",
     "The page asks its user, and sends it again with `\"confirmed\": true`."},
    {Code::company_elsewhere, "company_elsewhere", 409, "The company is connected elsewhere",
     "Another tenant has connected the same company. Nothing was stored.",
     "The page asks its user, and sends it again with `\"company_confirmed\": true`."},
    {Code::exhausted, "exhausted", 429, "Too much at once",
     "The caller asks more often, or holds more at once, than it may.",
     "Ask again after `Retry-After` seconds; `RateLimit` says how the caller stands."},
    {Code::just_renewed, "just_renewed", 429, "The token was renewed a moment ago",
     "The token that is said to be refused was made a moment ago because the one before was.",
     "If it is refused too, look at what the provider answers: its rights are what is missing."},
    {Code::unreachable, "unreachable", 503, "The provider cannot be reached",
     "The provider does not answer or is in trouble, and the last access token has run out. The "
     "connection itself is fine.",
     "Ask again after `Retry-After` seconds."},
    {Code::unreadable, "unreadable", 502, "The provider's answer cannot be read",
     "The provider answered something that makes no sense.", "Try again later."},
    {Code::misconfigured, "misconfigured", 500, "The service is not configured correctly",
     "Our own configuration is at fault, for example client id and secret. The customer can do "
     "nothing about it.",
     "Correct the configuration that `detail` names."},
    {Code::not_set_up, "not_set_up", 503, "The operator has not set this up",
     "What the address needs is not among the settings; `detail` names it. Nothing was noted.",
     "Give the setting, or tell the provider to send nothing here."},
    {Code::starting, "starting", 503, "The service is starting",
     "The service listens, and has not opened its database yet.",
     "Ask again after `Retry-After` seconds."},
    {Code::database_unavailable, "database_unavailable", 503, "The database does not answer",
     "The database cannot be reached, is busy, or cannot be written to. Nothing was changed.",
     "Ask again after `Retry-After` seconds; `/readyz` says what is the matter."},
    {Code::overloaded, "overloaded", 503, "The service has too much to do",
     "More requests are waiting than the service can hold.",
     "Ask again after `Retry-After` seconds."},
    {Code::coding_unknown, "coding_unknown", 501, "This transfer coding is not known",
     "The body comes in a transfer coding other than chunked.", "Send it without."},
    {Code::version_unknown, "version_unknown", 505, "This version of HTTP is not spoken here",
     "This server speaks HTTP/1.1.", "Use that."},
    {Code::internal, "internal", 500, "Something went wrong here",
     "A fault of ours; the log has it.", "Try again; if it stays, tell the operator."},
};

}  // namespace

std::span<const CodeEntry> all_codes() {
  return entries;
}

const CodeEntry& entry_of(Code code) {
  const auto at = static_cast<std::size_t>(code);
  return entries[std::min(at, std::size(entries) - 1)];
}

std::string_view code_name(Code code) {
  return entry_of(code).name;
}

}  // namespace rekey
