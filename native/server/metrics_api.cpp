#include "native/server/metrics_api.hpp"

#include <unistd.h>

#include <fstream>

#include "native/metrics/metrics.hpp"
#include "native/server/member.hpp"
#include "native/store/refreshes.hpp"
#include "native/store/schema.hpp"

#ifndef REKEY_VERSION
#define REKEY_VERSION "unknown"
#endif

namespace rekey::server {

namespace {

using metrics::Reading;
using Readings = std::vector<Reading>;

void add_row(Readings& to, const char* name, const char* help, const char* label, std::string value,
             double number) {
  to.push_back({name, help, {{label, std::move(value)}}, number});
}

// A phase as the standing that people know (work::Standing), as far as the phase alone tells it.

std::string standing_of(const connect::Unlinked&) {
  return "none";
}
std::string standing_of(const connect::Legacy&) {
  return "legacy";
}
std::string standing_of(const connect::Linked&) {
  return "linked";
}
std::string standing_of(const connect::Broken&) {
  return "broken";
}
std::string standing_of(const connect::Disconnecting&) {
  return "none";
}
template <connect::UnderWay P>
std::string standing_of(const P&) {
  return "signing_in";
}

/// By the phase's name.
template <class... P>
std::map<std::string, std::string> standings(const std::variant<P...>&) {
  return {{std::string(P::type), standing_of(P{})}...};
}

void read_connections(store::Database& db, Readings& to) {
  constexpr const char* name = "rekey_connections";
  constexpr const char* help = "Connections, by standing; those at risk are not counted as linked.";
  const auto standing_of_phase = standings(connect::Phase{});
  std::map<std::string, double> counts{{"at_risk", 0}};
  for (const auto& each : standing_of_phase) counts[each.second] = 0;
  {
    auto row = db.query("select status, count(*) from connections group by status");
    while (row.step()) {
      // A phase that only a newer version knows, which shares the database, is none of these.
      const auto known = standing_of_phase.find(row.text(0));
      counts[known == standing_of_phase.end() ? "none" : known->second] +=
          static_cast<double>(row.int64(1));
    }
  }
  for (const auto& [reason, count] : store::grants_at_risk(db)) {
    counts["at_risk"] += static_cast<double>(count);
    counts["linked"] -= static_cast<double>(count);
    add_row(to, "rekey_connections_at_risk", "Connections at risk, by reason.", "reason", reason,
            static_cast<double>(count));
  }
  for (const auto& [standing, count] : counts) add_row(to, name, help, "standing", standing, count);
}

/// The cases of an SQL `case` that gives the name of a job's effect.
template <class... E>
std::string names_of_jobs(const std::variant<E...>&) {
  std::string out;
  const auto add = [&](const std::string& name) {
    out += "when effect like '%\"type\":\"" + name + "\"%' then '" + name + "' ";
  };
  (add(std::string(E::type)), ...);
  return out;
}

void read_jobs(store::Database& db, Readings& to, Instant now) {
  auto row = db.query("select kind, count(*), min(run_at) from (select run_at, case " +
                      names_of_jobs(Effect{}) +
                      "else 'other' end as kind from jobs) as all_jobs group by kind");
  while (row.step()) {
    const auto kind = row.text(0);
    const auto late = static_cast<double>(to_ms(now) - row.int64(2)) / 1000;
    add_row(to, "rekey_jobs", "Jobs that wait or are in hand, by kind.", "kind", kind,
            static_cast<double>(row.int64(1)));
    add_row(to, "rekey_job_late_seconds", "How long ago the oldest job of a kind was due.", "kind",
            kind, std::max(0.0, late));
  }
}

double number_of(store::Database& db, const char* sql) {
  auto row = db.query(sql);
  return row.step() ? static_cast<double>(row.int64(0)) : 0;
}

void read_waiting(store::Database& db, Readings& to, Instant now) {
  to.push_back(
      {"rekey_webhooks_waiting",
       "Webhook deliveries that are still to be made.",
       {},
       number_of(db, "select count(*) from webhook_deliveries where next_at is not null")});
  to.push_back({"rekey_revocations_waiting",
                "Tokens of deleted connections that the provider has still to be told of.",
                {},
                number_of(db, "select count(*) from revocations")});
  to.push_back({"rekey_changes_waiting",
                "Records that the provider said have changed and that are still to be read.",
                {},
                number_of(db, "select count(*) from change_notices")});
  to.push_back({"rekey_erasures_waiting",
                "Deletions whose traces in the write-ahead log are still to be overwritten.",
                {},
                number_of(db, "select count(*) from deletions where pending <> 0")});
  to.push_back({"rekey_page_sessions",
                "Page sessions that are alive.",
                {},
                number_of(db, "select count(*) from page_sessions")});
  auto row = db.query(
      "select min(refresh_due) from grants where refresh_due is not null and refresh_due <= ?1",
      to_ms(now));
  const bool any = row.step() && !row.is_null(0);
  to.push_back({"rekey_refresh_late_seconds",
                "How long ago the grant that waits longest was due to be renewed.",
                {},
                any ? static_cast<double>(to_ms(now) - row.int64(0)) / 1000 : 0});
}

/// Of the process, by the names that Prometheus' own client libraries use.
void read_process(Readings& to) {
  std::ifstream statm("/proc/self/statm");
  double size = 0, resident = 0;
  statm >> size >> resident;
  const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
  to.push_back({"process_resident_memory_bytes", "Resident memory.", {}, resident * page});
  to.push_back({"process_virtual_memory_bytes", "Virtual memory.", {}, size * page});
  to.push_back(
      {"rekey_build_info", "Always 1; the labels say what runs.", {{"version", REKEY_VERSION}}, 1});
}

http::Response get_metrics(Service& service, const http::Request&, const Places&,
                           const wire::Actor&) {
  Readings readings;
  const auto now = service.driver.now();
  auto& databases = service.driver.databases();
  read_process(readings);
  bool reached = true;
  try {
    auto db = databases.borrow();
    read_connections(*db, readings);
    read_jobs(*db, readings, now);
    read_waiting(*db, readings, now);
  } catch (const store::DatabaseError&) {
    reached = false;  // the rest is worth having all the more
  }
  readings.push_back(
      {"rekey_database_up", "Whether the database answered.", {}, reached ? 1.0 : 0});
  const auto pool = databases.pool();
  for (const auto& [state, count] : {std::pair{"lent", pool.lent}, std::pair{"idle", pool.idle}})
    add_row(readings, "rekey_database_connections", "Open connections to the database.", "state",
            state, static_cast<double>(count));
  readings.push_back({"rekey_database_writers_waiting",
                      "Callers that wait for their turn to write (SQLite).",
                      {},
                      static_cast<double>(pool.waiting)});
  http::Response response;
  response.headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"},
                      {"Cache-Control", "no-store"}};
  response.body = metrics::exposition(readings);
  return response;
}

}  // namespace

void add_metrics(Router& router, Service& service, bool open) {
  if (open)
    router.add("GET", "/metrics", [&service](const http::Request& request, const Places& places) {
      return get_metrics(service, request, places, {});
    });
  else
    router.add("GET", "/metrics", with_key(service, Scope::metrics, get_metrics));
}

}  // namespace rekey::server
