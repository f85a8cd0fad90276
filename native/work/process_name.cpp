#include "native/work/process_name.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>

#include "native/vault/random.hpp"

namespace rekey::work {

namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

/// What processes must have in common to see each other by their ids.
std::string where() {
  char space[64] = {};
  const auto size = ::readlink("/proc/self/ns/pid", space, sizeof space - 1);
  const auto boot = text_of("/proc/sys/kernel/random/boot_id");
  if (size <= 0 || boot.empty()) return {};
  return vault::sha256_hex(boot + "\n" + space).substr(0, 16);
}

/// When a process began, in ticks since the machine did; empty: there is none (proc(5)).
std::string began(const std::string& pid) {
  const auto stat = text_of("/proc/" + pid + "/stat");
  // The name of the program stands in brackets and may hold anything; the 20th field after it.
  auto at = stat.rfind(')');
  if (at == std::string::npos) return {};
  for (int field = 0; field < 20 && at != std::string::npos; ++field) at = stat.find(' ', at + 1);
  if (at == std::string::npos) return {};
  return stat.substr(at + 1, stat.find(' ', at + 1) - at - 1);
}

std::string_view part(std::string_view name, int index) {
  for (; index > 0; --index) name.remove_prefix(std::min(name.find('.') + 1, name.size()));
  return name.substr(0, name.find('.'));
}

}  // namespace

std::string process_name() {
  const auto pid = std::to_string(::getpid());
  return where() + "." + pid + "." + began(pid) + "." + vault::random_token(6);
}

bool has_died(std::string_view name) {
  static const std::string here = where();
  const auto pid = part(name, 1);
  const auto then = part(name, 2);
  const bool seen_from_here = !here.empty() && part(name, 0) == here && !then.empty() &&
                              !pid.empty() && pid.size() < 10 &&
                              pid.find_first_not_of("0123456789") == std::string_view::npos;
  if (!seen_from_here) return false;
  const std::string id(pid);
  if (::kill(static_cast<pid_t>(std::stol(id)), 0) != 0 && errno == ESRCH) return true;
  // Another process may have got its id since.
  const auto now = began(id);
  return !now.empty() && now != then;
}

}  // namespace rekey::work
