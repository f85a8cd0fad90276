// Delivers webhooks: signs the messages of the outbox and sends them, again and again for a day.
#pragma once

#include <memory>
#include <thread>

#include "native/async/few.hpp"
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

/// How many deliveries are on their way at once, in one process.
struct WebhookLanes {
  int in_all = 128;
  int of_endpoint = 4;  ///< so that one that does not answer is in no other's way
};

/// Delivers until destroyed. A delivery is leased while it is made, so that several processes share
/// the work; when one dies, its deliveries go to the next. Delivered at least once: the host tells
/// repeats by `webhook-id`. What is on its way when it goes is ended in the pool, which is waited
/// for before the driver goes.
class WebhookSender {
 public:
  /// The client's answers are given in the pool, or at once.
  WebhookSender(Driver& driver, std::shared_ptr<http::Client> client,
                std::shared_ptr<async::Pool> pool, WebhookLanes lanes = {});
  ~WebhookSender();
  WebhookSender(const WebhookSender&) = delete;
  WebhookSender& operator=(const WebhookSender&) = delete;

 private:
  struct OnTheirWay;
  static async::Task<void> deliver(Driver& driver, std::shared_ptr<http::Client> client,
                                   store::Delivery delivery);
  void work();
  bool begin_one();

  Driver& driver_;
  std::shared_ptr<http::Client> client_;
  std::shared_ptr<async::Pool> pool_;
  const WebhookLanes lanes_;
  async::Few under_way_;
  std::shared_ptr<OnTheirWay> on_their_way_;  // outlives it, with the deliveries
  std::shared_ptr<void> listening_;
  std::thread thread_;
};

}  // namespace rekey::work
