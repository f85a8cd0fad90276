// What the program knows of an accounting system before it talks to it.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/oauth/provider.hpp"
#include "native/accounting/system.hpp"
#include "native/http/http.hpp"

namespace rekey::accounting {

/// A provider that needs no provider file.
struct BuiltIn {
  std::string name;  ///< as the setting `provider` has it
  oauth::Provider provider;
};

/// One accounting system that the program can work with.
struct Integration {
  std::string id;  ///< in provider files, in the database and on the page
  std::vector<BuiltIn> built_in;
  /// Puts in what all its providers have and a provider file need not state. The error says what
  /// the file has to state all the same.
  std::function<Result<void>(oauth::Provider&)> complete;
  std::function<std::shared_ptr<const System>(oauth::Provider, std::shared_ptr<http::Client>,
                                              std::function<Instant()> clock)>
      make;
};

/// All that the program can work with, at least one. The first is meant by provider files that name
/// none.
using Integrations = std::span<const Integration>;

/// The integration of an id; empty: the first. The error names those that there are.
Result<const Integration*> find_integration(Integrations known, std::string_view id);

}  // namespace rekey::accounting
