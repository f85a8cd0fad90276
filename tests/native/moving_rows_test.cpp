// An import of a company whose rows move while they are read: every row that was there all the time
// is there afterwards, once, and what was imported before stays in use until then.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <mutex>
#include <random>
#include <set>

#include "native/store/imported.hpp"
#include "tests/native/work_harness.hpp"

namespace rekey::work::moving_rows_test {

namespace {

using accounting::Read;
using imports::Entity;

/// Books whose customers move between two questions.
class MovingBooks : public accounting::System {
 public:
  struct Customer {
    int id = 0;
    std::string name;
  };
  mutable std::vector<Customer> customers;
  int permanent = 0;            ///< ids below this stay
  mutable int moves_left = 0;   ///< how often something will still move
  bool ordered = true;          ///< otherwise permanent ones change places too
  bool heeds_start = true;      ///< otherwise every page is the first one
  std::int64_t most = 1 << 20;  ///< rows given at once, whatever is asked for
  std::int64_t miscounted = 0;  ///< this many more are counted than there are
  bool answers = true;          ///< otherwise it is in trouble
  std::set<Entity> broken;      ///< lists of which nothing can be read
  mutable int asked = 0;

  explicit MovingBooks(int count, unsigned seed = 1) : permanent(count), dice_(seed) {
    for (int i = 0; i < count; ++i) customers.push_back({i, "Customer " + std::to_string(i)});
  }

  async::Task<Read<connect::Company>> company(std::string realm_id, Secret) const override {
    if (!answers) co_return trouble();
    co_return connect::Company{realm_id, "Books"};
  }
  async::Task<Read<accounting::Page>> page(Entity entity, std::string, Secret, std::int64_t start,
                                           std::int64_t limit) const override {
    co_return answer(entity, start, limit);
  }
  std::int64_t most_rows() const override { return 1000; }
  async::Task<Read<std::int64_t>> count(Entity entity, std::string, Secret) const override {
    const std::lock_guard lock(mutex_);
    ++asked;
    if (!answers) co_return trouble();
    if (broken.contains(entity)) co_return unreadable();
    if (entity != Entity::customer) co_return 1;
    co_return static_cast<std::int64_t>(customers.size()) + miscounted;
  }
  mapping::Record record_of(Entity, const wire::Json& row,
                            const accounting::SmallLists&) const override {
    return {wire::text_at(row, "Id"), wire::text_at(row, "Name"), "", true};
  }

 private:
  static tl::unexpected<oauth::Failure> trouble() {
    return tl::unexpected(oauth::Failure{oauth::Meaning::unavailable});
  }
  static tl::unexpected<oauth::Failure> unreadable() {
    return tl::unexpected(oauth::Failure{oauth::Meaning::unreadable});
  }
  int below(int limit) const {
    return std::uniform_int_distribution<int>(0, std::max(0, limit - 1))(dice_);
  }
  Read<accounting::Page> answer(Entity entity, std::int64_t start, std::int64_t limit) const {
    const std::lock_guard lock(mutex_);
    ++asked;
    if (!answers) return trouble();
    if (broken.contains(entity)) return unreadable();
    accounting::Page out;
    if (entity != Entity::customer) {
      if (start == 1) out.rows.push_back({"1", R"({"Id":"1","Name":"One"})"});
      return out;
    }
    move();
    const auto from = heeds_start ? start : 1;
    for (auto i = from - 1;
         i < static_cast<std::int64_t>(customers.size()) && i < from - 1 + std::min(limit, most);
         ++i) {
      const auto& each = customers[static_cast<std::size_t>(i)];
      const auto id = std::to_string(each.id);
      out.rows.push_back({id, wire::dump({{"Id", id}, {"Name", each.name}})});
    }
    return out;
  }
  /// Inserts, removes, renames, merges, or puts elsewhere.
  void move() const {
    if (moves_left <= 0 || below(2) != 0) return;
    --moves_left;
    const int count = static_cast<int>(customers.size());
    const auto any = customers.begin() + below(count);
    switch (below(ordered ? 3 : 4)) {
      case 0:
        customers.insert(customers.begin() + below(count + 1),
                         {1'000'000 + moves_left, "New " + std::to_string(moves_left)});
        return;
      case 1: {
        // Gone, or merged into another one.
        const auto at = std::find_if(any, customers.end(),
                                     [&](const Customer& each) { return each.id >= permanent; });
        if (at != customers.end()) customers.erase(at);
        return;
      }
      case 2:
        any->name += " & Sons";
        return;
      default: {
        const auto moved = *any;
        customers.erase(any);
        customers.insert(customers.begin() + below(count), moved);
      }
    }
  }

  mutable std::mutex mutex_;
  mutable std::mt19937 dice_;
};

struct Import {
  explicit Import(std::shared_ptr<MovingBooks> of) : books(std::move(of)) {
    version = harness.link(3600);
    harness.clients.accounting = books;
    harness.clients.import_page_size = 10;
  }
  imports::State state() { return harness.state().import; }
  bool is_done() { return std::holds_alternative<imports::Done>(state().phase); }
  Again run(int attempts = 0) { return harness.perform(RunImport{state().run, version}, attempts); }
  /// Tries again until it is over, as workers do.
  void run_out() {
    for (int attempts = 0, turns = 0; turns < 20; ++turns) {
      const auto again = run(attempts);
      if (!again) return;
      attempts = again.stepped ? 0 : attempts + 1;
    }
    FAIL("it is tried for ever");
  }
  void press() {
    REQUIRE(
        harness.driver->take(harness.owner.connection, wire::by_time(), imports::import_anew()));
  }
  store::List customers() { return {harness.owner.connection, "123", Entity::customer}; }
  /// The ids in use, each once.
  std::set<std::string> ids() {
    std::set<std::string> out;
    auto db = harness.databases->borrow();
    store::each_imported(*db, customers(), [&](const store::ImportedRow& row) {
      CHECK(out.insert(row.id).second);
      return true;
    });
    return out;
  }
  void check_whole() {
    const auto there = ids();
    for (int i = 0; i < books->permanent; ++i) REQUIRE(there.contains(std::to_string(i)));
  }
  const imports::Progress progress_of(Entity entity) {
    return std::visit(
        [&](const auto& phase) {
          if constexpr (requires { phase.progress; })
            for (const auto& each : phase.progress)
              if (each.entity == entity) return each;
          return imports::Progress{};
        },
        state().phase);
  }

  Harness harness;
  std::shared_ptr<MovingBooks> books;
  std::int64_t version = 0;
};

}  // namespace

TEST_CASE("moving rows: none that was there all the time is lost, and none comes twice", "[work]") {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    INFO(seed);
    auto books = std::make_shared<MovingBooks>(80, seed);
    books->moves_left = 10;
    books->ordered = seed % 3 != 0;
    if (seed % 4 == 0) books->most = 7;
    Import import(books);
    CHECK_FALSE(import.run());
    REQUIRE(import.is_done());
    import.check_whole();
  }
}

TEST_CASE(
    "moving rows: a provider that does not heed positions, or counts wrongly, is not believed",
    "[work]") {
  auto books = std::make_shared<MovingBooks>(50);
  SECTION("positions") {
    books->heeds_start = false;
    Import import(books);
    CHECK_FALSE(import.run(4));
    const auto phase = import.state().phase;
    REQUIRE(std::holds_alternative<imports::Failed>(phase));
    CHECK(std::get<imports::Failed>(phase).reason == imports::Stopped::unreadable);
  }
  SECTION("counts") {
    books->miscounted = 5;
    Import import(books);
    CHECK_FALSE(import.run(4));
    const auto phase = import.state().phase;
    REQUIRE(std::holds_alternative<imports::Failed>(phase));
    CHECK(std::get<imports::Failed>(phase).reason == imports::Stopped::incomplete);
    // It goes on, and finds it whole, when the count is right.
    books->miscounted = 0;
    REQUIRE(import.harness.driver->take(import.harness.owner.connection, wire::by_time(),
                                        imports::ResumePressed{}));
    CHECK_FALSE(import.run());
    CHECK(import.is_done());
    import.check_whole();
  }
}

TEST_CASE("moving rows: an import that fails half-way changes nothing", "[work]") {
  auto books = std::make_shared<MovingBooks>(50);
  Import import(books);
  CHECK_FALSE(import.run());
  REQUIRE(import.is_done());
  const auto before = import.ids();
  books->customers.erase(books->customers.begin(), books->customers.begin() + 20);
  books->permanent = 0;
  import.press();
  books->broken = {Entity::vendor};
  import.run_out();
  CHECK(std::holds_alternative<imports::Failed>(import.state().phase));
  CHECK(import.ids() == before);
  SECTION("given up, it is as it was") {
    REQUIRE(import.harness.driver->take(import.harness.owner.connection, wire::by_time(),
                                        imports::CancelImportPressed{}));
    CHECK(import.is_done());
    CHECK(import.ids() == before);
  }
  SECTION("gone on with, all changes at once") {
    books->broken.clear();
    REQUIRE(import.harness.driver->take(import.harness.owner.connection, wire::by_time(),
                                        imports::ResumePressed{}));
    CHECK_FALSE(import.run());
    REQUIRE(import.is_done());
    CHECK(import.ids().size() == 30);
    auto db = import.harness.databases->borrow();
    const auto row = store::imported_row(*db, import.customers(), "3");
    REQUIRE(row);
    CHECK(row->gone);
  }
}

TEST_CASE("moving rows: it goes on after the last page, in another process", "[work]") {
  auto books = std::make_shared<MovingBooks>(95);
  Import import(books);
  int turns = 0;
  for (; turns < 200 && !import.is_done(); ++turns) {
    // Others wait all the time: a page, and then it is their turn.
    Performer performer(*import.harness.driver, import.harness.clients);
    const Place place{[] { return false; }, [] { return true; }};
    (void)async::wait_for(performer.perform(
        {1, import.harness.owner.connection, RunImport{import.state().run, import.version}, 0},
        place));
  }
  CHECK(import.is_done());
  CHECK(turns < 60);
  import.check_whole();
  CHECK(import.progress_of(Entity::customer).done == 95);
}

TEST_CASE("moving rows: a list that fails alone is left out, and read again when somebody wants it",
          "[work]") {
  auto books = std::make_shared<MovingBooks>(5);
  books->broken = {Entity::term};
  Import import(books);
  import.run_out();
  REQUIRE(import.is_done());
  CHECK(import.progress_of(Entity::term).left_out == imports::LeftOut::not_read);
  books->broken.clear();
  REQUIRE(import.harness.driver->take(import.harness.owner.connection, wire::by_time(),
                                      imports::RetryListPressed{Entity::term}));
  CHECK_FALSE(import.run());
  REQUIRE(import.is_done());
  CHECK_FALSE(import.progress_of(Entity::term).left_out);
  CHECK(import.ids().size() == 5);
}

TEST_CASE("moving rows: a provider in trouble as a whole stops the import, and no list is left out",
          "[work]") {
  auto books = std::make_shared<MovingBooks>(5);
  books->answers = false;
  Import import(books);
  CHECK_FALSE(import.run(4));
  const auto phase = import.state().phase;
  REQUIRE(std::holds_alternative<imports::Failed>(phase));
  CHECK(std::get<imports::Failed>(phase).reason == imports::Stopped::unreachable);
  CHECK(imports::lists_left_out(import.state()).empty());
}

}  // namespace rekey::work::moving_rows_test
