// Where the provider's endpoints come from: a name, a provider file, a discovery document.
#pragma once

#include <string>

#include "core/oauth/provider.hpp"
#include "native/accounting/integration.hpp"
#include "native/http/http.hpp"

namespace rekey::accounting {

/// Loads the provider: one that is built in, by its name (no network is used), or the path of a
/// provider file (JSON), whose `discovery` document is fetched. The provider given names its
/// integration. Errors say what to correct.
Result<oauth::Provider> load_provider(const std::string& name_or_path, Integrations known,
                                      http::Client& client);

/// The integration of a provider, for commands that do not talk to it: no network is used.
Result<std::string> integration_of(const std::string& name_or_path, Integrations known);

/// Whether it is a built-in one that is `live`: no network is used.
bool is_live(const std::string& name_or_path, Integrations known);

}  // namespace rekey::accounting
