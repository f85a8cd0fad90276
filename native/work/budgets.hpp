// One budget of calls for each company, shared by everything that calls its accounting API.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "core/budget.hpp"
#include "native/accounting/system.hpp"
#include "native/async/wait.hpp"
#include "native/store/database.hpp"

namespace rekey::work {

/// What stands for a company in the table of budgets: nothing that names it.
std::string budget_key(const std::string& integration, const std::string& realm_id);

/// Whom a call is for: people and the host go before imports.
enum class CallFor { person, import };

/// Lets calls wait for their turn, without a thread. A process takes a few turns at once out of the
/// database, so that it is not written for each call; they are shared with other processes by that.
/// Thread-safe. The pool must outlive it.
class Budgets : public std::enable_shared_from_this<Budgets> {
 public:
  using Clock = std::function<Instant()>;
  /// `kept_for`: how long something is remembered of a company that nobody asks for.
  Budgets(std::shared_ptr<store::Databases> databases, async::Pool& pool, std::string integration,
          budget::Limits limits, Clock clock, Millis kept_for = std::chrono::minutes{2});

  /// Ends when a call may be made, and gives 0. Nobody is kept waiting for the end of a pause that
  /// is long (for a person, or for an import), whether it began before or while they waited: then
  /// it gives how long that takes. Throws when the process is ending.
  async::Task<Millis> turn(std::string realm_id, CallFor whom);
  /// The provider said that it is asked too often: all callers pause. Gives for how long.
  Millis throttled(const std::string& realm_id, std::optional<Millis> retry_after);
  /// Nobody gets a turn any more.
  void close();
  /// An answer was good.
  void went_well(const std::string& realm_id);
  /// Of how many companies something is remembered.
  std::size_t companies();

 private:
  /// Settled with 0, or with how long a pause takes that is not waited for.
  using Turn = std::shared_ptr<async::Shared<Millis>>;
  struct Company {
    std::deque<async::Steady::time_point> turns;  // granted, and not used yet
    std::deque<Turn> persons, imports;            // who waits
    async::Steady::time_point paused_until{};
    async::Steady::time_point granted{};    // when the newest turns were
    std::int64_t at_once = 1;               // how many turns are asked for
    async::Steady::time_point asked_for{};  // last
    int throttled_in_a_row = 0;
    bool is_served = false;
    std::deque<async::Steady::time_point> begun{};  // when the calls of the last second were let go
  };

  static async::Task<void> serve(std::shared_ptr<Budgets> self, std::string realm_id);
  /// How long until the next turn; none: nobody waits any more.
  std::optional<Millis> next(const std::string& realm_id);
  bool grant(const std::string& realm_id, Millis& wait);
  async::Steady::time_point not_before(const Company& company) const;
  void pause_others(const std::string& realm_id);
  void forget_idle(async::Steady::time_point now);
  void wake_one(const std::string& realm_id);
  void give_up(const std::string& realm_id, std::exception_ptr why);

  std::shared_ptr<store::Databases> databases_;
  async::Pool& pool_;
  const std::string integration_;
  const budget::Limits limits_;
  const Clock clock_;
  const Millis kept_for_;
  std::mutex mutex_;
  async::Steady::time_point looked_{};  // for companies to forget
  std::map<std::string, Company> companies_;
  std::atomic<bool> closed_{false};
};

/// An accounting system whose calls keep to the budgets. What imports ask is asked again when the
/// provider says "too often", unless it asks for a long pause.
class BudgetedSystem : public accounting::System {
 public:
  BudgetedSystem(std::shared_ptr<const accounting::System> system, std::shared_ptr<Budgets> budgets)
      : system_(std::move(system)), budgets_(std::move(budgets)) {}

  async::Task<accounting::Read<connect::Company>> company(std::string realm_id,
                                                          Secret access_token) const override;
  async::Task<accounting::Read<accounting::Page>> page(imports::Entity entity, std::string realm_id,
                                                       Secret access_token, std::int64_t start,
                                                       std::int64_t most) const override;
  async::Task<accounting::Read<std::int64_t>> count(imports::Entity entity, std::string realm_id,
                                                    Secret access_token) const override;
  async::Task<accounting::Read<accounting::Changes>> changes(std::vector<imports::Entity> entities,
                                                             std::string realm_id,
                                                             Secret access_token,
                                                             Instant since) const override;
  std::int64_t most_rows() const override { return system_->most_rows(); }
  bool is_counted(imports::Entity entity) const override { return system_->is_counted(entity); }
  Millis tells_changes(imports::Entity entity) const override {
    return system_->tells_changes(entity);
  }
  std::vector<imports::Entity> small_lists() const override { return system_->small_lists(); }
  mapping::Record record_of(imports::Entity entity, const wire::Json& row,
                            const accounting::SmallLists& lists) const override {
    return system_->record_of(entity, row, lists);
  }
  std::vector<mapping::Record> records_beside(imports::Entity entity,
                                              const accounting::SmallLists& lists) const override {
    return system_->records_beside(entity, lists);
  }
  mapping::CompanyFacts facts_of(const accounting::SmallLists& lists) const override {
    return system_->facts_of(lists);
  }
  async::Task<bool> disconnect_legacy(const oauth::Credential& credential,
                                      Instant now) const override {
    return system_->disconnect_legacy(credential, now);
  }

 private:
  std::shared_ptr<const accounting::System> system_;
  std::shared_ptr<Budgets> budgets_;
};

}  // namespace rekey::work
