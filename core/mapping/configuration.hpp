// The configuration that the customer saves: which of the host's records corresponds to which
// record of the accounting system.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/mapping/section.hpp"
#include "core/wire/json.hpp"

namespace rekey::mapping {

using wire::field;
using wire::rare_field;

/// One record, of the host's directory or of the accounting system. Matching compares the fields;
/// every one but the id may be empty. `detail` is a free text that helps people to tell records of
/// the same name apart. Inactive ones are kept for what maps to them.
struct Record {
  std::string id;
  std::string name;
  std::string detail;
  bool active = true;
  std::string given_name = {};
  std::string family_name = {};
  std::string company = {};
  std::string parent = {};  ///< the path above it, as people read it: "Amy" of "Amy:Kitchen"
  std::vector<std::string> emails = {};
  std::vector<std::string> phones = {};
  std::string street = {};
  std::string city = {};
  std::string postcode = {};
  std::string country = {};  ///< a name or an ISO 3166 code
  std::string tax_number = {};
  std::string number = {};  ///< what the books number it by: an account's or a supplier's number
  std::string website = {};
  std::string kind = {};  ///< what sort of its list it is, such as an account's "Income"
  bool operator==(const Record&) const = default;
  /// What matching compares beside the name. Fields that are empty are left out of the JSON.
  static constexpr auto details() {
    return std::tuple{rare_field("given_name", &Record::given_name),
                      rare_field("family_name", &Record::family_name),
                      rare_field("company", &Record::company),
                      rare_field("parent", &Record::parent),
                      rare_field("emails", &Record::emails),
                      rare_field("phones", &Record::phones),
                      rare_field("street", &Record::street),
                      rare_field("city", &Record::city),
                      rare_field("postcode", &Record::postcode),
                      rare_field("country", &Record::country),
                      rare_field("tax_number", &Record::tax_number),
                      rare_field("number", &Record::number),
                      rare_field("website", &Record::website),
                      rare_field("kind", &Record::kind)};
  }
  static constexpr auto fields() {
    return std::tuple_cat(
        std::tuple{field("id", &Record::id), field("name", &Record::name),
                   field("detail", &Record::detail), field("active", &Record::active)},
        details());
  }
};

/// Where a record stands, as people read it: "Amy:Kitchen" of "Kitchen" below "Amy". A name that
/// begins with its parent is its path already.
std::string path_of(const Record& record);

/// The records of all sections, of one side.
struct Records {
  std::vector<Record> accounts, tax_codes, customers, suppliers;
  std::vector<Record> items = {}, classes = {}, locations = {};
  bool operator==(const Records&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        field("accounts", &Records::accounts),       field("tax_codes", &Records::tax_codes),
        field("customers", &Records::customers),     field("suppliers", &Records::suppliers),
        rare_field("items", &Records::items),        rare_field("classes", &Records::classes),
        rare_field("locations", &Records::locations)};
  }
  const std::vector<Record>& of(Section section) const;
  std::vector<Record>& of(Section section);
};

/// One choice of the customer: the host's record `ours` is the accounting system's record `theirs`;
/// with `theirs` empty, the customer decided that it has no counterpart, or (`create`) that one is
/// to be made there later. A record without a choice is undecided. `name` is what their record was
/// called when it was chosen.
struct Choice {
  std::string ours;
  std::string theirs;
  std::string name;
  bool create = false;
  bool operator==(const Choice&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("ours", &Choice::ours), field("theirs", &Choice::theirs),
                      field("name", &Choice::name), rare_field("create", &Choice::create)};
  }
};

/// What a choice says.
enum class Decision {
  chosen,  ///< its counterpart
  none,    ///< it has none
  create,  ///< it has none yet: one is to be made later
};
constexpr std::array<std::string_view, 3> names_of(Decision) {
  return {"chosen", "none", "create"};
}
Decision decision_of(const Choice& choice);

/// The other settings.
struct Settings {
  bool create_customers = false;  ///< make a customer there when one has no counterpart
  bool create_suppliers = false;  ///< the same for suppliers
  std::string terms;  ///< id of the payment term for new invoices; empty: the company's own
  bool operator==(const Settings&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("create_customers", &Settings::create_customers),
                      field("create_suppliers", &Settings::create_suppliers),
                      field("terms", &Settings::terms)};
  }
};

/// Everything the customer saves.
struct Configuration {
  std::vector<Choice> accounts, tax_codes, customers, suppliers;
  Settings settings;
  std::vector<Choice> items = {}, classes = {}, locations = {};
  bool operator==(const Configuration&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("accounts", &Configuration::accounts),
                      field("tax_codes", &Configuration::tax_codes),
                      field("customers", &Configuration::customers),
                      field("suppliers", &Configuration::suppliers),
                      field("settings", &Configuration::settings),
                      rare_field("items", &Configuration::items),
                      rare_field("classes", &Configuration::classes),
                      rare_field("locations", &Configuration::locations)};
  }
  const std::vector<Choice>& of(Section section) const;
  std::vector<Choice>& of(Section section);
  /// The choice for one of the host's records; null: undecided.
  const Choice* find(Section section, const std::string& ours) const;
  /// Makes a choice, replacing an earlier one for the same record.
  void choose(Section section, Choice choice);
};

/// What is wrong with a choice that came over a wire, for a developer; empty: nothing.
std::string_view complaint_about(const Choice& choice);
/// Checks what came over a wire: every record named at most once, sizes within reason.
Result<Configuration> checked(Configuration configuration);

}  // namespace rekey::mapping
