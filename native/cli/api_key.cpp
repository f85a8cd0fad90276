// `rekey api-key add|list|revoke`: the keys of host applications.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "core/text/catalogue.hpp"
#include "native/app.hpp"
#include "native/cli/command.hpp"
#include "native/cli/note.hpp"
#include "native/cli/parse.hpp"
#include "native/config_flags.hpp"
#include "native/store/schema.hpp"

namespace rekey::cli {

namespace {

struct Wanted {
  std::string name, id, scopes;
  std::int64_t rate = 0, burst = 0;
};

store::Databases open_store(const config::Values& flags) {
  const auto settings = config::read_settings(flags, config::process_environment());
  if (!settings) throw std::runtime_error(settings.error().hint);
  return store::Databases(settings->database);
}

void add(store::Databases& databases, const Wanted& wanted) {
  const auto scopes = wanted.scopes.empty() ? Result<std::string>(server::default_scopes())
                                            : server::checked_scopes(wanted.scopes);
  if (!scopes) throw std::runtime_error(scopes.error().hint);
  store::ApiKey key{{}, wanted.name, *scopes, {}, {}, system_now()};
  if (wanted.rate > 0) key.rate = wanted.rate;
  if (wanted.burst > 0) key.burst = wanted.burst;
  if (key.burst && !key.rate) throw std::runtime_error("--burst needs --rate beside it.");
  const auto secret = add_api_key(databases, key);
  note(databases, audit::Event::api_key_added, {{"key", key.id}, {"scopes", key.scopes}});
  std::printf("%s\n", secret.c_str());
}

void list(store::Databases& databases) {
  auto db = databases.borrow();
  for (const auto& each : store::list_api_keys(*db))
    std::printf("%s\n",
                wire::dump({{"id", each.id},
                            {"name", each.name},
                            {"scopes", each.scopes},
                            {"rate", each.rate ? wire::Json(*each.rate) : wire::Json(nullptr)},
                            {"burst", each.burst ? wire::Json(*each.burst) : wire::Json(nullptr)},
                            {"created", to_ms(each.created)}})
                    .c_str());
}

void revoke(store::Databases& databases, const std::string& id) {
  auto db = databases.borrow();
  if (!store::revoke_api_key(*db, id))
    throw std::runtime_error(
        text::fill("There is no key \"{id}\". `rekey api-key list` shows them.", {{"id", id}}));
  note(databases, audit::Event::api_key_revoked, {{"key", id}});
}

}  // namespace

int run_api_key(int argc, char** argv) {
  CLI::App command("API keys of host applications.", "rekey api-key");
  command.require_subcommand(1);
  config::Values flags;
  Wanted wanted;
  auto* adding = command.add_subcommand("add", "Makes a key and prints it, this once");
  adding->add_option("name", wanted.name, "What the key is for, for people")->required();
  adding->add_option("--scopes", wanted.scopes,
                     text::fill("What it may do, with commas between; * for all. Default: {scopes}",
                                {{"scopes", server::default_scopes()}}));
  adding->add_option("--rate", wanted.rate, "Requests a second it may make. Default: no limit")
      ->check(CLI::Range(1, 1'000'000));
  adding->add_option("--burst", wanted.burst, "Requests at once. Default: as --rate")
      ->check(CLI::Range(1, 1'000'000));
  auto* listing = command.add_subcommand("list", "Prints the keys, one JSON object a line");
  auto* revoking =
      command.add_subcommand("revoke", "Ends a key; running servers refuse it within a second");
  revoking->add_option("id", wanted.id, "The key's id, as the list shows it")->required();
  for (auto* each : {adding, listing, revoking}) config::add_settings(*each, flags, {"database"});
  if (const auto ended = parse(command, argc, argv)) return *ended;
  try {
    auto databases = open_store(flags);
    {
      auto db = databases.borrow();
      store::prepare_schema(*db);
    }
    if (adding->parsed()) add(databases, wanted);
    if (listing->parsed()) list(databases);
    if (revoking->parsed()) revoke(databases, wanted.id);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rekey api-key: %s\n", error.what());
    return 1;
  }
}

}  // namespace rekey::cli
