// Checks that a file with a secret in it is private: its owner, and the other users that may read
// or change it.
#pragma once

#include <sys/stat.h>

#include <string>

#include "core/result.hpp"

namespace rekey::system {

/// Who may read a file with a secret beside its owner.
enum class Readers {
  owner,  ///< no other user; a read-only file of root's may be readable by its group, as mounts
          ///< make it
  group,  ///< the group of a file that belongs to root, as in /etc/ssl/private (0640,
          ///< root:ssl-cert)
};

/// Checks a file that was found (stat, fstat: of what a symbolic link leads to). It must belong to
/// us or to root, who could read and change it anyway, and be neither readable nor writable by
/// others. Where it belongs to root and we are another user, its group may read it: there is no
/// other way to give it to us (systemd credentials, Kubernetes secrets, ssl-cert). The error names
/// the chmod to run. `what`: "The master key file /etc/rekey/master.key".
Result<void> check_private(const struct stat& status, const std::string& what,
                           const std::string& path, Readers readers = Readers::owner);

/// The same of a file by its path; one that is not there is no error.
Result<void> check_private_file(const std::string& path, const std::string& what,
                                Readers readers = Readers::owner);

}  // namespace rekey::system
