// Rows that move while a list is read: what people at QuickBooks do meanwhile.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "native/sandbox/books/company.hpp"

namespace rekey::sandbox {

enum class RowMove { insert, remove, rename, merge, reorder, change };

inline constexpr std::string_view row_move_names[] = {"insert", "remove",  "rename",
                                                      "merge",  "reorder", "change"};
std::optional<RowMove> row_move_named(std::string_view name);

/// What a move came to.
struct Moved {
  std::string id;    ///< of the record that was made or changed, or is gone
  std::string into;  ///< of `merge`: the record that it went into
};

/// Does one thing to a list of a company: makes a record like one that is there, takes one away,
/// gives one another name, puts one into another, answers the list in another order where a query
/// asks for none, or changes something that is not the name. `dice` says which records and names;
/// `id`, if there is one, which record. Nothing when there is no such record, or the list is too
/// short or of a kind of which there is one. The rules of the accounting API do not hold here.
std::optional<Moved> move_row(Company& company, Entity entity, RowMove move, std::uint64_t dice,
                              Instant now, const std::string& id = {});

}  // namespace rekey::sandbox
