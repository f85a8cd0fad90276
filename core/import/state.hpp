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

/// Why a list was left out of an import: the provider does not give it to this company, for example
/// because it is not in the company's plan.
enum class LeftOut {
  not_for_company,   ///< and nothing depends on it
  mapping_needs_it,  ///< what would be mapped to its records cannot be
};
constexpr std::array<std::string_view, 2> names_of(LeftOut) {
  return {"not_for_company", "mapping_needs_it"};
}

/// How far one entity is. `total` is known once its first page has been read. `finished`: it is
/// read, or left out.
struct Progress {
  Entity entity = Entity::company_info;
  std::int64_t done = 0;
  std::optional<std::int64_t> total;
  bool finished = false;
  std::optional<LeftOut> left_out = {};
  bool operator==(const Progress&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("entity", &Progress::entity), field("done", &Progress::done),
                      field("total", &Progress::total), field("finished", &Progress::finished),
                      rare_field("left_out", &Progress::left_out)};
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
};
constexpr std::array<std::string_view, 6> names_of(Stopped) {
  return {"unreachable", "refused", "unreadable", "grant_ended", "disconnected", "timed_out"};
}

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
  static constexpr std::string_view type = "running";
  bool operator==(const Running&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("started", &Running::started), field("deadline", &Running::deadline),
                      field("progress", &Running::progress)};
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
  static constexpr std::string_view type = "failed";
  bool operator==(const Failed&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("reason", &Failed::reason), field("since", &Failed::since),
                      field("progress", &Failed::progress)};
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
/// What the import has left out so far.
std::vector<Progress> lists_left_out(const State& state);
/// How to tell of a list that the provider does not give to the company of a host that has these
/// sections mapped.
LeftOut reason_to_leave_out(Entity entity,
                            std::span<const mapping::Section> wanted = mapping::usual_sections);

}  // namespace rekey::imports
