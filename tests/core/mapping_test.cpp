#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "core/import/entity.hpp"
#include "core/mapping/configuration.hpp"
#include "core/mapping/difference.hpp"
#include "core/mapping/kind.hpp"
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
    std::size_t in_all = 0;
    for (const auto each : all_sections) in_all += one.of(each).size();
    CHECK(in_all == 1);
  }
}

TEST_CASE("configuration: sections that came later are left out of JSON where they are empty") {
  // What was stored before there were items reads and writes as it did.
  const std::string before =
      R"({"accounts":[],"customers":[{"name":"Alder","ours":"c1","theirs":"7"}],)"
      R"("settings":{"create_customers":false,"create_suppliers":false,"terms":""},)"
      R"("suppliers":[],"tax_codes":[]})";
  const auto read = wire::read_as<Configuration>(*wire::parse(before, "It"), "It");
  REQUIRE(read);
  CHECK(wire::dump(wire::write(*read)) == before);
  auto later = *read;
  later.choose(Section::locations, {"l1", "2", "Warehouse"});
  const auto again = wire::read_as<Configuration>(wire::write(later), "It");
  REQUIRE(again);
  CHECK(*again == later);
  CHECK(again->find(Section::locations, "l1")->theirs == "2");
}

TEST_CASE("sections: each is mapped to a list of its own") {
  std::set<imports::Entity> lists;
  for (const auto each : all_sections) lists.insert(imports::entity_of(each));
  CHECK(lists.size() == all_sections.size());
  const auto plan = imports::current_plan();
  for (const auto each : lists) CHECK(std::find(plan.begin(), plan.end(), each) != plan.end());
  CHECK(imports::mapping_needs(imports::Entity::vendor));
  CHECK_FALSE(imports::mapping_needs(imports::Entity::item));
  const Sections items{Section::items};
  CHECK(imports::mapping_needs(imports::Entity::item, items));
  CHECK_FALSE(imports::mapping_needs(imports::Entity::vendor, items));
}

TEST_CASE("records: a path is the name below its parent, once") {
  Record record{"1", "Kitchen", "", true};
  CHECK(path_of(record) == "Kitchen");
  record.parent = "Amy";
  CHECK(path_of(record) == "Amy:Kitchen");
  record.name = "Amy:Kitchen";
  CHECK(path_of(record) == "Amy:Kitchen");
  record.name = "Amy";
  CHECK(path_of(record) == "Amy:Amy");
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
  longest.tax_codes.push_back({"t", std::string(128, 'x'), std::string(2048, 'x')});
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

TEST_CASE("differences: what was left undecided at the save has not appeared since") {
  Records ours;
  ours.customers = {record("c1", "Alder"), record("c3", "Undecided"), record("c4", "New")};
  Records theirs;
  theirs.customers = {record("7", "Alder Works")};
  const auto was_there = [](Section section, const std::string& id) {
    return section == Section::customers && id == "c3";
  };
  CHECK(differences(some_configuration(), ours, theirs, was_there) ==
        std::vector<Difference>{{Section::customers, "c4", Change::appeared, ""}});
  // That it was there says nothing about its counterpart.
  const auto always = [](Section, const std::string&) { return true; };
  CHECK(differences(some_configuration(), ours, {}, always) ==
        std::vector<Difference>{{Section::customers, "c1", Change::target_gone, "Alder Works"}});
}

TEST_CASE("choices: chosen, without a counterpart, and to be made later") {
  CHECK(decision_of({"a", "1", "Alder"}) == Decision::chosen);
  CHECK(decision_of({"a", "", ""}) == Decision::none);
  const Choice later{"a", "", "", true};
  CHECK(decision_of(later) == Decision::create);
  // What earlier versions wrote reads as it did, and is written as it was.
  const std::string before = R"({"name":"","ours":"a","theirs":""})";
  const auto read = wire::read_as<Choice>(*wire::parse(before, "A choice"), "A choice");
  REQUIRE(read);
  CHECK(decision_of(*read) == Decision::none);
  CHECK(wire::text_of(*read) == before);
  CHECK(wire::text_of(later) == R"({"create":true,"name":"","ours":"a","theirs":""})");
  Configuration both;
  both.customers.push_back({"a", "1", "Alder", true});
  CHECK_FALSE(checked(both));
}

TEST_CASE("kinds: accounts of types that accounting tells apart do not go together") {
  const auto suit = [](std::string_view ours, std::string_view theirs) {
    return kinds_suit(Section::accounts, ours, theirs);
  };
  CHECK(suit("Revenue", "Income"));
  CHECK(suit("sales", "Other Income"));
  CHECK(suit("Cost of Sales", "Cost of Goods Sold"));
  CHECK(suit("Current assets", "Bank"));
  CHECK(suit("Long-term liabilities", "Long Term Liability"));
  CHECK(suit("liability", "Accounts Payable"));
  CHECK_FALSE(suit("Revenue", "Expense"));
  CHECK_FALSE(suit("bank", "Accounts Receivable"));
  CHECK_FALSE(suit("Debtors", "Accounts Payable"));
  CHECK_FALSE(suit("equity", "Fixed Asset"));
  // What is no such word is the host's own, and goes with everything.
  CHECK(suit("", "Income"));
  CHECK(suit("Sundry", "Income"));
  CHECK(suit("bank", ""));
  CHECK(suit("\xC3\x84quity", "Income"));
  CHECK(kinds_suit(Section::items, "bank", "Income"));
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
