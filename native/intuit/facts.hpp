// What a company says of itself: its name, country, currencies, taxes and fiscal year.
#pragma once

#include "core/mapping/facts.hpp"
#include "native/accounting/system.hpp"

namespace rekey::intuit {

/// The facts in CompanyInfo and Preferences (Intuit: both entities); what is not there, or cannot
/// be read, is none.
mapping::CompanyFacts facts_of(const accounting::SmallLists& lists);

}  // namespace rekey::intuit
