// The English wording of the page: the one language that programs carry within themselves. Every
// other is a file that the page asks for, public/lang/<tag>.json.
#pragma once

#include <string_view>

namespace rekey::text {

/// public/lang/en.json as it was when this was compiled.
std::string_view english_json();

}  // namespace rekey::text
