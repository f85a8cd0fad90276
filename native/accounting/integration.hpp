// What the program knows of an accounting system before it talks to it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/import/entity.hpp"
#include "core/oauth/provider.hpp"
#include "core/secret.hpp"
#include "native/accounting/system.hpp"
#include "native/http/http.hpp"

namespace rekey::accounting {

/// A provider that needs no provider file.
struct BuiltIn {
  std::string name;  ///< as the setting `provider` has it
  oauth::Provider provider;
  bool live = false;  ///< of real companies: it sends browsers to https addresses only
};

/// A record that the provider says has changed. It is read before anything is done about it.
struct ChangeNotice {
  std::string realm_id;
  imports::Entity entity = imports::Entity::customer;
  std::string id;
  auto operator<=>(const ChangeNotice&) const = default;
};

/// What one delivery tells, of any number of companies.
struct ChangeDelivery {
  std::vector<ChangeNotice> notices;  ///< sorted, each once
  std::int64_t unknown = 0;           ///< what is of kinds that we do not read, or names no record
};

/// How the provider tells us that records have changed.
struct ChangeHooks {
  std::string path;  ///< where it sends that: "/name/webhooks"
  /// Whether the body, as it came, is signed with one of these secrets. It takes as long for a
  /// wrong signature as for a right one.
  bool (*is_genuine)(const http::Headers& headers, std::string_view body,
                     std::span<const Secret> secrets) = nullptr;
  /// Reads a body. Fails with `bad_input` when it is of no form that the provider has.
  Result<ChangeDelivery> (*read)(std::string_view body) = nullptr;
};
/// The most bytes of a delivery.
constexpr std::size_t largest_delivery = 1 << 20;

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
  std::optional<ChangeHooks> change_hooks = {};  ///< none: it does not tell of changes
};

/// All that the program can work with, at least one. The first is meant by provider files that name
/// none.
using Integrations = std::span<const Integration>;

/// The integration of an id; empty: the first. The error names those that there are.
Result<const Integration*> find_integration(Integrations known, std::string_view id);

}  // namespace rekey::accounting
