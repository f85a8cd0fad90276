// The companies that there are.
#pragma once

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "native/sandbox/books/company.hpp"

namespace rekey::sandbox {

/// Which companies there are never changes; each is thread-safe by itself.
class Companies {
 public:
  explicit Companies(const std::vector<CompanySpec>& specs) {
    all_.reserve(specs.size());
    for (const CompanySpec& spec : specs) {
      by_id_.try_emplace(spec.id, all_.size());
      all_.emplace_back(spec);
    }
  }

  /// Nothing if no company has this id.
  const Company* find(const std::string& realm) const {
    const auto found = by_id_.find(realm);
    return found == by_id_.end() ? nullptr : &all_[found->second];
  }
  Company* find(const std::string& realm) {
    return const_cast<Company*>(std::as_const(*this).find(realm));
  }

  /// All of them, in the order they were given.
  const std::vector<Company>& all() const { return all_; }
  std::vector<Company>& all() { return all_; }

 private:
  std::vector<Company> all_;
  std::unordered_map<std::string, std::size_t> by_id_;
};

}  // namespace rekey::sandbox
