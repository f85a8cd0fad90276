// The words of names and streets, in the spelling in which they are compared.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rekey::mapping {

/// A name taken apart: `words` in their order, without what does not tell firms apart; `legal`: the
/// first legal form in it ("ltd", "gmbh"), empty where there is none; `essence`: see below.
struct NameWords {
  std::vector<std::string> words;
  std::string legal, essence;
};

/// The words of a name: folded (see text::fold), two-letter vowels as one (ü, ue and u are the
/// same), usual abbreviations one way ("Intl", "International"), without legal forms, articles and
/// "and". A name of nothing else keeps all of them. Scripts without spaces give pairs of
/// neighbouring letters.
NameWords name_words(std::string_view name);

/// The same words in one text, legal forms and all that name_words leaves out left out, sorted:
/// equal for names that differ in case, accents, punctuation, order of words or legal form.
std::string essence(std::string_view name);

/// The words of the lines of an address, "street" and the like in one spelling.
std::vector<std::string> street_words(std::string_view street);

/// A word that many firms have in their name, in its compared spelling: "services", "bau".
bool is_common_word(std::string_view word);
/// The given names that a word may be short for, in their compared spelling, "robert" for "bob";
/// itself among them where it is such a name. Empty: no name with a short form.
std::vector<std::string_view> full_names(std::string_view word);
/// A domain at which anybody may have an e-mail address.
bool is_free_mail(std::string_view domain);
/// The ISO 3166 code of a country in small letters, from its code or its name; else the name
/// folded.
std::string country_code(std::string_view country);
bool has_digit(std::string_view word);

}  // namespace rekey::mapping
