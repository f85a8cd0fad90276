// Tells an application of changes in companies, as Intuit's data-change webhooks do.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "core/result.hpp"
#include "native/http/http.hpp"
#include "native/sandbox/hooks/delivery.hpp"

namespace rekey::sandbox {

/// Where webhooks go, and what is to be wrong with them.
struct HookRules {
  std::string url;             ///< empty: none are sent
  std::string verifier_token;  ///< the application's with Intuit, not its client secret
  HookForm form = HookForm::cloudevents;
  std::int64_t gather_ms = 200;       ///< how long changes are gathered into one delivery
  std::int64_t retries = 4;           ///< how often it is tried again when it is not answered 200
  std::int64_t retry_ms = 1000;       ///< the first pause before that; each is twice the last
  std::int64_t duplicates = 0;        ///< how often each delivery comes once more
  std::int64_t wrong_signatures = 0;  ///< how many of the next requests are signed wrongly
};

/// The rules with the members of a posted body put in. The error is a sentence for a person.
Result<HookRules> change(HookRules rules, const nlohmann::json& body);
/// Without the verifier token.
nlohmann::json describe(const HookRules& rules);

/// How long a client for webhooks waits for an answer: a later one does not count.
constexpr int hook_answered_within_ms = 3000;

/// Gathers changes and delivers them from a thread of its own, which begins with the first.
/// Deliveries that wait are gone with the process. Thread-safe.
class Webhooks {
 public:
  /// `client`: none: nothing is sent.
  explicit Webhooks(HookRules rules, std::shared_ptr<http::Client> client);
  ~Webhooks();
  Webhooks(const Webhooks&) = delete;
  Webhooks& operator=(const Webhooks&) = delete;

  HookRules rules() const;
  void set(HookRules rules);
  /// A change to be told; nothing without an address.
  void tell(const Change& change);
  /// The latest hundred attempts, oldest first: what was sent how, and what was answered.
  nlohmann::json attempts() const;

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Delivery {
    Time due;
    std::string body;
    std::int64_t changes = 0;
    std::int64_t attempt = 0;
  };
  void run();
  void gather(Time now);
  void send(Delivery delivery, std::unique_lock<std::mutex>& lock);
  void note(const Delivery& delivery, int status, bool wrong);

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  HookRules rules_;
  std::shared_ptr<http::Client> client_;
  std::vector<Change> gathered_;
  Time gathered_until_{};
  std::vector<Delivery> waiting_;
  std::deque<nlohmann::json> attempts_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace rekey::sandbox
