#include <sys/resource.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <condition_variable>
#include <filesystem>
#include <latch>
#include <thread>

#include "http_raw_server.hpp"
#include "native/async/wait.hpp"
#include "native/http/ask.hpp"
#include "native/http/client.hpp"
#include "native/http/later.hpp"
#include "native/http/server.hpp"

namespace rekey::http_client_later_test {

using Catch::Matchers::ContainsSubstring;
using rekey::testing::RawPeer;
using rekey::testing::RawServer;
using rekey::testing::unused_port;

namespace {

std::string url_of(const http::Server& server, const std::string& path = "/") {
  return "http://127.0.0.1:" + std::to_string(server.port()) + path;
}

std::ptrdiff_t threads_of_this_process() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return std::distance(begin(tasks), end(tasks));
}

/// Answers nobody before `open`.
class Gate {
 public:
  http::Response handle(const http::Request& request) {
    http::Response response;
    response.later = std::make_shared<http::Later>();
    const std::lock_guard lock(mutex_);
    waiting_.emplace_back(response.later, request.path);
    arrived_.notify_all();
    return response;
  }
  void wait_for(std::size_t many) {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return waiting_.size() >= many; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    for (const auto& [later, path] : waiting_) {
      http::Response response;
      response.body = path;
      later->complete(std::move(response));
    }
    waiting_.clear();
  }
  /// How many wait just now.
  std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<std::pair<std::shared_ptr<http::Later>, std::string>> waiting_;
};

/// So many files this process may open, while it lives.
class FileLimit {
 public:
  explicit FileLimit(rlim_t files) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit limit{std::min(files, before_.rlim_max), before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  ~FileLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  FileLimit(const FileLimit&) = delete;
  FileLimit& operator=(const FileLimit&) = delete;

 private:
  rlimit before_{};
};

async::Task<void> ask_for(http::Client& client, std::string url, std::string path,
                          std::atomic<int>& right, http::Urgency urgency = http::Urgency::soon) {
  http::ClientRequest request;
  request.urgency = urgency;
  request.url = url + path;
  const auto answer = co_await http::ask(client, std::move(request));
  if (answer && answer->status == 200 && answer->body == path) ++right;
}

http::Answer answer_to(http::Client& client, const std::string& url,
                       const std::string& method = "GET") {
  http::ClientRequest request;
  request.method = method;
  request.url = url;
  if (method == "POST") request.body = "code=abc";
  return async::wait_for(http::ask(client, std::move(request)));
}

}  // namespace

TEST_CASE("client: a hundred that wait for an answer hold no thread", "[http]") {
  constexpr int many = 100;
  Gate gate;
  http::Server server({}, [&](const http::Request& request) { return gate.handle(request); });
  const auto pool = std::make_shared<async::Pool>(2);
  const auto client = http::make_client({}, pool);
  std::atomic<int> right{0};
  const auto before = threads_of_this_process();
  for (int i = 0; i < many; ++i)
    pool->start(ask_for(*client, url_of(server, ""), "/" + std::to_string(i), right));
  gate.wait_for(many);
  CHECK(right == 0);
  CHECK(threads_of_this_process() <= before + 3);  // the loop and the pool
  gate.open();
  pool->wait_for_tasks();
  CHECK(right == many);
}

TEST_CASE("client: an eighth of the files is for calls out, and the others wait for their turn",
          "[http]") {
  constexpr std::size_t files = 800, at_once = files / 8, rounds = 3;
  Gate gate;
  http::Server server({}, [&](const http::Request& request) { return gate.handle(request); });
  const FileLimit limit(files);  // a server raises it when it begins
  const auto pool = std::make_shared<async::Pool>(2);
  const auto client = http::make_client({}, pool);
  std::atomic<int> right{0};
  for (std::size_t i = 0; i < rounds * at_once; ++i)
    pool->start(ask_for(*client, url_of(server, ""), "/" + std::to_string(i), right));
  for (std::size_t i = 0; i < rounds; ++i) {
    gate.wait_for(at_once);
    // One that did not wait for its turn would arrive meanwhile.
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    CHECK(gate.count() == at_once);
    gate.open();
  }
  pool->wait_for_tasks();
  CHECK(right == static_cast<int>(rounds * at_once));
}

TEST_CASE("client: those that can wait leave half of the connections to others", "[http]") {
  constexpr std::size_t files = 800, share = files / 8 / 2, many = 6 * share;
  Gate gate;
  http::Server server({}, [&](const http::Request& request) { return gate.handle(request); });
  const FileLimit limit(files);
  const auto pool = std::make_shared<async::Pool>(2);
  auto client = http::make_client({}, pool);
  std::atomic<int> right{0};
  for (std::size_t i = 0; i < many; ++i)
    pool->start(ask_for(*client, url_of(server, ""), "/" + std::to_string(i), right,
                        http::Urgency::can_wait));
  gate.wait_for(share);
  pool->start(ask_for(*client, url_of(server, ""), "/soon", right));
  gate.wait_for(share + 1);
  // One of the others that did not wait for its turn would arrive meanwhile.
  std::this_thread::sleep_for(std::chrono::milliseconds{100});
  CHECK(gate.count() == share + 1);
  SECTION("each has its turn") {
    for (std::size_t sent = share + 1; sent < many + 1; sent += share) {
      gate.open();
      gate.wait_for(share);
    }
    gate.open();
    pool->wait_for_tasks();
    CHECK(right == static_cast<int>(many + 1));
  }
  SECTION("those that had none are answered at the end too") {
    client.reset();
    pool->wait_for_tasks();
    CHECK(right == 0);
  }
}

TEST_CASE("client: a request may have less time than the others", "[http]") {
  Gate gate;
  http::Server server({}, [&](const http::Request& request) { return gate.handle(request); });
  const auto pool = std::make_shared<async::Pool>(1);
  const auto client = http::make_client({}, pool);
  http::ClientRequest request;
  request.url = url_of(server);
  request.most_ms = 200;
  const auto answer = async::wait_for(http::ask(*client, std::move(request)));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().maybe_done);
}

TEST_CASE("client: what is still waited for at its end is answered with an error", "[http]") {
  Gate gate;
  http::Server server({}, [&](const http::Request& request) { return gate.handle(request); });
  auto client = http::make_client({});
  std::atomic<int> told{0};
  std::string what;
  bool maybe_done = false;
  for (int i = 0; i < 3; ++i)
    client->send_later({"POST", url_of(server, "/token"), {}, "code=abc"},
                       [&](const http::Answer& answer) {
                         REQUIRE_FALSE(answer);
                         what = answer.error().what;
                         maybe_done = answer.error().maybe_done;
                         ++told;
                       });
  gate.wait_for(3);
  client.reset();
  CHECK(told == 3);
  CHECK_THAT(what, ContainsSubstring("127.0.0.1"));
  CHECK(what.find("/token") == std::string::npos);
  CHECK(maybe_done);
}

TEST_CASE("client: one slow answer is not in the way of another", "[http]") {
  Gate gate;
  http::Server slow({}, [&](const http::Request& request) { return gate.handle(request); });
  http::Server quick({}, [](const http::Request&) { return http::Response{}; });
  const auto pool = std::make_shared<async::Pool>(1);
  const auto client = http::make_client({}, pool);
  std::atomic<int> right{0};
  pool->start(ask_for(*client, url_of(slow, ""), "/x", right));
  gate.wait_for(1);
  const auto answer = answer_to(*client, url_of(quick));
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(right == 0);
  gate.open();
  pool->wait_for_tasks();
  CHECK(right == 1);
}

TEST_CASE("client: without a thread too, a failure says whether the request may have been done",
          "[http]") {
  http::ClientOptions options;
  options.connect_timeout_ms = 2000;
  options.total_timeout_ms = 300;
  const auto pool = std::make_shared<async::Pool>(1);
  const auto client = http::make_client(options, pool);
  const auto refused =
      answer_to(*client, "http://127.0.0.1:" + std::to_string(unused_port()) + "/token", "POST");
  REQUIRE_FALSE(refused);
  CHECK_FALSE(refused.error().maybe_done);
  RawServer silent([](RawPeer& peer, int) { peer.read_until(""); });
  const auto cut = answer_to(*client, silent.url("/token"), "POST");
  REQUIRE_FALSE(cut);
  CHECK(cut.error().maybe_done);
  CHECK(cut.error().what.find("token") == std::string::npos);
  http::ClientRequest bad{"GET", "http://127.0.0.1:1/", {{"X", "a\r\nB: c"}}, {}};
  const auto never = async::wait_for(http::ask(*client, std::move(bad)));
  REQUIRE_FALSE(never);
  CHECK_FALSE(never.error().maybe_done);
}

}  // namespace rekey::http_client_later_test
