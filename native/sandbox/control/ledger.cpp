#include "native/sandbox/control/ledger.hpp"

#include <algorithm>

#include "native/sandbox/accounting/answers.hpp"
#include "native/sandbox/control/fault.hpp"
#include "native/sandbox/text/json.hpp"
#include "native/sandbox/text/times.hpp"
#include "native/vault/random.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

constexpr std::size_t most_entries = 1000;

/// What may be written down as it is; anything else that comes as a parameter is a secret until
/// it is added here.
constexpr std::string_view open_names[] = {
    "grant_type",
    "redirect_uri",
    "response_type",
    "scope",
    "client_id",
    "query",
    "minorversion",
    "format",
    "requestid",
    "prompt",
    "company",
    "decision",
    "username",
    "when",
    "changedSince",
    "entities",
    "code_challenge_method",
    "route",
    "kind",
    "status",
    "count",
    "advance_s",
    "realm",
    "login_hint",
    "since",
};

bool is_open(std::string_view name) {
  return std::find(std::begin(open_names), std::end(open_names), name) != std::end(open_names);
}

void add_parameter(json& into, const std::string& name, const std::string& value) {
  into[name] = is_open(name) ? value : digest_of(value);
}

json parameters_of(const http::Request& request) {
  json out = json::object();
  for (const auto& [name, value] : http::parse_form(request.query)) add_parameter(out, name, value);
  const std::string type = request.headers.get("content-type").value_or("");
  if (type.starts_with("application/x-www-form-urlencoded")) {
    for (const auto& [name, value] : http::parse_form(request.body))
      add_parameter(out, name, value);
  } else if (type.starts_with("application/json")) {
    const json body = parse_json(request.body);
    if (body.is_object())
      for (const auto& [name, value] : body.items())
        add_parameter(out, name, value.is_string() ? value.get<std::string>() : value.dump());
  } else if (type.starts_with("application/text")) {
    out["query"] = request.body;
  }
  return out;
}

/// The scheme and a digest of what follows it.
json authorization_of(const http::Request& request) {
  const auto header = request.headers.get("authorization");
  if (!header) return nullptr;
  const auto blank = header->find(' ');
  const std::string scheme = header->substr(0, blank);
  const std::string rest = blank == std::string::npos ? "" : header->substr(blank + 1);
  return {{"scheme", scheme}, {"credential", digest_of(rest)}};
}

}  // namespace

std::string digest_of(std::string_view secret) {
  return "sha256:" + vault::sha256_hex(secret).substr(0, 16);
}

void Ledger::add(const http::Request& request, const http::Response& response, Instant at) {
  json entry = {{"at", pacific_time(at)},
                {"method", request.method},
                {"path", request.path},
                {"routes", routes_of(request)},
                {"parameters", parameters_of(request)},
                {"authorization", authorization_of(request)},
                {"user_agent", request.headers.get("user-agent").value_or("")},
                {"status", response.status},
                {"intuit_tid", response.headers.get("intuit_tid").value_or("")}};
  if (response.cut != http::Cut::none) entry["cut"] = true;
  const std::lock_guard lock(mutex_);
  entry["number"] = next_++;
  entries_.push_back(std::move(entry));
  if (entries_.size() > most_entries) entries_.pop_front();
}

json Ledger::after(std::uint64_t since) const {
  const std::lock_guard lock(mutex_);
  json out = json::array();
  for (const json& entry : entries_)
    if (entry["number"].get<std::uint64_t>() > since) out.push_back(entry);
  return out;
}

void Ledger::clear() {
  const std::lock_guard lock(mutex_);
  entries_.clear();
}

}  // namespace rekey::sandbox
