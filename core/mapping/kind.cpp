#include "core/mapping/kind.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

namespace rekey::mapping {

namespace {

// The types of accounts, a bit each: two kinds go together where they have one in common.
using Types = std::uint32_t;
constexpr Types bank = 1 << 0, receivable = 1 << 1, other_current_asset = 1 << 2,
                fixed_asset = 1 << 3, other_asset = 1 << 4, payable = 1 << 5, credit_card = 1 << 6,
                other_current_liability = 1 << 7, long_term_liability = 1 << 8, equity = 1 << 9,
                income = 1 << 10, costs = 1 << 11;
constexpr Types current_assets = bank | receivable | other_current_asset;
constexpr Types assets = current_assets | fixed_asset | other_asset;
constexpr Types current_liabilities = payable | credit_card | other_current_liability;
constexpr Types liabilities = current_liabilities | long_term_liability;

struct Word {
  std::string_view word;  ///< in small letters, without what is no letter
  Types types;
};
// Income and costs are not told apart further: what one chart calls other income, or cost of sales,
// another has among income, or expenses.
constexpr Word words_of_kinds[] = {
    {"asset", assets},
    {"currentasset", current_assets},
    {"othercurrentasset", other_current_asset},
    {"noncurrentasset", fixed_asset | other_asset},
    {"fixedasset", fixed_asset},
    {"otherasset", other_asset},
    {"bank", bank},
    {"bankaccount", bank},
    {"cash", bank | other_current_asset},
    {"receivable", receivable},
    {"accountreceivable", receivable},
    {"accountsreceivable", receivable},
    {"tradereceivable", receivable},
    {"debtor", receivable},
    {"inventory", other_current_asset},
    {"prepayment", other_current_asset},
    {"payable", payable},
    {"accountpayable", payable},
    {"accountspayable", payable},
    {"tradepayable", payable},
    {"creditor", payable},
    {"creditcard", credit_card},
    {"liability", liabilities},
    {"currentliability", current_liabilities},
    {"othercurrentliability", other_current_liability},
    {"longtermliability", long_term_liability},
    {"noncurrentliability", long_term_liability},
    {"loan", other_current_liability | long_term_liability},
    {"equity", equity},
    {"capital", equity},
    {"retainedearning", equity},
    {"income", income},
    {"otherincome", income},
    {"revenue", income},
    {"sale", income},
    {"turnover", income},
    {"expense", costs},
    {"otherexpense", costs},
    {"overhead", costs},
    {"cost", costs},
    {"directcost", costs},
    {"purchase", costs},
    {"costofsale", costs},
    {"costofgoodssold", costs},
    {"costofgood", costs},
    {"cogs", costs},
    {"depreciation", costs},
};

/// The types that a kind names; 0: it is not one of these words.
Types types_of(std::string_view kind) {
  std::string word;
  for (const char c : kind) {
    if (c >= 'a' && c <= 'z') word += c;
    if (c >= 'A' && c <= 'Z') word += static_cast<char>(c - 'A' + 'a');
    // Of a word in another writing, the letters that are left mean something else.
    if (static_cast<unsigned char>(c) >= 0x80) return 0;
  }
  const auto find = [](std::string_view wanted) {
    const auto at = std::find_if(std::begin(words_of_kinds), std::end(words_of_kinds),
                                 [&](const Word& each) { return each.word == wanted; });
    return at == std::end(words_of_kinds) ? Types{0} : at->types;
  };
  if (const auto types = find(word)) return types;
  if (word.ends_with("ies")) return find(word.replace(word.size() - 3, 3, "y"));
  return word.ends_with('s') ? find(std::string_view(word).substr(0, word.size() - 1)) : 0;
}

}  // namespace

bool kinds_suit(Section section, std::string_view ours, std::string_view theirs) {
  if (section != Section::accounts) return true;
  const auto left = types_of(ours), right = types_of(theirs);
  return left == 0 || right == 0 || (left & right) != 0;
}

}  // namespace rekey::mapping
