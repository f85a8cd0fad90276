#include "native/work/webhooks.hpp"

#include <array>
#include <condition_variable>
#include <map>
#include <mutex>
#include <vector>

#include "native/http/ask.hpp"
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

http::ClientRequest signed_request(const Driver& driver, const store::Delivery& delivery,
                                   std::int64_t timestamp_s) {
  const auto secret = endpoint_secret(driver.secrets(), delivery.to);
  const auto& content = delivery.content;
  http::ClientRequest out{"POST", delivery.to.url, {}, content.body};
  out.headers = {
      {"Content-Type", "application/json"},
      {"webhook-id", content.id},
      {"webhook-timestamp", std::to_string(timestamp_s)},
      {"webhook-signature", webhook_signature(secret, content.id, timestamp_s, content.body)}};
  return out;
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

/// What the sender and its deliveries share.
struct WebhookSender::OnTheirWay {
  std::mutex mutex;
  std::condition_variable wake;
  std::map<std::string, int> of_endpoint;
  std::uint64_t woken = 0;
  bool stop = false;

  void ring() {
    const std::lock_guard lock(mutex);
    ++woken;
    wake.notify_one();
  }
  void begins(const std::string& endpoint) {
    const std::lock_guard lock(mutex);
    ++of_endpoint[endpoint];
  }
  void ended(const std::string& endpoint) {
    const std::lock_guard lock(mutex);
    if (--of_endpoint[endpoint] == 0) of_endpoint.erase(endpoint);
    ++woken;
    wake.notify_one();
  }
  std::vector<std::string> with(int at_least) {
    const std::lock_guard lock(mutex);
    std::vector<std::string> out;
    for (const auto& [endpoint, count] : of_endpoint)
      if (count >= at_least) out.push_back(endpoint);
    return out;
  }
};

WebhookSender::WebhookSender(Driver& driver, std::shared_ptr<http::Client> client,
                             std::shared_ptr<async::Pool> pool, WebhookLanes lanes)
    : driver_(driver),
      client_(std::move(client)),
      pool_(std::move(pool)),
      lanes_(lanes),
      under_way_(*pool_, lanes.in_all),
      on_their_way_(std::make_shared<OnTheirWay>()) {
  listening_ =
      driver_.hub().listen_to_all([shared = on_their_way_](const std::string&) { shared->ring(); });
  thread_ = std::thread([this] { work(); });
}

WebhookSender::~WebhookSender() {
  listening_.reset();
  {
    const std::lock_guard lock(on_their_way_->mutex);
    on_their_way_->stop = true;
  }
  on_their_way_->wake.notify_all();
  thread_.join();
}

async::Task<void> WebhookSender::deliver(Driver& driver, std::shared_ptr<http::Client> client,
                                         store::Delivery delivery) {
  auto request = signed_request(driver, delivery, to_ms(driver.now()) / 1000);
  const auto answer = co_await http::ask(*client, std::move(request));
  const int status = answer ? answer->status : 0;
  const bool delivered = status >= 200 && status < 300;
  metrics::webhook_sent(delivered ? "delivered" : status == 0 ? "unreachable" : "refused");
  const auto now = driver.now();
  std::optional<Instant> next;
  if (const auto wait = webhook_backoff(delivery.attempts + 1); !delivered && wait)
    next = now + *wait;
  auto db = driver.databases().borrow();
  store::in_transaction(*db, [&] {
    // "410 Gone" is the receiver's word that it wants no more.
    if (status == gone) store::set_endpoint_disabled(*db, delivery.to.id, now);
    store::end_delivery(*db, delivery, delivered, status, now,
                        status == gone ? std::nullopt : next);
    // Of what is deleted, nothing stays that was told.
    if (!next || status == gone) store::erase_told(*db);
  });
  if (!delivered)
    log::warning("webhook.not_delivered", {{"endpoint", delivery.to.id},
                                           {"message", delivery.content.id},
                                           {"status", status},
                                           {"attempt", delivery.attempts + 1}});
}

// Begins the delivery that has waited longest. False: there is none, or no room.
bool WebhookSender::begin_one() {
  if (!under_way_.has_room()) return false;
  const auto busy = on_their_way_->with(lanes_.of_endpoint);
  std::optional<store::Delivery> delivery;
  {
    auto db = driver_.databases().borrow();
    delivery = store::lease_delivery(*db, driver_.now(), driver_.now() + lease_time, busy);
  }
  if (!delivery) return false;
  const auto endpoint = delivery->to.id;
  on_their_way_->begins(endpoint);
  under_way_.start(deliver(driver_, client_, std::move(*delivery)),
                   [shared = on_their_way_, endpoint] { shared->ended(endpoint); });
  return true;
}

void WebhookSender::work() {
  auto& shared = *on_their_way_;
  for (;;) {
    std::uint64_t seen = 0;
    {
      const std::lock_guard lock(shared.mutex);
      if (shared.stop) return;
      seen = shared.woken;
    }
    try {
      if (begin_one()) continue;
    } catch (const std::exception& error) {
      log::error("webhook.failed", {{"what", error.what()}});
    }
    std::unique_lock lock(shared.mutex);
    shared.wake.wait_for(lock, look_at_outbox_every,
                         [&] { return shared.stop || shared.woken != seen; });
  }
}

}  // namespace rekey::work
