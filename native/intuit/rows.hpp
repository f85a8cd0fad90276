// The rows in answers of the accounting API.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/wire/json.hpp"
#include "native/accounting/system.hpp"

namespace rekey::intuit {

/// Whether two words are the same, whatever the case of their (Latin) letters.
bool is_same_word(std::string_view left, std::string_view right);

/// A member of an object, whatever the letter case of its name; null: there is none, or no object.
/// The one that is written as asked for goes before others.
const wire::Json* member_in_any_case(const wire::Json* json, std::string_view name);

/// The id of a row: a text, or a number that is written as one. Empty: it has none that can be
/// kept.
std::string id_of(const wire::Json& row);

/// The rows of a list; null: there are none. `mended`: characters were replaced in the answer.
/// None: it is neither a list nor a row.
std::optional<accounting::Page> page_of(const wire::Json* list, bool mended);

/// When an answer was given, by its own word.
std::optional<Instant> time_of(const wire::Json& answer);

/// An answer to what changed in these lists. None: it is none.
std::optional<accounting::Changes> changes_of(const wire::Json& answer,
                                              const std::vector<imports::Entity>& asked);

}  // namespace rekey::intuit
