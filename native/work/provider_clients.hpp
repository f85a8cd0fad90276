// The clients by which the workers reach the provider, and the settings for their use.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "core/mapping/section.hpp"
#include "core/refresh/policy.hpp"
#include "native/accounting/system.hpp"
#include "native/async/gate.hpp"
#include "native/oauth/token_endpoint.hpp"
#include "native/work/refreshing.hpp"

namespace rekey::work {

class Budgets;

/// The provider's side, and how we go about it. Copies share it; what is under way with it must end
/// before it goes (`Pool::wait_for_tasks`).
struct ProviderClients {
  /// Whether a grant of this client id is ours to renew and to revoke, as far as is known (empty:
  /// not known).
  bool is_client(const std::string& client_id) const {
    return client_id.empty() || client_id == tokens->client_id();
  }

  std::shared_ptr<async::Pool> pool = std::make_shared<async::Pool>();
  oauth::Provider provider;
  std::shared_ptr<http::Client> client;
  std::shared_ptr<const oauth::TokenEndpoint> tokens;
  std::shared_ptr<const accounting::System> accounting;
  std::shared_ptr<Budgets> budgets;  ///< of the calls to it; none: it is called as one likes
  std::string owner;                 ///< `process_name`, in leases and turns
  std::shared_ptr<RefreshShare> refreshing = std::make_shared<RefreshShare>();
  std::int64_t import_page_size = 1000;
  /// How many pages of imports are in memory.
  std::shared_ptr<std::atomic<int>> pages_ahead = std::make_shared<std::atomic<int>>(0);
  /// Who stores a page of an import: so many at once that there are threads, and turns to write,
  /// for others. (SQLite has one writer at a time.)
  std::shared_ptr<async::Gate> import_writes = std::make_shared<async::Gate>(1);
  Millis keep_ended = refresh::policy::keep_ended;  ///< the tokens of a grant the provider ended
  std::int64_t ends_at_most = refresh::policy::ends_at_most;  ///< at once; 0: any number
  std::int64_t ends_percent = refresh::policy::ends_percent;
  bool ask_about_shared_company = false;  ///< the customer is asked about one, before the exchange
  bool forbid_shared_company = false;  ///< a company that another tenant has connected is refused
  /// What of the host's directory is mapped, so that the lists for it are needed.
  mapping::Sections lists{mapping::usual_sections.begin(), mapping::usual_sections.end()};
};

}  // namespace rekey::work
