// `rekey webhook add|list|secret|remove`: where the host is told of what happens.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "core/text/catalogue.hpp"
#include "native/app.hpp"
#include "native/cli/command.hpp"
#include "native/cli/note.hpp"
#include "native/cli/parse.hpp"
#include "native/config_flags.hpp"
#include "native/work/key_check.hpp"

namespace rekey::cli {

namespace {

void add_webhook(const config::Settings& settings, const std::string& url) {
  if (const auto good = work::WebhookTargets(settings.webhook_allow).check(url); !good)
    throw std::runtime_error(good.error().hint);
  Workplace here(settings);
  const auto made = work::new_endpoint(here.driver.secrets(), url, "", here.driver.now());
  auto db = here.databases->borrow();
  store::in_transaction(*db, [&] {
    work::need_known_key(*db, here.driver.secrets().vault());
    store::put_endpoint(*db, made);
  });
  note(*here.databases, audit::Event::webhook_added, {{"webhook", made.id}});
  std::printf("%s\n", made.id.c_str());
}

void list_webhooks(const config::Settings& settings) {
  Workplace here(settings);
  auto db = here.databases->borrow();
  for (const auto& each : store::list_endpoints(*db))
    std::printf("%s\n", wire::dump({{"id", each.id},
                                    {"url", each.url},
                                    {"types", each.types},
                                    {"disabled", each.disabled.has_value()}})
                            .c_str());
}

[[noreturn]] void no_such(const std::string& id) {
  throw std::runtime_error(
      text::fill("There is no webhook \"{id}\". `rekey webhook list` shows them.", {{"id", id}}));
}

void secret(const config::Settings& settings, const std::string& id) {
  Workplace here(settings);
  auto db = here.databases->borrow();
  const auto found = store::endpoint(*db, id);
  if (!found) no_such(id);
  note(*here.databases, audit::Event::webhook_secret_read, {{"webhook", id}});
  std::printf("%s\n", work::endpoint_secret(here.driver.secrets(), *found).reveal().c_str());
}

void remove_webhook(const config::Settings& settings, const std::string& id) {
  Workplace here(settings);
  auto db = here.databases->borrow();
  if (!store::delete_endpoint(*db, id)) no_such(id);
  note(*here.databases, audit::Event::webhook_removed, {{"webhook", id}});
}

}  // namespace

int run_webhook(int argc, char** argv) {
  CLI::App command("Where the host is told of what happens.", "rekey webhook");
  command.require_subcommand(1);
  config::Values flags;
  std::string url, id;
  auto* adding = command.add_subcommand("add", "Adds an address and prints its id");
  adding->add_option("url", url, "An https:// address")->required();
  auto* listing = command.add_subcommand("list", "Prints them, one JSON object a line");
  auto* telling =
      command.add_subcommand("secret", "Prints the secret its messages are signed with");
  auto* removing = command.add_subcommand("remove", "Removes one; nothing more is sent there");
  for (auto* each : {telling, removing})
    each->add_option("id", id, "Its id, as the list shows it")->required();
  for (auto* each : {adding, listing, telling, removing})
    config::add_settings(
        *each, flags,
        {"database", "master-key-file", "master-key-command", "master-key", "webhook-allow"});
  if (const auto ended = parse(command, argc, argv)) return *ended;
  try {
    const auto settings = config::read_settings(flags, config::process_environment());
    if (!settings) throw std::runtime_error(settings.error().hint);
    if (adding->parsed()) add_webhook(*settings, url);
    if (listing->parsed()) list_webhooks(*settings);
    if (telling->parsed()) secret(*settings, id);
    if (removing->parsed()) remove_webhook(*settings, id);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rekey webhook: %s\n", error.what());
    return 1;
  }
}

}  // namespace rekey::cli
