// The languages that are built in: a file of texts for each, public/lang/<tag>.json.
#pragma once

#include <string_view>
#include <vector>

namespace rekey::text {

/// A language by its tag ("en", "pt-BR"), with its file as it was when this was compiled.
struct Language {
  std::string_view tag;
  std::string_view json;
};

/// Every language; English is one of them.
const std::vector<Language>& languages();

/// The language for `wanted` as the browser names it ("de-AT"): this very language, or the one
/// without its region, or English.
const Language& language_for(std::string_view wanted);

}  // namespace rekey::text
