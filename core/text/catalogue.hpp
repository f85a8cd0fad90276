// The wording shown to people, by language: message ids and texts with {places} for values.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"

namespace rekey::text {

/// Values for the {places} of a text.
using Values = std::vector<std::pair<std::string_view, std::string>>;

/// A text with its values put in. A place without a value is left empty.
std::string fill(std::string_view text, const Values& values);

/// The texts of one language. A text is found by its id, for example "refused.import_running". A
/// text that counts has the forms of its language ("id.one", "id.other": `plural_forms`), of which
/// the value {count} chooses one.
class Catalogue {
 public:
  /// Reads a catalogue, which is one flat JSON object of texts in this language ("fr-CA").
  static Result<Catalogue> read(std::string_view json, std::string_view language = "en");
  /// The one that is built in.
  static Catalogue english();

  /// The text with its values put in. An id without a text gives the id itself, so that a gap is
  /// seen rather than hidden.
  std::string say(std::string_view id, const Values& values = {}) const;
  bool has(std::string_view id) const { return texts_.count(std::string(id)) > 0; }
  const std::map<std::string, std::string>& all() const { return texts_; }
  const std::string& language() const { return language_; }

 private:
  std::map<std::string, std::string> texts_;
  std::string language_ = "en";
};

}  // namespace rekey::text
