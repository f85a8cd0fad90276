// Delivers webhooks: signs the messages of the outbox and sends them, again and again for a day.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "native/http/http.hpp"
#include "native/store/webhooks.hpp"
#include "native/work/driver.hpp"

namespace rekey::work {

/// A new endpoint with a new secret, sealed. Throws like SecretStore.
store::WebhookEndpoint new_endpoint(const SecretStore& secrets, std::string url, std::string types,
                                    Instant now);
/// Its signing secret as the host needs it: "whsec_…".
Secret endpoint_secret(const SecretStore& secrets, const store::WebhookEndpoint& endpoint);

/// The signature of a message (Standard Webhooks, "Signature scheme"): "v1,…".
std::string webhook_signature(const Secret& secret, const std::string& id, std::int64_t timestamp_s,
                              const std::string& body);

/// How long to wait after the given number of attempts; none: that was the last, after a day.
std::optional<Millis> webhook_backoff(int attempts);

/// Threads that deliver until destroyed. A delivery is leased while it is made, so that several
/// processes share the work; when one dies, its deliveries go to the next. Delivered at least once:
/// the host tells repeats by `webhook-id`.
class WebhookSender {
 public:
  WebhookSender(Driver& driver, std::shared_ptr<http::Client> client, int threads);
  ~WebhookSender();
  WebhookSender(const WebhookSender&) = delete;
  WebhookSender& operator=(const WebhookSender&) = delete;

 private:
  void work();
  bool deliver_one();

  Driver& driver_;
  std::shared_ptr<http::Client> client_;
  std::shared_ptr<void> listening_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::uint64_t woken_ = 0;
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace rekey::work
