#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "http_raw_client.hpp"
#include "native/http/event_queue.hpp"
#include "native/http/server.hpp"

namespace rekey::http_stream_test {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using rekey::testing::count;
using rekey::testing::RawClient;

namespace {

// A source of events: everybody who asks is subscribed, until the server lets go of the
// subscription.
class Source {
 public:
  http::Response subscribe() {
    http::Response response;
    response.headers.add("Content-Type", "text/event-stream");
    response.stream = [this](std::shared_ptr<http::EventSink> sink) {
      const std::lock_guard lock(mutex_);
      const int id = next_++;
      sinks_[id] = std::move(sink);
      changed_.notify_all();
      return http::Subscription(this, [id](Source* source) { source->drop(id); });
    };
    return response;
  }
  // How many took it.
  int send(const std::string& block) {
    const std::lock_guard lock(mutex_);
    int taken = 0;
    for (const auto& [id, sink] : sinks_) taken += sink->send(block) ? 1 : 0;
    return taken;
  }
  bool wait_for(std::size_t subscribers) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 10s, [&] { return sinks_.size() == subscribers; });
  }

 private:
  void drop(int id) {
    const std::lock_guard lock(mutex_);
    sinks_.erase(id);
    changed_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<int, std::shared_ptr<http::EventSink>> sinks_;
  int next_ = 0;
};

const std::string ask = "GET /events HTTP/1.1\r\nHost: x\r\n\r\n";

}  // namespace

TEST_CASE("stream: events reach every client whole and in order", "[http]") {
  Source source;
  http::Server server({}, [&source](const http::Request&) { return source.subscribe(); });
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 200; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    clients.back()->send(ask);
  }
  REQUIRE(source.wait_for(200));
  for (int n = 0; n < 20; ++n)
    CHECK(source.send("id: " + std::to_string(n) + "\ndata: x\n\n") == 200);
  for (const auto& client : clients) {
    const std::string head = client->read_until("\r\n\r\n");
    CHECK_THAT(head, StartsWith("HTTP/1.1 200 OK"));
    CHECK_THAT(head, ContainsSubstring("text/event-stream"));
    CHECK_THAT(head, ContainsSubstring("Cache-Control: no-store"));
    CHECK(head.find("Content-Length") == std::string::npos);
    for (int n = 0; n < 20; ++n)
      REQUIRE(client->read_until("\n\n") == "id: " + std::to_string(n) + "\ndata: x\n\n");
  }
}

TEST_CASE("stream: open streams do not keep requests waiting", "[http]") {
  Source source;
  http::ServerOptions options;
  options.workers = 1;
  http::Server server(options, [&source](const http::Request& request) {
    if (request.path == "/events") return source.subscribe();
    http::Response response;
    response.body = "here";
    return response;
  });
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    clients.back()->send(ask);
  }
  REQUIRE(source.wait_for(50));
  RawClient client(server.port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK_THAT(client.read_until("here"), EndsWith("here"));
}

TEST_CASE("stream: when a client goes, its subscription goes", "[http]") {
  Source source;
  http::Server server({}, [&source](const http::Request&) { return source.subscribe(); });
  auto first = std::make_unique<RawClient>(server.port());
  RawClient second(server.port());
  first->send(ask);
  second.send(ask);
  REQUIRE(source.wait_for(2));
  first.reset();
  CHECK(source.wait_for(1));
  CHECK(source.send("data: still here\n\n") == 1);
  CHECK_THAT(second.read_until("still here\n\n"), EndsWith("data: still here\n\n"));
}

TEST_CASE("stream: a client that does not read is let go, and the others go on", "[http]") {
  Source source;
  http::Server server({}, [&source](const http::Request&) { return source.subscribe(); });
  RawClient deaf(server.port());
  deaf.send(ask);
  REQUIRE(source.wait_for(1));
  const std::string block = "data: " + std::string(64 * 1024, 'x') + "\n\n";
  // The kernel takes some megabytes on the way; then the queue fills, and overflows.
  int sent = 0;
  while (source.send(block) == 1 && sent < 1000) ++sent;
  CHECK(sent < 1000);
  CHECK(source.wait_for(0));
  RawClient reader(server.port());
  reader.send(ask);
  REQUIRE(source.wait_for(1));
  CHECK(source.send("data: y\n\n") == 1);
  CHECK_THAT(reader.read_until("data: y\n\n"), EndsWith("data: y\n\n"));
}

TEST_CASE("stream: what was sent before the sink was let go arrives, then the stream ends",
          "[http]") {
  http::Server server({}, [](const http::Request&) {
    http::Response response;
    response.stream = [](std::shared_ptr<http::EventSink> sink) {
      sink->send("data: all there is\n\n");
      return http::Subscription();
    };
    return response;
  });
  RawClient client(server.port());
  client.send(ask);
  CHECK_THAT(client.read_to_end(), EndsWith("\r\n\r\ndata: all there is\n\n"));
  CHECK(client.closed());
}

TEST_CASE("stream: a silent stream is shown to be alive", "[http][slow]") {
  Source source;
  http::ServerOptions options;
  options.comment_interval_s = 1;
  http::Server server(options, [&source](const http::Request&) { return source.subscribe(); });
  RawClient client(server.port());
  client.send(ask);
  client.read_until("\r\n\r\n");
  CHECK(client.read_until(":\n\n", 3s) == ":\n\n");
  CHECK(client.read_until(":\n\n", 3s) == ":\n\n");
}

TEST_CASE("stream: HEAD of a stream opens none", "[http]") {
  Source source;
  http::Server server({}, [&source](const http::Request&) { return source.subscribe(); });
  RawClient client(server.port());
  client.send("HEAD /events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK_THAT(client.read_to_end(), EndsWith("\r\n\r\n"));
  CHECK(source.send("data: x\n\n") == 0);
}

TEST_CASE("stream: one that cannot begin ends", "[http]") {
  http::Server server({}, [](const http::Request&) {
    http::Response response;
    response.stream = [](const std::shared_ptr<http::EventSink>&) -> http::Subscription {
      throw std::runtime_error("no");
    };
    return response;
  });
  RawClient client(server.port());
  client.send(ask);
  client.read_to_end();
  CHECK(client.closed());
}

TEST_CASE("stop: a running handler's response is delivered, idle clients and streams end",
          "[http]") {
  Source source;
  std::promise<void> began, release;
  auto server =
      std::make_unique<http::Server>(http::ServerOptions{}, [&](const http::Request& request) {
        if (request.path == "/events") return source.subscribe();
        http::Response response;
        if (request.path == "/slow") {
          began.set_value();
          release.get_future().wait();
        }
        response.body = "finished";
        return response;
      });
  RawClient stream(server->port()), idle(server->port()), fresh(server->port()),
      busy(server->port());
  stream.send(ask);
  REQUIRE(source.wait_for(1));
  idle.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  idle.read_until("finished");
  busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  began.get_future().wait();
  source.send("data: last\n\n");

  const auto port = server->port();
  std::thread stopper([&server] { server.reset(); });
  CHECK(idle.read_to_end().empty());
  CHECK(fresh.read_to_end().empty());
  CHECK_THAT(stream.read_to_end(), EndsWith("data: last\n\n"));
  CHECK((idle.closed() && fresh.closed() && stream.closed()));
  CHECK_FALSE(busy.closed());
  CHECK_THROWS(RawClient(port));
  release.set_value();
  const std::string answer = busy.read_to_end();
  stopper.join();
  CHECK_THAT(answer, EndsWith("\r\n\r\nfinished"));
  CHECK_THAT(answer, ContainsSubstring("Connection: close"));
}

TEST_CASE("stop: a client that neither reads nor goes does not hold it up for long",
          "[http][slow]") {
  auto server = std::make_unique<http::Server>(http::ServerOptions{}, [](const http::Request&) {
    http::Response response;
    response.body = std::string(64 << 20, 'x');
    return response;
  });
  RawClient stuck(server->port());
  stuck.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  stuck.read_until("HTTP/1.1 200");
  const auto start = std::chrono::steady_clock::now();
  server.reset();
  CHECK(std::chrono::steady_clock::now() - start < 9s);
}

TEST_CASE("stop: a server that was never asked anything stops at once", "[http]") {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i)
    http::Server server({}, [](const http::Request&) -> http::Response { return {}; });
  CHECK(std::chrono::steady_clock::now() - start < 3s);
}

TEST_CASE("queue: it wakes once for what one look takes", "[http]") {
  int woken = 0;
  http::EventQueue queue([&woken] { ++woken; });
  CHECK(queue.push("a"));
  CHECK(queue.push("b"));
  CHECK(woken == 1);
  CHECK(queue.take() == "ab");
  CHECK(queue.push("c"));
  CHECK(woken == 2);
  queue.finish();
  CHECK(woken == 3);
  CHECK(queue.ended());
  CHECK_FALSE(queue.push("d"));
  CHECK(queue.take() == "c");
}

TEST_CASE("queue: more than its limit ends it and drops what waited", "[http]") {
  int woken = 0;
  http::EventQueue queue([&woken] { ++woken; });
  CHECK(queue.push(std::string(http::EventQueue::limit, 'x')));
  CHECK_FALSE(queue.push("y"));
  CHECK(queue.overflowed());
  CHECK(queue.ended());
  CHECK(woken == 2);
  CHECK(queue.take().empty());
}

TEST_CASE("queue: once closed it wakes nobody", "[http]") {
  int woken = 0;
  auto queue = std::make_shared<http::EventQueue>([&woken] { ++woken; });
  auto sink = http::make_sink(queue);
  queue->close();
  CHECK_FALSE(sink->send("a"));
  sink.reset();
  CHECK(woken == 0);
}

}  // namespace rekey::http_stream_test
