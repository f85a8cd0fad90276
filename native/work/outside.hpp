// What the workers need of the world beside the store.
#pragma once

#include <memory>
#include <string>

#include "native/intuit/accounting.hpp"
#include "native/intuit/legacy.hpp"
#include "native/intuit/token_endpoint.hpp"
#include "native/work/refreshing.hpp"

namespace rekey::work {

/// The provider's side, and how we go about it.
struct Outside {
  oauth::Provider provider;
  std::shared_ptr<http::Client> client;
  std::shared_ptr<const intuit::TokenEndpoint> tokens;
  std::shared_ptr<const intuit::Accounting> accounting;
  std::string owner;  ///< `process_name`, in leases and turns
  std::shared_ptr<RefreshShare> refreshing = std::make_shared<RefreshShare>();
  std::int64_t import_page_size = 1000;
  bool forbid_shared_company = false;  ///< a company that another tenant has connected is refused
};

}  // namespace rekey::work
