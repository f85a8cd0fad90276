// What the customer chooses and saves: which of the host's own records is which record of
// the accounting system.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/wire/json.hpp"

namespace rekey::mapping {

using wire::field;

/// The four lists that are mapped.
enum class Section { accounts, tax_codes, customers, suppliers };
constexpr std::array<std::string_view, 4> names_of(Section) {
  return {"accounts", "tax_codes", "customers", "suppliers"};
}
constexpr std::array<Section, 4> all_sections = {Section::accounts, Section::tax_codes,
                                                 Section::customers, Section::suppliers};

/// One record, of the host's directory or of the accounting system. `detail` helps to tell records
/// of the same name apart (an e-mail address, an account number). Inactive ones are kept for what
/// maps to them.
struct Record {
  std::string id;
  std::string name;
  std::string detail;
  bool active = true;
  bool operator==(const Record&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("id", &Record::id), field("name", &Record::name),
                      field("detail", &Record::detail), field("active", &Record::active)};
  }
};

/// The records of all sections, of one side.
struct Records {
  std::vector<Record> accounts, tax_codes, customers, suppliers;
  bool operator==(const Records&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        field("accounts", &Records::accounts), field("tax_codes", &Records::tax_codes),
        field("customers", &Records::customers), field("suppliers", &Records::suppliers)};
  }
  const std::vector<Record>& of(Section section) const;
  std::vector<Record>& of(Section section);
};

/// One choice of the customer: the host's record `ours` is the accounting system's record `theirs`;
/// with `theirs` empty, the customer decided that it has no counterpart. A record without a choice
/// is undecided. `name` is what their record was called when it was chosen.
struct Choice {
  std::string ours;
  std::string theirs;
  std::string name;
  bool operator==(const Choice&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("ours", &Choice::ours), field("theirs", &Choice::theirs),
                      field("name", &Choice::name)};
  }
};

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
  bool operator==(const Configuration&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        field("accounts", &Configuration::accounts), field("tax_codes", &Configuration::tax_codes),
        field("customers", &Configuration::customers),
        field("suppliers", &Configuration::suppliers), field("settings", &Configuration::settings)};
  }
  const std::vector<Choice>& of(Section section) const;
  std::vector<Choice>& of(Section section);
  /// The choice for one of the host's records; null: undecided.
  const Choice* find(Section section, const std::string& ours) const;
  /// Makes a choice, replacing an earlier one for the same record.
  void choose(Section section, Choice choice);
};

/// Checks what came over a wire: every record named at most once, sizes within reason.
Result<Configuration> checked(Configuration configuration);

}  // namespace rekey::mapping
