#include <iterator>
#include <utility>

#include "core/text/catalogue.hpp"
#include "native/http/connection.hpp"
#include "native/metrics/limit.hpp"

namespace rekey::http {
namespace {

// What the body of a request must reach to be waited for.
constexpr std::size_t slowest_bytes_per_second = 4096;

int status_for(const error_code& problem) {
  if (problem == bhttp::error::header_limit) return 431;
  if (problem == bhttp::error::body_limit) return 413;
  if (problem == bhttp::error::bad_version) return 505;
  return 400;
}

}  // namespace

asio::awaitable<Connection::Outcome> Connection::read_request(Parser& parser, int& refusal) {
  if (buffer_.empty()) {
    phase_ = Phase::idle;
    if (common_.stopping) co_return Outcome::gone;
    const bool arrived = co_await read_more();
    phase_ = Phase::busy;
    if (!arrived) co_return Outcome::gone;
  }
  body_limit_ = 0;
  may_spool_ = false;
  refusal_detail_.clear();
  give(header_time());
  auto allowed_until = deadline_;
  bool judged = false;
  std::size_t header_size = 0;
  while (true) {
    error_code problem;
    const std::size_t used = parser.put(asio::buffer(buffer_), problem);
    buffer_.erase(0, used);
    // The parser limits a line and the fields it has not parsed yet, but not their sum, nor the
    // extensions of a chunk.
    if (!judged) header_size += used;
    if (header_size > max_header ||
        (problem == bhttp::error::need_more && buffer_.size() > max_header)) {
      refusal = header_too_large();
      co_return Outcome::refused;
    }
    if (judged) allowed_until += std::chrono::milliseconds(used * 1000 / slowest_bytes_per_second);
    deadline_ = std::min(allowed_until, Clock::now() + header_time());
    if (problem && problem != bhttp::error::need_more) {
      refusal = status_for(problem);
      if (refusal == 413) refusal = too_large();
      co_return Outcome::refused;
    }
    if (!judged && parser.is_header_done()) {
      judged = true;
      refusal = co_await judge_header(parser);
      if (refusal != 0) co_return Outcome::refused;
      allowed_until = deadline_ = Clock::now() + header_time();
      parser.eager(true);
    } else if (judged) {
      refusal = judge_body(parser);
      if (refusal != 0) co_return Outcome::refused;
    }
    if (parser.is_done()) co_return Outcome::complete;
    if (problem != bhttp::error::need_more && !buffer_.empty()) continue;
    awaited_ = Awaited::request;
    const bool more = co_await read_more();
    awaited_ = Awaited::other;
    if (more) continue;
    if (!late_) co_return Outcome::gone;
    refusal = 408;
    metrics::limit_met("request_time", "http.request_late", {{"peer", visitor_.address}});
    co_return Outcome::refused;
  }
}

asio::awaitable<bool> Connection::read_more() {
  const std::size_t before = buffer_.size();
  buffer_.resize(before + read_size);
  waiting_since_ = Clock::now();
  const auto [failed, count] =
      co_await transport_.read_some(asio::buffer(buffer_.data() + before, read_size));
  buffer_.resize(before + count);
  waiting_since_ = Clock::time_point::max();
  co_return !failed && count > 0;
}

// What the parser lets pass and we do not. Gives the status to refuse with, or 0.
asio::awaitable<int> Connection::judge_header(const Parser& parser) {
  const auto& head = parser.get();
  // RFC 9112 section 3.2: exactly one Host in HTTP/1.1.
  const auto hosts = head.count(bhttp::field::host);
  if (hosts > 1 || (hosts == 0 && head.version() == 11)) co_return 400;
  if (const int refusal = judge_size(parser); refusal != 0) co_return refusal;
  // A coding that we do not know would leave the end of the body open to interpretation.
  const auto coding = head[bhttp::field::transfer_encoding];
  if (!coding.empty() && !boost::beast::iequals(coding, "chunked")) co_return 501;
  const auto expected = head[bhttp::field::expect];
  if (expected.empty()) co_return 0;
  if (!boost::beast::iequals(expected, "100-continue")) co_return 417;
  if (!parser.is_done() && buffer_.empty() && !co_await write("HTTP/1.1 100 Continue\r\n\r\n"))
    co_return 400;
  co_return 0;
}

// How much of it there may be. Gives the status to refuse with, or 0.
int Connection::judge_size(const Parser& parser) {
  const auto& head = parser.get();
  const auto& bounds = common_.options.bounds;
  if (std::distance(head.begin(), head.end()) > bounds.header_fields) {
    refusal_detail_ = text::fill("The header of the request has more than {most} fields.",
                                 {{"most", std::to_string(bounds.header_fields)}});
    return header_too_large();
  }
  body_limit_ = common_.options.max_body;
  const auto length = parser.content_length();
  if (!bounds.body || (length && *length == 0)) return 0;
  const auto text = [](auto view) { return std::string_view(view.data(), view.size()); };
  if (const auto target = parse_target(text(head.target()))) {
    const auto method = text(head.method_string()), type = text(head[bhttp::field::content_type]);
    const auto lines = bounds.lines ? bounds.lines(method, target->path, type) : 0;
    may_spool_ = lines > 0;
    body_limit_ = std::min(body_limit_, may_spool_ ? lines : bounds.body(method, target->path));
  }
  return length && *length > body_limit_ ? too_large() : 0;
}

// The same of what has been read of its body.
int Connection::judge_body(Parser& parser) {
  const auto size = parser.get().body().size();
  if (size + (spool_ ? spool_->size() : 0) > body_limit_) return too_large();
  if (may_spool_ && size > small_body) return spool_body(parser) ? 0 : bodies_full();
  return body_share_.grow(size) ? 0 : bodies_full();
}

// Moves what has been read of a body to its file. False: there is no room.
bool Connection::spool_body(Parser& parser) {
  // (A new text: the parser has reserved one for the whole length.)
  const auto read = std::exchange(parser.get().body(), std::string());
  if (!spool_) spool_ = Spool::make();
  return spool_ && spool_share_.grow(spool_->size() + read.size()) && spool_->append(read);
}

void Connection::release_body() {
  body_share_.release();
  spool_share_.release();
  spool_.reset();
}

int Connection::bodies_full() {
  refusal_detail_ =
      "The server is reading as many large requests as it can hold. Try again in a moment.";
  metrics::limit_met("bodies", "http.bodies_full", {{"peer", visitor_.address}});
  return 503;
}

int Connection::header_too_large() const {
  metrics::limit_met("header", "http.header_too_large", {{"peer", visitor_.address}});
  return 431;
}

int Connection::too_large() {
  const auto limit = body_limit_ > 0 ? body_limit_ : common_.options.max_body;
  refusal_detail_ =
      text::fill("The body of a request to this address can be at most {most} bytes long.",
                 {{"most", std::to_string(limit)}});
  metrics::limit_met("body", "http.body_too_large", {{"peer", visitor_.address}, {"limit", limit}});
  return 413;
}

// Of a request that was read in part, too; empty: it has not come so far.
std::string Connection::path_of(const Parser& parser) {
  const auto text = parser.get().target();
  const auto target = parse_target(std::string_view(text.data(), text.size()));
  return target ? target->path : std::string();
}

std::optional<Request> Connection::to_request(Parser& parser) {
  auto message = parser.release();
  const auto text = [](auto view) { return std::string(view.data(), view.size()); };
  auto target = parse_target(text(message.target()));
  if (!target) return std::nullopt;
  Request request;
  request.method = text(message.method_string());
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  for (const auto& field : message)
    request.headers.add(text(field.name_string()), text(field.value()));
  request.body = std::move(message.body());
  request.spool = spool_;
  auto peer = peer_of(request.headers, visitor_.address, common_.options.proxies);
  request.peer = std::move(peer.address);
  request.peer_is_many = peer.is_many;
  request.tls = transport_.encrypted();
  return request;
}

}  // namespace rekey::http
