// Something to tell the person, by ids of the catalogue.
#pragma once

#include <string>

#include "core/text/catalogue.hpp"
#include "web/widget/types.hpp"

namespace rekey::web {

using Values = rekey::text::Values;

/// Something to tell the person that is not a state of the connection. `text` is an id of the
/// catalogue; where `words` is not empty, it is said instead (what a problem of the backend says).
struct Message {
  Tone tone = Tone::danger;
  std::string title;
  std::string text;
  std::string words = {};
  Values values = {};
};

}  // namespace rekey::web
