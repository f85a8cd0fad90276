// A made-up QuickBooks company of any size: a pure function of its id, streamed and not held.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "native/sandbox/books.hpp"
#include "native/sandbox/entity.hpp"
#include "native/sandbox/people.hpp"

namespace rekey::sandbox {

/// What is told of a company; all the rest follows from the id.
struct CompanySpec {
  std::string id;
  std::string name;
  std::uint64_t size = 1200;  ///< customers; there are a quarter as many vendors
};

/// Reads "ID:NAME" or "ID:NAME:SIZE", the id of letters, digits, "-" and "_"; nothing if it is
/// neither.
std::optional<CompanySpec> parse_company(std::string_view text);

class Company {
 public:
  explicit Company(CompanySpec spec);

  const CompanySpec& spec() const { return spec_; }
  const People& people() const { return people_; }
  /// Records of a kind, active or not; rows are numbered from 0 and in the order of their ids.
  std::uint64_t rows(Entity entity) const;
  bool active(Entity entity, std::uint64_t row) const;
  nlohmann::json read(Entity entity, std::uint64_t row) const;
  /// The row with this id.
  std::optional<std::uint64_t> row_of(Entity entity, std::string_view id) const;

 private:
  CompanySpec spec_;
  People people_;
  Books books_;
};

}  // namespace rekey::sandbox
