// The outbound client over libcurl.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "native/async/pool.hpp"
#include "native/http/http.hpp"

namespace rekey::http {

struct ClientOptions {
  int connect_timeout_ms = 10'000;
  int total_timeout_ms = 60'000;
  std::size_t max_body = 64 << 20;  ///< a larger answer is given up on
  std::string ca_file;              ///< empty: the system's
  std::string user_agent = "rekey";
  bool public_only = false;  ///< connect to addresses of the public internet only, by no proxy
  std::vector<std::string> private_hosts;  ///< but to these wherever they are
};

/// The host of an address ("[::1]" with its brackets), and nothing else of it.
std::string host_of(const std::string& url);

/// A client that keeps connections alive. TLS 1.2 or newer, certificates checked, no redirect is
/// followed, gzip understood. Safe to share between threads. `send` waits in the thread that calls;
/// what is sent by `send_later` waits together in one thread, however much it is, and its answers
/// are given in the pool (none: in that thread, which must not be held). When the client goes, what
/// is still waited for is answered with an error.
std::unique_ptr<Client> make_client(ClientOptions options, std::shared_ptr<async::Pool> pool = {});

}  // namespace rekey::http
