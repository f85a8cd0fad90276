// A configuration on its way into the store: whose it is, when it was saved, and what the host is
// told of it.
#include <catch2/catch_test_macros.hpp>

#include "native/metrics/metrics.hpp"
#include "native/store/configurations.hpp"
#include "tests/native/work_harness.hpp"

namespace rekey::work::saving_test {
namespace {

const wire::Actor ida{wire::Actor::Kind::user, "u-1", "Ida Brook"};

/// A connection whose customer may choose and save.
struct Choosing : Harness {
  Choosing() {
    (void)link(3600);
    const auto run = state().import.run;
    for (const auto each : imports::current_plan())
      take(wire::by_provider(), imports::PageImported{run, each, 0, {}, true});
  }
  void take(const wire::Actor& actor, const Event& event,
            const Driver::InSameTransaction& also = {}) {
    REQUIRE(driver->take(owner.connection, actor, event, also));
  }
  /// What the page's Save does, without its worker's part.
  std::int64_t press_save() {
    take(ida, save::SavePressed{state().save.revision},
         [&](store::Database& db, const store::StoredConnection&, const Step& next) {
           store::put_draft(db, owner.connection, "123", next.next.save.revision, {}, driver->now(),
                            ida);
         });
    return state().save.revision;
  }
  wire::Json message(const std::string& type) {
    auto db = databases->borrow();
    auto row = db->query("select body from webhook_messages where type = ?1", type);
    if (!row.step()) return {};
    return *wire::parse(row.text(0), "The message");
  }
};

}  // namespace

TEST_CASE("saving: the person who pressed Save is the actor of what comes of it, too", "[work]") {
  Choosing harness;
  const auto revision = harness.press_save();
  (void)harness.perform(StoreConfiguration{revision});
  const auto told = harness.message("configuration.saved");
  REQUIRE(told.is_object());
  CHECK(told["data"]["actor"] == wire::write(ida));
  auto db = harness.databases->borrow();
  auto row = db->query(
      "select actor from events where connection = ?1 and event like '%configuration_stored%'",
      harness.owner.connection);
  REQUIRE(row.step());
  CHECK(*wire::parse(row.text(0), "The actor") == wire::write(ida));
}

TEST_CASE("saving: a configuration is of the time at which Save was pressed", "[work]") {
  Choosing harness;
  const auto pressed = harness.driver->now();
  const auto revision = harness.press_save();
  harness.now_ms += 1500;  // until a worker comes to it
  (void)harness.perform(StoreConfiguration{revision});
  auto db = harness.databases->borrow();
  const auto saved = store::newest_configuration(*db, harness.owner.connection, "123", true);
  REQUIRE(saved);
  CHECK(saved->at == pressed);
  CHECK(saved->actor == ida);
}

TEST_CASE("saving: the host is told of one that came to nothing", "[work]") {
  Choosing harness;
  (void)harness.press_save();
  CHECK(harness.message("configuration.failed").is_null());
  harness.now_ms += 3'600'000;
  harness.take(wire::by_time(), TimeReached{});
  const auto told = harness.message("configuration.failed");
  REQUIRE(told.is_object());
  CHECK(told["data"]["note"] == "save_failed");
  CHECK(harness.message("configuration.saved").is_null());
}

TEST_CASE("saving: that the oldest of a hundred saved ones went is counted", "[work]") {
  Choosing harness;
  {
    auto db = harness.databases->borrow();
    for (int i = 0; i < store::saved_kept; ++i) {
      store::put_draft(*db, harness.owner.connection, "123", i - store::saved_kept, {},
                       harness.driver->now());
      REQUIRE(store::mark_saved(*db, harness.owner.connection, i - store::saved_kept));
    }
  }
  const auto counted = [] {
    const auto text = metrics::exposition({});
    return text.find("rekey_limits_total{limit=\"revisions\"}") != std::string::npos;
  };
  CHECK_FALSE(counted());
  (void)harness.perform(StoreConfiguration{harness.press_save()});
  CHECK(counted());
}

}  // namespace rekey::work::saving_test
