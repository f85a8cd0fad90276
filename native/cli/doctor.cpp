// `rekey doctor`: how everything is, as far as the store can tell; and with --probe, as the
// provider answers.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "core/text/catalogue.hpp"
#include "native/accounting/provider_source.hpp"
#include "native/app.hpp"
#include "native/cli/command.hpp"
#include "native/cli/parse.hpp"
#include "native/config_flags.hpp"
#include "native/integrations.hpp"
#include "native/store/change_notices.hpp"
#include "native/store/schema.hpp"
#include "native/system/rfc3339.hpp"
#include "native/work/health.hpp"
#include "native/work/key_check.hpp"

namespace rekey::cli {

namespace {

constexpr Millis overdue_after = std::chrono::minutes{10};
constexpr Millis refusals_count_for = std::chrono::hours{24};

/// One line for a connection that needs care; each part of it may be missing.
std::string line_about(const store::StoredConnection& connection, const work::Health& health,
                       const std::string& answered) {
  const auto part = [](const char* text, const std::string& value) {
    return value.empty() ? std::string() : text::fill(text, {{"value", value}});
  };
  const auto time = [](const std::optional<Instant>& at) {
    return at ? rfc3339(*at) : std::string();
  };
  return text::fill("{tenant}  {id}  {standing}{reason}{since}{until}{probe}. {what_to_do}",
                    {{"tenant", connection.tenant},
                     {"id", connection.id},
                     {"standing", std::string(wire::name_of(health.standing))},
                     {"reason", part(": {value}", health.reason)},
                     {"since", part(", since {value}", time(health.since))},
                     {"until", part(", works until {value}", time(health.until))},
                     {"probe", answered},
                     {"what_to_do", health.what_to_do}});
}

class Doctor {
 public:
  Doctor(config::Settings settings, bool probe)
      : settings_(std::move(settings)),
        probe_(probe),
        databases_(std::make_shared<store::Databases>(settings_.database)) {}

  /// How many things need attention.
  int look() {
    {
      auto db = databases_->borrow();
      store::prepare_schema(*db);
    }
    if (probe_) get_ready_to_probe();
    look_at_keys();
    look_at_connections();
    look_at_the_service();
    std::printf("\n%d connections: ", total_);
    for (const auto standing : wire::all_of<work::Standing>) {
      const auto i = static_cast<std::size_t>(standing);
      std::printf("%s%d %s", i == 0 ? "" : ", ", counts_[i],
                  std::string(wire::name_of(standing)).c_str());
    }
    std::printf(".\n%s\n", found_ == 0 ? "Nothing needs your care." : "See above.");
    return found_;
  }

 private:
  void find(const std::string& what) {
    ++found_;
    std::printf("%s\n", what.c_str());
  }

  bool has_keys() const {
    return !settings_.master_key_file.empty() || !settings_.master_key.empty() ||
           !settings_.master_key_command.empty();
  }

  void look_at_keys() {
    if (!has_keys()) {
      std::printf("No master key is given, so it was not checked against the database.\n");
      return;
    }
    const auto vault = vault::Vault::open(
        {settings_.master_key_file, settings_.master_key, settings_.master_key_command});
    if (!vault) return find(vault.error().hint);
    auto db = databases_->borrow();
    if (const auto fault = work::fault_of_keys(*db, *vault, vault->master_key_ids()))
      find(fault->sentence);
  }

  void get_ready_to_probe() {
    settings_.provider_is_live = accounting::is_live(settings_.provider, integrations());
    if (const auto good = config::check_for_serve(settings_); !good)
      throw std::runtime_error(good.error().hint);
    const auto outbound = make_outbound();
    auto provider = accounting::load_provider(settings_.provider, integrations(), *outbound.client);
    if (!provider) throw std::runtime_error(provider.error().hint);
    driver_ = std::make_unique<work::Driver>(
        databases_, std::make_shared<const work::SecretStore>(open_vault(settings_)),
        std::make_shared<work::Hub>(), system_now);
    clients_ = make_provider_clients(settings_, *provider, outbound, databases_);
  }

  void look_at_connections() {
    std::string after;
    for (;;) {
      std::vector<store::StoredConnection> some;
      {
        auto db = databases_->borrow();
        some = store::list_connections(*db, {}, {}, after, 200);
      }
      if (some.empty()) return;
      for (const auto& each : some) look_at(each);
      after = some.back().id;
    }
  }

  void look_at(store::StoredConnection connection) {
    std::string answered;
    if (probe_) {
      if (const auto probed = async::wait_for(work::probe(*driver_, clients_, connection.id)))
        if (!probed->works)
          answered = text::fill("; a probe just now: {reason}", {{"reason", probed->reason}});
      connection = driver_->read(connection.id);
    }
    auto db = databases_->borrow();
    const auto health = work::health_of(*db, connection, system_now());
    ++total_;
    ++counts_[static_cast<std::size_t>(health.standing)];
    for (const auto& each : work::unended_of(connection.state, system_now()))
      find(text::fill(
          each.given_up
              ? "{tenant}  {id}  disconnected{company}, never confirmed by the provider, since "
                "{since}. {what_to_do}"
              : "{tenant}  {id}  disconnected{company}, not confirmed yet by the provider, since "
                "{since}. {what_to_do}",
          {{"tenant", connection.tenant},
           {"id", connection.id},
           {"company",
            each.company.empty() ? "" : text::fill(" from {company}", {{"company", each.company}})},
           {"since", rfc3339(each.since)},
           {"what_to_do", each.what_to_do}}));
    const bool well = health.standing != work::Standing::at_risk &&
                      health.standing != work::Standing::broken && answered.empty();
    if (well) return;
    find(line_about(connection, health, answered));
  }

  void look_at_deliveries(store::Database& db) {
    const auto refused = store::refused_deliveries(db, store::delivery_not_set_up);
    const bool set_up = !settings_.webhook_verifier_tokens.empty() ||
                        !settings_.webhook_verifier_token_command.empty();
    if (set_up || refused.count == 0 || refused.at < system_now() - refusals_count_for) return;
    find(text::fill(
        "The provider tells of changed records ({count} deliveries, the last one at {at}), but "
        "there is no verifier token to check that it is the provider, so none was taken. Give the "
        "setting webhook-verifier-token.",
        {{"count", std::to_string(refused.count)}, {"at", rfc3339(refused.at)}}));
  }

  void look_at_the_service() {
    auto db = databases_->borrow();
    look_at_deliveries(*db);
    if (store::due_refreshes(*db, system_now() - overdue_after, 1).empty()) return;
    find(
        "Tokens that were due more than ten minutes ago have not been renewed. Is `rekey serve` "
        "running on this database?");
  }

  config::Settings settings_;
  bool probe_;
  std::shared_ptr<store::Databases> databases_;
  std::unique_ptr<work::Driver> driver_;
  work::ProviderClients clients_;
  std::array<int, work::names_of(work::Standing{}).size()> counts_{};
  int total_ = 0;
  int found_ = 0;
};

}  // namespace

int run_doctor(int argc, char** argv) {
  CLI::App command(
      "Says how every connection is: linked, at risk (why, until when) or broken (why, since "
      "when), "
      "and what to do. Ends with 1 when something needs care.",
      "rekey doctor");
  config::Values flags;
  bool probe = false;
  config::add_settings(command, flags);
  command.add_flag("--probe", probe,
                   "Ask the provider too: read each company with its token, as the service would");
  if (const auto ended = parse(command, argc, argv)) return *ended;
  try {
    auto settings = config::read_settings(flags, config::process_environment());
    if (!settings) throw std::runtime_error(settings.error().hint);
    return Doctor(std::move(*settings), probe).look() == 0 ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rekey doctor: %s\n", error.what());
    return 1;
  }
}

}  // namespace rekey::cli
