// The query language of the accounting API: from text to a checked query.
//
//   SELECT * | count(*) | property {, property} FROM Entity
//     [WHERE property op value {AND property op value}]
//     [ORDERBY property [ASC|DESC] {, property [ASC|DESC]}] [STARTPOSITION n] [MAXRESULTS n]
//
// Keywords may be written in any case, ORDERBY also as two words; there is no OR.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "core/time.hpp"
#include "native/sandbox/schema/entity.hpp"

namespace rekey::sandbox {

enum class Operator { equal, differs, less, greater, at_most, at_least, like, in };

struct Condition {
  std::string property;  ///< spelt as in answers
  Operator op = Operator::equal;
  std::vector<std::string> values;  ///< one, or several with IN
};

struct Ordering {
  std::string property;
  bool descending = false;
};

struct Query {
  bool count = false;
  std::vector<std::string> properties;  ///< what to answer; empty: everything
  Entity entity = Entity::customer;
  std::vector<Condition> conditions;  ///< all of them must hold
  std::vector<Ordering> orderings;    ///< the first counts most
  std::uint64_t start = 1;
  std::uint64_t limit = 100;
};

/// Why a query was refused, as Intuit tells it: code 4000 if it does not read, 4001 if it does but
/// asks for what there is not. `column` is where, from 1.
struct QueryFault {
  std::string code;
  std::string detail;
  std::size_t column = 0;
};

using QueryResult = tl::expected<Query, QueryFault>;

/// Reads a query; CURRENT_DATE in it is the day of `now`. Never fails in another way, whatever the
/// text is.
QueryResult parse_query(std::string_view text, Instant now = {});

}  // namespace rekey::sandbox
