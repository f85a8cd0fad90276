// Which options an open combobox lists, in which order, for what was typed.
#pragma once

#include <string_view>
#include <vector>

#include "web/widget/types.hpp"

namespace rekey::web {

/// Indices into `combobox.options`; -1 stands for "none". Without a filter: none, what is
/// suggested, then the others as given. With one: what begins with it, then what has a word that
/// does, then what contains it. Letters count as equal whatever their case and accents. Options
/// that were looked up elsewhere are all listed, as given.
std::vector<int> rows_of(const Combobox& combobox, std::string_view filter);

/// Where the option with this value is, or -1; `guess` is tried first.
int index_of(const Combobox& combobox, std::string_view value, int guess);

}  // namespace rekey::web
