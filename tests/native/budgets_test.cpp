// Calls of an accounting API wait for their turn.
#include "native/work/budgets.hpp"

#include <algorithm>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <mutex>

#include "native/store/schema.hpp"
#include "tests/native/test_database.hpp"

namespace rekey::work::budgets_test {

namespace {

using accounting::Read;
using async::Steady;
using imports::Entity;

/// Answers everything at once, as often "too often" as a test says.
class Books : public accounting::System {
 public:
  mutable std::atomic<int> too_often{0};
  mutable std::atomic<int> asked{0};
  std::optional<Millis> retry_after;
  mutable std::mutex mutex;
  mutable std::vector<std::string> order;

  async::Task<Read<connect::Company>> company(std::string realm_id, Secret) const override {
    if (const auto fault = answer("company")) co_return tl::unexpected(*fault);
    co_return connect::Company{realm_id, "Books"};
  }
  async::Task<Read<accounting::Page>> page(Entity, std::string, Secret, std::int64_t,
                                           std::int64_t) const override {
    if (const auto fault = answer("page")) co_return tl::unexpected(*fault);
    co_return accounting::Page{};
  }
  std::int64_t most_rows() const override { return 1000; }
  async::Task<Read<std::int64_t>> count(Entity, std::string, Secret) const override {
    if (const auto fault = answer("count")) co_return tl::unexpected(*fault);
    co_return 1;
  }
  mapping::Record record_of(Entity, const wire::Json&,
                            const accounting::SmallLists&) const override {
    return {};
  }

 private:
  std::optional<oauth::Failure> answer(const std::string& what) const {
    ++asked;
    const std::lock_guard lock(mutex);
    order.push_back(what);
    if (too_often-- > 0) return oauth::Failure{oauth::Meaning::throttled, false, retry_after};
    return {};
  }
};

struct Place {
  explicit Place(budget::Limits limits) {
    store::prepare_schema(*databases->borrow());
    budgets = std::make_shared<Budgets>(databases, *pool, "books", limits, [] {
      return std::chrono::floor<Millis>(std::chrono::system_clock::now());
    });
    system = std::make_shared<BudgetedSystem>(books, budgets);
  }
  ~Place() {
    budgets->close();
    pool->wait_for_tasks();
  }
  Read<accounting::Page> page() {
    return async::wait_for(system->page(Entity::customer, "r1", Secret(), 1, 10));
  }
  /// Calls of another process, which has nothing but the database in common.
  std::shared_ptr<BudgetedSystem> other_process(budget::Limits limits) {
    auto others = std::make_shared<Budgets>(databases, *pool, "books", limits, [] {
      return std::chrono::floor<Millis>(std::chrono::system_clock::now());
    });
    return std::make_shared<BudgetedSystem>(books, others);
  }

  store::TestDatabase file;
  std::shared_ptr<store::Databases> databases = std::make_shared<store::Databases>(file.name());
  std::shared_ptr<async::Pool> pool = std::make_shared<async::Pool>();
  std::shared_ptr<Books> books = std::make_shared<Books>();
  std::shared_ptr<Budgets> budgets;
  std::shared_ptr<BudgetedSystem> system;
};

}  // namespace

TEST_CASE("budgets: what stands for a company in the database does not name it", "[work]") {
  CHECK(budget_key("books", "9130001").find("9130001") == std::string::npos);
  CHECK(budget_key("books", "1") != budget_key("books", "2"));
  CHECK(budget_key("books", "1") != budget_key("others", "1"));
}

TEST_CASE("budgets: calls of two processes keep the pace together", "[work]") {
  const budget::Limits limits{50, 0};
  Place place(limits);
  const auto other = place.other_process(limits);
  const auto began = Steady::now();
  for (int i = 0; i < 10; ++i) {
    REQUIRE(place.page());
    REQUIRE(async::wait_for(other->page(Entity::customer, "r1", Secret(), 1, 10)));
  }
  // Twenty calls are nineteen pauses of a fiftieth of a second.
  CHECK(Steady::now() - began >= Millis{19 * 20});
  CHECK(place.books->asked == 20);
}

TEST_CASE("budgets: an import asks again after a pause, a person is told", "[work]") {
  Place place({0, 0});
  place.books->too_often = 3;
  const auto began = Steady::now();
  CHECK(place.page());
  CHECK(place.books->asked == 4);
  CHECK(Steady::now() - began >= Millis{250 + 500});
  place.books->too_often = 1;
  const auto company = async::wait_for(place.system->company("r1", Secret()));
  REQUIRE_FALSE(company);
  CHECK(company.error().meaning == oauth::Meaning::throttled);
  CHECK(place.books->asked == 5);
}

TEST_CASE("budgets: a pause that is long is the caller's matter, and nobody asks meanwhile",
          "[work]") {
  Place place({0, 0});
  place.books->too_often = 1;
  place.books->retry_after = std::chrono::seconds{90};
  const auto page = place.page();
  REQUIRE_FALSE(page);
  CHECK(page.error().retry_after == std::chrono::seconds{90});
  const auto company = async::wait_for(place.system->company("r1", Secret()));
  REQUIRE_FALSE(company);
  CHECK(company.error().retry_after.value() > std::chrono::seconds{80});
  CHECK(place.books->asked == 1);
  // Of another company nothing was said.
  CHECK(async::wait_for(place.system->company("r2", Secret())));
}

TEST_CASE("budgets: an import is not kept waiting for the end of a long pause", "[work]") {
  Place place({4, 0});
  place.books->too_often = 1;
  place.books->retry_after = std::chrono::seconds{90};
  const auto began = Steady::now();
  std::atomic<int> told{0};
  const auto ask = [](Place& of, std::atomic<int>& count) -> async::Task<void> {
    const auto page = co_await of.system->page(Entity::customer, "r1", Secret(), 1, 10);
    if (!page && page.error().retry_after > std::chrono::seconds{80}) ++count;
  };
  // The first is told, while the others are waiting for their turn.
  for (int i = 0; i < 3; ++i) place.pool->start(ask(place, told));
  place.pool->wait_for_tasks();
  CHECK(told == 3);
  CHECK(place.books->asked == 1);
  // Those who come later are told too, in other processes as well.
  const auto later = place.page();
  REQUIRE_FALSE(later);
  CHECK(later.error().retry_after > std::chrono::seconds{80});
  const auto elsewhere =
      async::wait_for(place.other_process({4, 0})->page(Entity::customer, "r1", Secret(), 1, 10));
  REQUIRE_FALSE(elsewhere);
  CHECK(elsewhere.error().retry_after > std::chrono::seconds{80});
  CHECK(place.books->asked == 1);
  CHECK(Steady::now() - began < std::chrono::seconds{20});
}

TEST_CASE("budgets: companies that nobody asks for are forgotten", "[work]") {
  Place place({50, 0});
  const auto budgets = std::make_shared<Budgets>(
      place.databases, *place.pool, "books", budget::Limits{50, 0},
      [] { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }, Millis{0});
  for (int i = 0; i < 20; ++i) {
    CHECK(async::wait_for(budgets->turn("r" + std::to_string(i), CallFor::import)) == Millis{0});
    place.pool->wait_for_tasks();
    CHECK(budgets->companies() <= 1);
  }
}

TEST_CASE("budgets: people go before imports", "[work]") {
  Place place({20, 0});
  std::atomic<int> left{6};
  const auto run = [&](auto make) {
    const auto go = [](auto& of, auto task, std::atomic<int>& count) -> async::Task<void> {
      (void)of;
      (void)co_await task;
      --count;
    };
    place.pool->start(go(place, make(), left));
  };
  for (int i = 0; i < 5; ++i)
    run([&] { return place.system->page(Entity::customer, "r1", Secret(), 1, 10); });
  run([&] { return place.system->company("r1", Secret()); });
  place.pool->wait_for_tasks();
  CHECK(left == 0);
  const auto at = std::find(place.books->order.begin(), place.books->order.end(), "company");
  // At most those before it whose turn had come when it was asked for.
  CHECK(at - place.books->order.begin() <= 3);
}

}  // namespace rekey::work::budgets_test
