// What outlives the sandbox's process when it is given a file: grants, legacy connections, what was
// written to companies, the clock and the signing key. Faults and the list of requests do not.
#pragma once

#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "native/store/database.hpp"

namespace rekey::sandbox {

/// Documents by kind and id in a SQLite file, each written as it changes. Thread-safe. Tokens stand
/// in it as they are: nothing in a sandbox is worth hiding, and the file is its owner's alone.
class Kept {
 public:
  /// Throws store::DatabaseError with a sentence a person can act on.
  explicit Kept(const std::string& path);

  void put(const std::string& kind, const std::string& id, const nlohmann::json& body);
  /// Every document of a kind with its id, in the order they were first put.
  std::vector<std::pair<std::string, nlohmann::json>> all(const std::string& kind);

 private:
  std::mutex mutex_;
  store::Database database_;
};

}  // namespace rekey::sandbox
