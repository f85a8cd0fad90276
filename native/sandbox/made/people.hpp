// The customers and vendors of a made-up company: each row is computed when it is asked for.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/time.hpp"
#include "native/sandbox/made/names.hpp"

namespace rekey::sandbox {

struct Stamp {
  Instant created, updated;
};

/// Rows are numbered from 0. Nothing is held, whatever the size.
class People {
 public:
  People(std::uint64_t seed, std::uint64_t customers) : seed_(seed), customers_(customers) {}

  std::uint64_t customers() const { return customers_; }
  std::uint64_t vendors() const { return customers_ / 4; }

  bool customer_active(std::uint64_t row) const;
  bool vendor_active(std::uint64_t row) const;
  /// The display name without the suffix that marks inactive ones.
  std::string customer_display(std::uint64_t row) const;
  std::string vendor_display(std::uint64_t row) const;

  /// When a customer (or vendor) was made and last changed.
  Stamp stamp(bool of_customer, std::uint64_t row) const;
  nlohmann::json customer(std::uint64_t row) const;
  nlohmann::json vendor(std::uint64_t row) const;

 private:
  enum class Kind { plain, child, twin };
  struct Shape {
    Kind kind;
    std::uint64_t of;  ///< the parent of a child; whom a twin nearly repeats
  };
  Shape shape(std::uint64_t row) const;
  Name base_name(std::uint64_t row) const;
  std::string full_name(std::uint64_t row) const;
  void add_contact(nlohmann::json& out, const Name& name, std::uint64_t dice) const;

  std::uint64_t seed_;
  std::uint64_t customers_;
};

/// What Intuit puts behind the name of a record that is no longer active.
inline constexpr std::string_view inactive_suffix = " (deleted)";

/// A name that a hurried person might have typed for `name`: nearly the same, never the same.
std::string near_duplicate(const std::string& name, std::uint64_t dice);

/// `Id`, `SyncToken`, `MetaData` and what else every record has.
nlohmann::json record(const std::string& id, std::uint64_t dice);
/// A reference to another record.
nlohmann::json reference(const std::string& value, const std::string& name);

}  // namespace rekey::sandbox
