#include "native/work/budgets.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "native/log.hpp"
#include "native/store/budgets.hpp"
#include "native/vault/random.hpp"

namespace rekey::work {

namespace {

using async::Steady;

// More turns at once are a wait for other processes.
constexpr std::int64_t turns_at_once_most = 8;
// Turns that were not used in time are lost: used late, they would come too close to others.
constexpr Millis late{100};
// The provider's second, and a little for the way to it.
constexpr Millis a_second{1020};
// Who has asked within this time may ask again soon.
constexpr Millis lately = std::chrono::seconds{1};
// An import waits for its turn here rather than as a job when the pause is no longer than this.
constexpr Millis patience_of_imports = std::chrono::seconds{20};
constexpr int tries_most = 12;
constexpr Millis patience_of_people = std::chrono::seconds{5};
// Who waits long sees soon that the process is ending.
constexpr Millis wake_at_least_every{250};

Millis patience_of(CallFor whom) {
  return whom == CallFor::person ? patience_of_people : patience_of_imports;
}

}  // namespace

std::string budget_key(const std::string& integration, const std::string& realm_id) {
  return vault::sha256_hex(integration + "\n" + realm_id).substr(0, 32);
}

Budgets::Budgets(std::shared_ptr<store::Databases> databases, async::Pool& pool,
                 std::string integration, budget::Limits limits, Clock clock, Millis kept_for)
    : databases_(std::move(databases)),
      pool_(pool),
      integration_(std::move(integration)),
      limits_(limits),
      clock_(std::move(clock)),
      kept_for_(kept_for) {}

async::Task<Millis> Budgets::turn(std::string realm_id, CallFor whom) {
  if (realm_id.empty()) co_return Millis{0};  // that call is to find out
  auto turn = std::make_shared<async::Shared<Millis>>(pool_);
  bool begin = false;
  {
    const std::lock_guard lock(mutex_);
    const auto now = Steady::now();
    forget_idle(now);
    auto& company = companies_[realm_id];
    company.asked_for = now;
    const auto paused = std::chrono::ceil<Millis>(company.paused_until - now);
    if (paused > patience_of(whom)) co_return paused;
    (whom == CallFor::person ? company.persons : company.imports).push_back(turn);
    begin = !std::exchange(company.is_served, true);
  }
  if (begin) pool_.start_there(serve(shared_from_this(), realm_id));
  const auto paused = co_await turn->wait();
  co_return paused.value_or(Millis{0});
}

// Of a company that nobody has asked for in a while there is nothing to remember: what must last is
// in the database. (The caller holds the mutex.)
void Budgets::forget_idle(Steady::time_point now) {
  if (now < looked_ + kept_for_) return;
  looked_ = now;
  std::erase_if(companies_, [&](const auto& each) {
    const Company& company = each.second;
    return !company.is_served && company.persons.empty() && company.imports.empty() &&
           std::max(company.paused_until, company.asked_for) + kept_for_ <= now;
  });
}

std::size_t Budgets::companies() {
  const std::lock_guard lock(mutex_);
  return companies_.size();
}

void Budgets::close() {
  closed_ = true;
}

// Serves those who wait for a company, until nobody does.
async::Task<void> Budgets::serve(std::shared_ptr<Budgets> self, std::string realm_id) {
  for (;;) {
    std::optional<Millis> wait;
    try {
      if (self->closed_) throw std::runtime_error("the process is ending");
      self->pause_others(realm_id);
      wait = self->next(realm_id);
    } catch (const std::exception&) {
      self->give_up(realm_id, std::current_exception());
      co_return;
    }
    if (!wait) co_return;
    if (*wait > Millis{0})
      co_await self->pool_.sleep(std::min(*wait, wake_at_least_every));
    else
      self->wake_one(realm_id);
  }
}

// Lets go of those for whom the pause is too long: what they are for is put down until then, and
// takes neither memory nor a place meanwhile.
void Budgets::pause_others(const std::string& realm_id) {
  std::deque<Turn> all;
  Millis paused{0};
  {
    const std::lock_guard lock(mutex_);
    auto& company = companies_[realm_id];
    paused = std::chrono::ceil<Millis>(company.paused_until - Steady::now());
    if (paused > patience_of(CallFor::import)) all.swap(company.imports);
    if (paused > patience_of(CallFor::person))
      std::move(company.persons.begin(), company.persons.end(), std::back_inserter(all));
    if (paused > patience_of(CallFor::person)) company.persons.clear();
  }
  for (const auto& each : all) each->settle(paused);
}

std::optional<Millis> Budgets::next(const std::string& realm_id) {
  {
    const std::lock_guard lock(mutex_);
    auto& company = companies_[realm_id];
    const auto now = Steady::now();
    if (company.persons.empty() && company.imports.empty()) {
      company.is_served = false;
      return {};
    }
    const auto span = [&](Steady::time_point at) {
      return std::chrono::ceil<Millis>(std::max(at - now, Steady::duration{0}));
    };
    if (company.paused_until > now) return span(company.paused_until);
    while (!company.turns.empty() && company.turns.front() + late < now) company.turns.pop_front();
    if (!company.turns.empty()) return span(std::max(company.turns.front(), not_before(company)));
    if (limits_.per_second <= 0 && limits_.per_minute <= 0) return Millis{0};
  }
  Millis wait{0};
  return grant(realm_id, wait) ? Millis{1} : wait;
}

// A process that was held up would use turns that are due by now all at once, and those that follow
// would come too close to them.
Steady::time_point Budgets::not_before(const Company& company) const {
  if (limits_.per_second <= 0) return {};
  const auto most = static_cast<std::size_t>(limits_.per_second);
  return company.begun.size() < most ? Steady::time_point{} : company.begun.front() + a_second;
}

// Takes turns out of the database. False: there are none for a time.
bool Budgets::grant(const std::string& realm_id, Millis& wait) {
  std::int64_t wanted = 1;
  {
    const std::lock_guard lock(mutex_);
    auto& company = companies_[realm_id];
    const bool goes_on = company.granted + lately > Steady::now();
    company.at_once = goes_on ? std::min(company.at_once * 2, turns_at_once_most) : 1;
    wanted = company.at_once;
  }
  const auto key = budget_key(integration_, realm_id);
  const auto asked = clock_();
  budget::State state;
  const auto granted = [&] {
    auto db = databases_->borrow();
    return store::in_transaction(*db, [&] {
      state = store::read_budget(*db, key);
      auto out = budget::take(state, limits_, asked, wanted);
      if (!out.at.empty()) store::put_budget(*db, key, state, asked);
      return out;
    });
  }();
  const auto now = Steady::now();
  wait = std::clamp(granted.ask_again - asked, Millis{1}, Millis{std::chrono::seconds{1}});
  const std::lock_guard lock(mutex_);
  auto& company = companies_[realm_id];
  // Another process may have been told to pause.
  if (state.paused_until > asked)
    company.paused_until = std::max(company.paused_until, now + (state.paused_until - asked));
  if (granted.at.empty()) return false;
  company.granted = now;
  for (const auto& each : granted.at) company.turns.push_back(now + (each - asked));
  return true;
}

void Budgets::wake_one(const std::string& realm_id) {
  Turn turn;
  {
    const std::lock_guard lock(mutex_);
    auto& company = companies_[realm_id];
    auto& waiting = company.persons.empty() ? company.imports : company.persons;
    if (!company.turns.empty()) company.turns.pop_front();
    if (waiting.empty()) return;
    company.begun.push_back(Steady::now());
    while (static_cast<std::int64_t>(company.begun.size()) > limits_.per_second)
      company.begun.pop_front();
    turn = std::move(waiting.front());
    waiting.pop_front();
  }
  turn->settle(Millis{0});
}

void Budgets::give_up(const std::string& realm_id, std::exception_ptr why) {
  std::deque<Turn> all;
  {
    const std::lock_guard lock(mutex_);
    auto& company = companies_[realm_id];
    company.is_served = false;
    all.swap(company.persons);
    for (auto& each : company.imports) all.push_back(std::move(each));
    company.imports.clear();
  }
  for (const auto& each : all) each->settle({}, why);
}

Millis Budgets::throttled(const std::string& realm_id, std::optional<Millis> retry_after) {
  int in_a_row = 1;
  {
    const std::lock_guard lock(mutex_);
    auto& company = companies_[realm_id];
    // Calls that were under way when the first of them was answered so say nothing new.
    if (company.paused_until <= Steady::now() || company.throttled_in_a_row == 0)
      ++company.throttled_in_a_row;
    in_a_row = company.throttled_in_a_row;
  }
  const auto pause = [&] {
    const auto now = clock_();
    const auto key = budget_key(integration_, realm_id);
    auto db = databases_->borrow();
    return store::in_transaction(*db, [&] {
      auto state = store::read_budget(*db, key);
      const auto span = budget::throttled(state, now, retry_after, in_a_row);
      store::put_budget(*db, key, state, now);
      return span;
    });
  }();
  const std::lock_guard lock(mutex_);
  auto& company = companies_[realm_id];
  company.paused_until = std::max(company.paused_until, Steady::now() + pause);
  company.turns.clear();
  return pause;
}

void Budgets::went_well(const std::string& realm_id) {
  const std::lock_guard lock(mutex_);
  const auto at = companies_.find(realm_id);
  if (at == companies_.end()) return;
  at->second.throttled_in_a_row = 0;
}

namespace {

/// Makes a call when its turn has come.
template <class T>
async::Task<accounting::Read<T>> in_turn(std::shared_ptr<Budgets> budgets, std::string realm_id,
                                         CallFor whom,
                                         std::function<async::Task<accounting::Read<T>>()> call) {
  for (int tries = 1;; ++tries) {
    const auto paused = co_await budgets->turn(realm_id, whom);
    if (paused > Millis{0})
      co_return tl::unexpected(
          oauth::Failure{oauth::Meaning::throttled, false, paused, "asked too often a moment ago"});
    auto result = co_await call();
    const bool throttled = !result && result.error().meaning == oauth::Meaning::throttled;
    if (!throttled) {
      if (result) budgets->went_well(realm_id);
      co_return std::move(result);
    }
    const auto pause = budgets->throttled(realm_id, result.error().retry_after);
    if (whom == CallFor::person || pause > patience_of_imports || tries >= tries_most)
      co_return std::move(result);
    log::debug("budget.throttled", {{"pause_ms", pause.count()}});
  }
}

}  // namespace

async::Task<accounting::Read<connect::Company>> BudgetedSystem::company(std::string realm_id,
                                                                        Secret access_token) const {
  return in_turn<connect::Company>(budgets_, realm_id, CallFor::person,
                                   [system = system_, realm_id, access_token] {
                                     return system->company(realm_id, access_token);
                                   });
}

async::Task<accounting::Read<accounting::Page>> BudgetedSystem::page(imports::Entity entity,
                                                                     std::string realm_id,
                                                                     Secret access_token,
                                                                     std::int64_t start,
                                                                     std::int64_t most) const {
  return in_turn<accounting::Page>(budgets_, realm_id, CallFor::import,
                                   [system = system_, entity, realm_id, access_token, start, most] {
                                     return system->page(entity, realm_id, access_token, start,
                                                         most);
                                   });
}

async::Task<accounting::Read<std::int64_t>> BudgetedSystem::count(imports::Entity entity,
                                                                  std::string realm_id,
                                                                  Secret access_token) const {
  // (What is one of a kind is counted without a call.)
  if (!system_->is_counted(entity)) return system_->count(entity, realm_id, access_token);
  return in_turn<std::int64_t>(budgets_, realm_id, CallFor::import,
                               [system = system_, entity, realm_id, access_token] {
                                 return system->count(entity, realm_id, access_token);
                               });
}

async::Task<accounting::Read<accounting::Changes>> BudgetedSystem::changes(
    std::vector<imports::Entity> entities, std::string realm_id, Secret access_token,
    Instant since) const {
  return in_turn<accounting::Changes>(budgets_, realm_id, CallFor::import,
                                      [system = system_, entities, realm_id, access_token, since] {
                                        return system->changes(entities, realm_id, access_token,
                                                               since);
                                      });
}

}  // namespace rekey::work
