// Approved files: what a test makes is compared with what somebody looked at and committed. Run the
// test with REKEY_APPROVE=1 to write the files, and look at the difference.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace rekey::test {

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline bool approving() {
  const char* set = std::getenv("REKEY_APPROVE");
  return set && std::string_view(set) == "1";
}

/// Checks that the file holds this text; `path` starts at the root of the tree.
inline void check_approved(const std::string& path, const std::string& text) {
  const auto whole = std::string(REKEY_SOURCE_DIR "/") + path;
  if (approving()) std::ofstream(whole, std::ios::binary) << text;
  INFO(path << " is not what was approved. If the change is meant: REKEY_APPROVE=1");
  CHECK(read_file(whole) == text);
}

}  // namespace rekey::test
