#include "native/accounting/integration.hpp"

#include "core/text/catalogue.hpp"

namespace rekey::accounting {

Result<const Integration*> find_integration(Integrations known, std::string_view id) {
  if (id.empty()) return &known.front();
  std::string names;
  for (const auto& each : known) {
    if (each.id == id) return &each;
    names += (names.empty() ? "" : ", ") + each.id;
  }
  return fail(Code::misconfigured,
              text::fill("There is no integration \"{id}\", which the provider file names. There "
                         "are: {names}.",
                         {{"id", std::string(id.substr(0, 60))}, {"names", names}}));
}

}  // namespace rekey::accounting
