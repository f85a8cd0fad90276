// The companies that there are.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "native/sandbox/books/company.hpp"

namespace rekey::sandbox {

/// Which companies there are never changes; each is thread-safe by itself.
class Companies {
 public:
  explicit Companies(const std::vector<CompanySpec>& specs) {
    for (const CompanySpec& spec : specs) all_.emplace_back(spec);
  }

  /// Nothing if no company has this id.
  const Company* find(const std::string& realm) const {
    for (const Company& one : all_)
      if (one.spec().id == realm) return &one;
    return nullptr;
  }
  Company* find(const std::string& realm) {
    return const_cast<Company*>(std::as_const(*this).find(realm));
  }

  /// All of them, in the order they were given.
  const std::vector<Company>& all() const { return all_; }
  std::vector<Company>& all() { return all_; }

 private:
  std::vector<Company> all_;
};

}  // namespace rekey::sandbox
