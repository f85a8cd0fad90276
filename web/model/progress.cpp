#include "web/model/progress.hpp"

#include <algorithm>

#include "core/overloaded.hpp"

namespace rekey::web {

namespace {

/// How many records a list of a middling company has: only to weigh lists nobody has counted yet.
std::int64_t usual_size(imports::Entity entity) {
  switch (entity) {
    case imports::Entity::customer:
      return 600;
    case imports::Entity::item:
      return 200;
    case imports::Entity::vendor:
      return 200;
    case imports::Entity::account:
      return 80;
    case imports::Entity::company_info:
    case imports::Entity::preferences:
      return 1;
    default:
      return 10;
  }
}

}  // namespace

double Total::share() const {
  if (lists > 0 && lists_done == lists) return 1;
  if (expected <= 0) return 0;
  return std::min(1.0, static_cast<double>(done) / static_cast<double>(expected));
}

Total total_of(const std::vector<imports::Progress>& progress) {
  Total out;
  for (const auto& each : progress) {
    ++out.lists;
    if (each.finished) ++out.lists_done;
    out.done += each.done;
    if (each.finished)
      out.expected += each.done;
    else
      out.expected += std::max(each.done + 1, each.total.value_or(usual_size(each.entity)));
  }
  return out;
}

const std::vector<imports::Progress>* progress_of(const imports::State& state) {
  using List = const std::vector<imports::Progress>*;
  return std::visit(
      Overloaded{[](const imports::None&) -> List { return nullptr; },
                 [](const imports::Running& phase) -> List { return &phase.progress; },
                 [](const imports::Done& phase) -> List { return &phase.progress; },
                 [](const imports::Failed& phase) -> List { return &phase.progress; }},
      state.phase);
}

void Estimate::observe(const imports::State& state, Instant now) {
  const auto* running = std::get_if<imports::Running>(&state.phase);
  if (!running) {
    run_ = -1;
    return;
  }
  if (run_ == state.run) return;
  run_ = state.run;
  since_ = now;
  done_then_ = total_of(running->progress).done;
}

std::optional<Millis> Estimate::left(const imports::State& state, Instant now) const {
  const auto* running = std::get_if<imports::Running>(&state.phase);
  if (!running || run_ != state.run) return {};
  const auto total = total_of(running->progress);
  const auto read = total.done - done_then_;
  const auto took = now - since_;
  // Two seconds and a few records: before that any number would be a guess that jumps.
  if (took < Millis{2000} || read < 10) return {};
  const auto rest = std::max<std::int64_t>(0, total.expected - total.done);
  return Millis{took.count() * rest / read};
}

}  // namespace rekey::web
