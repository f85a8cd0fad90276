#include "native/metrics/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <atomic>
#include <map>
#include <mutex>

namespace rekey::metrics {

namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Histogram;

/// From what memory answers to what a provider takes, in seconds.
const Histogram::BucketBoundaries latency_buckets{0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 30};

/// All of it is of the process, as the log is.
struct Counted {
  prometheus::Registry registry;
  Family<Counter>& requests = counter("rekey_http_requests_total", "Requests that were answered.");
  Family<Histogram>& latencies =
      prometheus::BuildHistogram()
          .Name("rekey_http_request_seconds")
          .Help("How long requests took, by route; tokens from memory are not among them.")
          .Register(registry);
  Family<Counter>& memory =
      counter("rekey_tokens_from_memory_total", "Tokens handed out without a look at the store.");
  Family<Counter>& refreshes =
      counter("rekey_refreshes_total", "Refresh tokens that were sent, by what came of it.");
  Counter& pages =
      counter("rekey_import_pages_total", "Pages of imports that were stored.").Add({});
  Counter& rows = counter("rekey_import_rows_total", "Rows that were imported.").Add({});
  Family<Counter>& imports = counter("rekey_imports_total", "Imports that ended, by how.");
  Family<Counter>& webhooks =
      counter("rekey_webhooks_total", "Webhook deliveries that were tried, by what came of it.");
  Family<Counter>& deliveries =
      counter("rekey_change_deliveries_total",
              "Deliveries of changes by the provider, by what came of it.");
  Family<Counter>& told = counter("rekey_changes_told_total",
                                  "Records that deliveries told of, by what they are to us.");
  Family<Counter>& changes =
      counter("rekey_change_reads_total", "Reads of what changed, by what came of it.");
  Family<Counter>& security =
      counter("rekey_security_events_total", "Lines of the security log, and those it left out.");
  Family<Counter>& limits =
      counter("rekey_limits_total", "Callers that were turned away, by the limit they met.");
  std::atomic<std::int64_t> streams{0};
  std::atomic<std::uint64_t> from_memory{0};

  Family<Counter>& counter(const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
  }
};

Counted& counted() {
  static Counted all;
  return all;
}

/// "2xx": enough for an alert, and a tenth of the series.
std::string class_of(int status) {
  return std::to_string(status / 100) + "xx";
}

std::string written(const std::vector<Reading>& readings) {
  prometheus::Registry registry;
  std::map<std::string, Family<prometheus::Gauge>*> families;
  for (const auto& each : readings) {
    auto*& family = families[each.name];
    if (!family)
      family = &prometheus::BuildGauge().Name(each.name).Help(each.help).Register(registry);
    std::map<std::string, std::string> labels(each.labels.begin(), each.labels.end());
    family->Add(labels).Set(each.value);
  }
  return prometheus::TextSerializer().Serialize(registry.Collect());
}

}  // namespace

void answered(std::string_view route, std::string_view method, int status,
              std::chrono::nanoseconds took) {
  auto& all = counted();
  const std::string name(route);
  all.requests
      .Add({{"route", name}, {"method", std::string(method)}, {"status", std::to_string(status)}})
      .Increment();
  all.latencies.Add({{"route", name}, {"status", class_of(status)}}, latency_buckets)
      .Observe(std::chrono::duration<double>(took).count());
}

void token_from_memory() {
  counted().from_memory.fetch_add(1, std::memory_order_relaxed);
}

void refreshed(std::string_view outcome) {
  counted().refreshes.Add({{"outcome", std::string(outcome)}}).Increment();
}

void import_page(std::int64_t rows) {
  counted().pages.Increment();
  counted().rows.Increment(static_cast<double>(rows));
}

void import_ended(std::string_view outcome) {
  counted().imports.Add({{"outcome", std::string(outcome)}}).Increment();
}

void webhook_sent(std::string_view outcome) {
  counted().webhooks.Add({{"outcome", std::string(outcome)}}).Increment();
}

void changes_delivered(std::string_view outcome) {
  counted().deliveries.Add({{"outcome", std::string(outcome)}}).Increment();
}

void changes_told(std::string_view outcome, std::int64_t count) {
  if (count > 0)
    counted().told.Add({{"outcome", std::string(outcome)}}).Increment(static_cast<double>(count));
}

void changes_read(std::string_view outcome) {
  counted().changes.Add({{"outcome", std::string(outcome)}}).Increment();
}

void security_event(std::string_view event) {
  counted().security.Add({{"event", std::string(event)}}).Increment();
}

void limit_met(std::string_view limit) {
  counted().limits.Add({{"limit", std::string(limit)}}).Increment();
}

OpenStream::OpenStream() {
  counted().streams.fetch_add(1, std::memory_order_relaxed);
}

OpenStream::~OpenStream() {
  counted().streams.fetch_sub(1, std::memory_order_relaxed);
}

std::string exposition(const std::vector<Reading>& readings) {
  auto& all = counted();
  // Counters only grow; this one is kept elsewhere and brought up to date here.
  static std::mutex catching_up;
  {
    const std::lock_guard lock(catching_up);
    auto& counter = all.memory.Add({});
    counter.Increment(static_cast<double>(all.from_memory.load()) - counter.Value());
  }
  auto gauges = readings;
  gauges.push_back({"rekey_event_streams",
                    "Event streams that are open.",
                    {},
                    static_cast<double>(all.streams.load())});
  return prometheus::TextSerializer().Serialize(all.registry.Collect()) + written(gauges);
}

}  // namespace rekey::metrics
