#include "native/http/later.hpp"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <condition_variable>
#include <stdexcept>

#include "http_raw_client.hpp"
#include "native/async/wait.hpp"
#include "native/http/server.hpp"
#include "native/log.hpp"

namespace rekey::http_later_test {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using http::Later;
using http::Response;
using rekey::testing::RawClient;

namespace {

Response text(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

std::string get(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

/// Owes the response to every request but to /now, until a test gives them.
class Owing {
 public:
  Response handle(const http::Request& request) {
    if (request.path == "/now") return text("now");
    const std::lock_guard lock(mutex_);
    owed_.push_back(std::make_shared<Later>());
    arrived_.notify_all();
    Response response;
    response.later = owed_.back();
    return response;
  }
  std::vector<std::shared_ptr<Later>> wait_for(std::size_t many) {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return owed_.size() >= many; });
    return owed_;
  }
  http::Handler handler() {
    return [this](const http::Request& request) { return handle(request); };
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<std::shared_ptr<Later>> owed_;
};

http::ServerOptions one_worker() {
  http::ServerOptions options;
  options.workers = 1;
  return options;
}

async::Task<Response> after(async::Pool& pool, Millis span, std::string body) {
  co_await pool.sleep(span);
  if (body == "trouble") throw std::runtime_error(body);
  co_return text(body);
}
async::Task<Response> at_once(std::string body) {
  if (body == "trouble") throw std::runtime_error(body);
  co_return text(body);
}

}  // namespace

TEST_CASE("later: many who wait for a response hold no worker", "[http]") {
  Owing owing;
  http::Server server(one_worker(), owing.handler());
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    clients.back()->send(get("/later"));
  }
  const auto owed = owing.wait_for(50);
  RawClient quick(server.port());
  quick.send(get("/now"));
  CHECK_THAT(quick.read_until("now"), StartsWith("HTTP/1.1 200"));
  for (const auto& each : owed) each->complete(text("here it is"));
  for (const auto& each : clients)
    CHECK_THAT(each->read_until("here it is"), StartsWith("HTTP/1.1 200"));
}

TEST_CASE("later: the connection goes on to its next request", "[http]") {
  Owing owing;
  http::Server server(one_worker(), owing.handler());
  RawClient client(server.port());
  client.send(get("/later") + get("/now"));
  owing.wait_for(1).front()->complete(text("first"));
  const auto answers = client.read_until("\r\n\r\nnow");
  CHECK(answers.find("first") < answers.find("now"));
}

TEST_CASE("later: HEAD is told how long the response is, and nothing of it", "[http]") {
  Owing owing;
  http::Server server(one_worker(), owing.handler());
  RawClient client(server.port());
  client.send("HEAD /later HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  owing.wait_for(1).front()->complete(text("12345"));
  const auto answer = client.read_to_end();
  CHECK_THAT(answer, ContainsSubstring("\r\nContent-Length: 5\r\n"));
  CHECK_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST_CASE("later: what a task throws is a fault of ours that says nothing inner", "[http]") {
  log::set_sink([](std::string_view) {});
  async::Pool pool(1);
  http::Server server(one_worker(), [&](const http::Request& request) {
    if (request.path == "/at-once") return http::respond_with(pool, at_once("trouble"));
    return http::respond_with(pool, after(pool, Millis{5}, "trouble"));
  });
  for (const char* path : {"/at-once", "/after"}) {
    RawClient client(server.port());
    client.send(get(path));
    const auto answer = client.read_until("}");
    CHECK_THAT(answer, StartsWith("HTTP/1.1 500"));
    CHECK(answer.find("trouble") == std::string::npos);
  }
  log::set_sink({});
}

TEST_CASE("later: a server that stops answers who waits, and does not wait itself", "[http]") {
  Owing owing;
  auto server = std::make_unique<http::Server>(one_worker(), owing.handler());
  RawClient client(server->port());
  client.send(get("/later"));
  const auto owed = owing.wait_for(1).front();
  server.reset();
  CHECK_THAT(client.read_to_end(),
             StartsWith("HTTP/1.1 503") && ContainsSubstring("\r\nRetry-After: 1\r\n"));
  owed->complete(text("too late"));  // and nobody minds
}

TEST_CASE("later: the first response counts", "[http]") {
  Later later;
  later.complete(text("first"));
  later.complete(text("second"));
  later.fail(std::make_exception_ptr(std::runtime_error("third")));
  std::string seen;
  later.deliver([&](const Later::Get& give) { seen = give().body; });
  CHECK(seen == "first");
}

TEST_CASE("later: what is to be done with a response is done in order, now or later", "[http]") {
  const auto add = [](std::string what) {
    return [what](const Later::Get& give) {
      auto response = give();
      response.body += what;
      return response;
    };
  };
  const auto with_all = [&](const Later::Get& make) {
    return http::finish_with([&] { return http::finish_with(make, add(" inner")); }, add(" outer"));
  };
  CHECK(with_all([] { return text("now"); }).body == "now inner outer");

  const auto later = std::make_shared<Later>();
  const auto owed = with_all([&] {
    Response response;
    response.later = later;
    return response;
  });
  CHECK(owed.body.empty());
  std::string seen;
  const bool early = GENERATE(true, false);
  if (early) later->complete(text("later"));
  later->deliver([&](const Later::Get& give) { seen = give().body; });
  if (!early) later->complete(text("later"));
  CHECK(seen == "later inner outer");
}

TEST_CASE("later: who handles a response on its way hears of what was thrown", "[http]") {
  const Later::Finish mend = [](const Later::Get& give) {
    try {
      return give();
    } catch (const std::runtime_error& error) {
      return text(std::string("mended ") + error.what());
    }
  };
  const auto now = http::finish_with([]() -> Response { throw std::runtime_error("now"); }, mend);
  CHECK(now.body == "mended now");
  const auto later = std::make_shared<Later>();
  later->add(mend);
  std::string seen;
  later->deliver([&](const Later::Get& give) { seen = give().body; });
  later->fail(std::make_exception_ptr(std::runtime_error("later")));
  CHECK(seen == "mended later");
}

TEST_CASE("later: a task that need not wait gives its response at once", "[http]") {
  async::Pool pool(1);
  const auto response = http::respond_with(pool, at_once("here"));
  CHECK_FALSE(response.later);
  CHECK(response.body == "here");
  const auto waits = http::respond_with(pool, after(pool, Millis{5}, "there"));
  CHECK(waits.later);
  pool.wait_for_tasks();
  CHECK(waits.later->take()->body == "there");
}

}  // namespace rekey::http_later_test
