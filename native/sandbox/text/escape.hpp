// Texts as they may stand in XML and HTML.
#pragma once

#include <string>
#include <string_view>

namespace rekey::sandbox {

/// The text for an element or an attribute. What XML cannot hold is replaced: broken UTF-8, control
/// characters, U+FFFE and U+FFFF (XML 1.0 section 2.2).
std::string escape_xml(std::string_view text);

}  // namespace rekey::sandbox
