#include "core/text/languages.hpp"

#include <algorithm>

namespace rekey::text {

const Language& language_for(std::string_view wanted) {
  const auto& all = languages();
  const auto find = [&](std::string_view tag) {
    return std::find_if(all.begin(), all.end(),
                        [&](const Language& each) { return each.tag == tag; });
  };
  for (const auto tag : {wanted, wanted.substr(0, wanted.find('-'))})
    if (const auto at = find(tag); at != all.end()) return *at;
  return *find("en");
}

}  // namespace rekey::text
