#include "web/model/progress.hpp"

#include <algorithm>

#include "core/overloaded.hpp"

namespace rekey::web {

namespace {

constexpr std::size_t most_slices = 48;

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
  using Lists = const std::vector<imports::Progress>*;
  return std::visit(
      Overloaded{[](const imports::None&) -> Lists { return nullptr; },
                 [](const imports::Running& phase) -> Lists { return &phase.progress; },
                 [](const imports::Done& phase) -> Lists { return &phase.progress; },
                 [](const imports::Failed& phase) -> Lists { return &phase.progress; }},
      state.phase);
}

std::size_t Estimate::slice_of(Instant now) const {
  return static_cast<std::size_t>(std::max<std::int64_t>(0, (now - since_) / slice_));
}

void Estimate::observe(const imports::State& state, Instant now) {
  const auto* running = std::get_if<imports::Running>(&state.phase);
  if (!running) {
    run_ = -1;
    return;
  }
  const auto done = total_of(running->progress).done;
  if (run_ != state.run) {
    run_ = state.run;
    since_ = now;
    done_then_ = done_last_ = done;
    slice_ = Millis{1000};
    slices_.clear();
  }
  while (slice_of(now) >= most_slices) {
    slice_ *= 2;
    for (std::size_t i = 0; i < slices_.size(); ++i) {
      if (i % 2 == 1) slices_[i / 2] += slices_[i];
      if (i % 2 == 0) slices_[i / 2] = slices_[i];
    }
    slices_.resize((slices_.size() + 1) / 2);
  }
  const auto at = slice_of(now);
  if (slices_.size() <= at) slices_.resize(at + 1, 0);
  // A list that is read again from its beginning counts backwards for once.
  slices_[at] += std::max<std::int64_t>(0, done - done_last_);
  done_last_ = done;
}

std::vector<double> Estimate::pace(Instant now) const {
  const auto seconds = static_cast<double>(slice_.count()) / 1000;
  std::vector<double> out;
  for (std::size_t i = 0; i < std::min(slice_of(now), most_slices); ++i)
    out.push_back(i < slices_.size() ? static_cast<double>(slices_[i]) / seconds : 0);
  return out;
}

std::optional<std::int64_t> Estimate::a_minute(Instant now) const {
  const auto ended = std::min(slice_of(now), most_slices);
  // The last fifteen seconds or so: pages come one by one, and the pace changes.
  const auto wanted = std::max<std::size_t>(1, static_cast<std::size_t>(Millis{15000} / slice_));
  const auto count = std::min(ended, wanted);
  if (count * static_cast<std::size_t>(slice_.count()) < 2000) return {};
  std::int64_t read = 0;
  for (auto i = ended - count; i < ended && i < slices_.size(); ++i) read += slices_[i];
  return read * 60'000 / (static_cast<std::int64_t>(count) * slice_.count());
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
