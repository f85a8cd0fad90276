// A chart of accounts as a trading company with some history keeps it.
#include "native/sandbox/made/books.hpp"
#include "native/sandbox/made/people.hpp"
#include "native/sandbox/made/seed.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

/// `parent` is the number of the account it belongs under, 0 for none; a number below 0 marks an
/// account that is no longer used.
struct Line {
  int number;
  int parent;
  std::string_view name, type, subtype;
};

constexpr Line chart[] = {
    {1000, 0, "Current Account", "Bank", "Checking"},
    {1010, 0, "Savings Account", "Bank", "Savings"},
    {1020, 0, "Euro Account", "Bank", "Checking"},
    {1050, 0, "Petty Cash", "Bank", "CashOnHand"},
    {-1060, 0, "Harbour Branch Till", "Bank", "CashOnHand"},
    {1100, 0, "Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable"},
    {1110, 0, "Accounts Receivable (A/R) - EUR", "Accounts Receivable", "AccountsReceivable"},
    {1120, 0, "Accounts Receivable (A/R) - USD", "Accounts Receivable", "AccountsReceivable"},
    {1200, 0, "Undeposited Funds", "Other Current Asset", "UndepositedFunds"},
    {1210, 0, "Inventory Asset", "Other Current Asset", "Inventory"},
    {1220, 0, "Prepaid Expenses", "Other Current Asset", "PrepaidExpenses"},
    {1230, 0, "Employee Advances", "Other Current Asset", "EmployeeCashAdvances"},
    {1500, 0, "Fixtures and Fittings", "Fixed Asset", "FurnitureAndFixtures"},
    {1510, 1500, "Cost", "Fixed Asset", "FurnitureAndFixtures"},
    {1520, 1500, "Depreciation", "Fixed Asset", "AccumulatedDepreciation"},
    {1550, 0, "Vehicles", "Fixed Asset", "Vehicles"},
    {1600, 0, "Machinery and Equipment", "Fixed Asset", "MachineryAndEquipment"},
    {1700, 0, "Rental Deposits", "Other Asset", "SecurityDeposits"},
    {2000, 0, "Accounts Payable (A/P)", "Accounts Payable", "AccountsPayable"},
    {2010, 0, "Accounts Payable (A/P) - EUR", "Accounts Payable", "AccountsPayable"},
    {2100, 0, "Company Credit Card", "Credit Card", "CreditCard"},
    {2110, 2100, "Workshop Card", "Credit Card", "CreditCard"},
    {2200, 0, "Tax Control", "Other Current Liability", "GlobalTaxPayable"},
    {2210, 0, "Payroll Liabilities", "Other Current Liability", "PayrollTaxPayable"},
    {2220, 0, "Customer Prepayments", "Other Current Liability", "OtherCurrentLiabilities"},
    {2230, 0, "Gift Vouchers", "Other Current Liability", "OtherCurrentLiabilities"},
    {2500, 0, "Bank Loan", "Long Term Liability", "NotesPayable"},
    {3000, 0, "Opening Balance Equity", "Equity", "OpeningBalanceEquity"},
    {3010, 0, "Retained Earnings", "Equity", "RetainedEarnings"},
    {3020, 0, "Share Capital", "Equity", "CommonStock"},
    {4000, 0, "Sales", "Income", "SalesOfProductIncome"},
    {4010, 4000, "Domestic Sales", "Income", "SalesOfProductIncome"},
    {4020, 4000, "Export Sales", "Income", "SalesOfProductIncome"},
    {4030, 4000, "Online Shop", "Income", "SalesOfProductIncome"},
    {4100, 0, "Services", "Income", "ServiceFeeIncome"},
    {4110, 4100, "Installation", "Income", "ServiceFeeIncome"},
    {4120, 4100, "Repairs", "Income", "ServiceFeeIncome"},
    {4200, 0, "Shipping Income", "Income", "ServiceFeeIncome"},
    {4300, 0, "Discounts Given", "Income", "DiscountsRefundsGiven"},
    {-4310, 0, "Rebates (old)", "Income", "DiscountsRefundsGiven"},
    {5000, 0, "Cost of Goods Sold", "Cost of Goods Sold", "SuppliesMaterialsCogs"},
    {5010, 5000, "Materials", "Cost of Goods Sold", "SuppliesMaterialsCogs"},
    {5020, 5000, "Subcontractors", "Cost of Goods Sold", "CostOfLaborCos"},
    {5030, 5000, "Inbound Freight", "Cost of Goods Sold", "ShippingFreightDeliveryCos"},
    {6000, 0, "Rent", "Expense", "RentOrLeaseOfBuildings"},
    {6010, 0, "Utilities", "Expense", "Utilities"},
    {6020, 6010, "Electricity and Gas", "Expense", "Utilities"},
    {6030, 6010, "Telephone and Internet", "Expense", "Utilities"},
    {6100, 0, "Wages and Salaries", "Expense", "PayrollExpenses"},
    {6110, 0, "Training", "Expense", "OtherMiscellaneousServiceCost"},
    {6200, 0, "Advertising and Marketing", "Expense", "AdvertisingPromotional"},
    {6210, 0, "Office Supplies", "Expense", "OfficeGeneralAdministrativeExpenses"},
    {6220, 0, "Software Subscriptions", "Expense", "DuesSubscriptions"},
    {6230, 0, "Bank Charges", "Expense", "BankCharges"},
    {6240, 0, "Insurance", "Expense", "Insurance"},
    {6250, 0, "Legal and Professional Fees", "Expense", "LegalProfessionalFees"},
    {6260, 0, "Travel", "Expense", "Travel"},
    {6270, 0, "Meals and Entertainment", "Expense", "EntertainmentMeals"},
    {6280, 0, "Motor Expenses", "Expense", "Auto"},
    {6290, 0, "Repairs and Maintenance", "Expense", "RepairMaintenance"},
    {6300, 0, "Bad Debts", "Expense", "BadDebts"},
    {-6310, 0, "Fax Line", "Expense", "Utilities"},
    {7000, 0, "Interest Earned", "Other Income", "InterestEarned"},
    {8000, 0, "Exchange Gain or Loss", "Other Expense", "ExchangeGainOrLoss"},
    {8010, 0, "Depreciation Expense", "Other Expense", "Depreciation"},
};

std::string_view classification(std::string_view type) {
  if (type == "Bank" || type == "Accounts Receivable" || type.ends_with("Asset")) return "Asset";
  if (type == "Equity") return "Equity";
  if (type == "Income" || type == "Other Income") return "Revenue";
  if (type.ends_with("Expense") || type == "Cost of Goods Sold") return "Expense";
  return "Liability";
}

std::size_t line_of(int number) {
  for (std::size_t i = 0; i < std::size(chart); ++i)
    if (chart[i].number == number) return i;
  return 0;
}

}  // namespace

std::vector<json> made_accounts(std::uint64_t seed, const std::string& currency) {
  std::vector<json> accounts;
  for (std::size_t i = 0; i < std::size(chart); ++i) {
    const Line& line = chart[i];
    const bool active = line.number > 0;
    const std::string name = std::string(line.name) + (active ? "" : " (deleted)");
    json row = record(std::to_string(i + 1), mix(seed, 101, i));
    row["Name"] = name;
    row["AcctNum"] = std::to_string(active ? line.number : -line.number);
    row["Active"] = active;
    row["Classification"] = classification(line.type);
    row["AccountType"] = line.type;
    row["AccountSubType"] = line.subtype;
    const double balance =
        active ? static_cast<double>(mix(seed, 102, i) % 9'000'000) / 100.0 : 0.0;
    row["CurrentBalance"] = balance;
    row["CurrentBalanceWithSubAccounts"] = balance;
    row["CurrencyRef"] = reference(currency, currency);
    row["SubAccount"] = line.parent != 0;
    row["FullyQualifiedName"] = name;
    if (line.parent != 0) {
      const std::size_t parent = line_of(line.parent);
      row["ParentRef"] = {{"value", std::to_string(parent + 1)}};
      row["FullyQualifiedName"] = std::string(chart[parent].name) + ":" + name;
    }
    accounts.push_back(std::move(row));
  }
  return accounts;
}

}  // namespace rekey::sandbox
