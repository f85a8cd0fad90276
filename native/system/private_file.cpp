#include "native/system/private_file.hpp"

#include <unistd.h>

#include "core/text/catalogue.hpp"

namespace rekey::system {
namespace {

constexpr mode_t group_reads = S_IRGRP;
constexpr mode_t anybody_writes = S_IWUSR | S_IWGRP | S_IWOTH;
constexpr mode_t others = S_IRWXG | S_IRWXO;

bool group_may_read(const struct stat& status, Readers readers) {
  if (status.st_uid != 0) return false;
  return readers == Readers::group || ::geteuid() != 0 || (status.st_mode & anybody_writes) == 0;
}

}  // namespace

Result<void> check_private(const struct stat& status, const std::string& what,
                           const std::string& path, Readers readers) {
  if (status.st_uid != ::geteuid() && status.st_uid != 0)
    return fail(
        Code::misconfigured,
        text::fill("{what} belongs to another user, who could change it. Give it to the user "
                   "this program runs as: chown {user} {path}",
                   {{"what", what}, {"user", std::to_string(::geteuid())}, {"path", path}}));
  const auto allowed = group_may_read(status, readers) ? group_reads : mode_t{0};
  if ((status.st_mode & others & ~allowed) == 0) return {};
  return fail(
      Code::misconfigured,
      text::fill("{what} can be read or changed by others than its owner. Run: chmod "
                 "{rights} {path}",
                 {{"what", what}, {"rights", allowed != 0 ? "640" : "600"}, {"path", path}}));
}

Result<void> check_private_file(const std::string& path, const std::string& what, Readers readers) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  return check_private(status, what, path, readers);
}

}  // namespace rekey::system
