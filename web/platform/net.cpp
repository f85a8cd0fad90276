#include "web/platform/net.hpp"

#include <emscripten.h>

#include <unordered_map>

#include "web/platform/imports.hpp"
#include "web/widget/mirror.hpp"

namespace rekey::web::net {
namespace {

std::unordered_map<int, std::function<void(Response)>> waiting;
std::unordered_map<int, StreamEvents> streams;
int last_handle = 0;

void member(std::string& out, const char* name, std::string_view value) {
  out += ",\"";
  out += name;
  out += "\":";
  write_json(out, value);
}

}  // namespace

void send(Request request, std::function<void(Response)> done) {
  std::string text = "{\"timeout\":" + std::to_string(request.timeout_ms);
  member(text, "method", request.method);
  member(text, "path", request.path);
  member(text, "body", request.body);
  text += ",\"headers\":{";
  for (const auto& [name, value] : request.headers) {
    if (text.back() != '{') text += ',';
    write_json(text, name);
    text += ':';
    write_json(text, value);
  }
  text += "}}";
  waiting[++last_handle] = std::move(done);
  rk_js_send(last_handle, text.data(), static_cast<int>(text.size()));
}

int open_stream(const Stream& stream, StreamEvents events) {
  streams[++last_handle] = std::move(events);
  const auto& [connection, last_id] = stream;
  rk_js_open_stream(last_handle, connection.data(), static_cast<int>(connection.size()),
                    last_id.data(), static_cast<int>(last_id.size()));
  return last_handle;
}

void close_stream(int handle) {
  if (streams.erase(handle) > 0) rk_js_close_stream(handle);
}

}  // namespace rekey::web::net

// The browser's answers. The callbacks are copied first: they may open and close streams
// themselves.
extern "C" {

using namespace rekey::web::net;

EMSCRIPTEN_KEEPALIVE void rk_net_done(int handle, int failure, int status, const char* body,
                                      int body_size, const char* etag, int retry_after, int age) {
  const auto found = waiting.find(handle);
  if (found == waiting.end()) return;
  const auto done = std::move(found->second);
  waiting.erase(found);
  Response response;
  response.failure = static_cast<Failure>(failure);
  response.status = status;
  response.body.assign(body, static_cast<std::size_t>(body_size));
  response.etag = etag;
  response.retry_after_s = retry_after;
  response.age_ms = age;
  done(std::move(response));
}

EMSCRIPTEN_KEEPALIVE void rk_stream_open(int handle) {
  const auto found = streams.find(handle);
  if (found == streams.end() || !found->second.open) return;
  const auto open = found->second.open;
  open();
}

EMSCRIPTEN_KEEPALIVE void rk_stream_event(int handle, const char* name, const char* data,
                                          const char* id) {
  const auto found = streams.find(handle);
  if (found == streams.end() || !found->second.event) return;
  const auto event = found->second.event;
  event(name, data, id);
}

EMSCRIPTEN_KEEPALIVE void rk_stream_lost(int handle, int status, int ended) {
  const auto found = streams.find(handle);
  if (found == streams.end()) return;
  const auto lost = found->second.lost;
  if (ended) streams.erase(found);
  if (lost) lost(status, ended != 0);
}
}
