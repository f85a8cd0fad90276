#include <algorithm>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <latch>
#include <mutex>
#include <set>
#include <stdexcept>
#include <vector>

#include "native/async/gate.hpp"
#include "native/async/wait.hpp"

namespace rekey::async_test {

using namespace rekey::async;
using std::chrono::hours;

namespace {

Task<int> number(int value) {
  co_return value;
}
Task<int> sum(int a, int b) {
  const int first = co_await number(a);
  const int second = co_await number(b);
  co_return first + second;
}
Task<int> throws() {
  throw std::runtime_error("no number");
  co_return 0;
}
Task<bool> is_told_of_it() {
  try {
    (void)co_await throws();
  } catch (const std::runtime_error&) {
    co_return true;
  }
  co_return false;
}
Task<int> many(int times) {
  int total = 0;
  for (int i = 0; i < times; ++i) total += co_await number(1);
  co_return total;
}

Task<void> await_it(std::shared_ptr<Shared<int>> shared, std::atomic<int>& total,
                    std::latch& waiting, std::optional<Steady::time_point> until = {}) {
  waiting.count_down();
  const auto value = co_await shared->wait(until);
  total += value.value_or(-1);
}

Task<void> sleep(Pool& pool, Millis span, std::atomic<int>& over) {
  co_await pool.sleep(span);
  ++over;
}

}  // namespace

TEST_CASE("task: it gives its result, or throws, to who awaits it", "[async]") {
  CHECK(wait_for(sum(2, 3)) == 5);
  CHECK(wait_for(is_told_of_it()));
  CHECK_THROWS_AS(wait_for(throws()), std::runtime_error);
  CHECK(wait_for(many(1000)) == 1000);
}

TEST_CASE("task: nothing of one that is never awaited runs", "[async]") {
  std::atomic<int> over{0};
  Pool pool(1);
  { const auto never = sleep(pool, Millis{0}, over); }
  pool.wait_for_tasks();
  CHECK(over == 0);
}

TEST_CASE("pool: a thousand sleep in two threads, and all of them wake", "[async]") {
  Pool pool(2);
  std::atomic<int> over{0};
  for (int i = 0; i < 1000; ++i) pool.start(sleep(pool, Millis{20 + i % 7}, over));
  pool.wait_for_tasks();
  CHECK(over == 1000);
}

TEST_CASE("pool: who sleeps wakes, though no thread looked at the time before", "[async]") {
  Pool pool(2);
  std::atomic<int> over{0};
  for (int i = 1; i <= 20; ++i) {
    // All threads are idle by now; and a timer that is far away is nothing to wait for.
    if (i == 10) pool.at(Steady::now() + hours{1}, [] {});
    pool.start(sleep(pool, Millis{2}, over));
    pool.wait_for_tasks();
    CHECK(over == i);
  }
}

TEST_CASE("pool: a thread that works is not in the way of a timer", "[async]") {
  Pool pool(2);
  std::atomic<int> over{0};
  std::latch held(1), woken(1);
  pool.at(Steady::now() + Millis{30}, [&] { woken.count_down(); });
  // Taken by the one that looked at the time, most likely.
  pool.post([&] { held.wait(); });
  woken.wait();
  held.count_down();
  pool.start(sleep(pool, Millis{1}, over));
  pool.wait_for_tasks();
  CHECK(over == 1);
}

TEST_CASE("pool: it waits at its end for the tasks that were started", "[async]") {
  std::atomic<int> over{0};
  {
    Pool pool(1);
    pool.start(sleep(pool, Millis{30}, over));
    pool.start_there(sleep(pool, Millis{10}, over));
  }
  CHECK(over == 2);
}

TEST_CASE("pool: a timer that was cancelled never comes, and is not waited for", "[async]") {
  std::atomic<int> over{0};
  {
    Pool pool(1);
    const auto timer = pool.at(Steady::now() + hours{1}, [&] { ++over; });
    pool.at(Steady::now() + hours{2}, [&] { ++over; });
    pool.cancel(timer);
    pool.start(sleep(pool, Millis{5}, over));
  }
  CHECK(over == 1);
}

TEST_CASE("pool: what a task throws is not the end of the pool", "[async]") {
  Pool pool(1);
  std::atomic<int> over{0};
  const auto fails = []() -> Task<void> {
    throw std::runtime_error("out of order");
    co_return;
  };
  pool.start(fails());
  pool.start(sleep(pool, Millis{1}, over));
  pool.wait_for_tasks();
  CHECK(over == 1);
}

TEST_CASE("shared: everybody gets the one result, late comers too", "[async]") {
  Pool pool(2);
  const auto shared = std::make_shared<Shared<int>>(pool);
  std::atomic<int> total{0};
  std::latch waiting(101);
  for (int i = 0; i < 100; ++i) pool.start(await_it(shared, total, waiting));
  shared->settle(1);
  pool.start(await_it(shared, total, waiting));
  pool.wait_for_tasks();
  CHECK(total == 101);
}

TEST_CASE("shared: who waits no longer than a time goes on without it; the others get it",
          "[async]") {
  Pool pool(2);
  const auto shared = std::make_shared<Shared<int>>(pool);
  std::atomic<int> total{0}, late{0};
  std::latch waiting(2);
  pool.start(await_it(shared, total, waiting));
  {
    Pool other(1);
    other.start(await_it(shared, late, waiting, Steady::now() + Millis{10}));
    other.wait_for_tasks();
  }
  CHECK(late == -1);
  shared->settle(5);
  pool.wait_for_tasks();
  CHECK(total == 5);
}

TEST_CASE("shared: it throws to everybody what there was instead of a result", "[async]") {
  Pool pool(1);
  const auto shared = std::make_shared<Shared<int>>(pool);
  std::atomic<int> total{0};
  std::latch waiting(1);
  shared->settle({}, std::make_exception_ptr(std::runtime_error("none")));
  CHECK_THROWS_AS(wait_for([](std::shared_ptr<Shared<int>> it) -> Task<bool> {
                    const auto value = co_await it->wait();
                    co_return value.has_value();
                  }(shared)),
                  std::runtime_error);
}

TEST_CASE("async: a gate lets so many through, and the others in the order in which they came") {
  Pool pool(4);
  struct Seen {
    std::mutex mutex;
    int inside = 0, most = 0;
    std::vector<int> order;
  };
  const auto go = [](Pool& in, std::shared_ptr<Gate> gate, Seen& seen, int number) -> Task<void> {
    auto pass = co_await gate->enter(in);
    {
      const std::lock_guard lock(seen.mutex);
      seen.most = std::max(seen.most, ++seen.inside);
      seen.order.push_back(number);
    }
    co_await in.sleep(Millis{2});
    {
      const std::lock_guard lock(seen.mutex);
      --seen.inside;
    }
    pass.leave();
  };
  for (const int most : {1, 3}) {
    const auto gate = std::make_shared<Gate>(most);
    Seen seen;
    for (int i = 0; i < 20; ++i) pool.start(go(pool, gate, seen, i));
    pool.wait_for_tasks();
    CHECK(seen.most == most);
    CHECK(seen.order.size() == 20);
    if (most == 1) CHECK(std::is_sorted(seen.order.begin(), seen.order.end()));
  }
}

}  // namespace rekey::async_test
