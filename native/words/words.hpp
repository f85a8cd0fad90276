// The sentences of the backend for hosts and operators, by id: native/words/en.json. Those of the
// page are in public/lang; a sentence is in one of the two.
#pragma once

#include <string>
#include <string_view>

#include "core/refusal.hpp"
#include "core/text/catalogue.hpp"

namespace rekey::words {

/// The catalogue as it was when this was compiled.
std::string_view english_json();
const text::Catalogue& catalogue();

/// The sentence of an id, with values for its {places}.
std::string say(std::string_view id, const text::Values& values = {});
/// Why the state machine refused: the one sentence that customer and host are told.
std::string of_refusal(Refusal refusal);

}  // namespace rekey::words
