// Events of the import machine.
#pragma once

#include "core/import/state.hpp"

namespace rekey::imports {

/// The customer, or the host, asked for the settings to be read anew. What is read is said here and
/// not by the rules, so that a history replays as it was when later versions import more.
struct ImportPressed {
  Plan plan = current_plan();  ///< empty: `plan_of_2026`
  /// The state remembers the import before, whose settings stay in use. Early events did not say
  /// so.
  bool keeps = false;
  static constexpr std::string_view type = "import_pressed";
  bool operator==(const ImportPressed&) const = default;
  static constexpr auto fields() {
    return std::tuple{rare_field("plan", &ImportPressed::plan),
                      rare_field("keeps", &ImportPressed::keeps)};
  }
};

/// The same as it is asked for today.
inline ImportPressed import_anew() {
  ImportPressed out;
  out.keeps = true;
  return out;
}

/// The customer asked a stopped import to go on, by the plan that it began with.
struct ResumePressed {
  static constexpr std::string_view type = "resume_pressed";
  bool operator==(const ResumePressed&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// The customer, or the host, wants the import to wait; it goes on with ResumePressed.
struct PausePressed {
  static constexpr std::string_view type = "pause_import_pressed";
  bool operator==(const PausePressed&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// The customer, or the host, gives up an import that runs or has stopped: what was read of it is
/// dropped, and what was imported before stays.
struct CancelImportPressed {
  static constexpr std::string_view type = "cancel_import_pressed";
  bool operator==(const CancelImportPressed&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// The customer, or the host, wants a list read that was left out.
struct RetryListPressed {
  Entity entity = Entity::company_info;
  static constexpr std::string_view type = "retry_list_pressed";
  bool operator==(const RetryListPressed&) const = default;
  static constexpr auto fields() { return std::tuple{field("entity", &RetryListPressed::entity)}; }
};

/// The customer, or the host, does not want to wait for a list: it is left out of this import.
struct SkipListPressed {
  Entity entity = Entity::company_info;
  static constexpr std::string_view type = "skip_list_pressed";
  bool operator==(const SkipListPressed&) const = default;
  static constexpr auto fields() { return std::tuple{field("entity", &SkipListPressed::entity)}; }
};

/// A page was read and stored. `done` counts all rows of the entity so far.
struct PageImported {
  std::int64_t run = 0;
  Entity entity = Entity::company_info;
  std::int64_t done = 0;
  std::optional<std::int64_t> total;
  bool finished = false;
  std::int64_t set_aside = 0;  ///< these three: of the entity so far
  std::int64_t mended = 0;
  std::int64_t read_again = 0;
  /// A sign of life when the deadline is near: the list is read once more, and nothing of it is
  /// new.
  bool alive = false;
  static constexpr std::string_view type = "page_imported";
  bool operator==(const PageImported&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("run", &PageImported::run),
                      field("entity", &PageImported::entity),
                      field("done", &PageImported::done),
                      field("total", &PageImported::total),
                      field("finished", &PageImported::finished),
                      rare_field("set_aside", &PageImported::set_aside),
                      rare_field("mended", &PageImported::mended),
                      rare_field("read_again", &PageImported::read_again),
                      rare_field("alive", &PageImported::alive)};
  }
};

/// The provider does not give this list to this company, or it cannot be read. It is left out, and
/// the import goes on.
struct ListRefused {
  std::int64_t run = 0;
  Entity entity = Entity::company_info;
  LeftOut reason = LeftOut::not_for_company;
  static constexpr std::string_view type = "list_refused";
  bool operator==(const ListRefused&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("run", &ListRefused::run), field("entity", &ListRefused::entity),
                      field("reason", &ListRefused::reason)};
  }
};

/// The import could not go on.
struct ImportFailed {
  std::int64_t run = 0;
  Stopped reason = Stopped::unreachable;
  static constexpr std::string_view type = "import_failed";
  bool operator==(const ImportFailed&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("run", &ImportFailed::run), field("reason", &ImportFailed::reason)};
  }
};

/// The customer refreshed the session to apply what was imported.
struct ApplyPressed {
  std::int64_t run = 0;
  static constexpr std::string_view type = "apply_pressed";
  bool operator==(const ApplyPressed&) const = default;
  static constexpr auto fields() { return std::tuple{field("run", &ApplyPressed::run)}; }
};

}  // namespace rekey::imports
