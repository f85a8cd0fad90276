// `rekey grants import|export|revive`: moving in from elsewhere, out again, and back to life.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <limits>
#include <memory>
#include <sstream>

#include "core/text/catalogue.hpp"
#include "native/accounting/provider_source.hpp"
#include "native/app.hpp"
#include "native/cli/command.hpp"
#include "native/cli/note.hpp"
#include "native/cli/parse.hpp"
#include "native/config_flags.hpp"
#include "native/integrations.hpp"
#include "native/system/private_file.hpp"
#include "native/work/move_in.hpp"
#include "native/work/move_out.hpp"
#include "native/work/revive.hpp"

namespace rekey::cli {

namespace {

[[noreturn]] void not_readable(const std::string& path) {
  throw std::runtime_error(text::fill("The file {path} cannot be read.", {{"path", path}}));
}

std::string read_all(const std::string& path) {
  std::ostringstream text;
  std::ifstream in(path, std::ios::binary);
  if (!in) not_readable(path);
  text << in.rdbuf();
  return text.str();
}

/// Whether a file begins as one in UTF-8 would; UTF-16 has zeros.
bool begins_in_utf8(const std::string& path) {
  std::string text(64 * 1024, '\0');
  std::ifstream in(path, std::ios::binary);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  const bool whole = in.gcount() < static_cast<std::streamsize>(text.size());
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (!whole) text.resize(text.rfind('\n') + 1);  // no letter is cut
  if (text.find('\0') != text.npos) return false;
  try {
    (void)wire::Json(text).dump();
    return true;
  } catch (const wire::Json::type_error&) {
    return false;
  }
}

/// The bytes of a file, or of the standard input, as they are asked for. There are refresh tokens
/// in it: a file that others can read is refused. What could not be taken at all is said first.
work::LineReader::Source source_of_file(const std::string& path) {
  std::error_code ignored;
  if (path != "-" && std::filesystem::is_regular_file(path, ignored)) {
    if (!begins_in_utf8(path))
      throw std::runtime_error(
          text::fill("The file {path} is not in UTF-8. Save it as UTF-8 and run this again; "
                     "nothing was taken.",
                     {{"path", path}}));
    if (const auto checked = system::check_private_file(
            path, text::fill("The file with grants {path}", {{"path", path}}));
        !checked)
      throw std::runtime_error(checked.error().hint);
  }
  // Not /dev/stdin: a socket, as some programs give it, cannot be opened a second time.
  const std::shared_ptr<std::istream> in =
      path == "-" ? std::shared_ptr<std::istream>(std::shared_ptr<void>(), &std::cin)
                  : std::make_shared<std::ifstream>(path, std::ios::binary);
  if (!*in) not_readable(path);
  return [in] {
    std::string bytes(256 * 1024, '\0');
    in->read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(in->gcount()));
    return bytes;
  };
}

/// Prints what came of each line that was refused; true if none was.
bool import_file(work::Driver& driver, const std::string& path, const config::Settings& settings) {
  const auto integration = accounting::integration_of(settings.provider, integrations());
  if (!integration) throw std::runtime_error(integration.error().hint);
  std::int64_t imported = 0, unchanged = 0, refused = 0;
  work::LineBounds bounds;
  bounds.lines = std::numeric_limits<std::int64_t>::max();  // it is the operator's own file
  work::LineReader lines(source_of_file(path), bounds);
  work::MoveIn moving(driver, *integration, settings.client_id, wire::by_operator(),
                      settings.pages.forbid_shared_company);
  while (!lines.done())
    for (const auto& each : moving.take(lines)) {
      if (each.outcome == "imported") ++imported;
      if (each.outcome == "unchanged") ++unchanged;
      if (each.accepted) continue;
      ++refused;
      std::printf("%s\n", wire::dump(wire::write(each)).c_str());
    }
  note(driver.databases(), audit::Event::grants_imported,
       {{"accepted", imported + unchanged}, {"refused", refused}});
  std::fprintf(stderr, "%lld imported, %lld were here already, %lld refused\n",
               static_cast<long long>(imported), static_cast<long long>(unchanged),
               static_cast<long long>(refused));
  return refused == 0;
}

void export_all(work::Driver& driver, const std::string& key_file) {
  const auto recipient = vault::Recipient::from_pem(read_all(key_file));
  if (!recipient) throw std::runtime_error(recipient.error().hint);
  std::string after;
  do {
    const auto part = work::move_out(driver, *recipient, after, 500);
    // Before they are out of our hands.
    note(driver.databases(), audit::Event::grants_exported, {{"grants", part.sealed.size()}});
    for (const auto& each : part.sealed) std::printf("%s\n", each.c_str());
    after = part.next;
  } while (!after.empty());
}

/// One connection, or every one whose tokens are kept. True: there was one, and all are back.
bool revive(work::Driver& driver, const std::string& only) {
  std::int64_t revived = 0, not_possible = 0;
  const auto count = [&](const store::StoredConnection& connection) {
    if (!connect::kept_grant(connection.state.connect)) return;
    if (work::revive(driver, connection)) {
      ++revived;
      std::printf("%s  %s  is connected again\n", connection.tenant.c_str(), connection.id.c_str());
    } else {
      ++not_possible;
    }
  };
  if (!only.empty()) {
    count(driver.read(only));
  } else {
    std::string after;
    for (;;) {
      std::vector<store::StoredConnection> some;
      {
        auto db = driver.databases().borrow();
        some = store::list_connections(*db, {}, {}, after, 200);
      }
      if (some.empty()) break;
      for (const auto& each : some) count(each);
      after = some.back().id;
    }
  }
  if (revived > 0) note(driver.databases(), audit::Event::grants_revived, {{"grants", revived}});
  std::fprintf(stderr,
               "%lld revived. Each is renewed within a minute by `rekey serve`, and ends again if "
               "the provider says so.\n",
               static_cast<long long>(revived));
  if (revived == 0)
    std::fprintf(stderr,
                 "The tokens of %s are not kept: they were never ended by the provider, or longer "
                 "ago than `keep-ended`.\n",
                 only.empty() ? "no ended grant" : only.c_str());
  return revived > 0 && not_possible == 0;
}

}  // namespace

int run_grants(int argc, char** argv) {
  CLI::App command("Moves grants in from elsewhere, out again, and undoes ends that were wrong.",
                   "rekey grants");
  command.require_subcommand(1);
  config::Values flags;
  std::string file, key_file;
  auto* importing = command.add_subcommand("import",
                                           "Takes lines of JSON: tenant, realm_id, refresh_token; "
                                           "also name, company_name, access_token, "
                                           "expires_at, refresh_expires_at, scopes, client_id "
                                           "(`client-id` unless it is given). Prints the "
                                           "lines that were refused, with the reason; "
                                           "giving a file again changes nothing");
  importing->add_option("file", file, "The file; - for the standard input")->required();
  auto* exporting = command.add_subcommand(
      "export", "Prints every working grant sealed for a public key: a JWE (RFC 7516) a line");
  exporting->add_option("--public-key", key_file, "A PEM file with an RSA public key")->required();
  std::string connection;
  auto* reviving = command.add_subcommand(
      "revive",
      "Undoes ends that were wrong: grants that the provider ended and whose tokens are "
      "still kept (`keep-ended`) are tried again. All of them, or one connection's");
  reviving->add_option("--connection", connection, "Only this one, such as con_…");
  std::vector<std::string_view> settings_of_all = {"database", "master-key-file",
                                                   "master-key-command", "master-key"};
  config::add_settings(*exporting, flags, settings_of_all);
  config::add_settings(*reviving, flags, settings_of_all);
  settings_of_all.insert(settings_of_all.end(), {"shared-company", "provider", "client-id"});
  config::add_settings(*importing, flags, settings_of_all);
  if (const auto ended = parse(command, argc, argv)) return *ended;
  try {
    const auto settings = config::read_settings(flags, config::process_environment());
    if (!settings) throw std::runtime_error(settings.error().hint);
    Workplace here(*settings);
    if (importing->parsed()) return import_file(here.driver, file, *settings) ? 0 : 1;
    if (reviving->parsed()) return revive(here.driver, connection) ? 0 : 1;
    export_all(here.driver, key_file);
    return 0;
  } catch (const work::NotFound&) {
    std::fprintf(stderr, "rekey grants: there is no connection %s.\n", connection.c_str());
    return 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rekey grants: %s\n", error.what());
    return 1;
  }
}

}  // namespace rekey::cli
