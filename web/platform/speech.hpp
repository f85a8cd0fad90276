// The live regions: what assistive technology says without being asked.
#pragma once

#include <string_view>

namespace rekey::web::speech {

/// Puts a message into the queue of the status region, or, urgent, into that of the alert region.
/// Each stays long enough to be said; the last one stays until another comes.
void say(std::string_view text, bool urgent);

}  // namespace rekey::web::speech
