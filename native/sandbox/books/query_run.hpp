// Answers a query from a made-up company.
#pragma once

#include <nlohmann/json.hpp>
#include <tl/expected.hpp>

#include "native/sandbox/books/company.hpp"
#include "native/sandbox/schema/query.hpp"

namespace rekey::sandbox {

/// What stands under "QueryResponse": records with startPosition and maxResults, a totalCount, or
/// an empty object when nothing is found. Records outside the page asked for are not made, unless a
/// condition or an ordering has to look into them; then what was found is kept until something of
/// the kind is written, so that the pages of one list cost what the pages cost.
tl::expected<nlohmann::json, QueryFault> run_query(const Company& company, const Query& query);

}  // namespace rekey::sandbox
