// The records that a host may send for its directory, and the checks before any is stored.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/mapping/configuration.hpp"
#include "core/wire/strict.hpp"
#include "native/server/member.hpp"

namespace rekey::server {

/// What accounting people and other systems call the sections and their records.
inline constexpr std::array section_aliases = {
    wire::Alias{"vendors", "suppliers"},     wire::Alias{"creditors", "suppliers"},
    wire::Alias{"clients", "customers"},     wire::Alias{"debtors", "customers"},
    wire::Alias{"taxes", "tax_codes"},       wire::Alias{"tax_rates", "tax_codes"},
    wire::Alias{"ledger", "accounts"},       wire::Alias{"chart_of_accounts", "accounts"},
    wire::Alias{"products", "items"},        wire::Alias{"services", "items"},
    wire::Alias{"departments", "locations"}, wire::Alias{"branches", "locations"}};
inline constexpr std::array record_aliases = {wire::Alias{"display_name", "name"},
                                              wire::Alias{"title", "name"},
                                              wire::Alias{"description", "detail"},
                                              wire::Alias{"first_name", "given_name"},
                                              wire::Alias{"last_name", "family_name"},
                                              wire::Alias{"surname", "family_name"},
                                              wire::Alias{"company_name", "company"},
                                              wire::Alias{"email", "emails"},
                                              wire::Alias{"email_address", "emails"},
                                              wire::Alias{"phone", "phones"},
                                              wire::Alias{"mobile", "phones"},
                                              wire::Alias{"telephone", "phones"},
                                              wire::Alias{"address", "street"},
                                              wire::Alias{"line1", "street"},
                                              wire::Alias{"town", "city"},
                                              wire::Alias{"zip", "postcode"},
                                              wire::Alias{"postal_code", "postcode"},
                                              wire::Alias{"country_code", "country"},
                                              wire::Alias{"vat_number", "tax_number"},
                                              wire::Alias{"vat_id", "tax_number"},
                                              wire::Alias{"tax_id", "tax_number"},
                                              wire::Alias{"code", "number"},
                                              wire::Alias{"account_number", "number"},
                                              wire::Alias{"url", "website"},
                                              wire::Alias{"web", "website"},
                                              wire::Alias{"type", "kind"}};

/// What a host may send of a record beside its id and name. Null is as good as missing.
struct RecordDetails {
  std::optional<std::string> detail, given_name, family_name, company, parent;
  std::optional<std::vector<std::string>> emails, phones;
  std::optional<std::string> street, city, postcode, country, tax_number, number, website, kind;

  static constexpr auto details() {
    using wire::field;
    return std::tuple{field("detail", &RecordDetails::detail),
                      field("given_name", &RecordDetails::given_name),
                      field("family_name", &RecordDetails::family_name),
                      field("company", &RecordDetails::company),
                      field("parent", &RecordDetails::parent),
                      field("emails", &RecordDetails::emails),
                      field("phones", &RecordDetails::phones),
                      field("street", &RecordDetails::street),
                      field("city", &RecordDetails::city),
                      field("postcode", &RecordDetails::postcode),
                      field("country", &RecordDetails::country),
                      field("tax_number", &RecordDetails::tax_number),
                      field("number", &RecordDetails::number),
                      field("website", &RecordDetails::website),
                      field("kind", &RecordDetails::kind)};
  }
};

/// A record as a host sends it: only id and name are needed.
struct RecordBody : RecordDetails {
  std::string id, name;
  static constexpr auto fields() {
    return std::tuple_cat(
        std::tuple{wire::field("id", &RecordBody::id), wire::field("name", &RecordBody::name)},
        details());
  }
  static constexpr auto also_called() { return record_aliases; }
};

/// What was sent, as a record; it is still to be checked.
mapping::Record record_of(const std::string& id, const std::string& name,
                          const RecordDetails& details);

/// What is wrong with a record, as a sentence that names the member; empty: nothing.
std::string complaint_about(const mapping::Record& record);
/// What is wrong with an id; empty: nothing.
std::string complaint_about_id(const std::string& id);

/// The records of a section, each named at most once and of a reasonable size. The error names the
/// record by its place.
Result<std::vector<mapping::Record>> records_of(
    mapping::Section section, const std::optional<std::vector<RecordBody>>& bodies);

/// A record as hosts are given it: id, name, detail, and the other fields that are not empty.
wire::Json as_given(const mapping::Record& record);

/// Whether hosts are told of a section: of the usual ones always, of others when there is something
/// in it.
bool is_told(mapping::Section section, bool has_records);
/// How many records each section has, of those that hosts are told of.
wire::Json counts_of(const std::function<std::int64_t(mapping::Section)>& count);
wire::Json counts_of(store::Database& db, const std::string& tenant);

/// PUT /v1/tenants/{tenant}/directory: replaced as a whole, by one body or line by line.
http::Response put_directory(Service& service, const http::Request& request, const Places& places,
                             const wire::Actor& actor);
/// PATCH /v1/tenants/{tenant}/directory: changed in part, by one body or line by line.
http::Response patch_directory(Service& service, const http::Request& request, const Places& places,
                               const wire::Actor& actor);

}  // namespace rekey::server
