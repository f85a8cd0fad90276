// What a company says of itself: CompanyInfo and Preferences.
#include "native/sandbox/made/books.hpp"
#include "native/sandbox/made/names.hpp"
#include "native/sandbox/made/people.hpp"
#include "native/sandbox/made/seed.hpp"

namespace rekey::sandbox {

using nlohmann::json;

json made_company_info(std::uint64_t seed, const std::string& name, TaxRegime regime) {
  const bool vat = regime == TaxRegime::vat;
  const Language& home = languages()[vat ? 0 : 1];
  const std::uint64_t dice = mix(seed, 171);
  // Intuit gives every CompanyInfo the id "1"; the realm is in the address of the request.
  json info = record("1", dice);
  const json address = {{"Id", "1"},
                        {"Line1", made_street(home, dice)},
                        {"City", made_city(home, dice >> 6)},
                        {"PostalCode", std::to_string(10000 + dice % 89999)},
                        {"Country", home.country}};
  const std::string slug = plain_slug(name).empty() ? "company" : plain_slug(name);
  info["CompanyName"] = name;
  info["LegalName"] = name;
  for (const char* which : {"CompanyAddr", "LegalAddr", "CustomerCommunicationAddr"})
    info[which] = address;
  info["Email"] = {{"Address", "books@" + slug + ".example"}};
  info["PrimaryPhone"] = {{"FreeFormNumber", std::string(home.dial) + " 555 0100"}};
  info["WebAddr"] = {{"URI", "https://" + slug + ".example"}};
  info["CompanyStartDate"] = "2016-04-01";
  info["FiscalYearStartMonth"] = vat ? "April" : "January";
  info["Country"] = vat ? "GB" : "US";
  info["SupportedLanguages"] = "en";
  info["NameValue"] = {{{"Name", "NeoEnabled"}, {"Value", "true"}},
                       {{"Name", "IndustryType"}, {"Value", "Furniture and Lighting"}},
                       {{"Name", "SubscriptionStatus"}, {"Value", "PAID"}},
                       {{"Name", "OfferingSku"}, {"Value", "QuickBooks Online Plus"}}};
  return info;
}

json made_preferences(std::uint64_t seed, TaxRegime regime) {
  const bool vat = regime == TaxRegime::vat;
  json out = record("1", mix(seed, 172));
  out["AccountingInfoPrefs"] = {{"UseAccountNumbers", true},
                                {"TrackDepartments", true},
                                {"DepartmentTerminology", "Location"},
                                {"ClassTrackingPerTxn", false},
                                {"ClassTrackingPerTxnLine", true},
                                {"CustomerTerminology", "Customers"},
                                {"FirstMonthOfFiscalYear", vat ? "April" : "January"},
                                {"TaxYearMonth", vat ? "April" : "January"},
                                {"BookCloseDate", "2025-12-31"}};
  out["ProductAndServicesPrefs"] = {{"ForSales", true},
                                    {"ForPurchase", true},
                                    {"QuantityOnHand", true},
                                    {"QuantityWithPriceAndRate", true}};
  out["SalesFormsPrefs"] = {
      {"DefaultTerms", {{"value", "4"}}}, {"AllowDeposit", true},  {"AllowDiscount", true},
      {"AllowEstimates", true},           {"AllowShipping", true}, {"CustomTxnNumbers", false}};
  out["VendorAndPurchasesPrefs"] = {{"TrackingByCustomer", true},
                                    {"BillableExpenseTracking", true},
                                    {"DefaultTerms", {{"value", "4"}}}};
  out["TaxPrefs"] = {{"UsingSalesTax", true}, {"PartnerTaxEnabled", !vat}};
  if (!vat) out["TaxPrefs"]["TaxGroupCodeRef"] = {{"value", "2"}};
  out["CurrencyPrefs"] = {{"MultiCurrencyEnabled", true},
                          {"HomeCurrency", {{"value", vat ? "GBP" : "USD"}}}};
  out["TimeTrackingPrefs"] = {{"UseServices", true}, {"BillCustomers", true}};
  out["ReportPrefs"] = {{"ReportBasis", "Accrual"}, {"CalcAgingReportFromTxnDate", false}};
  out["EmailMessagesPrefs"] = {
      {"InvoiceMessage", {{"Subject", "Your invoice"}, {"Message", "Thank you."}}}};
  out["OtherPrefs"] = {
      {"NameValue", {{{"Name", "SalesFormsPrefs.DefaultCustomerMessage"}, {"Value", ""}}}}};
  return out;
}

}  // namespace rekey::sandbox
