// Effects of a connection's step: what the caller must do next, as plain data. The answer to an
// effect is an event that carries the attempt, version, run or revision named here, so that a stale
// answer is recognised.
#pragma once

#include "core/connect/event.hpp"
#include "core/import/event.hpp"
#include "core/save/event.hpp"

namespace rekey {

using wire::field;

/// Send the browser to the provider for this attempt.
struct Redirect {
  std::string attempt;
  static constexpr std::string_view type = "redirect";
  bool operator==(const Redirect&) const = default;
  static constexpr auto fields() { return std::tuple{field("attempt", &Redirect::attempt)}; }
};

/// Exchange the code of this attempt, once, for the grant of this version.
struct ExchangeCode {
  std::string attempt;
  std::int64_t version = 0;
  static constexpr std::string_view type = "exchange_code";
  bool operator==(const ExchangeCode&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("attempt", &ExchangeCode::attempt),
                      field("version", &ExchangeCode::version)};
  }
};

/// Read the company with the grant of this version.
struct ProveCompany {
  std::int64_t version = 0;
  static constexpr std::string_view type = "prove_company";
  bool operator==(const ProveCompany&) const = default;
  static constexpr auto fields() { return std::tuple{field("version", &ProveCompany::version)}; }
};

/// End the grant of this version at the provider, and forget its tokens when that was confirmed
/// (Disconnected) or given up (RevocationGivenUp), not before.
struct Revoke {
  std::int64_t version = 0;
  static constexpr std::string_view type = "revoke";
  bool operator==(const Revoke&) const = default;
  static constexpr auto fields() { return std::tuple{field("version", &Revoke::version)}; }
};

/// Forget the tokens of this version without telling the provider: they are dead, or ending them
/// there could end their successor too.
struct Forget {
  std::int64_t version = 0;
  static constexpr std::string_view type = "forget";
  bool operator==(const Forget&) const = default;
  static constexpr auto fields() { return std::tuple{field("version", &Forget::version)}; }
};

/// The same for the OAuth 1.0a connection and its credential; its version is 0.
struct RetireLegacy {
  static constexpr std::string_view type = "retire_legacy";
  bool operator==(const RetireLegacy&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// Keep a copy of the configuration as it is at this revision.
struct TakeSnapshot {
  std::int64_t revision = 0;
  static constexpr std::string_view type = "take_snapshot";
  bool operator==(const TakeSnapshot&) const = default;
  static constexpr auto fields() { return std::tuple{field("revision", &TakeSnapshot::revision)}; }
};

/// Import the settings of the company with the grant of this version, from where this run is.
struct RunImport {
  std::int64_t run = 0;
  std::int64_t version = 0;
  static constexpr std::string_view type = "run_import";
  bool operator==(const RunImport&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("run", &RunImport::run), field("version", &RunImport::version)};
  }
};

/// Make the choices of this revision the configuration that the host reads.
struct StoreConfiguration {
  std::int64_t revision = 0;
  static constexpr std::string_view type = "store_configuration";
  bool operator==(const StoreConfiguration&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("revision", &StoreConfiguration::revision)};
  }
};

/// What people are told; the words are in the catalogue under "note.<name>".
enum class Note {
  legacy_found,
  disconnected,
  sign_in_failed,
  company_differs,
  company_kept,
  connected,
  upgraded,
  renewed,
  grant_ended,
  import_started,
  import_finished,
  import_stopped,
  configuration_saved,
  save_failed,
  grant_at_risk,
  grant_in_trouble,
  grant_recovered,
  revocation_pending,
  revocation_confirmed,
  revocation_given_up,
  legacy_given_up,       ///< of an OAuth 1.0a connection whose company is connected anew: harmless
  list_left_out,         ///< of an import
  needed_list_left_out,  ///< of an import, and mapping needs the list
  list_not_read,         ///< of an import that could read others
};
constexpr std::array<std::string_view, 24> names_of(Note) {
  return {"legacy_found",
          "disconnected",
          "sign_in_failed",
          "company_differs",
          "company_kept",
          "connected",
          "upgraded",
          "renewed",
          "grant_ended",
          "import_started",
          "import_finished",
          "import_stopped",
          "configuration_saved",
          "save_failed",
          "grant_at_risk",
          "grant_in_trouble",
          "grant_recovered",
          "revocation_pending",
          "revocation_confirmed",
          "revocation_given_up",
          "legacy_given_up",
          "list_left_out",
          "needed_list_left_out",
          "list_not_read"};
}

/// Tell the customer and the host. `detail` is a reason's name, a company's name or a list's name,
/// as the note says.
struct Notify {
  Note note = Note::connected;
  std::string detail;
  static constexpr std::string_view type = "notify";
  bool operator==(const Notify&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("note", &Notify::note), field("detail", &Notify::detail)};
  }
};

using Effect = std::variant<Redirect, ExchangeCode, ProveCompany, Revoke, Forget, RetireLegacy,
                            TakeSnapshot, RunImport, StoreConfiguration, Notify>;
using Effects = std::vector<Effect>;

}  // namespace rekey
