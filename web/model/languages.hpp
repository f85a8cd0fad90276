// The languages that the page can be read in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "web/model/model.hpp"

namespace rekey::web {

/// A language by its tag ("fr-CA") and the name it has for itself.
struct Language {
  std::string tag;
  std::string name;
};

/// Those that are offered; the page may have another, which its address asked for.
const std::vector<Language>& offered_languages();

/// Changes the page's language, or tells that it cannot be changed. The page stays where it is.
void choose_language(Model& model, std::string_view tag);

}  // namespace rekey::web
