// A database for one test: a file in a temporary folder, or, where REKEY_TEST_POSTGRES names a
// server (tests/support/postgres.sh), a schema of its own there. What is tested with it holds for
// both.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "native/store/database.hpp"
#include "native/vault/random.hpp"

namespace rekey::store {

class TestDatabase {
 public:
  TestDatabase() {
    const auto mark = vault::sha256_hex(vault::random_bytes(16)).substr(0, 16);
    folder_ = std::filesystem::temp_directory_path() / ("rekey-database-" + mark);
    std::filesystem::create_directory(folder_);
    if (const char* server = std::getenv("REKEY_TEST_POSTGRES")) {
      server_ = server;
      schema_ = "test_" + mark;
      Database(server_).run_script(("create schema " + schema_).c_str());
    }
  }
  ~TestDatabase() {
    if (!schema_.empty())
      Database(server_).run_script(("drop schema " + schema_ + " cascade").c_str());
    std::filesystem::remove_all(folder_);
  }
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  /// As the setting `database` names it.
  std::string name() const {
    return schema_.empty() ? file() : server_ + "&options=-csearch_path%3D" + schema_;
  }
  std::string file() const { return folder_ / "test.db"; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
  std::string server_, schema_;
};

}  // namespace rekey::store
