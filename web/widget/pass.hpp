// One run of the view: between these two calls everything is described, and perhaps painted.
#pragma once

#include <string>

namespace rekey::web {

class Ui;

/// Takes the next event from the queue and makes everything ready for a description.
void begin_pass(Ui& ui, bool painting, double seconds);
/// True when nothing is left to handle and everything stands where it will stay.
bool end_pass(Ui& ui);
/// What the browser's elements are to be, as JSON, after a pass.
std::string description(Ui& ui);

}  // namespace rekey::web
