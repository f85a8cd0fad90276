// The one table of the errors that a caller can meet. docs/errors.md and the description of the
// host API are made from it.
#pragma once

#include <span>

#include "core/result.hpp"

namespace rekey {

/// What is true of every error with a code.
struct CodeEntry {
  Code code;
  std::string_view name;        ///< stable; the member `code` of a problem document
  int status;                   ///< of HTTP (RFC 9110)
  std::string_view title;       ///< a few words for a person, the same for every error of the code
  std::string_view meaning;     ///< a sentence for developers
  std::string_view what_to_do;  ///< another
};

/// Every code, in the order of the enumeration.
std::span<const CodeEntry> all_codes();

/// The entry of a code.
const CodeEntry& entry_of(Code code);

}  // namespace rekey
