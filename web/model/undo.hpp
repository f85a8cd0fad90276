// Undo and redo of what the person changed in this tab.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "web/model/change.hpp"
#include "web/model/message.hpp"

namespace rekey::web {

/// Something that was done, so that it can be undone. A step of many lines at once (accepting,
/// going back, a sheet) is undone by going back to the revision before it, as long as nobody else
/// has changed anything since.
struct Done {
  Change change;                       ///< what redoing it makes; of a sheet, the way back to it
  std::optional<Change> inverse = {};  ///< what undoing it makes; none: the way to `before`
  std::int64_t number = 0;             ///< of the change
  /// The revision before it; none: it was not sent yet.
  std::optional<std::int64_t> before = {};
  bool sheet = false;
  std::string name = {};   ///< of the host's record
  std::string value = {};  ///< of the option that was chosen, in words
  std::int64_t lines = 0;  ///< how many it changed, once that is known
};

struct UndoStack {
  std::vector<Done> done, undone;  ///< the newest last
};

/// At most so many steps can be undone.
constexpr std::size_t most_undone = 100;

/// Notes a step. What was undone before it cannot be redone any more.
void note(UndoStack& stack, Done done);
/// A change is sent, of a configuration whose newest revision was this one.
void sent(UndoStack& stack, std::int64_t number, std::int64_t seen);
/// It changed so many lines.
void counted(UndoStack& stack, std::int64_t number, std::int64_t lines);
/// Somebody else changed the configuration: steps that are undone by going back are forgotten.
void changed_elsewhere(UndoStack& stack);

/// What pressing Undo or Redo would do, as an id of the catalogue with its values; none: nothing.
/// Ids: "undo.line" and "redo.line" {name} {value}, "undo.settings", "undo.accept" {count} {n},
/// "undo.back", "undo.sheet", and the same of redo.
struct UndoWords {
  std::string id;
  Values values;
};

}  // namespace rekey::web
