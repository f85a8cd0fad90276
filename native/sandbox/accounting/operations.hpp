// What the accounting API does for a caller that may ask: queries, reads, changes since a time, and
// batches.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "native/sandbox/accounting/answers.hpp"
#include "native/sandbox/books/api_fault.hpp"
#include "native/sandbox/books/company.hpp"
#include "native/sandbox/books/writes.hpp"

namespace rekey::sandbox {

/// A body of the JSON form, without its time.
using OperationResult = tl::expected<nlohmann::json, ApiFault>;

/// {"QueryResponse": …}; 2020 without a query, 4000 or 4001 with the column for a wrong one.
OperationResult run_query_text(const Company& company, std::string_view text, Instant now);

/// One record by its id; of CompanyInfo, which is asked for by the company's own id, and of
/// Preferences there is one. 610 when there is none.
OperationResult read_record(const Company& company, Entity entity, const std::string& id);

/// {"CDCResponse": …}: what was written since a time at most 30 days ago, in blocks that do not
/// stand in the order asked for, an empty one for a kind without a change. `entities` is a list
/// with commas. At most 1,000 records are answered in all; of a kind,
/// those that changed first. One that is gone has `status` "Deleted" and hardly more.
OperationResult changed_since(const Company& company, const std::string& entities,
                              const std::string& since, Instant now);

/// {"BatchItemResponse": …}: up to 30 queries and writes, each with its own answer or fault.
OperationResult run_batch(Company& company, const std::string& body, Instant now);

}  // namespace rekey::sandbox
