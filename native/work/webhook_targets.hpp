// The addresses that webhooks may go to. They come from clients, so they must not reach our own
// network.
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "native/http/client.hpp"

namespace rekey::work {

/// Public hosts by https, and the hosts that the operator allows, also by http.
class WebhookTargets {
 public:
  explicit WebhookTargets(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {}

  /// What is wrong with an address, as far as can be told without asking for its host.
  Result<void> check(const std::string& url) const;
  /// A client that connects to public addresses only, also when a name resolves to others; its
  /// answers are given in the pool.
  std::shared_ptr<http::Client> make_client(std::shared_ptr<async::Pool> pool) const;

 private:
  std::vector<std::string> allowed_;
};

}  // namespace rekey::work
