#include <catch2/catch_test_macros.hpp>
#include <map>

#include "core/connection.hpp"
#include "core/oauth/callback.hpp"
#include "core/oauth/token.hpp"
#include "core/result.hpp"
#include "core/text/bidi.hpp"
#include "core/text/catalogue.hpp"
#include "core/text/plural.hpp"
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

}  // namespace

TEST_CASE("plurals: each language counts as Unicode's rules say") {
  using enum PluralForm;
  const auto forms = [](std::string_view language, std::vector<std::int64_t> counts) {
    std::vector<PluralForm> out;
    for (const auto count : counts) out.push_back(plural_form(language, count));
    return out;
  };
  CHECK(forms("en", {0, 1, 2, 21, -1}) == std::vector{other, one, other, other, one});
  CHECK(forms("de-AT", {0, 1, 2}) == std::vector{other, one, other});
  CHECK(forms("fr-CA", {0, 1, 2, 1'000'000, 1'000'001}) ==
        std::vector{one, one, other, many, other});
  CHECK(forms("es", {0, 1, 2, 3'000'000}) == std::vector{other, one, other, many});
  CHECK(forms("ja", {0, 1, 2}) == std::vector{other, other, other});
  CHECK(forms("ar", {0, 1, 2, 3, 10, 11, 99, 100, 102, 103}) ==
        std::vector{zero, one, two, few, few, many, many, other, other, few});
  CHECK(plural_forms("ja") == std::vector{other});
  CHECK(plural_forms("en") == std::vector{one, other});
  CHECK(plural_forms("fr") == std::vector{one, many, other});
  CHECK(plural_forms("ar") == std::vector{zero, one, two, few, many, other});
  CHECK(plural_forms("xx") == plural_forms("en"));
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

TEST_CASE("catalogue: what is counted has the forms of its language") {
  const auto some = read(R"({"rows.one":"{count} row","rows.other":"{count} rows"})");
  CHECK(some.say("rows", {{"count", "1"}}) == "1 row");
  CHECK(some.say("rows", {{"count", "0"}}) == "0 rows");
  CHECK(some.say("rows", {{"count", "21"}}) == "21 rows");
  CHECK(some.say("rows", {{"count", "1.5"}}) == "1.5 rows");
  CHECK(some.say("rows") == "rows");
  const auto french = Catalogue::read(R"({"a.one":"{n} client","a.other":"{n} clients"})", "fr-CA");
  CHECK(french.value().say("a", {{"count", "0"}, {"n", "0"}}) == "0 client");
}

TEST_CASE("bidi: only what can turn a sentence around is told") {
  for (const auto text : {"", "Fernhollow", "Żółw & Søn, 株式会社 – “Рябина”", "1,200"})
    CHECK_FALSE(turns_around(text));
  for (const auto text : {"شركة الندى", "Bakery גן", "a\u202eb", "a\u2069b", "\u061c"})
    CHECK(turns_around(text));
  CHECK(is_right_to_left("ar"));
  CHECK(is_right_to_left("he-IL"));
  CHECK_FALSE(is_right_to_left("arn"));
}

TEST_CASE("bidi: a name cannot end its isolation, nor bring a direction of its own into it") {
  CHECK(isolated("شركة") == "\u2068شركة\u2069");
  CHECK(isolated("Acme\u2069\u202etxt.exe") == "\u2068Acmetxt.exe\u2069");
  CHECK(isolated("") == "\u2068\u2069");
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
