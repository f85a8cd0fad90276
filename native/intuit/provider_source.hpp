// Where the provider's endpoints come from: a name, a provider file, a discovery document.
#pragma once

#include <string>

#include "core/oauth/provider.hpp"
#include "native/http/http.hpp"

namespace rekey::intuit {

/// Loads the provider: "intuit-production" or "intuit-sandbox" (built in; no network is used), or
/// the path of a provider file (JSON), whose `discovery` document is fetched. Errors say what to
/// correct.
Result<oauth::Provider> load_provider(const std::string& name_or_path, http::Client& client);

}  // namespace rekey::intuit
