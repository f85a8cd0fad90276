// `rekey keys list|add|rotate|retire`: the master keys that everything is sealed under.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "core/text/catalogue.hpp"
#include "native/app.hpp"
#include "native/cli/command.hpp"
#include "native/cli/note.hpp"
#include "native/cli/parse.hpp"
#include "native/config_flags.hpp"
#include "native/store/master_keys.hpp"
#include "native/store/schema.hpp"
#include "native/work/key_check.hpp"

namespace rekey::cli {

namespace {

// A running server has noticed a changed file, and stopped using an older key, after this long.
constexpr int noticed_after_s = 10;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().hint);
  return std::move(*result);
}

/// The file named on the command line, or else the one that the service is set to.
std::string key_file(const config::Settings& settings, const std::string& named) {
  const auto& path = named.empty() ? settings.master_key_file : named;
  if (path.empty())
    throw std::runtime_error(
        "Name the master key file, or set master-key-file. Keys that come from the environment or "
        "from a command are changed where they are kept: a new one as the last line first, then as "
        "the first line, and the old one taken out when `rekey keys list` shows it unused.");
  return path;
}

/// What a database needs of these keys.
struct Look {
  std::map<std::string, std::int64_t> uses;
  std::optional<work::KeyFault> fault;
};

Look look_at(const config::Settings& settings, const vault::Vault& vault) {
  store::Databases databases(settings.database);
  auto db = databases.borrow();
  store::prepare_schema(*db);
  auto uses = work::data_keys_by_master_key(*db);
  for (const auto& each : store::known_master_keys(*db)) uses.try_emplace(each.id, 0);
  return {std::move(uses), work::fault_of_keys(*db, vault, vault.offered_key_ids())};
}

/// Whether there is a database by now that the keys could be held against.
bool has_database(const config::Settings& settings) {
  return store::names_postgres(settings.database) || std::filesystem::exists(settings.database);
}

/// The keys of a file are not changed while they are those of another database.
void need_right_keys(const config::Settings& settings, const std::string& path) {
  const auto vault = must(vault::Vault::open({path, {}, {}}));
  if (!has_database(settings)) return;
  if (const auto fault = look_at(settings, vault).fault; fault && !fault->may_seal)
    throw std::runtime_error(fault->sentence);
}

void list_master_keys(const config::Settings& settings, const std::string& named) {
  const auto vault = must(vault::Vault::open({named.empty() ? settings.master_key_file : named,
                                              settings.master_key, settings.master_key_command}));
  auto [used, fault] = look_at(settings, vault);
  bool first = true;
  const auto print = [](const std::string& id, const char* what, std::int64_t count) {
    std::printf("%-18s %-8s %lld data keys\n", id.c_str(), what, static_cast<long long>(count));
  };
  for (const auto& id : vault.master_key_ids()) {
    print(id, first ? "in use" : "known", used[id]);
    used.erase(id);
    first = false;
  }
  for (const auto& [id, count] : used) print(id, "missing", count);
  std::fflush(stdout);
  if (fault) throw std::runtime_error(fault->sentence);
}

void add_master_key(const config::Settings& settings, const std::string& path) {
  if (!std::filesystem::exists(path)) {
    must(vault::make_key_file(path).map([] { return true; }));
    std::printf("%s is made, and in use.\n", path.c_str());
    return;
  }
  need_right_keys(settings, path);
  const auto id = must(vault::add_key(path));
  if (has_database(settings)) {
    store::Databases databases(settings.database);
    note(databases, audit::Event::master_key_added, {{"master_key", id}});
  }
  std::printf("%s is known now. When every server has this file, use it: rekey keys rotate\n",
              id.c_str());
}

void rotate(const config::Settings& settings, const std::string& path) {
  need_right_keys(settings, path);
  std::printf(
      "%s is in use now. Running servers move every data key to it within moments; `rekey keys "
      "list` shows how far they are.\n",
      must(vault::rotate_keys(path)).c_str());
}

void need_time_to_notice(const std::string& path) {
  const auto changed = std::filesystem::last_write_time(path);
  if (std::filesystem::file_time_type::clock::now() - changed <
      std::chrono::seconds{noticed_after_s})
    throw std::runtime_error(text::fill(
        "The master key file was changed a moment ago, and a running server may not have "
        "noticed yet. Try again in {seconds} seconds.",
        {{"seconds", std::to_string(noticed_after_s)}}));
}

void retire(const config::Settings& settings, const std::string& named, const std::string& id) {
  const auto path = named.empty() ? settings.master_key_file : named;
  const auto vault = must(vault::Vault::open(
      path.empty() ? vault::MasterKeySource{{}, settings.master_key, settings.master_key_command}
                   : vault::MasterKeySource{path, {}, {}}));
  const auto ids = vault.master_key_ids();
  if (!path.empty()) need_time_to_notice(path);
  auto look = look_at(settings, vault);
  if (look.fault && !look.fault->may_seal) throw std::runtime_error(look.fault->sentence);
  if (const auto count = look.uses[id]; count > 0)
    throw std::runtime_error(text::fill(
        ids.front() == id
            ? "The key {id} is still needed: {count} data keys are wrapped by it. It is the one in "
              "use; rotate first: rekey keys rotate."
            : "The key {id} is still needed: {count} data keys are wrapped by it. A running `rekey "
              "serve` moves them; try again later.",
        {{"id", id}, {"count", std::to_string(count)}}));
  if (!path.empty()) must(vault::remove_key(path, id));
  if (path.empty() && ids.front() == id)
    throw std::runtime_error(
        text::fill("The key {id} is the one in use. Put another one first.", {{"id", id}}));
  store::Databases databases(settings.database);
  (void)store::forget_master_key(*databases.borrow(), id);
  note(databases, audit::Event::master_key_retired, {{"master_key", id}});
  std::printf("%s is taken out. Keep a copy for as long as you keep backups that need it.\n",
              id.c_str());
}

}  // namespace

int run_keys(int argc, char** argv) {
  CLI::App command("The master keys that everything is sealed under.", "rekey keys");
  command.require_subcommand(1);
  config::Values flags;
  std::string file, id;
  auto* listing =
      command.add_subcommand("list", "Prints the keys by their ids, and what needs each of them");
  auto* adding = command.add_subcommand(
      "add", "Makes the file with a first key, or adds one to it that is not used yet");
  auto* rotating = command.add_subcommand(
      "rotate", "Uses the key that was added last, or a new one when there is only one");
  auto* retiring = command.add_subcommand("retire", "Takes out a key that nothing needs any more");
  retiring->add_option("id", id, "The key's id, as the list shows it")->required();
  for (auto* each : {listing, adding, rotating, retiring}) {
    each->add_option("file", file, "The master key file. Default: the setting master-key-file");
    config::add_settings(*each, flags, {"database", "master-key-file", "master-key-command"});
  }
  if (const auto ended = parse(command, argc, argv)) return *ended;
  try {
    const auto settings = must(config::read_settings(flags, config::process_environment()));
    if (listing->parsed()) list_master_keys(settings, file);
    if (adding->parsed()) add_master_key(settings, key_file(settings, file));
    if (rotating->parsed()) rotate(settings, key_file(settings, file));
    if (retiring->parsed()) retire(settings, file, id);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rekey keys: %s\n", error.what());
    return 1;
  }
}

}  // namespace rekey::cli
