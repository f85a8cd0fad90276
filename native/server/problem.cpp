#include "native/server/problem.hpp"

#include <algorithm>

#include "native/vault/random.hpp"
#include "native/words/words.hpp"

namespace rekey::server {

namespace {

http::Response write(const CodeEntry& kind, const std::string& detail,
                     const std::optional<std::string>& refusal, const wire::Json& more = nullptr) {
  wire::Json body = {{"type", "about:blank"}, {"title", kind.title},
                     {"status", kind.status}, {"detail", detail},
                     {"code", kind.name},     {"refusal", wire::write(refusal)}};
  if (more.is_object()) body.update(more);
  body["status"] = kind.status;
  return problem_answer(kind.status, body);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& each : out)
    if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
  return out;
}

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

http::Response problem(const Error& error) {
  return write(entry_of(error.code), error.hint, {});
}

http::Response problem(const Error& error, const wire::Json& more) {
  return write(entry_of(error.code), error.hint, {}, more);
}

http::Response problem(Refusal refusal) {
  const std::string name(wire::name_of(refusal));
  return write(entry_of(Code::not_possible), words::of_refusal(refusal), name);
}

wire::Json members_of_wait(std::int64_t seconds, Instant now) {
  return {{"action", "wait"},
          {"retry_after_s", seconds},
          {"until", to_ms(now + std::chrono::seconds{seconds})}};
}

http::Response problem_answer(int status, const wire::Json& body) {
  auto response = json_answer(status, body);
  response.headers.set("Content-Type", "application/problem+json");
  if (status == 401) response.headers.set("WWW-Authenticate", "Bearer realm=\"rekey\"");
  return response;
}

http::Response unless_known(http::Response response, const http::Request& request) {
  const auto tag = "\"" + vault::sha256_base64url(response.body).substr(0, 22) + "\"";
  response.headers.set("Cache-Control", "private, no-cache");
  response.headers.set("ETag", tag);
  // A proxy that compresses makes it a weak one (W/"…").
  const auto has = request.headers.get("If-None-Match").value_or("");
  if (has == "*" || has.find(tag) != has.npos) {
    response.status = 304;
    response.body.clear();
  }
  return response;
}

Result<void> check_type(const http::Request& request, std::string_view media) {
  const auto type = lower(request.headers.get("Content-Type").value_or(""));
  const std::string_view all = type;
  const auto end = std::min(all.find(';'), all.size());
  if (without_blanks(all.substr(0, end)) != media)
    return fail(Code::unsupported_type,
                words::say("unsupported_type.media", {{"media", std::string(media)}}));
  const auto charset = all.find("charset=", end);
  if (charset == all.npos) return {};
  auto name = all.substr(charset + 8);
  name = without_blanks(name.substr(0, std::min(name.find(';'), name.size())));
  if (name.size() >= 2 && name.front() == '"' && name.back() == '"')
    name = name.substr(1, name.size() - 2);
  if (name == "utf-8" || name == "utf8" || name == "us-ascii") return {};
  return fail(Code::unsupported_type, words::say("unsupported_type.charset"));
}

bool is_read_strictly(const http::Request& request) {
  return request.path.starts_with("/v1/");
}

Error no_such_address() {
  return {Code::no_such_address, words::say("no_such_address"), {}};
}

Error no_such_connection() {
  return {Code::not_found, words::say("not_found.connection"), {}};
}

Error no_such_tenant(const std::string& id) {
  return {Code::not_found, words::say("not_found.tenant_to_use", {{"tenant", id}}), {}};
}

http::Response json_answer(int status, const wire::Json& body) {
  http::Response response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
  response.body = wire::dump(body);
  return response;
}

}  // namespace rekey::server
