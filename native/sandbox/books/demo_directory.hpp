// The directory of the demonstration's host application: names that overlap with those of a made-up
// company as imperfectly as in life, so that there is something to map.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "native/sandbox/books/company.hpp"

namespace rekey::sandbox {

struct DirectoryEntry {
  std::string id;
  std::string name;
  std::string email;   ///< may be empty
  std::string number;  ///< the host's own number, may be empty
  bool operator==(const DirectoryEntry&) const = default;
};

struct DemoDirectory {
  std::vector<DirectoryEntry> customers;
  std::vector<DirectoryEntry> suppliers;
  std::vector<DirectoryEntry> accounts;
  std::vector<DirectoryEntry> tax_codes;
};

/// About 120 customers, 40 suppliers, a dozen accounts and half a dozen tax codes; a pure function
/// of company and seed. Of the customers and suppliers about 55 % are called just as in the
/// company, 25 % nearly so (case, punctuation, legal form, accents, a slip of the finger, another
/// order of words), and 20 % are not there at all. A few are twice in the directory itself.
DemoDirectory demo_directory(const Company& company, std::uint64_t seed = 1);

/// How a hurried person may write a name; `how` chooses one of the habits, or the next that
/// changes anything. Never the same text again.
inline constexpr std::uint64_t written_habits = 7;
std::string written_differently(const std::string& name, std::uint64_t how);

}  // namespace rekey::sandbox
