#include "native/work/audit.hpp"

#include <map>

#include "native/log.hpp"
#include "native/metrics/metrics.hpp"

namespace rekey::audit {

namespace {

/// Whether a caller without a key can cause it: then it is kept a few times a minute at most, so
/// that a caller cannot fill the disk.
bool is_anybodys(Event event) {
  switch (event) {
    case Event::key_refused:
    case Event::delivery_refused:
    case Event::scope_missing:
    case Event::request_forged:
    case Event::callback_refused:
    case Event::link_refused:
    case Event::page_mismatch:
      return true;
    default:
      return false;
  }
}

/// How many of each are kept, and how many were left out since.
class Sieve {
 public:
  /// How many were left out before this one; none: this one is left out.
  std::optional<std::int64_t> pass(Event event, Instant now) {
    constexpr int most = 20;
    constexpr Millis window = std::chrono::minutes{1};
    const std::lock_guard lock(mutex_);
    auto& seen = seen_[event];
    if (now >= seen.began + window || now < seen.began) seen = {now, 0, seen.left_out};
    if (seen.count >= most) {
      ++seen.left_out;
      return {};
    }
    ++seen.count;
    return std::exchange(seen.left_out, 0);
  }

 private:
  struct Seen {
    Instant began{};
    int count = 0;
    std::int64_t left_out = 0;
  };
  std::mutex mutex_;
  std::map<Event, Seen> seen_;
};

Sieve& sieve() {
  static Sieve all;
  return all;
}

/// The fixed names of a line. Of users it says that it was one, not which.
wire::Json line_of(const Entry& entry, std::int64_t left_out) {
  wire::Json out = {{"actor", wire::name_of(entry.actor.kind)}};
  if (entry.actor.kind == wire::Actor::Kind::key) out["key"] = entry.actor.id;
  if (!entry.connection.empty()) out["connection"] = entry.connection;
  if (!entry.peer.empty()) out["peer"] = entry.peer;
  if (!entry.detail.empty()) out["detail"] = entry.detail;
  if (left_out > 0) out["left_out"] = left_out;
  return out;
}

std::string log_name(Event event) {
  return "security." + std::string(wire::name_of(event));
}

std::optional<std::string> or_none(const std::string& text) {
  if (text.empty()) return {};
  return text;
}

store::AuditEntry row_of(const Entry& entry, Instant now) {
  return {0,
          now,
          std::string(wire::name_of(entry.event)),
          entry.actor,
          or_none(entry.tenant),
          or_none(entry.connection),
          entry.detail};
}

}  // namespace

void note_within(store::Database& db, const Entry& entry, Instant now) {
  metrics::security_event(wire::name_of(entry.event));
  store::put_audit(db, row_of(entry, now));
  log::info(log_name(entry.event), line_of(entry, 0));
}

void note(store::Databases& databases, const Entry& entry, Instant now) {
  metrics::security_event(wire::name_of(entry.event));
  std::int64_t left_out = 0;
  if (is_anybodys(entry.event)) {
    const auto passed = sieve().pass(entry.event, now);
    if (!passed) return;
    left_out = *passed;
  }
  auto line = line_of(entry, left_out);
  try {
    auto row = row_of(entry, now);
    if (left_out > 0) row.detail["left_out"] = left_out;
    auto db = databases.borrow();
    store::in_transaction(*db, [&] { store::put_audit(*db, row); });
  } catch (const store::DatabaseError&) {
    line["stored"] = false;
  }
  log::info(log_name(entry.event), line);
}

}  // namespace rekey::audit
