// QuickBooks Online as one of the accounting systems that the program can work with.
#pragma once

#include "native/accounting/integration.hpp"

namespace rekey::intuit {

/// Intuit's own providers: "intuit-production" and "intuit-sandbox".
oauth::Provider production();
oauth::Provider sandbox();

/// The integration "quickbooks-online".
accounting::Integration quickbooks_online();

}  // namespace rekey::intuit
