#include "native/server/provider_webhooks.hpp"

#include <mutex>

#include "native/log.hpp"
#include "native/metrics/metrics.hpp"
#include "native/server/problem.hpp"
#include "native/store/bounded_wait.hpp"
#include "native/store/change_notices.hpp"
#include "native/words/words.hpp"
#include "native/work/audit.hpp"
#include "native/work/change_intake.hpp"

namespace rekey::server {

namespace {

/// Refusals are noted for `rekey doctor`, but not each by itself: anybody can cause them.
constexpr Millis note_every = std::chrono::minutes{1};

class Deliveries {
 public:
  Deliveries(Service& service, accounting::ChangeHooks hooks, std::vector<Secret> secrets)
      : service_(service), hooks_(std::move(hooks)), secrets_(std::move(secrets)) {}

  http::Response take(const http::Request& request) {
    if (secrets_.empty()) return refuse_not_set_up();
    if (!hooks_.is_genuine(request.headers, request.body, secrets_))
      return refuse_unsigned(request);
    const auto delivery = hooks_.read(request.body);
    if (!delivery) {
      metrics::changes_delivered("unreadable");
      log::warning_seldom("changes.unreadable", {{"bytes", request.body.size()}});
      return problem({Code::bad_input, words::say("bad_input.delivery"), {}});
    }
    return take_in(*delivery);
  }

 private:
  http::Response take_in(const accounting::ChangeDelivery& delivery) {
    const auto came = work::take_in(service_.driver, service_.provider.integration, delivery);
    metrics::changes_delivered("taken");
    metrics::changes_told("noted", came.noted);
    metrics::changes_told("unknown_company", came.unknown_companies);
    metrics::changes_told("unknown_record", came.unknown_records);
    http::Response taken;
    taken.headers.set("Cache-Control", "no-store");
    return taken;
  }

  http::Response refuse_unsigned(const http::Request& request) {
    metrics::changes_delivered("not_signed");
    audit::note(service_.driver.databases(),
                {audit::Event::delivery_refused,
                 wire::by_provider(),  // as it claims
                 {},
                 {},
                 request.peer,
                 wire::Json::object()},
                service_.driver.now());
    auto response = problem({Code::not_signed, words::say("not_signed.delivery"), {}});
    response.headers.set("WWW-Authenticate", "Signature");
    return response;
  }

  http::Response refuse_not_set_up() {
    metrics::changes_delivered("not_set_up");
    log::warning_seldom("changes.not_set_up");
    note_not_set_up();
    return problem({Code::not_set_up, words::say("not_set_up.deliveries"), {}});
  }

  void note_not_set_up() {
    std::int64_t count = 0;
    const auto now = service_.driver.now();
    {
      const std::lock_guard lock(mutex_);
      ++unnoted_;
      if (noted_at_ && now < *noted_at_ + note_every) return;
      noted_at_ = now;
      std::swap(count, unnoted_);
    }
    try {
      auto db = service_.driver.databases().borrow();
      const store::BoundedWait bounded(*db, work::intake_waits);
      store::note_refused_deliveries(*db, store::delivery_not_set_up, count, now);
    } catch (const store::DatabaseError& error) {
      log::warning_seldom("changes.refusal_not_noted", {{"what", error.what()}});
    }
  }

  Service& service_;
  const accounting::ChangeHooks hooks_;
  const std::vector<Secret> secrets_;
  std::mutex mutex_;
  std::optional<Instant> noted_at_;
  std::int64_t unnoted_ = 0;
};

}  // namespace

void add_provider_webhooks(Router& router, Service& service, const accounting::ChangeHooks& hooks,
                           std::vector<Secret> secrets) {
  const auto deliveries = std::make_shared<Deliveries>(service, hooks, std::move(secrets));
  router.add("POST", hooks.path, [deliveries](const http::Request& request, const Places&) {
    return deliveries->take(request);
  });
}

}  // namespace rekey::server
