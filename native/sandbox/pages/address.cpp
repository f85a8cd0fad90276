#include "native/sandbox/pages/address.hpp"

namespace rekey::sandbox {

void Address::set(std::string configured) {
  while (configured.ends_with('/')) configured.pop_back();
  const std::lock_guard lock(mutex_);
  configured_ = std::move(configured);
}

std::string Address::of(const http::Request& request) const {
  const std::lock_guard lock(mutex_);
  if (!configured_.empty()) return configured_;
  return (request.tls ? "https://" : "http://") + request.headers.get("host").value_or("127.0.0.1");
}

}  // namespace rekey::sandbox
