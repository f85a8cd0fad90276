#include <catch2/catch_test_macros.hpp>

#include "core/mapping/configuration.hpp"
#include "core/mapping/difference.hpp"
#include "core/mapping/words.hpp"
#include "tests/support/print.hpp"

// Matching names, choosing, and seeing what changed since.

namespace rekey::mapping::mapping_test {

namespace {

Record record(const std::string& id, const std::string& name, const std::string& detail = "",
              bool active = true) {
  return {id, name, detail, active};
}

std::string utf8(char32_t point) {
  std::string out;
  out += static_cast<char>(0xC0 | (point >> 6));
  out += static_cast<char>(0x80 | (point & 0x3F));
  return out;
}

Configuration some_configuration() {
  Configuration out;
  out.choose(Section::customers, {"c1", "7", "Alder Works"});
  out.choose(Section::customers, {"c2", "", ""});
  out.choose(Section::suppliers, {"s1", "8", "Birch & Sons"});
  return out;
}

}  // namespace

TEST_CASE("essence: case, punctuation, order of words and legal forms do not tell firms apart") {
  const std::pair<const char*, const char*> same[] = {
      {"Alder Works Ltd.", "ALDER WORKS"}, {"Alder, Jane", "Jane Alder"},
      {"O'Neil & Sons", "ONeil Sons"},     {"O’Neil and Sons", "O'Neil, Sons"},
      {"Muster GmbH & Co. KG", "Muster"},  {"Fabrica S.A.", "fabrica"},
      {"The Owl Company, Inc.", "Owl"},    {"Birch (deleted)", "Birch"},
      {"  spaced \t out ", "Spaced-Out"},  {"Owl’s Nest", "Owls Nest"},
  };
  for (const auto& [one, other] : same) {
    INFO(one << " / " << other);
    CHECK(essence(one) == essence(other));
  }
}

TEST_CASE("essence: accents of Latin letters, composed or not, are spelled as people do without") {
  const std::pair<const char*, const char*> same[] = {
      {"Café Noël", "CAFE NOEL"},
      {"Müller", "Mueller"},
      {"Mu\u0308ller", "Müller"},
      {"Åse Strøm", "Ase Strom"},
      {"Łódź", "lodz"},
      {"Þórr", "thorr"},
      {"Straße", "STRASSE"},
      {"Nuñez", "Nun\u0303ez"},
      {"Dvořák", "Dvor\u030Ca\u0301k"},
      {"İstanbul", "istanbul"},
      {"Œuvre", "oeuvre"},
      {"Ａｌｄｅｒ", "alder"},
      {"Bäckerei O\u0308l", "Baeckerei Oel"},
  };
  for (const auto& [one, other] : same) {
    INFO(one << " / " << other << ": " << essence(one) << " / " << essence(other));
    CHECK(essence(one) == essence(other));
  }
}

TEST_CASE("essence: every letter from U+00C0 to U+017F has a spelling in a to z, signs have none") {
  for (char32_t point = 0xC0; point < 0x180; ++point) {
    const auto spelled = essence(utf8(point));
    INFO("U+" << static_cast<int>(point) << " is " << spelled);
    if (point == 0xD7 || point == 0xF7) {
      CHECK(spelled.empty());
    } else {
      CHECK(!spelled.empty());
      CHECK(spelled.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos);
    }
  }
  CHECK(essence("Müller × Söhne") == essence("Müller & Söhne"));
}

TEST_CASE("essence: Cyrillic and Greek are spelled in Latin letters, other scripts keep theirs") {
  CHECK(essence("ООО Ромашка") == essence("Romashka OOO"));
  CHECK(essence("Щербаков") == essence("Shcherbakov"));
  CHECK(essence("Νικολάου ΑΕ") == essence("Nikolaou"));
  CHECK(essence("ООО РОМАШКА") == essence("ромашка"));
  CHECK(essence("Ёлка") == essence("ёлка"));
  CHECK(essence("ΔΕΛΤΑ") == essence("δελτα"));
  CHECK(essence("北辰商事 株式会社") == "北辰商事");
  CHECK(essence("北辰（東京）") == essence("北辰 東京"));
  CHECK(essence("مطعم النخيل") == essence("النخيل مطعم"));
  CHECK(!essence("🦉").empty());
  CHECK(essence("北辰") != essence("北晨"));
}

TEST_CASE("essence: names of nothing but legal forms or signs are still names") {
  CHECK(essence("The Company").size() > 3);
  CHECK(essence("Co & Co") == "co co");
  CHECK(essence("").empty());
  CHECK(essence(" -&- ").empty());
  CHECK(essence("...").empty());
}

TEST_CASE("essence: bytes that are not UTF-8 are gone through like any others") {
  for (const std::string bad :
       {"\xC3", "\xE5\x8C", "a\xFF\xFE", "\xF0\x9F\xA6", "\x80\x80", "\xC3(", "\xED\xA0\x80"})
    CHECK(essence(bad) == essence(bad));
}

TEST_CASE("configuration: a choice is made, changed and found by its record, in its own section") {
  auto configuration = some_configuration();
  REQUIRE(configuration.find(Section::customers, "c1") != nullptr);
  CHECK(configuration.find(Section::customers, "c1")->theirs == "7");
  CHECK(configuration.find(Section::suppliers, "c1") == nullptr);
  CHECK(configuration.find(Section::customers, "c2")->theirs.empty());
  configuration.choose(Section::customers, {"c1", "9", "Cedar"});
  CHECK(configuration.customers.size() == 2);
  CHECK(configuration.find(Section::customers, "c1")->theirs == "9");
  for (const auto section : all_sections) {
    Configuration one;
    one.choose(section, {"x", "y", "z"});
    CHECK(one.of(section).size() == 1);
    CHECK(one.accounts.size() + one.tax_codes.size() + one.customers.size() +
              one.suppliers.size() ==
          1);
  }
}

TEST_CASE("configuration: what comes over a wire is checked before it is believed") {
  CHECK(checked(some_configuration()) == some_configuration());
  const auto refused = [](Configuration configuration) {
    const auto result = checked(std::move(configuration));
    REQUIRE(!result.has_value());
    CHECK(result.error().code == Code::bad_input);
    CHECK(result.error().hint.size() > 20);
  };
  auto twice = some_configuration();
  twice.customers.push_back({"c1", "9", ""});
  refused(twice);
  auto nameless = some_configuration();
  nameless.accounts.push_back({"", "9", ""});
  refused(nameless);
  auto huge = some_configuration();
  huge.tax_codes.push_back({"t", std::string(129, 'x'), ""});
  refused(huge);
  auto longest = some_configuration();
  longest.tax_codes.push_back({"t", std::string(128, 'x'), std::string(1024, 'x')});
  CHECK(checked(longest).has_value());
  longest.tax_codes.back().name += 'x';
  refused(longest);
  auto terms = some_configuration();
  terms.settings.terms = std::string(129, 'x');
  refused(terms);
  Configuration many;
  for (int i = 0; i <= 200'000; ++i) many.accounts.push_back({std::to_string(i), "", ""});
  refused(many);
}

TEST_CASE("differences: what appeared, went, was made inactive or renamed, and what is as it was") {
  Records ours, theirs;
  ours.customers = {record("c1", "Alder"), record("c2", "Quince"), record("c3", "New")};
  ours.suppliers = {record("s1", "Birch")};
  theirs.customers = {record("7", "Alder Works")};
  theirs.suppliers = {record("8", "Birch & Sons")};
  const auto saved = some_configuration();
  CHECK(differences(saved, ours, theirs) ==
        std::vector<Difference>{{Section::customers, "c3", Change::appeared, ""}});
  theirs.customers[0].name = "Alder Works 2";
  theirs.suppliers[0].active = false;
  CHECK(
      differences(saved, ours, theirs) ==
      std::vector<Difference>{{Section::customers, "c1", Change::target_renamed, "Alder Works"},
                              {Section::customers, "c3", Change::appeared, ""},
                              {Section::suppliers, "s1", Change::target_inactive, "Birch & Sons"}});
  theirs = {};
  CHECK(differences(saved, ours, theirs) ==
        std::vector<Difference>{{Section::customers, "c1", Change::target_gone, "Alder Works"},
                                {Section::customers, "c3", Change::appeared, ""},
                                {Section::suppliers, "s1", Change::target_gone, "Birch & Sons"}});
}

TEST_CASE("differences: nothing that was chosen is ever removed by looking, checking or choosing") {
  const auto saved = some_configuration();
  auto copy = saved;
  differences(copy, {}, {});
  CHECK(copy == saved);
  CHECK(*checked(copy) == saved);
  copy.choose(Section::customers, {"c9", "1", "Another"});
  for (const auto section : all_sections)
    for (const auto& each : saved.of(section)) {
      REQUIRE(copy.find(section, each.ours) != nullptr);
      CHECK(*copy.find(section, each.ours) == each);
    }
}

}  // namespace rekey::mapping::mapping_test
