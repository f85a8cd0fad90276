#include "native/sandbox/schema/property.hpp"

namespace rekey::sandbox {

namespace {

constexpr Property text(std::string_view name, std::size_t longest = 0) {
  return {name, Shape::text, longest};
}
constexpr Property flag(std::string_view name) {
  return {name, Shape::flag};
}
constexpr Property number(std::string_view name) {
  return {name, Shape::number};
}
constexpr Property object(std::string_view name) {
  return {name, Shape::object};
}
constexpr Property list(std::string_view name) {
  return {name, Shape::list};
}
constexpr Property refers(std::string_view name, std::optional<Entity> target = std::nullopt) {
  return {name, Shape::reference, 0, false, target};
}
constexpr Property worked_out(std::string_view name, Shape shape = Shape::text) {
  return {name, shape, 0, true};
}

constexpr Property of_every_record[] = {
    text("Id"),           worked_out("SyncToken"), worked_out("MetaData", Shape::object),
    worked_out("domain"), flag("sparse"),          flag("Active"),
    worked_out("status"), list("CustomField"),     list("AttachableRef"),
};

// What customers and vendors have in common.
constexpr Property of_person[] = {
    text("DisplayName", 500),
    text("Title", 16),
    text("GivenName", 100),
    text("MiddleName", 100),
    text("FamilyName", 100),
    text("Suffix", 16),
    text("CompanyName", 100),
    text("PrintOnCheckName", 110),
    object("PrimaryEmailAddr"),
    object("PrimaryPhone"),
    object("AlternatePhone"),
    object("Mobile"),
    object("Fax"),
    object("WebAddr"),
    object("BillAddr"),
    object("ShipAddr"),
    text("Notes", 2000),
    refers("CurrencyRef"),
    worked_out("Balance", Shape::number),
    text("AcctNum", 100),
    text("BusinessNumber", 10),
    text("GSTIN", 15),
    text("GSTRegistrationType", 15),
    text("Source"),
    worked_out("V4IDPseudonym"),
};

constexpr Property of_customer[] = {
    worked_out("FullyQualifiedName"),
    flag("Taxable"),
    refers("DefaultTaxCodeRef"),
    refers("SalesTermRef", Entity::term),
    refers("PaymentMethodRef", Entity::payment_method),
    refers("ARAccountRef", Entity::account),
    refers("CustomerTypeRef"),
    number("TaxExemptionReasonId"),
    worked_out("BalanceWithJobs", Shape::number),
    text("OpenBalanceDate"),
    number("CreditLimit"),
    worked_out("OverDueBalance", Shape::number),
    flag("Job"),
    refers("ParentRef", Entity::customer),
    worked_out("Level", Shape::number),
    flag("BillWithParent"),
    flag("IsProject"),
    text("PreferredDeliveryMethod"),
    text("ResaleNum", 16),
    text("PrimaryTaxIdentifier"),
    text("SecondaryTaxIdentifier"),
    worked_out("ClientEntityId"),
};

constexpr Property of_vendor[] = {
    object("OtherContactInfo"),
    flag("Vendor1099"),
    flag("T4AEligible"),
    flag("T5018Eligible"),
    text("TaxIdentifier", 20),
    text("TaxReportingBasis"),
    flag("HasTPAR"),
    refers("TermRef", Entity::term),
    refers("APAccountRef", Entity::account),
    number("BillRate"),
    number("CostRate"),
    object("VendorPaymentBankDetail"),
};

constexpr Property of_account[] = {
    text("Name", 100),
    text("AcctNum", 20),
    text("Description", 100),
    text("AccountType"),
    text("AccountSubType"),
    text("AccountAlias"),
    text("TxnLocationType"),
    worked_out("FullyQualifiedName"),
    worked_out("Classification"),
    worked_out("SubAccount", Shape::flag),
    refers("ParentRef", Entity::account),
    refers("CurrencyRef"),
    refers("TaxCodeRef", Entity::tax_code),
    worked_out("CurrentBalance", Shape::number),
    worked_out("CurrentBalanceWithSubAccounts", Shape::number),
};

constexpr Property of_item[] = {
    text("Name", 100),
    text("Sku", 100),
    text("Description", 4000),
    text("PurchaseDesc", 1000),
    text("Type"),
    text("ItemCategoryType"),
    worked_out("FullyQualifiedName"),
    flag("SubItem"),
    refers("ParentRef", Entity::item),
    worked_out("Level", Shape::number),
    number("UnitPrice"),
    number("PurchaseCost"),
    number("QtyOnHand"),
    number("ReorderPoint"),
    flag("TrackQtyOnHand"),
    flag("Taxable"),
    flag("SalesTaxIncluded"),
    flag("PurchaseTaxIncluded"),
    text("InvStartDate"),
    refers("IncomeAccountRef", Entity::account),
    refers("ExpenseAccountRef", Entity::account),
    refers("AssetAccountRef", Entity::account),
    refers("SalesTaxCodeRef"),
    refers("PurchaseTaxCodeRef"),
    refers("ClassRef", Entity::class_),
    refers("PrefVendorRef", Entity::vendor),
    refers("TaxClassificationRef"),
    object("ItemGroupDetail"),
    flag("PrintGroupedItems"),
    text("Source"),
};

constexpr Property of_class[] = {text("Name", 100), worked_out("FullyQualifiedName"),
                                 flag("SubClass"), refers("ParentRef", Entity::class_)};
constexpr Property of_department[] = {text("Name", 100), worked_out("FullyQualifiedName"),
                                      flag("SubDepartment"),
                                      refers("ParentRef", Entity::department), object("Address")};
constexpr Property of_term[] = {text("Name", 31),           worked_out("Type"),
                                number("DueDays"),          number("DiscountDays"),
                                number("DiscountPercent"),  number("DayOfMonthDue"),
                                number("DueNextMonthDays"), number("DiscountDayOfMonth")};
constexpr Property of_payment_method[] = {text("Name", 31), text("Type")};
constexpr Property of_agency[] = {text("DisplayName", 100),
                                  text("TaxRegistrationNumber", 100),
                                  worked_out("TaxTrackedOnSales", Shape::flag),
                                  worked_out("TaxTrackedOnPurchases", Shape::flag),
                                  worked_out("TaxAgencyConfig"),
                                  text("LastFileDate")};
constexpr Property of_company_info[] = {text("CompanyName", 1024),
                                        text("LegalName", 1024),
                                        object("CompanyAddr"),
                                        object("LegalAddr"),
                                        object("CustomerCommunicationAddr"),
                                        object("CustomerCommunicationEmailAddr"),
                                        object("Email"),
                                        object("PrimaryPhone"),
                                        object("WebAddr"),
                                        worked_out("CompanyStartDate"),
                                        text("FiscalYearStartMonth"),
                                        worked_out("Country"),
                                        worked_out("SupportedLanguages"),
                                        text("EmployerId"),
                                        list("NameValue")};
constexpr Property of_preferences[] = {object("AccountingInfoPrefs"),
                                       object("ProductAndServicesPrefs"),
                                       object("SalesFormsPrefs"),
                                       object("VendorAndPurchasesPrefs"),
                                       object("TaxPrefs"),
                                       object("CurrencyPrefs"),
                                       object("TimeTrackingPrefs"),
                                       object("ReportPrefs"),
                                       object("EmailMessagesPrefs"),
                                       object("OtherPrefs")};

constexpr std::string_view months[] = {"January",   "February", "March",    "April",
                                       "May",       "June",     "July",     "August",
                                       "September", "October",  "November", "December"};
constexpr std::string_view account_types[] = {"Bank",
                                              "Other Current Asset",
                                              "Fixed Asset",
                                              "Other Asset",
                                              "Accounts Receivable",
                                              "Equity",
                                              "Expense",
                                              "Other Expense",
                                              "Cost of Goods Sold",
                                              "Accounts Payable",
                                              "Credit Card",
                                              "Long Term Liability",
                                              "Other Current Liability",
                                              "Income",
                                              "Other Income"};
constexpr std::string_view item_types[] = {"Inventory", "NonInventory", "Service", "Category",
                                           "Group"};
constexpr std::string_view method_types[] = {"CREDIT_CARD", "NON_CREDIT_CARD"};
constexpr std::string_view delivery_methods[] = {"Print", "Email", "None"};

/// The properties of a kind, without those that it shares with others.
std::span<const Property> own_properties(Entity entity) {
  switch (entity) {
    case Entity::customer:
      return of_customer;
    case Entity::vendor:
      return of_vendor;
    case Entity::account:
      return of_account;
    case Entity::item:
      return of_item;
    case Entity::class_:
      return of_class;
    case Entity::department:
      return of_department;
    case Entity::term:
      return of_term;
    case Entity::payment_method:
      return of_payment_method;
    case Entity::tax_agency:
      return of_agency;
    case Entity::company_info:
      return of_company_info;
    case Entity::preferences:
      return of_preferences;
    case Entity::tax_code:
    case Entity::tax_rate:
      break;
  }
  return {};
}

}  // namespace

const Property* property_named(Entity entity, std::string_view name) {
  const bool person = entity == Entity::customer || entity == Entity::vendor;
  using Properties = std::span<const Property>;
  for (const Properties among :
       {own_properties(entity), person ? Properties(of_person) : Properties(),
        Properties(of_every_record)})
    for (const Property& one : among)
      if (one.name == name) return &one;
  return nullptr;
}

std::span<const std::string_view> values_of(Entity entity, std::string_view property) {
  if (property == "AccountType") return account_types;
  if (property == "FiscalYearStartMonth") return months;
  if (property == "PreferredDeliveryMethod") return delivery_methods;
  if (property == "Type" && entity == Entity::item) return item_types;
  if (property == "Type" && entity == Entity::payment_method) return method_types;
  return {};
}

Writing writing_of(Entity entity) {
  switch (entity) {
    case Entity::tax_code:
    case Entity::tax_rate:
      return Writing::none;
    case Entity::company_info:
    case Entity::preferences:
      return Writing::update_only;
    default:
      return Writing::create_and_update;
  }
}

}  // namespace rekey::sandbox
