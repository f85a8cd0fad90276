#include "native/work/webhooks.hpp"

#include <array>

#include "native/log.hpp"
#include "native/metrics/metrics.hpp"
#include "native/vault/random.hpp"

namespace rekey::work {

namespace {

constexpr std::string_view secret_prefix = "whsec_";
constexpr auto look_at_outbox_every = std::chrono::seconds(1);
constexpr Millis lease_time = std::chrono::minutes{1};  // longer than the client waits
constexpr int gone = 410;

vault::Place place_of(const std::string& endpoint) {
  return {"webhooks", endpoint, "secret", 1};
}

}  // namespace

store::WebhookEndpoint new_endpoint(const SecretStore& secrets, std::string url, std::string types,
                                    Instant now) {
  store::WebhookEndpoint out;
  out.id = "we_" + vault::random_token(12);
  out.url = std::move(url);
  out.types = std::move(types);
  out.created = now;
  const auto key = secrets.vault().new_data_key("webhooks", out.id);
  if (!key) secrets.give_up(key.error());
  const Secret secret(vault::random_bytes(24));
  const auto sealed = secrets.vault().seal(*key, place_of(out.id), secret);
  if (!sealed) secrets.give_up(sealed.error());
  out.key_id = key->id;
  out.wrapped = key->blob;
  out.sealed = *sealed;
  return out;
}

Secret endpoint_secret(const SecretStore& secrets, const store::WebhookEndpoint& endpoint) {
  const auto secret = secrets.vault().unseal({endpoint.key_id, endpoint.wrapped},
                                             place_of(endpoint.id), endpoint.sealed);
  if (!secret) secrets.give_up(secret.error());
  return Secret(std::string(secret_prefix) + vault::base64_encode(secret->reveal()));
}

std::string webhook_signature(const Secret& secret, const std::string& id, std::int64_t timestamp_s,
                              const std::string& body) {
  const Secret key(
      vault::base64_decode(std::string_view(secret.reveal()).substr(secret_prefix.size()))
          .value_or(""));
  return "v1," + vault::base64_encode(vault::hmac_sha256(
                     key.reveal(), id + "." + std::to_string(timestamp_s) + "." + body));
}

std::optional<Millis> webhook_backoff(int attempts) {
  using std::chrono::hours, std::chrono::minutes, std::chrono::seconds;
  // Together a little more than a day.
  constexpr std::array<Millis, 9> waits = {seconds{5},  seconds{30}, minutes{2},
                                           minutes{10}, minutes{45}, hours{2},
                                           hours{4},    hours{8},    hours{10}};
  if (attempts < 1 || static_cast<std::size_t>(attempts) > waits.size()) return {};
  return waits[static_cast<std::size_t>(attempts) - 1];
}

WebhookSender::WebhookSender(Driver& driver, std::shared_ptr<http::Client> client, int threads)
    : driver_(driver), client_(std::move(client)) {
  listening_ = driver_.hub().listen_to_all([this](const std::string&) {
    const std::lock_guard lock(mutex_);
    ++woken_;
    wake_.notify_one();
  });
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

WebhookSender::~WebhookSender() {
  listening_.reset();
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  for (auto& each : threads_) each.join();
}

bool WebhookSender::deliver_one() {
  std::optional<store::Delivery> delivery;
  Secret secret;
  {
    auto db = driver_.databases().borrow();
    delivery = store::lease_delivery(*db, driver_.now(), driver_.now() + lease_time);
  }
  if (!delivery) return false;
  secret = endpoint_secret(driver_.secrets(), delivery->to);
  const auto timestamp = to_ms(driver_.now()) / 1000;
  const auto& content = delivery->content;
  http::ClientRequest request{"POST", delivery->to.url, {}, content.body};
  request.headers = {
      {"Content-Type", "application/json"},
      {"webhook-id", content.id},
      {"webhook-timestamp", std::to_string(timestamp)},
      {"webhook-signature", webhook_signature(secret, content.id, timestamp, content.body)}};
  const auto answer = client_->send(request);
  const int status = answer ? answer->status : 0;
  const bool delivered = status >= 200 && status < 300;
  metrics::webhook_sent(delivered ? "delivered" : status == 0 ? "unreachable" : "refused");
  const auto now = driver_.now();
  std::optional<Instant> next;
  if (const auto wait = webhook_backoff(delivery->attempts + 1); !delivered && wait)
    next = now + *wait;
  auto db = driver_.databases().borrow();
  store::in_transaction(*db, [&] {
    // "410 Gone" is the receiver's word that it wants no more.
    if (status == gone) store::set_endpoint_disabled(*db, delivery->to.id, now);
    store::end_delivery(*db, *delivery, delivered, status, now,
                        status == gone ? std::nullopt : next);
    // Of what is deleted, nothing stays that was told.
    if (!next || status == gone) store::erase_told(*db);
  });
  if (!delivered)
    log::warning("webhook.not_delivered", {{"endpoint", delivery->to.id},
                                           {"message", content.id},
                                           {"status", status},
                                           {"attempt", delivery->attempts + 1}});
  return true;
}

void WebhookSender::work() {
  for (;;) {
    std::uint64_t seen = 0;
    {
      const std::lock_guard lock(mutex_);
      if (stop_) return;
      seen = woken_;
    }
    try {
      if (deliver_one()) continue;
    } catch (const std::exception& error) {
      log::error("webhook.failed", {{"what", error.what()}});
    }
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, look_at_outbox_every, [&] { return stop_ || woken_ != seen; });
  }
}

}  // namespace rekey::work
