#include "native/system/process.hpp"

#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>

namespace rekey::system {

void hide_memory() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void survive_full_files() {
  std::signal(SIGXFSZ, SIG_IGN);
}

void forget_environment(const std::vector<std::string_view>& names) {
  for (const auto name : names) {
    std::vector<char*> found;
    for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
      const std::string_view text(*each);
      if (text.starts_with(name) && text.substr(name.size()).starts_with('='))
        found.push_back(*each);
    }
    ::unsetenv(std::string(name).c_str());
    for (char* each : found) ::explicit_bzero(each, ::strlen(each));
  }
}

}  // namespace rekey::system
