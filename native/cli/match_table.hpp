// Records and pairs of ids out of tables, for `rekey match`.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/mapping/configuration.hpp"
#include "core/text/csv.hpp"

namespace rekey::cli {

/// The records of a table, the columns that are none of a record's, and an id that more than one
/// record has (empty: there is none). `compares`: whether a column besides the id is known.
struct TakenRecords {
  std::vector<mapping::Record> records;
  std::vector<std::string> unused;
  std::string twice;
  bool compares = false;
};
/// Takes columns by their header, in any of its usual spellings ("given_name", "First name").
/// Without a column `id` a record's id is the number of its row, from 1.
TakenRecords records_in_table(const text::Table& table);

using Pairs = std::set<std::pair<std::string, std::string>>;
/// The columns `left` and `right`, or else the first two. Of a table with one column there are
/// none.
Pairs pairs_of(const text::Table& table);

}  // namespace rekey::cli
