// Trouble with the rows of a list: lists that move while they are read, queries that are not
// followed in everything, pages that are short, and records that are not as they should be.
#pragma once

#include <string_view>

#include "native/sandbox/books/companies.hpp"
#include "native/sandbox/control/fault.hpp"

namespace rekey::sandbox {

/// Whether a kind of fault is of the rows, so that the answer is JSON of the accounting API.
bool is_of_rows(std::string_view kind);

/// The request as it is understood: of "ignore_orderby" and "ignore_startposition", the query
/// without that part.
http::Request as_understood(const FaultRule& rule, http::Request request);

/// The answer with its rows spoilt. One that is not JSON stays as it is, as does every answer to a
/// rule that is not about the rows of an answer.
http::Response spoil_rows(const FaultRule& rule, http::Response answer);

/// What "rows_move" does to the list that a query asked for, once it was answered.
void move_rows(const FaultRule& rule, const http::Request& request, Companies& companies,
               Instant now);

}  // namespace rekey::sandbox
