// Where webhooks may go. Their addresses come from clients, so they must not reach our own inside.
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "native/http/client.hpp"

namespace rekey::work {

/// Public hosts by https, and whatever hosts the operator allows, also by http.
class WebhookTargets {
 public:
  explicit WebhookTargets(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {}

  /// What is wrong with an address, as far as can be told without asking for its host.
  Result<void> check(const std::string& url) const;
  /// A client that connects to public addresses only, whatever a name comes to stand for.
  std::shared_ptr<http::Client> make_client() const;

 private:
  std::vector<std::string> allowed_;
};

}  // namespace rekey::work
