#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "core/text/catalogue.hpp"
#include "core/text/plural.hpp"
#include "core/wire/fields.hpp"

// The files of the languages: what a person reads must be whole in each of them.

namespace rekey::text::languages_test {

namespace {

using Ids = std::set<std::string>;

/// Every file of public/lang.
const std::vector<Catalogue>& languages() {
  static const auto all = [] {
    std::vector<Catalogue> out;
    for (const auto& entry : std::filesystem::directory_iterator(REKEY_SOURCE_DIR "/public/lang")) {
      std::ifstream file(entry.path());
      std::stringstream json;
      json << file.rdbuf();
      INFO(entry.path());
      const auto read = Catalogue::read(json.str(), entry.path().stem().string());
      REQUIRE(read.has_value());
      out.push_back(*read);
    }
    return out;
  }();
  return all;
}

/// The {places} of a text, in the order of their names.
Ids places_of(const std::string& text) {
  Ids out;
  for (auto at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1))
    out.insert(text.substr(at, text.find('}', at) - at));
  return out;
}

/// The id of a text that English counts with (it has a form for one), or nothing.
std::string counted_id(const Catalogue& english, const std::string& id) {
  for (const std::string form : {".one", ".other"})
    if (id.ends_with(form))
      if (const auto base = id.substr(0, id.size() - form.size()); english.has(base + ".one"))
        return base;
  return {};
}

const Catalogue& built_in() {
  static const auto all = Catalogue::english();
  return all;
}

/// The texts a language must have, each with the English one that it stands for.
std::map<std::string, std::string> wanted_in(const std::string& language) {
  std::map<std::string, std::string> out;
  const auto& english = built_in();
  for (const auto& [id, text] : english.all()) {
    const auto counted = counted_id(english, id);
    if (counted.empty()) out[id] = text;
    if (counted.empty() || !id.ends_with(".other")) continue;
    for (const auto form : plural_forms(language))
      out[counted + "." + std::string(wire::name_of(form))] = text;
  }
  return out;
}

/// Whether a text has the places it must have. "One customer" need not write the number.
bool has_places(const std::string& id, const std::string& text, Ids wanted) {
  auto found = places_of(text);
  for (const auto form : {".zero", ".one", ".two"})
    if (id.ends_with(form))
      for (const auto number : {"{n", "{count"}) {
        found.erase(number);
        wanted.erase(number);
      }
  return found == wanted;
}

/// The ids of buttons by their English names; names with values are different each time.
const std::map<std::string, Ids>& buttons() {
  static const auto all = [] {
    std::map<std::string, Ids> out;
    for (const auto& [id, text] : built_in().all())
      if (id.starts_with("button.") && text.find('{') == std::string::npos) out[text].insert(id);
    return out;
  }();
  return all;
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

/// Whether a sentence names this button: its words with their capital in the middle of a sentence.
/// At the beginning they are words like others; within a longer name they are that button's.
bool names(const std::string& text, const std::string& button) {
  for (auto at = text.find(button); at != text.npos; at = text.find(button, at + 1)) {
    const auto end = at + button.size();
    if (at < 2 || text[at - 1] != ' ' || (end < text.size() && is_word(text[end]))) continue;
    const bool begins = std::string_view(".:?!").find(text[at - 2]) != std::string_view::npos;
    const bool within = std::any_of(buttons().begin(), buttons().end(), [&](const auto& other) {
      return other.first.size() > button.size() &&
             text.compare(at, other.first.size(), other.first) == 0;
    });
    if (!begins && !within) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("languages: those that were promised are there") {
  Ids tags;
  for (const auto& each : languages()) tags.insert(each.language());
  for (const auto tag : {"ar", "de", "en", "es", "fr-CA", "ja"}) CHECK(tags.contains(tag));
  CHECK(built_in().all().size() > 600);
}

TEST_CASE("languages: each says what English says, in its own plurals, with the same values") {
  for (const auto& language : languages()) {
    const auto wanted = wanted_in(language.language());
    for (const auto& [id, english] : wanted) {
      INFO(language.language() << ": " << id);
      if (!language.has(id)) {
        CHECK(language.has(id));
        continue;
      }
      CHECK(has_places(id, language.all().at(id), places_of(english)));
    }
    for (const auto& [id, text] : language.all()) {
      INFO(language.language() << ": " << id << " is no text of the page");
      CHECK(wanted.count(id) == 1);
    }
  }
}

TEST_CASE("languages: a sentence that names a button calls it what the button is called") {
  std::size_t found = 0;
  for (const auto& language : languages())
    for (const auto& [id, english] : wanted_in(language.language()))
      for (const auto& [button, ids] : buttons()) {
        if (id.starts_with("button.") || !names(english, button)) continue;
        ++found;
        const auto& all = language.all();
        const bool is_named = std::any_of(ids.begin(), ids.end(), [&](const auto& each) {
          return all.count(each) > 0 && all.count(id) > 0 &&
                 all.at(id).find(all.at(each)) != std::string::npos;
        });
        INFO(language.language() << ": " << id << " does not name the button \"" << button << "\"");
        CHECK(is_named);
      }
  CHECK(found > 100);
}

TEST_CASE("languages: no text has spaces around it, doubled spaces, or a direction of its own") {
  const std::vector<std::string> marks{"\u200e", "\u200f", "\u202a", "\u202b", "\u202d",
                                       "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"};
  for (const auto& language : languages())
    for (const auto& [id, text] : language.all()) {
      INFO(language.language() << ": " << id);
      CHECK_FALSE(text.empty());
      CHECK_FALSE((text.starts_with(' ') || text.ends_with(' ')));
      CHECK(text.find("  ") == std::string::npos);
      for (const auto& mark : marks) CHECK(text.find(mark) == std::string::npos);
    }
}

}  // namespace rekey::text::languages_test
