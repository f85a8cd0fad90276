#include "native/http/message.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

#include "core/codes.hpp"
#include "native/http/field_text.hpp"

namespace rekey::http {
namespace {

bool printable(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7f;
  });
}

bool said_by_server(std::string_view name) {
  constexpr std::array<std::string_view, 5> names{"content-length", "connection", "date",
                                                  "transfer-encoding", "keep-alive"};
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view ours) { return same_name(name, ours); });
}

// RFC 9110 section 5.6.7. The text changes once a second, and is asked for far more often.
const std::string& date_now() {
  thread_local std::time_t shown = -1;
  thread_local std::string text;
  const std::time_t now = std::time(nullptr);
  if (now != shown) {
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::array<char, 40> buffer{};
    const auto length =
        std::strftime(buffer.data(), buffer.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
    text.assign(buffer.data(), length);
    shown = now;
  }
  return text;
}

}  // namespace

std::optional<std::string> response_head(const Response& response, const Framing& framing) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  head.append(reason_phrase(response.status)).append("\r\nDate: ").append(date_now());
  for (const auto& [name, value] : response.headers.all()) {
    if (said_by_server(name)) continue;
    if (name.empty() || !printable(name) || !printable(value) ||
        name.find_first_of(" \t:") != std::string::npos)
      return std::nullopt;
    head.append("\r\n").append(name).append(": ").append(value);
  }
  const bool bodyless = response.status < 200 || response.status == 204 || response.status == 304;
  if (framing.chunked && !bodyless)
    head.append("\r\nTransfer-Encoding: chunked");
  else if (!framing.stream && !bodyless)
    head.append("\r\nContent-Length: ").append(std::to_string(response.body.size()));
  if (!framing.keep_alive)
    head.append("\r\nConnection: close");
  else if (framing.http_1_0)
    head.append("\r\nConnection: keep-alive");
  return head.append("\r\n\r\n");
}

std::string chunk(std::string_view piece) {
  std::array<char, 20> size{};
  std::snprintf(size.data(), size.size(), "%zx\r\n", piece.size());
  return std::string(size.data()).append(piece).append("\r\n");
}

std::string_view reason_phrase(int status) {
  static const std::map<int, std::string_view> phrases{
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {204, "No Content"},
      {301, "Moved Permanently"},
      {302, "Found"},
      {303, "See Other"},
      {304, "Not Modified"},
      {307, "Temporary Redirect"},
      {308, "Permanent Redirect"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {410, "Gone"},
      {411, "Length Required"},
      {412, "Precondition Failed"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {417, "Expectation Failed"},
      {421, "Misdirected Request"},
      {422, "Unprocessable Content"},
      {428, "Precondition Required"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {502, "Bad Gateway"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
      {505, "HTTP Version Not Supported"},
  };
  const auto found = phrases.find(status);
  return found == phrases.end() ? std::string_view("Status") : found->second;
}

Code code_for(int status) {
  switch (status) {
    case 408:
      return Code::timed_out;
    case 413:
      return Code::too_large;
    case 417:
      return Code::expectation_failed;
    case 429:
      return Code::exhausted;
    case 431:
      return Code::header_too_large;
    case 501:
      return Code::coding_unknown;
    case 503:
      return Code::overloaded;
    case 505:
      return Code::version_unknown;
    default:
      return status >= 500 ? Code::internal : Code::malformed_request;
  }
}

Response problem_response(int status, std::string_view detail) {
  const auto& kind = entry_of(code_for(status));
  const nlohmann::json problem{
      {"type", "about:blank"}, {"title", kind.title}, {"status", status},
      {"detail", detail},      {"code", kind.name},   {"refusal", nullptr},
  };
  Response response;
  response.status = status;
  response.headers.add("Content-Type", "application/problem+json");
  response.headers.add("Cache-Control", "no-store");
  response.body = problem.dump();
  return response;
}

std::optional<Target> parse_target(std::string_view target) {
  if (target == "*") return Target{"*", {}};
  // A proxy may send the whole address; what it names before the path is in Host too.
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.size() < scheme.size() || !same_name(target.substr(0, scheme.size()), scheme))
      continue;
    target.remove_prefix(scheme.size());
    target.remove_prefix(std::min(target.find_first_of("/?"), target.size()));
    if (target.empty() || target.front() == '?')
      return Target{"/", std::string(target.empty() ? target : target.substr(1))};
    break;
  }
  if (target.empty() || target.front() != '/') return std::nullopt;
  target = target.substr(0, target.find('#'));
  const auto mark = target.find('?');
  Target parsed{percent_decode(target.substr(0, mark), false), {}};
  if (mark != std::string_view::npos) parsed.query = target.substr(mark + 1);
  if (!printable(parsed.path)) return std::nullopt;
  return parsed;
}

}  // namespace rekey::http
