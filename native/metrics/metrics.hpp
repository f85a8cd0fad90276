// The counters of this process since it started, for Prometheus. Names and labels of a metric are a
// promise: docs/operating.md lists them, and the dashboard and the alert rules beside it use them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rekey::metrics {

/// A request was answered: by which route (a pattern such as "/v1/tenants/{tenant}", never a path,
/// which would make a series for each tenant), with what, and after how long.
void answered(std::string_view route, std::string_view method, int status,
              std::chrono::nanoseconds took);
/// A token was handed out from memory: counted apart, because it happens a hundred thousand times a
/// second and costs one atomic addition.
void token_from_memory();

/// A refresh token was sent: "renewed", "refused", or the fault ("unavailable", …).
void refreshed(std::string_view outcome);
/// A page of an import was stored, with this many rows.
void import_page(std::int64_t rows);
/// An import ended: "finished", or why it stopped.
void import_ended(std::string_view outcome);
/// A webhook was sent: "delivered", "refused" (another status) or "unreachable".
void webhook_sent(std::string_view outcome);
/// The provider delivered changes: "taken", "not_signed", "unreadable" or "not_set_up".
void changes_delivered(std::string_view outcome);
/// What a delivery was about: "noted", "unknown_company" or "unknown_record", so many times.
void changes_told(std::string_view outcome, std::int64_t count);
/// The changes of a connection were read, or not: "read", "later" or "forgotten".
void changes_read(std::string_view outcome);
/// Something that belongs to the security log happened.
void security_event(std::string_view event);
/// A limit was met ("streams_per_session", …), so that a caller was turned away.
void limit_met(std::string_view limit);

/// An event stream, for as long as it is open.
class OpenStream {
 public:
  OpenStream();
  ~OpenStream();
  OpenStream(const OpenStream&) = delete;
  OpenStream& operator=(const OpenStream&) = delete;
};

/// Something that is measured only when it is asked for.
struct Reading {
  std::string name;
  std::string help;
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;
};

/// Everything as text, with these readings (Prometheus text format 0.0.4). Readings of one name
/// have one help text.
std::string exposition(const std::vector<Reading>& readings);

}  // namespace rekey::metrics
