#include "native/cli/match_table.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_set>

#include "core/text/fold.hpp"

namespace rekey::cli {

namespace {

enum class Column {
  id,
  name,
  detail,
  given_name,
  family_name,
  company,
  parent,
  email,
  phone,
  house,
  street,
  city,
  postcode,
  country,
  tax_number,
  number,
  website,
  kind
};

/// Headers as people write them, folded and without spaces.
constexpr std::pair<std::string_view, Column> known_headers[] = {
    {"id", Column::id},
    {"recid", Column::id},
    {"recordid", Column::id},
    {"name", Column::name},
    {"displayname", Column::name},
    {"fullname", Column::name},
    {"fullyqualifiedname", Column::name},
    {"customer", Column::name},
    {"customername", Column::name},
    {"client", Column::name},
    {"clientname", Column::name},
    {"supplier", Column::name},
    {"suppliername", Column::name},
    {"vendor", Column::name},
    {"vendorname", Column::name},
    {"accountname", Column::name},
    {"title", Column::name},
    {"product", Column::name},
    {"productname", Column::name},
    {"item", Column::name},
    {"itemname", Column::name},
    {"nom", Column::name},
    {"detail", Column::detail},
    {"details", Column::detail},
    {"description", Column::detail},
    {"note", Column::detail},
    {"notes", Column::detail},
    {"givenname", Column::given_name},
    {"given", Column::given_name},
    {"firstname", Column::given_name},
    {"first", Column::given_name},
    {"forename", Column::given_name},
    {"vorname", Column::given_name},
    {"prenom", Column::given_name},
    {"familyname", Column::family_name},
    {"family", Column::family_name},
    {"surname", Column::family_name},
    {"lastname", Column::family_name},
    {"last", Column::family_name},
    {"nachname", Column::family_name},
    {"apellido", Column::family_name},
    {"apellidos", Column::family_name},
    {"cognome", Column::family_name},
    {"company", Column::company},
    {"companyname", Column::company},
    {"organization", Column::company},
    {"organisation", Column::company},
    {"organizationname", Column::company},
    {"organisationname", Column::company},
    {"firm", Column::company},
    {"firma", Column::company},
    {"business", Column::company},
    {"businessname", Column::company},
    {"employer", Column::company},
    {"manufacturer", Column::company},
    {"brand", Column::company},
    {"parent", Column::parent},
    {"parentname", Column::parent},
    {"parentcustomer", Column::parent},
    {"parentaccount", Column::parent},
    {"email", Column::email},
    {"emails", Column::email},
    {"emailaddress", Column::email},
    {"mail", Column::email},
    {"email1", Column::email},
    {"email2", Column::email},
    {"primaryemail", Column::email},
    {"primaryemailaddr", Column::email},
    {"primaryemailaddress", Column::email},
    {"phone", Column::phone},
    {"phones", Column::phone},
    {"phonenumber", Column::phone},
    {"phonenumbers", Column::phone},
    {"telephone", Column::phone},
    {"phone1", Column::phone},
    {"phone2", Column::phone},
    {"telephonenumber", Column::phone},
    {"tel", Column::phone},
    {"telefon", Column::phone},
    {"mobile", Column::phone},
    {"mobilephone", Column::phone},
    {"cell", Column::phone},
    {"cellphone", Column::phone},
    {"primaryphone", Column::phone},
    {"housenumber", Column::house},
    {"streetnumber", Column::house},
    {"hausnummer", Column::house},
    {"streetno", Column::house},
    {"houseno", Column::house},
    {"street", Column::street},
    {"streetname", Column::street},
    {"streetaddress", Column::street},
    {"address", Column::street},
    {"address1", Column::street},
    {"addressline1", Column::street},
    {"line1", Column::street},
    {"strasse", Column::street},
    {"addr", Column::street},
    {"rue", Column::street},
    {"city", Column::city},
    {"suburb", Column::city},
    {"town", Column::city},
    {"locality", Column::city},
    {"ort", Column::city},
    {"stadt", Column::city},
    {"ville", Column::city},
    {"ciudad", Column::city},
    {"citta", Column::city},
    {"cityname", Column::city},
    {"postcode", Column::postcode},
    {"postalcode", Column::postcode},
    {"zip", Column::postcode},
    {"zipcode", Column::postcode},
    {"postal", Column::postcode},
    {"plz", Column::postcode},
    {"postleitzahl", Column::postcode},
    {"codepostal", Column::postcode},
    {"cap", Column::postcode},
    {"country", Column::country},
    {"countrycode", Column::country},
    {"countryname", Column::country},
    {"land", Column::country},
    {"pays", Column::country},
    {"pais", Column::country},
    {"taxnumber", Column::tax_number},
    {"taxid", Column::tax_number},
    {"taxno", Column::tax_number},
    {"tax", Column::tax_number},
    {"taxidentifier", Column::tax_number},
    {"primarytaxidentifier", Column::tax_number},
    {"vat", Column::tax_number},
    {"vatnumber", Column::tax_number},
    {"vatno", Column::tax_number},
    {"vatid", Column::tax_number},
    {"ustid", Column::tax_number},
    {"ustidnr", Column::tax_number},
    {"tin", Column::tax_number},
    {"ein", Column::tax_number},
    {"ssn", Column::tax_number},
    {"socsecid", Column::tax_number},
    {"abn", Column::tax_number},
    {"gstin", Column::tax_number},
    {"siret", Column::tax_number},
    {"siren", Column::tax_number},
    {"nif", Column::tax_number},
    {"cif", Column::tax_number},
    {"number", Column::number},
    {"no", Column::number},
    {"nr", Column::number},
    {"accountnumber", Column::number},
    {"accountno", Column::number},
    {"acctnum", Column::number},
    {"customernumber", Column::number},
    {"customerno", Column::number},
    {"suppliernumber", Column::number},
    {"vendornumber", Column::number},
    {"code", Column::number},
    {"sku", Column::number},
    {"itemnumber", Column::number},
    {"partnumber", Column::number},
    {"model", Column::number},
    {"modelno", Column::number},
    {"modelnumber", Column::number},
    {"website", Column::website},
    {"web", Column::website},
    {"webaddr", Column::website},
    {"webaddress", Column::website},
    {"url", Column::website},
    {"homepage", Column::website},
    {"domain", Column::website},
    {"kind", Column::kind},
    {"type", Column::kind},
    {"accounttype", Column::kind},
    {"category", Column::kind},
};

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

/// The field of a record that a column of plain text goes into.
std::string& field_of(mapping::Record& record, std::string& house, Column column) {
  using mapping::Record;
  static const std::map<Column, std::string Record::*> fields = {
      {Column::id, &Record::id},           {Column::name, &Record::name},
      {Column::detail, &Record::detail},   {Column::given_name, &Record::given_name},
      {Column::street, &Record::street},   {Column::family_name, &Record::family_name},
      {Column::city, &Record::city},       {Column::company, &Record::company},
      {Column::parent, &Record::parent},   {Column::postcode, &Record::postcode},
      {Column::country, &Record::country}, {Column::tax_number, &Record::tax_number},
      {Column::number, &Record::number},   {Column::website, &Record::website},
      {Column::kind, &Record::kind},
  };
  return column == Column::house ? house : record.*fields.at(column);
}

/// Of several columns for one field, the first with something in it counts.
void take_cell(mapping::Record& record, std::string& house, Column column,
               const std::string& cell) {
  if (column == Column::email) return append_each(record.emails, cell);
  if (column == Column::phone) return append_each(record.phones, cell);
  auto& field = field_of(record, house, column);
  if (field.empty()) field = cell;
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

TakenRecords records_in_table(const text::Table& table) {
  std::vector<std::optional<Column>> columns;
  TakenRecords out;
  for (const auto& header : table.header) {
    const auto wanted = squeezed(header);
    const auto known = std::find_if(std::begin(known_headers), std::end(known_headers),
                                    [&](const auto& each) { return each.first == wanted; });
    columns.push_back(known == std::end(known_headers) ? std::nullopt
                                                       : std::optional(known->second));
    if (!columns.back()) out.unused.push_back(header);
    if (columns.back() && *columns.back() != Column::id) out.compares = true;
  }
  out.records.reserve(table.rows.size());
  std::unordered_set<std::string> ids;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    mapping::Record record;
    std::string house;
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (columns[i]) take_cell(record, house, *columns[i], table.rows[row][i]);
    complete(record, house, row + 1);
    if (!ids.insert(record.id).second && out.twice.empty()) out.twice = record.id;
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
