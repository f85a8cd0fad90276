#include "core/oauth/token.hpp"

#include <algorithm>
#include <iterator>

#include "core/wire/json.hpp"

namespace rekey::oauth {

namespace {

using wire::Json;
using wire::text_at;

/// Seconds, as a number or as digits in a text (seen in the field); at most ten years.
std::optional<Millis> seconds_at(const Json& json, const char* name) {
  constexpr std::int64_t most = 315'360'000;
  const auto at = json.find(name);
  if (at == json.end()) return {};
  std::int64_t seconds = -1;
  if (at->is_number_unsigned() || at->is_number_integer()) {
    seconds = at->is_number_unsigned() && at->get<std::uint64_t>() > std::uint64_t(most)
                  ? most
                  : at->get<std::int64_t>();
  } else if (at->is_number_float() && at->get<double>() >= 0 && at->get<double>() < 1e9) {
    seconds = static_cast<std::int64_t>(at->get<double>());
  } else if (at->is_string()) {
    const auto& text = at->get_ref<const std::string&>();
    if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != text.npos)
      return {};
    seconds = 0;
    for (const char c : text) seconds = seconds * 10 + (c - '0');
  }
  if (seconds < 0) return {};
  return std::chrono::seconds{std::min(seconds, most)};
}

/// When the refresh token ends, as an answer states it. One that would not outlast the access token
/// that it is there to renew is as if it had not been stated.
std::optional<Instant> end_at(const Json& json, const char* name, const Tokens& tokens,
                              Instant now) {
  const auto life = seconds_at(json, name);
  if (!life || now + *life <= tokens.lifetimes.access_expires) return {};
  return now + *life;
}

/// Tokens are visible ASCII (RFC 6749 A.12, A.17). Anything else, a line end above all, must not
/// get into a header.
bool visible(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7E; });
}

// Status before code: a 5xx is an outage whatever its body says.
constexpr AnswerRow rows[] = {
    {500, 599, "", "", Meaning::unavailable,
     "threads of client libraries: any code comes with 5xx"},
    {429, 429, "", "", Meaning::throttled, "RFC 6585 4"},
    {408, 408, "", "", Meaning::unavailable, "RFC 9110 15.5.9"},
    {425, 425, "", "", Meaning::unavailable, "RFC 8470 5.2"},
    {100, 499, "temporarily_unavailable", "", Meaning::unavailable, "RFC 6749 4.1.2.1"},
    {100, 499, "server_error", "", Meaning::unavailable, "RFC 6749 4.1.2.1"},
    {100, 499, "slow_down", "", Meaning::throttled, "RFC 8628 3.5"},
    {100, 499, "invalid_grant", "or was issued to another client", Meaning::grant_ended,
     "ory/fosite errors.go: the sentence of RFC 6749 5.2 with each invalid_grant"},
    {100, 499, "invalid_grant", "client", Meaning::misconfigured,
     "Intuit: \"Incorrect Token type or clientID\""},
    {100, 499, "invalid_grant", "", Meaning::grant_ended, "RFC 6749 5.2"},
    {100, 499, "*", "", Meaning::misconfigured, "RFC 6749 5.2: all other errors are about us"},
    {401, 401, "", "", Meaning::misconfigured, "RFC 6749 5.2: client authentication failed"},
    {100, 599, "", "", Meaning::unreadable, "no `error`: something in between answered"},
};

// Of a revocation `grant_ended` is the yes.
constexpr AnswerRow revocation_rows[] = {
    {200, 299, "", "", Meaning::grant_ended, "RFC 7009 2.2: also for a token it does not know"},
    {500, 599, "", "", Meaning::unavailable, "RFC 7009 2.2.1: 503, and the token lives"},
    {429, 429, "", "", Meaning::throttled, "RFC 6585 4"},
    {400, 400, "", "client", Meaning::misconfigured,
     "Intuit: \"Incorrect Token type or clientID\"; RFC 7009 2.1: of another client, refused"},
    {400, 400, "invalid_grant", "", Meaning::grant_ended, "seen for a token that was ended before"},
    {400, 400, "invalid_token", "", Meaning::grant_ended, "seen for a token that was ended before"},
    {400, 400, "invalid_request", "", Meaning::grant_ended,
     "Intuit: 400 for a token that is not valid"},
    {400, 400, "*", "", Meaning::misconfigured, "RFC 7009 2.2.1, RFC 6749 5.2: about us"},
    {400, 400, "", "", Meaning::grant_ended, "Intuit: 400 for a token that is not valid"},
    {401, 401, "", "", Meaning::misconfigured, "RFC 6749 5.2: client authentication failed"},
    {100, 599, "", "", Meaning::unreadable, "something in between answered"},
};

tl::unexpected<Failure> fail(Meaning meaning) {
  // A refusal was decided before anything was done; anything else may have come after it.
  const bool refused = meaning == Meaning::grant_ended || meaning == Meaning::misconfigured ||
                       meaning == Meaning::throttled;
  return tl::unexpected(Failure{meaning, !refused, {}, {}});
}

}  // namespace

std::span<const AnswerRow> token_answer_rows() {
  return rows;
}

tl::expected<Tokens, Failure> read_token_answer(int status, std::string_view body, Instant now) {
  const auto parsed = wire::parse(body, "The token answer");
  const bool object = parsed && parsed->is_object();
  const auto error = object ? text_at(*parsed, "error") : std::string();
  if (status < 200 || status >= 300 || !error.empty()) {
    const auto text = object ? text_at(*parsed, "error_description") : std::string();
    const auto* row = row_for({status, error, text}, rows, std::size(rows));
    return fail(row ? row->meaning : Meaning::unreadable);
  }
  if (!object) return fail(Meaning::unreadable);
  Tokens out;
  out.access_token = Secret(text_at(*parsed, "access_token"));
  out.refresh_token = Secret(text_at(*parsed, "refresh_token"));
  out.id_token = Secret(text_at(*parsed, "id_token"));
  out.scope = text_at(*parsed, "scope");
  std::string type = text_at(*parsed, "token_type");
  for (char& c : type) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (out.access_token.empty() || type != "bearer") return fail(Meaning::unreadable);
  if (!visible(out.access_token.reveal()) || !visible(out.refresh_token.reveal()) ||
      !visible(out.id_token.reveal()))
    return fail(Meaning::unreadable);
  // Not worth a grant; as if it had not been told.
  if (!visible(out.scope)) out.scope.clear();
  const auto expires = seconds_at(*parsed, "expires_in");
  out.lifetimes.access_expires = now + expires.value_or(std::chrono::hours{1});
  out.lifetimes.refresh_expires = end_at(*parsed, "x_refresh_token_expires_in", out, now);
  out.lifetimes.hard_expires = end_at(*parsed, "x_refresh_token_hard_expires_in", out, now);
  return out;
}

std::span<const AnswerRow> revocation_answer_rows() {
  return revocation_rows;
}

Meaning read_revocation_answer(int status, std::string_view body) {
  const auto first = body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  const bool empty = first == body.npos;
  Answer answer{status, {}, {}};
  if (!empty) {
    // A client ignores what comes with a yes (RFC 7009 2.2), but a page was not written by the
    // endpoint.
    const auto parsed = wire::parse(body, "The revocation answer");
    const bool object = parsed && parsed->is_object();
    const bool nothing = parsed && parsed->is_null();
    const bool page = body[first] == '<' && status < 300;
    if (page || (status == 400 && !object && !nothing)) return Meaning::unreadable;
    if (object) answer = {status, text_at(*parsed, "error"), text_at(*parsed, "error_description")};
  }
  const auto* row = row_for(answer, revocation_rows, std::size(revocation_rows));
  return row ? row->meaning : Meaning::unreadable;
}

}  // namespace rekey::oauth
