// A browser that only a test sees: storage, time, and what the page asked it to do.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "web/platform/net.hpp"
#include "web/platform/platform.hpp"

namespace rekey::web::fake {

struct Browser {
  platform::Launch launch;
  std::map<std::string, std::string> storage;
  std::int64_t now_ms = 1'800'000'000'000;
  std::vector<std::string> visited;  ///< addresses the page left for
  int reloads = 0;
  std::string address;                             ///< behind the #
  std::vector<std::string> history;                ///< the addresses before it
  std::function<void(platform::Address)> gone_to;  ///< tells the page of another address
  struct Timer {
    std::int64_t at;
    void (*callback)(void*);
    void* context;
  };
  std::vector<Timer> timers;
  struct Sent {
    net::Request request;
    std::function<void(net::Response)> done;
  };
  std::vector<Sent> sent;
  std::vector<std::pair<net::Stream, net::StreamEvents>> streams;
  bool cookies = true;
  std::vector<std::pair<std::string, std::string>> saved_files;  ///< name and text
  std::vector<std::string> printed;
  std::function<void(std::string)> on_file;  ///< a file is asked for

  /// Lets time pass, and runs what was due meanwhile.
  void pass(std::int64_t ms);
};

/// The browser of this test; `reset` makes a new one.
Browser& browser();
void reset();

}  // namespace rekey::web::fake
