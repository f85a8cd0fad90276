// The states of a settings import, which reads a company's settings and lists page by page.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "core/import/entity.hpp"
#include "core/time.hpp"
#include "core/wire/fields.hpp"

namespace rekey::imports {

using wire::field;
using wire::rare_field;

/// Why a list was left out of an import. What is in use of it stays.
enum class LeftOut {
  not_for_company,   ///< the provider does not give it to this company, for example because it is
                     ///< not in the company's plan, and nothing depends on it
  mapping_needs_it,  ///< the same, and what would be mapped to its records cannot be
  not_read,          ///< it could not be read, or not completely, while others could
  skipped,           ///< a person did not want to wait for it
};
constexpr std::array<std::string_view, 4> names_of(LeftOut) {
  return {"not_for_company", "mapping_needs_it", "not_read", "skipped"};
}

/// How far one entity is. `total` is known once its first page has been read. `finished`: it is
/// read, or left out.
struct Progress {
  Entity entity = Entity::company_info;
  std::int64_t done = 0;
  std::optional<std::int64_t> total;
  bool finished = false;
  std::optional<LeftOut> left_out = {};
  std::int64_t set_aside = 0;   ///< records that could not be kept as rows
  std::int64_t mended = 0;      ///< rows with characters in them that could not be read
  std::int64_t read_again = 0;  ///< how often it was read again from its beginning, as rows moved
  bool operator==(const Progress&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("entity", &Progress::entity),
                      field("done", &Progress::done),
                      field("total", &Progress::total),
                      field("finished", &Progress::finished),
                      rare_field("left_out", &Progress::left_out),
                      rare_field("set_aside", &Progress::set_aside),
                      rare_field("mended", &Progress::mended),
                      rare_field("read_again", &Progress::read_again)};
  }
};

/// Why an import stopped. Every one of them can be resumed where it stopped.
enum class Stopped {
  unreachable,   ///< the provider did not answer
  refused,       ///< the provider refused the read, or every list
  unreadable,    ///< the provider answered what cannot be read
  grant_ended,   ///< the connection broke
  disconnected,  ///< the customer turned the connection off
  timed_out,     ///< nothing was heard of it within its time
  incomplete,    ///< rows moved so much that it cannot be said that none is missing
  paused,        ///< a person, or the host, wanted it to wait
};
constexpr std::array<std::string_view, 8> names_of(Stopped) {
  return {"unreachable",  "refused",   "unreadable", "grant_ended",
          "disconnected", "timed_out", "incomplete", "paused"};
}

/// The import before, whose rows stay in use until this one is done.
struct InUse {
  Instant finished{};
  bool applied = false;
  std::vector<Progress> progress;
  bool operator==(const InUse&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("finished", &InUse::finished), field("applied", &InUse::applied),
                      field("progress", &InUse::progress)};
  }
};

/// Nothing has been imported.
struct None {
  static constexpr std::string_view type = "none";
  bool operator==(const None&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// Under way. Past `deadline` without a sign of life it counts as stopped.
struct Running {
  Instant started{};
  Instant deadline{};
  std::vector<Progress> progress;
  std::optional<InUse> before = {};
  static constexpr std::string_view type = "running";
  bool operator==(const Running&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("started", &Running::started), field("deadline", &Running::deadline),
                      field("progress", &Running::progress),
                      rare_field("before", &Running::before)};
  }
};

/// Everything was read, but for what was left out. `applied`: the customer has refreshed the
/// session to use it.
struct Done {
  Instant finished{};
  bool applied = false;
  std::vector<Progress> progress;
  static constexpr std::string_view type = "done";
  bool operator==(const Done&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("finished", &Done::finished), field("applied", &Done::applied),
                      field("progress", &Done::progress)};
  }
};

/// Stopped; what was read is kept and it goes on from there.
struct Failed {
  Stopped reason = Stopped::unreachable;
  Instant since{};
  std::vector<Progress> progress;
  std::optional<InUse> before = {};
  static constexpr std::string_view type = "failed";
  bool operator==(const Failed&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("reason", &Failed::reason), field("since", &Failed::since),
                      field("progress", &Failed::progress), rare_field("before", &Failed::before)};
  }
};

using Phase = std::variant<None, Running, Done, Failed>;

/// The import machine: its phase, and the number of the run (answers of earlier runs are stale).
struct State {
  Phase phase;
  std::int64_t run = 0;
  bool operator==(const State&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("phase", &State::phase), field("run", &State::run)};
  }
};

/// The entities of a plan, none begun.
std::vector<Progress> plan(const Plan& entities = current_plan());
/// The first entity that is not finished; null when all are.
const Progress* next_entity(const std::vector<Progress>& progress);
/// Whether settings of an import that came to its end are in use, also while another one runs.
bool in_use(const State& state);
/// What the import has left out so far.
std::vector<Progress> lists_left_out(const State& state);
/// How to tell of a list that the provider does not give to the company of a host that has these
/// sections mapped.
LeftOut reason_to_leave_out(Entity entity,
                            std::span<const mapping::Section> wanted = mapping::usual_sections);

}  // namespace rekey::imports
