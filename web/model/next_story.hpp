// What happens next, for a person who asks: by how things stand.
#pragma once

#include <string>

#include "web/model/model.hpp"

namespace rekey::web {

/// The next step and what it leads to, in a sentence or two.
std::string next_words(const Model& model);

}  // namespace rekey::web
