// Names a process so that another one on the same machine can see that it has died.
#pragma once

#include <string>
#include <string_view>

namespace rekey::work {

/// A name of this process, like no other's: machine since its last start, process namespace, id,
/// and when it began.
std::string process_name();

/// Whether the process of this name certainly lives no more. False also when that cannot be known
/// here: it is on another machine, or in another container.
bool has_died(std::string_view name);

}  // namespace rekey::work
