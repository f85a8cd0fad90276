// The API keys of host applications: what each may do, and how often.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

/// An API key as it is kept: the key itself is known by its SHA-256 only.
struct ApiKey {
  std::string id;                     ///< to name it by
  std::string name;                   ///< what it is for, for people
  std::string scopes = "*";           ///< names with spaces between; "*": all there are
  std::optional<std::int64_t> rate;   ///< requests a second on average; none: no limit
  std::optional<std::int64_t> burst;  ///< requests at once
  Instant created{};
};

void put_api_key(Database& db, const std::string& hash, const ApiKey& key);
std::optional<ApiKey> api_key(Database& db, const std::string& hash);
/// All keys, oldest first.
std::vector<ApiKey> list_api_keys(Database& db);
/// Sessions of the page that the key minted end with it. False: there is no such key.
bool revoke_api_key(Database& db, const std::string& id);

}  // namespace rekey::store
