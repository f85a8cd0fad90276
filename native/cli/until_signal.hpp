// Waiting to be told to stop.
#pragma once

#include <csignal>

namespace rekey::cli {

/// Holds SIGINT and SIGTERM back from every thread started after it, and waits for one of them.
/// Make it before any thread.
class UntilSignal {
 public:
  UntilSignal() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
  }
  void wait() const {
    int signal = 0;
    sigwait(&set_, &signal);
  }

 private:
  sigset_t set_;
};

}  // namespace rekey::cli
