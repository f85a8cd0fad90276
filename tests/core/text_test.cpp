#include <catch2/catch_test_macros.hpp>
#include <set>

#include "core/connection.hpp"
#include "core/oauth/callback.hpp"
#include "core/oauth/token.hpp"
#include "core/result.hpp"
#include "core/text/catalogue.hpp"
#include "core/text/languages.hpp"
#include "tests/support/print.hpp"

// The wording people see, and that nothing the core can say is without words.

namespace rekey::text::text_test {

namespace {

template <class E>
void check_words(const std::string& prefix) {
  const auto english = Catalogue::english();
  for (const auto name : names_of(E{})) {
    INFO(prefix << name);
    CHECK(english.has(prefix + std::string(name)));
    CHECK(english.say(prefix + std::string(name)).size() > 10);
  }
}

Catalogue read(const std::string& json) {
  const auto catalogue = Catalogue::read(json);
  REQUIRE(catalogue.has_value());
  return *catalogue;
}

/// The {places} of a text, in the order of their names.
std::set<std::string> places_of(const std::string& text) {
  std::set<std::string> out;
  for (auto at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1))
    out.insert(text.substr(at, text.find('}', at) - at));
  return out;
}

}  // namespace

TEST_CASE("languages: each says what English says, with the same values in it") {
  const auto english = Catalogue::english();
  for (const auto& language : languages()) {
    const auto other = read(std::string(language.json));
    for (const auto& [id, text] : english.all()) {
      INFO(language.tag << ": " << id);
      REQUIRE(other.has(id));
      CHECK(places_of(other.all().at(id)) == places_of(text));
    }
    CHECK(other.all().size() == english.all().size());
  }
}

TEST_CASE("languages: one that is not there, or has no such region, is the nearest that is") {
  for (const auto wanted : {"en", "en-GB", "en-", "xx", "xx-YY", "", "e", "EN"})
    CHECK(language_for(wanted).tag == "en");
}

TEST_CASE("catalogue: every refusal, failure, end, stop, note and flaw has words") {
  check_words<Refusal>("refused.");
  check_words<connect::Failed>("failed.");
  check_words<connect::Ended>("ended.");
  check_words<connect::Ended>("risk.");
  check_words<imports::Stopped>("stopped.");
  check_words<Note>("note.");
  check_words<oauth::Flaw>("callback.");
}

TEST_CASE("catalogue: every text is a sentence, and its places are closed and named") {
  const auto english = Catalogue::english();
  CHECK(english.all().size() > 50);
  for (const auto& [id, text] : english.all()) {
    INFO(id << ": " << text);
    CHECK(!text.empty());
    for (auto at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
      const auto end = text.find('}', at);
      REQUIRE(end != std::string::npos);
      CHECK(end > at + 1);
      CHECK(text.substr(at + 1, end - at - 1).find_first_not_of("abcdefghijklmnopqrstuvwxyz_") ==
            std::string::npos);
    }
  }
}

TEST_CASE("catalogue: values go into their places, and an unknown place stays empty") {
  const auto some = read(R"({"a":"Connected to {detail}.","b":"{x}{y}{x}","c":"open { brace"})");
  CHECK(some.say("a", {{"detail", "Alder"}}) == "Connected to Alder.");
  CHECK(some.say("a") == "Connected to .");
  CHECK(some.say("b", {{"x", "1"}, {"y", "{x}"}}) == "1{x}1");
  CHECK(some.say("c", {{"x", "1"}}) == "open { brace");
}

TEST_CASE("catalogue: an id without a text is shown, so that the gap is seen") {
  CHECK(Catalogue::english().say("no.such.text") == "no.such.text");
  CHECK(!Catalogue::english().has("no.such.text"));
}

TEST_CASE("catalogue: what is counted has a form for one and a form for all others") {
  const auto some = read(R"({"rows.one":"{count} row","rows.other":"{count} rows"})");
  CHECK(some.say("rows", {{"count", "1"}}) == "1 row");
  CHECK(some.say("rows", {{"count", "0"}}) == "0 rows");
  CHECK(some.say("rows", {{"count", "21"}}) == "21 rows");
  CHECK(some.say("rows") == "rows");
}

TEST_CASE("catalogue: what cannot be read is refused with a sentence") {
  for (const std::string bad : {"", "[]", "7", "{\"a\":1}", "{\"a\":{}}", "{\"a\":\"b\""}) {
    INFO(bad);
    const auto catalogue = Catalogue::read(bad);
    REQUIRE(!catalogue.has_value());
    CHECK(catalogue.error().code == Code::bad_input);
    CHECK(catalogue.error().hint.size() > 20);
  }
}

TEST_CASE("names: every code and every enumerator has a name of its own") {
  const auto unique = [](const auto& names) {
    std::map<std::string_view, int> seen;
    for (const auto each : names) ++seen[each];
    CHECK(seen.size() == names.size());
  };
  unique(names_of(Refusal{}));
  unique(names_of(Note{}));
  unique(names_of(connect::Failed{}));
  unique(names_of(connect::Ended{}));
  unique(names_of(imports::Stopped{}));
  unique(names_of(imports::Entity{}));
  unique(names_of(oauth::Flaw{}));
  unique(names_of(oauth::Meaning{}));
  unique(names_of(imports::LeftOut{}));
}

}  // namespace rekey::text::text_test
