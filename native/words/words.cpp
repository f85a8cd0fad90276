#include "native/words/words.hpp"

#include "core/wire/fields.hpp"

namespace rekey::words {

const text::Catalogue& catalogue() {
  // A test reads it, so it can be read.
  static const auto english = text::Catalogue::read(english_json()).value_or(text::Catalogue{});
  return english;
}

std::string say(std::string_view id, const text::Values& values) {
  return catalogue().say(id, values);
}

std::string of_refusal(Refusal refusal) {
  static const auto page = text::Catalogue::english();
  return page.say("refused." + std::string(wire::name_of(refusal)));
}

}  // namespace rekey::words
