// English, built in; the text is made from public/lang/en.json when the core is compiled.
#pragma once

#include <string_view>

namespace rekey::text {

std::string_view english_json();

}  // namespace rekey::text
