// The records that a host may send for its directory, and the checks before any is stored.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/mapping/configuration.hpp"
#include "core/wire/strict.hpp"
#include "native/server/member.hpp"

namespace rekey::server {

/// What accounting people and other systems call the sections and their records.
inline constexpr std::array section_aliases = {
    wire::Alias{"vendors", "suppliers"}, wire::Alias{"creditors", "suppliers"},
    wire::Alias{"clients", "customers"}, wire::Alias{"debtors", "customers"},
    wire::Alias{"taxes", "tax_codes"},   wire::Alias{"tax_rates", "tax_codes"},
    wire::Alias{"ledger", "accounts"},   wire::Alias{"chart_of_accounts", "accounts"}};
inline constexpr std::array record_aliases = {
    wire::Alias{"display_name", "name"}, wire::Alias{"title", "name"},
    wire::Alias{"description", "detail"}, wire::Alias{"number", "detail"},
    wire::Alias{"email", "detail"}};

/// A record as a host sends it: only id and name are needed.
struct RecordBody {
  std::string id, name;
  std::optional<std::string> detail;
  static constexpr auto fields() {
    return std::tuple{wire::field("id", &RecordBody::id), wire::field("name", &RecordBody::name),
                      wire::field("detail", &RecordBody::detail)};
  }
  static constexpr auto also_called() { return record_aliases; }
};

/// What is wrong with a record, as a sentence; empty: nothing.
std::string complaint_about(const std::string& id, const std::string& name,
                            const std::string& detail);
/// What is wrong with an id; empty: nothing.
std::string complaint_about_id(const std::string& id);

/// The records of a section, each named at most once and of a reasonable size. The error names the
/// record by its place.
Result<std::vector<mapping::Record>> records_of(
    mapping::Section section, const std::optional<std::vector<RecordBody>>& bodies);

/// How many records each section of a tenant's directory has.
wire::Json counts_of(store::Database& db, const std::string& tenant);

/// PATCH /v1/tenants/{tenant}/directory: changed in part, by one body or line by line.
http::Response patch_directory(Service& service, const http::Request& request, const Places& places,
                               const wire::Actor& actor);

}  // namespace rekey::server
