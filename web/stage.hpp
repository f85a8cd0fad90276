// The frames: runs the view until nothing is left to handle, tells the browser, and paints.
#pragma once

namespace rekey::web {

/// Makes the canvas and the fonts ready. False when this browser has no WebGL2.
bool open_stage();

}  // namespace rekey::web
