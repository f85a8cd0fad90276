#include "native/cli/match_table.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "core/text/fold.hpp"

namespace rekey::cli {

namespace {

enum class Column { id, name, detail, given_name, family_name, company, parent, email, phone, house,
                    street, city, postcode, country, tax_number, number, website, kind };

/// Headers as people write them, folded and without spaces.
const std::map<std::string, Column>& known_headers() {
  using enum Column;
  static const std::map<std::string, Column> known = {
      {"id", id}, {"name", name}, {"displayname", name}, {"fullname", name}, {"fullyqualifiedname", name},
      {"customer", name}, {"customername", name}, {"client", name}, {"clientname", name},
      {"supplier", name}, {"suppliername", name}, {"vendor", name}, {"vendorname", name},
      {"accountname", name}, {"title", name}, {"product", name}, {"productname", name},
      {"item", name}, {"itemname", name}, {"nom", name},
      {"detail", detail}, {"details", detail}, {"description", detail}, {"note", detail}, {"notes", detail},
      {"givenname", given_name}, {"given", given_name}, {"firstname", given_name}, {"first", given_name},
      {"forename", given_name}, {"vorname", given_name}, {"prenom", given_name},
      {"familyname", family_name}, {"family", family_name}, {"surname", family_name},
      {"lastname", family_name}, {"last", family_name}, {"nachname", family_name},
      {"apellido", family_name}, {"apellidos", family_name}, {"cognome", family_name},
      {"company", company}, {"companyname", company}, {"organization", company},
      {"organisation", company}, {"organizationname", company}, {"organisationname", company}, {"firm", company},
      {"firma", company}, {"business", company}, {"businessname", company}, {"employer", company},
      {"parent", parent}, {"parentname", parent}, {"parentcustomer", parent}, {"parentaccount", parent},
      {"email", email}, {"emails", email}, {"emailaddress", email}, {"mail", email}, {"email1", email}, {"email2", email},
      {"primaryemail", email}, {"primaryemailaddr", email}, {"primaryemailaddress", email},
      {"phone", phone}, {"phones", phone}, {"phonenumber", phone}, {"phonenumbers", phone}, {"telephone", phone}, {"phone1", phone}, {"phone2", phone},
      {"telephonenumber", phone}, {"tel", phone}, {"telefon", phone}, {"mobile", phone}, {"mobilephone", phone},
      {"cell", phone}, {"cellphone", phone}, {"primaryphone", phone},
      {"housenumber", house}, {"streetnumber", house}, {"hausnummer", house}, {"streetno", house}, {"houseno", house},
      {"street", street}, {"streetname", street}, {"streetaddress", street}, {"address", street},
      {"address1", street}, {"addressline1", street}, {"line1", street}, {"strasse", street}, {"addr", street}, {"rue", street},
      {"city", city}, {"suburb", city}, {"town", city}, {"locality", city}, {"ort", city},
      {"stadt", city}, {"ville", city}, {"ciudad", city}, {"citta", city}, {"cityname", city},
      {"postcode", postcode}, {"postalcode", postcode}, {"zip", postcode}, {"zipcode", postcode},
      {"postal", postcode}, {"plz", postcode}, {"postleitzahl", postcode}, {"codepostal", postcode}, {"cap", postcode},
      {"country", country}, {"countrycode", country}, {"countryname", country}, {"land", country}, {"pays", country}, {"pais", country},
      {"taxnumber", tax_number}, {"taxid", tax_number}, {"taxno", tax_number}, {"tax", tax_number}, {"taxidentifier", tax_number},
      {"primarytaxidentifier", tax_number}, {"vat", tax_number}, {"vatnumber", tax_number}, {"vatno", tax_number},
      {"vatid", tax_number}, {"ustid", tax_number}, {"ustidnr", tax_number}, {"tin", tax_number}, {"ein", tax_number},
      {"abn", tax_number}, {"gstin", tax_number}, {"siret", tax_number}, {"siren", tax_number}, {"nif", tax_number}, {"cif", tax_number},
      {"number", number}, {"no", number}, {"nr", number}, {"accountnumber", number}, {"accountno", number}, {"acctnum", number},
      {"customernumber", number}, {"customerno", number}, {"suppliernumber", number}, {"vendornumber", number}, {"code", number},
      {"sku", number}, {"itemnumber", number}, {"partnumber", number}, {"model", number}, {"modelno", number}, {"modelnumber", number},
      {"website", website}, {"web", website}, {"webaddr", website}, {"webaddress", website}, {"url", website}, {"homepage", website}, {"domain", website},
      {"kind", kind}, {"type", kind}, {"accounttype", kind}, {"category", kind},
  };
  return known;
}

std::string squeezed(std::string_view header) {
  auto out = text::fold(header);
  std::erase(out, ' ');
  return out;
}

/// Several in one cell, apart by semicolons, commas, bars or line breaks.
void append_each(std::vector<std::string>& out, const std::string& cell) {
  for (std::size_t at = 0; at <= cell.size();) {
    const auto end = std::min(cell.find_first_of(";,|\n", at), cell.size());
    const auto from = cell.find_first_not_of(" \t\r", at);
    if (from < end) out.push_back(cell.substr(from, end - from));
    at = end + 1;
  }
}

/// Of several columns for one field, the first with something in it counts.
void take_cell(mapping::Record& record, std::string& house, Column column, const std::string& cell) {
  const auto fill = [&](std::string& field) {
    if (field.empty()) field = cell;
  };
  switch (column) {
    case Column::id:
      return fill(record.id);
    case Column::name:
      return fill(record.name);
    case Column::detail:
      return fill(record.detail);
    case Column::given_name:
      return fill(record.given_name);
    case Column::family_name:
      return fill(record.family_name);
    case Column::company:
      return fill(record.company);
    case Column::parent:
      return fill(record.parent);
    case Column::email:
      return append_each(record.emails, cell);
    case Column::phone:
      return append_each(record.phones, cell);
    case Column::house:
      return fill(house);
    case Column::street:
      return fill(record.street);
    case Column::city:
      return fill(record.city);
    case Column::postcode:
      return fill(record.postcode);
    case Column::country:
      return fill(record.country);
    case Column::tax_number:
      return fill(record.tax_number);
    case Column::number:
      return fill(record.number);
    case Column::website:
      return fill(record.website);
    case Column::kind:
      return fill(record.kind);
  }
}

/// What a record lacks that others have: a name, of given and family name or of the company.
void complete(mapping::Record& record, const std::string& house, std::size_t row) {
  if (record.id.empty()) record.id = std::to_string(row);
  if (!house.empty()) record.street = house + " " + record.street;
  if (record.name.empty() && !(record.given_name.empty() && record.family_name.empty())) {
    record.name = record.given_name;
    if (!record.name.empty() && !record.family_name.empty()) record.name += ' ';
    record.name += record.family_name;
  }
  if (record.name.empty()) record.name = record.company;
}

}  // namespace

TakenRecords records_of(const text::Table& table) {
  std::vector<std::optional<Column>> columns;
  TakenRecords out;
  for (const auto& header : table.header) {
    const auto known = known_headers().find(squeezed(header));
    columns.push_back(known == known_headers().end() ? std::nullopt
                                                     : std::optional(known->second));
    if (!columns.back()) out.unused.push_back(header);
  }
  out.records.reserve(table.rows.size());
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    mapping::Record record;
    std::string house;
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (columns[i]) take_cell(record, house, *columns[i], table.rows[row][i]);
    complete(record, house, row + 1);
    out.records.push_back(std::move(record));
  }
  return out;
}

Pairs pairs_of(const text::Table& table) {
  std::size_t left = 0, right = 1;
  for (std::size_t i = 0; i < table.header.size(); ++i) {
    if (squeezed(table.header[i]) == "left") left = i;
    if (squeezed(table.header[i]) == "right") right = i;
  }
  Pairs out;
  for (const auto& row : table.rows)
    if (std::max(left, right) < row.size()) out.emplace(row[left], row[right]);
  return out;
}

}  // namespace rekey::cli
