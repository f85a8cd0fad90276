// What the person changed in the configuration, and what of it the backend is asked next.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/wire/configuration.hpp"

namespace rekey::web {

/// A line is to be mapped so; without a choice it is undecided again.
struct LineChange {
  mapping::Section section = mapping::Section::accounts;
  std::string ours;
  std::optional<mapping::Choice> choice = {};
  // As it was shown, for the time until the backend has it:
  std::optional<mapping::Record> target = {};              ///< what is chosen
  mapping::LineState was = mapping::LineState::undecided;  ///< before the change
  mapping::LineState becomes = mapping::LineState::undecided;
  bool was_changed = false;  ///< it was marked as changed
  bool gone = false;         ///< the host has it no more: it is not counted
  static constexpr std::string_view type = "line";
  static constexpr auto fields() {
    using wire::field;
    return std::tuple{field("section", &LineChange::section),
                      field("ours", &LineChange::ours),
                      field("choice", &LineChange::choice),
                      field("target", &LineChange::target),
                      field("was", &LineChange::was),
                      field("becomes", &LineChange::becomes),
                      field("was_changed", &LineChange::was_changed),
                      field("gone", &LineChange::gone)};
  }
};

/// The other settings are to be these.
struct SettingsChange {
  mapping::Settings settings;
  static constexpr std::string_view type = "settings";
  static constexpr auto fields() {
    return std::tuple{wire::field("settings", &SettingsChange::settings)};
  }
};

/// Everything that is suggested in a section is accepted, as far as it is at least this sure.
struct AcceptChange {
  mapping::Section section = mapping::Section::accounts;
  double confidence = 1;
  static constexpr std::string_view type = "accept";
  static constexpr auto fields() {
    using wire::field;
    return std::tuple{field("section", &AcceptChange::section),
                      field("confidence", &AcceptChange::confidence)};
  }
};

/// Everything is to be as it was at a revision.
struct BackChange {
  std::int64_t revision = 0;
  static constexpr std::string_view type = "back";
  static constexpr auto fields() {
    return std::tuple{wire::field("revision", &BackChange::revision)};
  }
};

using Change = std::variant<LineChange, SettingsChange, AcceptChange, BackChange>;

/// A change that the backend has not confirmed yet.
struct Edit {
  Change what;
  std::int64_t number = 0;  ///< changes are numbered in the order in which they were made
  static constexpr auto fields() { return std::tuple{wire::field("what", &Edit::what)}; }
};

/// A request to the backend, with all that it needs but the revision that was seen.
using EditRequest = std::variant<wire::ConfigurationPatch, wire::AcceptSuggestions, wire::GoBack>;
struct NextEdit {
  EditRequest request;
  std::int64_t upto = 0;  ///< the newest change in it
};

/// The request for the oldest of these changes: choices and settings that follow each other go as
/// one patch (of a line that was changed twice, the last change), anything else by itself. `edits`
/// has at least one.
NextEdit next_edit(const std::vector<Edit>& edits, std::int64_t seen);

}  // namespace rekey::web
