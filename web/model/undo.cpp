#include "web/model/undo.hpp"

namespace rekey::web {

void note(UndoStack& stack, Done done) {
  stack.undone.clear();
  if (stack.done.size() == most_undone) stack.done.erase(stack.done.begin());
  stack.done.push_back(std::move(done));
}

void sent(UndoStack& stack, std::int64_t number, std::int64_t seen) {
  for (auto& each : stack.done)
    if (each.number == number && !each.inverse) each.before = seen;
}

void counted(UndoStack& stack, std::int64_t number, std::int64_t lines) {
  for (auto& each : stack.done)
    if (each.number == number && !each.inverse) each.lines = lines;
}

void changed_elsewhere(UndoStack& stack) {
  for (auto* each : {&stack.done, &stack.undone})
    std::erase_if(*each, [](const Done& step) { return !step.inverse; });
}

}  // namespace rekey::web
