#include "native/sandbox/hooks/webhooks.hpp"

#include <algorithm>

namespace rekey::sandbox {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr std::size_t shown_attempts = 100;
/// Changes that are gathered at most: what comes then is a delivery of its own.
constexpr std::size_t most_gathered = 1000;

struct Number {
  const char* name;
  std::int64_t HookRules::*member;
  std::int64_t most;
};
constexpr Number numbers[] = {{"gather_ms", &HookRules::gather_ms, 600'000},
                              {"retries", &HookRules::retries, 20},
                              {"retry_ms", &HookRules::retry_ms, 600'000},
                              {"duplicates", &HookRules::duplicates, 100},
                              {"wrong_signatures", &HookRules::wrong_signatures, 1'000'000}};

tl::unexpected<Error> refuse_rules(std::string why) {
  return fail(Code::bad_input, std::move(why));
}

/// Takes one member; false: there is none of this name, or its value is none.
bool take_member(HookRules& rules, const std::string& name, const json& value) {
  if (name == "url" || name == "verifier_token") {
    if (!value.is_string()) return false;
    (name == "url" ? rules.url : rules.verifier_token) = value.get<std::string>();
    return true;
  }
  if (name == "form") {
    rules.form = value == "notifications" ? HookForm::notifications : HookForm::cloudevents;
    return value == "notifications" || value == "cloudevents";
  }
  for (const Number& one : numbers) {
    if (name != one.name) continue;
    const auto number = value.is_number_integer() ? value.get<std::int64_t>() : -1;
    rules.*one.member = number;
    return number >= 0 && number <= one.most;
  }
  return false;
}

}  // namespace

Result<HookRules> change(HookRules rules, const json& body) {
  for (const auto& [name, value] : body.items())
    if (!take_member(rules, name, value))
      return refuse_rules(
          "Webhooks have no such \"" + name +
          "\". They have url, verifier_token, form (cloudevents or notifications), and "
          "the whole numbers gather_ms, retries, retry_ms, duplicates and "
          "wrong_signatures.");
  if (!rules.url.empty() && !rules.url.starts_with("http://") && !rules.url.starts_with("https://"))
    return refuse_rules("The url of webhooks begins with http:// or https://.");
  return rules;
}

json describe(const HookRules& rules) {
  json out = {{"url", rules.url},
              {"form", rules.form == HookForm::cloudevents ? "cloudevents" : "notifications"}};
  for (const Number& one : numbers) out[one.name] = rules.*one.member;
  return out;
}

Webhooks::Webhooks(HookRules rules, std::shared_ptr<http::Client> client)
    : rules_(std::move(rules)), client_(std::move(client)) {}

Webhooks::~Webhooks() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

HookRules Webhooks::rules() const {
  const std::lock_guard lock(mutex_);
  return rules_;
}

void Webhooks::set(HookRules rules) {
  const std::lock_guard lock(mutex_);
  rules_ = std::move(rules);
}

void Webhooks::tell(const Change& change) {
  const std::lock_guard lock(mutex_);
  if (rules_.url.empty() || stop_) return;
  const auto now = std::chrono::steady_clock::now();
  if (gathered_.empty()) gathered_until_ = now + milliseconds{rules_.gather_ms};
  gathered_.push_back(change);
  if (gathered_.size() >= most_gathered) gathered_until_ = now;
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  wake_.notify_all();
}

json Webhooks::attempts() const {
  const std::lock_guard lock(mutex_);
  return json(attempts_);
}

void Webhooks::gather(Time now) {
  if (gathered_.empty() || gathered_until_ > now) return;
  const Delivery one{now, hook_body(rules_.form, gathered_),
                     static_cast<std::int64_t>(gathered_.size()), 0};
  gathered_.clear();
  for (std::int64_t i = 0; i <= rules_.duplicates; ++i) waiting_.push_back(one);
}

void Webhooks::note(const Delivery& delivery, int status, bool wrong) {
  attempts_.push_back({{"changes", delivery.changes},
                       {"attempt", delivery.attempt + 1},
                       {"wrong_signature", wrong},
                       {"status", status}});
  if (attempts_.size() > shown_attempts) attempts_.pop_front();
}

void Webhooks::send(Delivery delivery, std::unique_lock<std::mutex>& lock) {
  if (rules_.url.empty() || !client_) return;  // the address was taken away meanwhile
  const bool wrong = rules_.wrong_signatures > 0;
  if (wrong) --rules_.wrong_signatures;
  const std::string token = wrong ? "not the verifier token" : rules_.verifier_token;
  http::ClientRequest request{"POST", rules_.url, {}, delivery.body};
  request.headers = {
      {"Content-Type", "application/json"},
      {"intuit-signature", hook_signature(token, delivery.body)},
      {"intuit-notification-schema-version", rules_.form == HookForm::cloudevents ? "2.0" : "1.0"}};
  lock.unlock();
  const auto answer = client_->send(request);
  lock.lock();
  const int status = answer ? answer->status : 0;
  note(delivery, status, wrong);
  if (status == 200 || ++delivery.attempt > rules_.retries) return;
  const auto pause =
      milliseconds{rules_.retry_ms << std::min<std::int64_t>(delivery.attempt - 1, 10)};
  delivery.due = std::chrono::steady_clock::now() + pause;
  waiting_.push_back(std::move(delivery));
}

void Webhooks::run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    gather(std::chrono::steady_clock::now());
    const auto next =
        std::min_element(waiting_.begin(), waiting_.end(),
                         [](const Delivery& a, const Delivery& b) { return a.due < b.due; });
    if (next != waiting_.end() && next->due <= std::chrono::steady_clock::now()) {
      Delivery due = std::move(*next);
      waiting_.erase(next);
      send(std::move(due), lock);
      continue;
    }
    auto until = std::chrono::steady_clock::now() + std::chrono::hours{1};
    if (next != waiting_.end()) until = std::min(until, next->due);
    if (!gathered_.empty()) until = std::min(until, gathered_until_);
    wake_.wait_until(lock, until);
  }
}

}  // namespace rekey::sandbox
