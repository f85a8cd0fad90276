#include "native/sandbox/grants/registered.hpp"

#include <algorithm>

namespace rekey::sandbox {

bool SandboxClient::may_redirect_to(const std::string& uri) const {
  return std::find(redirect_uris.begin(), redirect_uris.end(), uri) != redirect_uris.end();
}

const SandboxClient* Registered::client(const std::string& id) const {
  for (const SandboxClient& one : clients)
    if (one.id == id) return &one;
  return nullptr;
}

std::string Registered::first_user() const {
  return users.empty() ? "demo" : users.front().name;
}

}  // namespace rekey::sandbox
