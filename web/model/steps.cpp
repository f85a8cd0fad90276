// The four steps, and what keeps them from being finished.
#include <algorithm>

#include "web/model/story.hpp"

namespace rekey::web {

std::int64_t open_lines(const Model& model) {
  const auto& state = model.page.state;
  if (!configurable(state) || !model.mapping || model.mapping->unsent_changes() ||
      model.mapping->counts_are_old || !std::holds_alternative<save::Saved>(state.save.phase))
    return 0;
  const auto counts = sum(*model.mapping);
  return counts.undecided + counts.suggested;
}

std::array<StepState, 4> steps_of(const Model& model) {
  const auto& state = model.page.state;
  const bool connected = connect::live_grant(state.connect) != nullptr;
  const bool imported = configurable(state);
  const bool saved = imported && std::holds_alternative<save::Saved>(state.save.phase) &&
                     !(model.mapping && model.mapping->unsent_changes());
  bool checked = false;
  if (imported && model.mapping) {
    const auto counts = sum(*model.mapping);
    // What is used twice was asked about before it was saved.
    checked = counts.undecided == 0 && counts.changed == 0 && (saved || counts.conflicts == 0) &&
              (model.mapping->counts_are_old ? counts.suggested : open_lines(model)) == 0;
  }
  std::array<StepState, 4> out{};
  bool before = true;
  const std::array<bool, 4> are_done{connected, imported, checked, saved};
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = !before ? StepState::todo : are_done[i] ? StepState::done : StepState::current;
    before = before && are_done[i];
  }
  return out;
}

bool is_finished(const Model& model) {
  const auto steps = steps_of(model);
  return std::all_of(steps.begin(), steps.end(),
                     [](StepState each) { return each == StepState::done; });
}

}  // namespace rekey::web
