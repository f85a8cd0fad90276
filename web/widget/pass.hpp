// One run of the view: between these two calls everything is described, and perhaps painted.
#pragma once

#include <string>

namespace rekey::web {

class Ui;

/// Takes the next event from the queue and makes everything ready for a description.
void begin_pass(Ui& ui, bool painting, double seconds);
/// True when nothing is left to handle and everything stands where it will stay.
bool end_pass(Ui& ui);
/// After a pass: what of the browser's elements is to be another than when this was called last, as
/// JSON (Mirror::news); empty when nothing is.
std::string news(Ui& ui);

}  // namespace rekey::web
