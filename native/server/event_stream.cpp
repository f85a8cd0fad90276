#include "native/server/event_stream.hpp"

#include <charconv>
#include <mutex>

#include "native/log.hpp"
#include "native/server/problem.hpp"

namespace rekey::server {

namespace {

std::optional<std::int64_t> number(const std::optional<std::string>& text) {
  if (!text || text->empty()) return {};
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size() || value < 0) return {};
  return value;
}

/// Sends what is new since it sent last; asked again whenever a step was taken.
class Pump {
 public:
  Pump(Service& service, std::string connection, std::int64_t after)
      : service_(service), connection_(std::move(connection)), sent_(after) {}

  void begin(std::shared_ptr<http::EventSink> sink) {
    {
      const std::lock_guard lock(mutex_);
      if (over_) return;
      sink_ = std::move(sink);
      // Comes back after two seconds when cut off.
      sink_->send("retry: 2000\n\n");
    }
    send_new();
  }

  void send_new() {
    const std::lock_guard lock(mutex_);
    constexpr int at_once = 200;
    while (sink_) {
      std::vector<store::StoredEvent> steps;
      {
        auto db = service_.driver.databases().borrow();
        steps = store::history(*db, connection_, sent_, at_once);
      }
      for (const auto& each : steps) {
        const auto& stepped = each.stepped;
        if (!sink_->send("event: step\nid: " + std::to_string(stepped.seq) +
                         "\ndata: " + wire::dump(wire::write(stepped)) + "\n\n"))
          return;
        sent_ = stepped.seq;
      }
      if (steps.size() < at_once) return;
    }
  }

  /// Nothing more is sent: the stream ends with its last sink.
  void end() {
    const std::lock_guard lock(mutex_);
    over_ = true;
    sink_.reset();
  }

  std::shared_ptr<void> listening, watching;

 private:
  Service& service_;
  std::string connection_;
  std::int64_t sent_;
  std::shared_ptr<http::EventSink> sink_;
  bool over_ = false;
  std::mutex mutex_;
};

http::Response too_many_streams(const Who& who) {
  log::warning(
      "page_session.too_much",
      {{"session", who.session.id}, {"connection", who.connection()}, {"what", "event streams"}});
  auto response = problem({Code::exhausted,
                           "This page has more streams of events open than it may. Close some of "
                           "its tabs.",
                           {}},
                          {{"action", "wait"}, {"retry_after_s", 10}});
  response.headers.set("Retry-After", "10");
  return response;
}

}  // namespace

http::Response event_stream(Service& service, const http::Request& request, const Who& who) {
  const auto& connection = who.connection();
  const auto now = service.driver.read(connection).seq;
  auto after = number(request.headers.get("Last-Event-ID"));
  if (!after) after = number(request.query_value("after"));
  auto pump = std::make_shared<Pump>(service, connection, std::min(after.value_or(now), now));
  pump->watching = service.sessions.watch(who.hash, [weak = std::weak_ptr<Pump>(pump)] {
    if (const auto live = weak.lock()) live->end();
  });
  if (!pump->watching) return too_many_streams(who);
  http::Response response;
  response.headers = {{"Content-Type", "text/event-stream"},
                      {"Cache-Control", "no-store"},
                      // Proxies that collect answers before they pass them on (nginx) let it be.
                      {"X-Accel-Buffering", "no"}};
  response.stream = [&service, connection,
                     pump](std::shared_ptr<http::EventSink> sink) -> http::Subscription {
    pump->listening = service.driver.hub().listen(connection, [weak = std::weak_ptr<Pump>(pump)] {
      if (const auto live = weak.lock()) live->send_new();
    });
    pump->begin(std::move(sink));
    return pump;
  };
  return response;
}

}  // namespace rekey::server
