#include "native/work/audit.hpp"

#include <catch2/catch_test_macros.hpp>
#include <mutex>

#include "native/log.hpp"
#include "native/metrics/metrics.hpp"
#include "native/store/connections.hpp"
#include "native/store/erasing.hpp"
#include "native/store/schema.hpp"
#include "native/store/tenants.hpp"
#include "tests/native/test_database.hpp"

namespace rekey::audit_test {

using audit::Event;

namespace {

const wire::Actor jane{wire::Actor::Kind::user, "user-77", "Jane Doe"};
const Instant start = from_ms(1'790'000'000'000);

/// The log's lines while it lives.
struct Lines {
  Lines() {
    log::set_sink([this](std::string_view line) { all.emplace_back(line); });
  }
  ~Lines() { log::set_sink({}); }
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;
  std::vector<std::string> all;
};

struct AuditHarness {
  AuditHarness() : databases(place.name()) {
    auto db = databases.borrow();
    store::prepare_schema(*db);
    store::put_tenant(*db, "tenant-9", "Nine", start);
    connection = store::ensure_connection(*db, "tenant-9", "quickbooks-online", start).id;
  }
  std::vector<store::AuditEntry> entries() {
    return store::audit_after(*databases.borrow(), 0, {}, 1000);
  }
  store::TestDatabase place;
  store::Databases databases;
  std::string connection;
};

}  // namespace

TEST_CASE("audit: an entry comes back with its actor; its line in the log names no user",
          "[work]") {
  AuditHarness harness;
  const Lines lines;
  audit::note(harness.databases,
              {Event::signed_in, jane, "tenant-9", harness.connection, {}, {{"session", "ps_1"}}},
              start);
  const auto entries = harness.entries();
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].event == "signed_in");
  CHECK(entries[0].at == start);
  CHECK(entries[0].actor == jane);
  CHECK(entries[0].tenant == "tenant-9");
  CHECK(entries[0].detail == wire::Json{{"session", "ps_1"}});
  REQUIRE(lines.all.size() == 1);
  const auto line = wire::parse(lines.all[0], "the line").value();
  CHECK(line["event"] == "security.signed_in");
  CHECK(line["level"] == "info");
  CHECK(line["actor"] == "user");
  CHECK(line["connection"] == harness.connection);
  for (const char* personal : {"Jane", "user-77", "tenant-9"})
    CHECK(lines.all[0].find(personal) == std::string::npos);
}

TEST_CASE(
    "audit: what anybody can cause is kept a few times a minute, and says how much it left out",
    "[work]") {
  AuditHarness harness;
  const Lines lines;
  const audit::Entry refused{Event::link_refused, wire::by_time(), {}, {}, "192.0.2.7"};
  // Another test may have caused some in this minute: a time of its own.
  const auto now = start + std::chrono::hours{1};
  for (int i = 0; i < 500; ++i) audit::note(harness.databases, refused, now);
  const auto kept = lines.all.size();
  CHECK(kept <= 20);
  CHECK(harness.entries().size() == kept);
  audit::note(harness.databases, refused, now + std::chrono::minutes{2});
  REQUIRE(lines.all.size() == kept + 1);
  const auto line = wire::parse(lines.all.back(), "the line").value();
  CHECK(line["left_out"] == 500 - static_cast<int>(kept));
  CHECK(line["peer"] == "192.0.2.7");
  CHECK(harness.entries().back().detail["left_out"] == 500 - static_cast<int>(kept));
}

TEST_CASE("audit: what is noted when its tenant is deleted already names neither it nor the person",
          "[work]") {
  AuditHarness harness;
  const auto gone = harness.connection;
  const auto note = [&](const std::string& tenant, const std::string& connection) {
    audit::note(harness.databases,
                {Event::signed_in, jane, tenant, connection, {}, {{"session", "ps_1"}, {"n", 2}}},
                start);
    return harness.entries().back();
  };
  SECTION("the tenant") {
    store::Rows rows;
    auto db = harness.databases.borrow();
    store::delete_connection(*db, gone, rows);
    store::delete_tenant(*db, "tenant-9", rows);
  }
  SECTION("the connection alone") {
    store::Rows rows;
    store::delete_connection(*harness.databases.borrow(), gone, rows);
  }
  const auto entry = note("tenant-9", gone);
  CHECK(entry.event == "signed_in");
  CHECK(entry.actor == wire::Actor{wire::Actor::Kind::user});
  CHECK_FALSE(entry.tenant);
  CHECK_FALSE(entry.connection);
  CHECK(entry.detail == wire::Json{{"n", 2}});
  // What names none is kept as it is.
  CHECK(note("", "").actor == jane);
}

TEST_CASE("metrics: what was counted and what was read are text that Prometheus reads",
          "[metrics]") {
  metrics::answered("/v1/tenants/{tenant}", "PUT", 200, std::chrono::milliseconds{3});
  metrics::answered("/v1/tenants/{tenant}", "PUT", 404, std::chrono::milliseconds{3});
  metrics::token_from_memory();
  metrics::refreshed("renewed");
  const metrics::OpenStream stream;
  const auto text =
      metrics::exposition({{"rekey_connections", "Connections.", {{"standing", "linked"}}, 41},
                           {"rekey_connections", "Connections.", {{"standing", "broken"}}, 1}});
  for (const char* line :
       {"# TYPE rekey_http_requests_total counter",
        "rekey_http_requests_total{method=\"PUT\",route=\"/v1/tenants/{tenant}\",status=\"200\"} 1",
        "rekey_http_request_seconds_bucket{route=\"/v1/tenants/"
        "{tenant}\",status=\"2xx\",le=\"0.005\"} 1",
        "rekey_refreshes_total{outcome=\"renewed\"} 1", "# TYPE rekey_connections gauge",
        "rekey_connections{standing=\"linked\"} 41", "rekey_connections{standing=\"broken\"} 1",
        "rekey_event_streams 1"}) {
    INFO(line << "\n" << text);
    CHECK(text.find(line) != std::string::npos);
  }
}

}  // namespace rekey::audit_test
