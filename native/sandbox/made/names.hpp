// Names of persons and firms that do not exist, in many languages, unique by construction.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "native/sandbox/made/languages.hpp"

namespace rekey::sandbox {

/// Names of different streams never meet, so that customers, vendors and strangers stay apart.
enum class Stream { customers = 0, vendors = 1, strangers = 2 };

/// A made name. `given` and `family` are empty for a firm, `company` for a person.
struct Name {
  std::string display, given, family, company;
  const Language* language = nullptr;
};

/// The n-th name of a stream. For one seed, no two (stream, n) give the same display text.
Name made_name(std::uint64_t seed, Stream stream, std::uint64_t n);

/// A place line that belongs to the language: a street with number, and a town.
std::string made_street(const Language& language, std::uint64_t dice);
std::string made_city(const Language& language, std::uint64_t dice);

/// Letters with marks written without them where Latin script has a plain letter; others stay.
std::string fold_accents(std::string_view text);
/// Only the ASCII letters and digits of the folded text, lower case: for e-mail addresses.
std::string plain_slug(std::string_view text);

}  // namespace rekey::sandbox
