// Makes the lines of a configuration (store/lines.hpp) of the host's directory and of what was
// imported, and what is suggested for them: after an import, or when the directory changed. Who
// opens the page waits for none of it.
#pragma once

#include <atomic>
#include <thread>

#include "native/store/matching.hpp"
#include "native/work/driver.hpp"
#include "native/work/provider_clients.hpp"

namespace rekey::work {

/// A thread that takes one connection after another. Writes are many short transactions, in which
/// only what changed is written, so that one that was cut off is begun anew and soon where it was.
class Matcher {
 public:
  Matcher(Driver& driver, ProviderClients clients);
  ~Matcher();
  Matcher(const Matcher&) = delete;
  Matcher& operator=(const Matcher&) = delete;

  /// Takes the connection that has waited longest. False: none waits.
  static bool pass(Driver& driver, const ProviderClients& clients,
                   const std::function<bool()>& stop);

 private:
  void work();

  Driver& driver_;
  const ProviderClients clients_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace rekey::work
