// Limits what other processes on the machine can see of this one.
#pragma once

#include <string_view>
#include <vector>

namespace rekey::system {

/// No core file, and no other process of the same user may look into the memory of this one or at
/// what /proc has of it (prctl(2), PR_SET_DUMPABLE). To be called before any secret is read.
void hide_memory();

/// A write for which the system leaves no room fails, and does not end the process (setrlimit(2),
/// RLIMIT_FSIZE).
void survive_full_files();

/// Takes variables out of the environment and overwrites them where they stood, so that neither
/// /proc/<pid>/environ nor a program we start has them any more. Before there are other threads.
void forget_environment(const std::vector<std::string_view>& names);

}  // namespace rekey::system
