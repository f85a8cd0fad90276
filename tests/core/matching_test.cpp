#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <set>

#include "core/mapping/assign.hpp"
#include "core/mapping/logarithm.hpp"
#include "core/mapping/match.hpp"
#include "core/mapping/said.hpp"
#include "core/mapping/similar.hpp"
#include "core/text/catalogue.hpp"

// Suggesting counterparts: what is found, how sure it is, and what no data may do to it.

namespace rekey::mapping::matching_test {

namespace {

Record named(const std::string& id, const std::string& name) {
  Record out;
  out.id = id;
  out.name = name;
  return out;
}

/// Small numbers from a seed, the same everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : at_(seed) {}
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(mix(at_++, 7) % end); }
  bool happens(int percent) { return below(100) < static_cast<std::size_t>(percent); }

 private:
  std::uint64_t at_;
};

std::string made_up_word(std::size_t number) {
  constexpr std::array<const char*, 16> parts = {"bar", "den", "fol", "gim", "hur", "jal",
                                                 "kos", "lem", "mon", "nid", "pur", "rel",
                                                 "sot", "tav", "vek", "wil"};
  std::string out;
  for (int i = 0; i < 3; ++i) {
    out += parts[number % parts.size()];
    number /= parts.size();
  }
  return out;
}

struct Lists {
  std::vector<Record> ours, theirs;
};

/// People: four in five of ours are among theirs, some with a letter wrong or with fields missing.
/// The id is the same on both sides for the same person.
Lists people(std::size_t count, std::uint64_t seed) {
  Dice dice(seed);
  Lists out;
  const auto person = [&](const std::string& id) {
    Record made;
    made.id = id;
    made.given_name = made_up_word(dice.below(40));
    made.family_name = made_up_word(500 + dice.below(300));
    made.name = made.given_name + " " + made.family_name;
    made.city = made_up_word(2000 + dice.below(60));
    made.emails = {made.given_name + std::to_string(dice.below(90)) + "@" + made.family_name +
                   ".test"};
    return made;
  };
  for (std::size_t i = 0; i < count; ++i) {
    out.ours.push_back(person("p" + std::to_string(i)));
    auto other = dice.happens(80) ? out.ours.back() : person("q" + std::to_string(i));
    if (dice.happens(40)) other.name[dice.below(other.name.size())] = 'x';
    if (dice.happens(50)) other.emails.clear();
    if (dice.happens(40)) other.city.clear();
    out.theirs.push_back(other);
  }
  return out;
}

double share_right(const std::vector<Suggestion>& all, double from, double to,
                   double* mean = nullptr) {
  double right = 0, sum = 0, count = 0;
  for (const auto& each : all) {
    if (each.confidence < from || each.confidence >= to) continue;
    ++count;
    sum += each.confidence;
    right += each.ours == each.theirs ? 1 : 0;
  }
  if (mean) *mean = count > 0 ? sum / count : 0;
  return count > 0 ? right / count : 1;
}

const Suggestion* best_for(const std::vector<Suggestion>& all, const std::string& ours) {
  for (const auto& each : all)
    if (each.ours == ours) return &each;
  return nullptr;
}

}  // namespace

TEST_CASE("matching: of people in two lists nearly all are found, and what is applied is right") {
  const auto lists = people(600, 3);
  const auto found = suggest(lists.ours, lists.theirs);
  std::size_t there = 0, got = 0, applied = 0, wrong = 0;
  std::set<std::string> theirs;
  for (const auto& each : lists.theirs) theirs.insert(each.id);
  for (const auto& each : lists.ours) {
    if (theirs.count(each.id) == 0) continue;
    ++there;
    const auto* best = best_for(found, each.id);
    if (best && best->theirs == each.id) ++got;
  }
  for (const auto& each : found) {
    if (!each.apply) continue;
    ++applied;
    if (each.ours != each.theirs) ++wrong;
  }
  CHECK(got * 100 >= there * 95);
  CHECK(applied * 100 >= there * 75);
  CHECK(wrong * 100 <= applied);
}

TEST_CASE("matching: a confidence says how many are right") {
  std::vector<Suggestion> all;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    auto lists = people(400, 100 * seed);
    for (auto* side : {&lists.ours, &lists.theirs})
      for (auto& each : *side) each.emails.clear();
    const auto found = suggest(lists.ours, lists.theirs);
    all.insert(all.end(), found.begin(), found.end());
  }
  for (const auto& [from, to] : {std::pair{0.3, 0.7}, {0.7, 0.95}, {0.95, 1.01}}) {
    double mean = 0;
    const double right = share_right(all, from, to, &mean);
    INFO(from << " to " << to << ": mean confidence " << mean << ", right " << right);
    CHECK(right > mean - 0.15);
  }
  CHECK(share_right(all, always_sure, 1.01) >= 0.97);
}

TEST_CASE("matching: the order of the records changes nothing") {
  auto lists = people(120, 9);
  const auto found = suggest(lists.ours, lists.theirs);
  CHECK(suggest(lists.ours, lists.theirs) == found);
  std::reverse(lists.ours.begin(), lists.ours.end());
  std::rotate(lists.theirs.begin(), lists.theirs.begin() + 40, lists.theirs.end());
  CHECK(suggest(lists.ours, lists.theirs) == found);
}

TEST_CASE("matching: seen from the other side, pairs are as sure and the same are applied") {
  const auto lists = people(150, 21);
  const Matching many{50, true};
  std::map<std::pair<std::string, std::string>, std::pair<double, bool>> there, back;
  for (const auto& each : suggest(lists.ours, lists.theirs, many))
    there[{each.ours, each.theirs}] = {each.confidence, each.apply};
  for (const auto& each : suggest(lists.theirs, lists.ours, many))
    back[{each.theirs, each.ours}] = {each.confidence, each.apply};
  REQUIRE(there.size() == back.size());
  for (const auto& [pair, seen] : there) {
    INFO(pair.first << " " << pair.second);
    REQUIRE(back.count(pair) == 1);
    CHECK(std::abs(back[pair].first - seen.first) <= 0.0002);
    CHECK(back[pair].second == seen.second);
  }
}

TEST_CASE("matching: no record is applied twice") {
  const auto lists = people(300, 33);
  std::set<std::string> ours, theirs;
  for (const auto& each : suggest(lists.ours, lists.theirs)) {
    if (!each.apply) continue;
    CHECK(ours.insert(each.ours).second);
    CHECK(theirs.insert(each.theirs).second);
  }
  CHECK(!ours.empty());
}

TEST_CASE("matching: two that are equally good are offered, and neither is applied") {
  std::vector<Record> theirs = {named("1", "Garage"), named("2", "Garage"), named("3", "Imke"),
                                named("4", "Tariq")};
  theirs[0].parent = "Imke";
  theirs[1].parent = "Tariq";
  auto garage = named("g", "Garage");
  garage.detail = "tariq@example.test";
  for (const bool one_to_one : {true, false}) {
    const auto found = suggest({garage}, theirs, {3, one_to_one});
    REQUIRE(found.size() == 2);
    CHECK(found[0].theirs == "1");
    CHECK(found[1].theirs == "2");
    CHECK(found[0].confidence == found[1].confidence);
    CHECK(found[0].confidence <= 0.5);
    for (const auto& each : found) {
      CHECK(!each.apply);
      CHECK(each.reasons.back() == Reason::others_as_likely);
    }
  }
  // Two of ours for one of theirs are as undecided, where each has one counterpart.
  for (const auto& each :
       suggest({named("a", "Garage"), named("b", "Garage")}, {named("1", "Garage")}))
    CHECK(!each.apply);
}

TEST_CASE("matching: what is told apart by another field is applied") {
  std::vector<Record> ours = {named("a", "Maria Silva"), named("b", "Maria Silva")};
  std::vector<Record> theirs = {named("1", "Maria Silva"), named("2", "Maria Silva")};
  ours[0].emails = theirs[1].emails = {"maria@north.test"};
  ours[1].emails = theirs[0].emails = {"silva@south.test"};
  const auto found = suggest(ours, theirs);
  CHECK(best_for(found, "a")->theirs == "2");
  CHECK(best_for(found, "a")->reasons.front() == Reason::same_email);
  CHECK(best_for(found, "b")->theirs == "1");
}

TEST_CASE(
    "matching: names are the same in spite of spelling, order, legal form, script and typing") {
  const std::pair<const char*, const char*> same[] = {
      {"Alder Works Ltd", "ALDER WORKS LIMITED"},
      {"Müller & Söhne GmbH", "Mueller und Soehne"},
      {"Whitlock, Jane", "Jane Whitlock"},
      {"Kestrel Engineering", "Kestrel Enginering"},
      {"ООО Ромашка", "Romashka OOO"},
      {"Παπαδόπουλος Νίκος", "Nikos Papadopoulos"},
      {"北辰商事株式会社", "北辰商事"},
      {"Blue Sky Travel", "BlueSky Travel"},
      {"J. Pemberton", "John Pemberton"},
      {"Harbour International", "Harbour Intl."},
      {"Bob Hargreave", "Robert Hargreave"},
      {"S.A. Fontanelle", "Fontanelle SA"},
  };
  std::vector<Record> ours, theirs;
  for (std::size_t i = 0; i < std::size(same); ++i) {
    ours.push_back(named("n" + std::to_string(i), same[i].first));
    theirs.push_back(named("n" + std::to_string(i), same[i].second));
  }
  const auto found = suggest(ours, theirs);
  for (std::size_t i = 0; i < std::size(same); ++i) {
    INFO(same[i].first << " / " << same[i].second);
    const auto* best = best_for(found, ours[i].id);
    REQUIRE(best != nullptr);
    CHECK(best->theirs == ours[i].id);
    CHECK(best->confidence >= 0.5);
  }
}

TEST_CASE("matching: of lists that have nothing in common next to nothing is applied") {
  const auto ours = people(500, 1000).ours, theirs = people(500, 50'000).theirs;
  std::size_t applied = 0;
  for (const auto& each : suggest(ours, theirs))
    if (each.apply) ++applied;
  CHECK(applied <= 15);  // about twenty have the very name of another by chance
}

TEST_CASE("matching: what differs in more than it shares is not applied") {
  auto ours = named("a", "Northgate Plumbing");
  auto theirs = named("1", "Northgate Plumbing");
  ours.tax_number = "DE123456789";
  theirs.tax_number = "DE987654321";
  for (const auto& each : suggest({ours}, {theirs})) CHECK(!each.apply);
  theirs.tax_number = "123456789";
  REQUIRE(suggest({ours}, {theirs}).size() == 1);
  CHECK(suggest({ours}, {theirs})[0].apply);
}

TEST_CASE("matching: numbers in names are not typing errors") {
  const auto found =
      suggest({named("a", "Store 12")}, {named("1", "Store 13"), named("2", "Store 12")});
  CHECK(best_for(found, "a")->theirs == "2");
  for (const auto& each : suggest({named("a", "Project 2024")}, {named("1", "Project 2025")}))
    CHECK(!each.apply);
}

TEST_CASE("matching: small lists of the same names are put together") {
  std::vector<Record> ours, theirs;
  for (const char* name : {"Alder Works", "Birch & Sons", "Quince", "Hazel Foods", "Elm Motors"}) {
    ours.push_back(named(name, name));
    theirs.push_back(named(name, name));
  }
  const auto found = suggest(ours, theirs);
  for (const auto& each : ours) {
    REQUIRE(best_for(found, each.id) != nullptr);
    CHECK(best_for(found, each.id)->theirs == each.id);
    CHECK(best_for(found, each.id)->apply);
    CHECK(best_for(found, each.id)->reasons.front() == Reason::same_name);
  }
  CHECK(suggest({named("o", "Alder")}, {named("1", "Alder")}).size() == 1);
}

TEST_CASE(
    "matching: inactive records, strangers and empty lists have no suggestions; ties go by id") {
  auto inactive = named("1", "Alder");
  inactive.active = false;
  CHECK(suggest({named("o", "Alder")}, {inactive}).empty());
  CHECK(suggest({inactive}, {named("o", "Alder")}).empty());
  CHECK(suggest({named("o", "Alder")}, {named("1", "Quince")}).empty());
  CHECK(suggest({named("o", "")}, {named("1", "Quince"), named("2", "--")}).empty());
  CHECK(suggest({}, {named("1", "Alder")}).empty());
  CHECK(suggest({named("1", "Alder")}, {}).empty());
  CHECK(suggest({}, {}).empty());
  const auto tied = suggest({named("o", "Alder")}, {named("b", "ALDER"), named("a", "alder"),
                                                    named("c", "Alder."), named("d", "alder,")});
  REQUIRE(tied.size() == 3);
  CHECK(tied[0].theirs == "a");
  CHECK(tied[1].theirs == "b");
  CHECK(tied[2].theirs == "c");
  CHECK(suggest({named("o", "Alder")}, {named("1", "Alder")}, {0, true}).empty());
}

TEST_CASE("matching: any bytes in any field are survived, and confidences stay between 0 and 1") {
  Dice dice(5);
  std::vector<Record> all;
  const auto bytes = [&] {
    std::string out;
    for (std::size_t i = dice.below(30); i > 0; --i) out += static_cast<char>(dice.below(256));
    return out;
  };
  for (int i = 0; i < 200; ++i) {
    Record each = named(std::to_string(i), bytes());
    each.emails = {bytes(), bytes() + "@" + bytes()};
    each.phones = {bytes()};
    for (auto* field : {&each.street, &each.city, &each.postcode, &each.country, &each.tax_number,
                        &each.website, &each.parent, &each.company, &each.given_name, &each.detail})
      if (dice.happens(60)) *field = bytes();
    all.push_back(each);
  }
  all.push_back(named("long", std::string(500, 'a')));
  std::string words;
  for (int i = 0; i < 300; ++i) words += made_up_word(static_cast<std::size_t>(i)) + " ";
  all.push_back(named("words", words));
  for (const auto& each : suggest(all, all)) {
    CHECK(each.confidence >= 0);
    CHECK(each.confidence <= 1);
  }
}

TEST_CASE("matching: thousands of names of the same words are no work, and none is applied") {
  std::vector<Record> ours, theirs;
  for (int i = 0; i < 4000; ++i) {
    ours.push_back(named("a" + std::to_string(i), "General Trading Services International"));
    theirs.push_back(named("b" + std::to_string(i), "General Trading Services International"));
  }
  const auto found = suggest(ours, theirs);
  CHECK(found.size() <= 3 * ours.size());
  for (const auto& each : found) REQUIRE(!each.apply);
}

TEST_CASE("matching: what changed is looked at again as if all were") {
  auto lists = people(200, 77);
  const Matching how;
  const auto model = learn_from(lists.ours, lists.theirs);
  CHECK(is_whole(model));
  auto stored = suggest(lists.ours, lists.theirs, how, model);
  lists.ours[5].name = "Someone Else";
  lists.ours[5].emails = {"else@someone.test"};
  auto other = lists.ours[5];
  other.id = "new";
  lists.theirs.push_back(other);
  const auto gone = lists.theirs[17].id;
  lists.theirs.erase(lists.theirs.begin() + 17);
  const auto again = suggest_again(lists.ours, lists.theirs, how, model, stored,
                                   {{lists.ours[5].id}, {"new", gone}});
  CHECK(again.again.size() < lists.ours.size());
  const std::set<std::string> replaced(again.again.begin(), again.again.end());
  std::erase_if(stored, [&](const auto& each) { return replaced.count(each.ours) > 0; });
  stored.insert(stored.end(), again.suggestions.begin(), again.suggestions.end());
  CHECK(best_for(stored, lists.ours[5].id)->theirs == "new");
  CHECK(best_for(stored, lists.ours[5].id)->apply);
  for (const auto& each : stored) CHECK(each.theirs != gone);
  const auto applied = [](const std::vector<Suggestion>& all) {
    std::set<std::pair<std::string, std::string>> out;
    for (const auto& each : all)
      if (each.apply) out.emplace(each.ours, each.theirs);
    return out;
  };
  CHECK(applied(stored) == applied(suggest(lists.ours, lists.theirs, how, model)));
}

namespace {

/// Firms of three words, each one of a few; none is in both lists, or four in five are.
Lists firms_of_few_words(std::size_t count, std::uint64_t seed, bool in_common) {
  Dice dice(seed);
  Lists out;
  const auto firm = [&] {
    return made_up_word(dice.below(24)) + " " + made_up_word(100 + dice.below(16)) + " " +
           made_up_word(300 + dice.below(8));
  };
  for (std::size_t i = 0; i < count; ++i) {
    out.ours.push_back(named("a" + std::to_string(i), firm()));
    auto other = out.ours.back();
    if (!in_common || !dice.happens(80)) other = named("b" + std::to_string(i), firm());
    if (dice.happens(30)) other.name[dice.below(other.name.size())] = 'x';
    out.theirs.push_back(other);
  }
  return out;
}

}  // namespace

TEST_CASE("matching: names that others have by chance are not applied for being the same") {
  std::size_t applied = 0, wrong = 0;
  for (const std::uint64_t seed : {1, 2, 3}) {
    const auto apart = firms_of_few_words(1500, 10 * seed, false);
    for (const auto& each : suggest(apart.ours, apart.theirs)) CHECK(!each.apply);
    const auto lists = firms_of_few_words(1500, 10 * seed + 5, true);
    for (const auto& each : suggest(lists.ours, lists.theirs))
      if (each.apply) {
        ++applied;
        if (each.ours != each.theirs) ++wrong;
      }
  }
  CHECK(wrong * 100 <= applied);
}

TEST_CASE("matching: what is found between halves of the lists limits what is believed") {
  Seen found;
  std::array<ByChance, 2> by_chance;
  Comparison pair;  // of a name alone
  for (int i = 0; i < 1000; ++i) found.add(Ground::name, 100);
  for (auto& each : by_chance) each.looked_at = 1000;
  CHECK(corrected(found_right(found, by_chance, 2000), pair, 100, 0.99, true) > 0.99);
  for (int i = 0; i < 200; ++i) by_chance[i % 2].seen.add(Ground::name, 100);
  const auto few = found_right(found, by_chance, 2000);
  CHECK(corrected(few, pair, 100, 0.99, true) < 0.95);
  CHECK(corrected(few, pair, 100, 0.5, false) == 0.5);
  // Four times as many pairs of records have four times as many by chance.
  CHECK(corrected(found_right(found, by_chance, 8000), pair, 100, 0.99, true) < 0.5);
  CHECK(is_whole(few));
  CHECK(!is_whole(Found{{}, {}, {}}));
  CHECK(found_right(found, {}, 2000) == Found{});
}

TEST_CASE("matching: an unreadable model is as none") {
  CHECK(is_whole(usual_model()));
  CHECK(!is_whole(Model{}));
  auto model = usual_model();
  model.name[0] = 0;
  CHECK(!is_whole(model));
  const auto lists = people(30, 4);
  CHECK(suggest(lists.ours, lists.theirs, {}, Model{}) ==
        suggest(lists.ours, lists.theirs, {}, usual_model()));
}

TEST_CASE("matching: two of the host's accounts may be one of theirs") {
  const std::vector<Record> ours = {named("a", "Travel expenses"), named("b", "Travel Expenses")};
  const std::vector<Record> theirs = {named("1", "Travel expenses"), named("2", "Rent"),
                                      named("3", "Wages")};
  const auto found = suggest(ours, theirs, matching_of(Section::accounts));
  REQUIRE(found.size() == 2);
  for (const auto& each : found) CHECK(each.apply);
}

TEST_CASE("matching: lists of the same names are the same, whatever little a name says") {
  std::vector<Record> ours, theirs;
  for (int i = 1; i <= 1500; ++i) {
    ours.push_back({"h" + std::to_string(i), "Customer " + std::to_string(i), "", true});
    theirs.push_back({std::to_string(i), "Customer " + std::to_string(i), "", true});
  }
  const auto found = suggest(ours, theirs, matching_of(Section::customers));
  std::size_t applied = 0;
  for (const auto& each : found)
    if (each.apply && each.ours == "h" + each.theirs) ++applied;
  CHECK(applied == 1500);
  // A second record of the name: neither is chosen.
  theirs.push_back({"other", "Customer 7", "", true});
  for (const auto& each : suggest(ours, theirs, matching_of(Section::customers)))
    if (each.ours == "h7") CHECK_FALSE(each.apply);
}

TEST_CASE("assignment: the whole fits best, not the first pair") {
  // Taking 0-0 first would leave 1 with nothing.
  const std::vector<Offer> offers = {{0, 0, 5}, {0, 1, 4}, {1, 0, 4}};
  CHECK(assign(offers, 2, 2) == std::vector<std::uint32_t>{1, 2});
  CHECK(assign({}, 3, 3).empty());
  CHECK(assign({{0, 0, 1}, {0, 1, 1}}, 1, 2) == std::vector<std::uint32_t>{0});
}

TEST_CASE("assignment: of large groups none is taken twice") {
  std::vector<Offer> offers;
  for (std::uint32_t i = 0; i < 100; ++i)
    for (std::uint32_t j = 0; j < 100; ++j) offers.push_back({i, j, 1.0 + (i * 31 + j * 17) % 97});
  std::set<std::uint32_t> ours, theirs;
  for (const auto each : assign(offers, 100, 100)) {
    CHECK(ours.insert(offers[each].ours).second);
    CHECK(theirs.insert(offers[each].theirs).second);
  }
  CHECK(ours.size() == 100);
}

TEST_CASE("numbers: logarithm and exponential are right to many digits") {
  for (const double each : {1e-9, 0.003, 0.5, 0.7071, 1.0, 1.4142135, 2.0, 10.0, 12345.678, 1e12}) {
    INFO(each);
    CHECK(std::abs(ln(each) - std::log(each)) < 1e-10);
    CHECK(std::abs(exponential(std::log(each)) / each - 1) < 1e-9);
  }
  CHECK(exponential(-1e9) > 0);
  CHECK(exponential(1e9) > 1e300);
  CHECK(std::abs(square_root(0.25) - 0.5) < 1e-10);
  CHECK(square_root(0) == 0);
}

TEST_CASE("words: edits are counted, swaps of neighbours as one") {
  CHECK(edits("abcd", "abcd", 3) == 0);
  CHECK(edits("abcd", "acbd", 3) == 1);
  CHECK(edits("abcd", "abd", 3) == 1);
  CHECK(edits("abcd", "wxyz", 2) == 3);
  CHECK(edits("", "abc", 3) == 3);
  CHECK(edits(std::string(500, 'a'), std::string(500, 'a'), 2) == 0);
  CHECK(are_near("smith", "smyth"));
  CHECK(are_near("bob", "robert"));
  CHECK(!are_near("2024", "2025"));
  CHECK(!are_near("ann", "bob"));
  CHECK(is_short_for("j", "john"));
  CHECK(!is_short_for("jo", "john"));
}

TEST_CASE("reasons: each has its words, and several are said one after the other") {
  const auto english = text::Catalogue::english();
  CHECK(said({Reason::same_email, Reason::similar_name}, english) == "same e-mail, similar name");
  CHECK(said({}, english).empty());
}

}  // namespace rekey::mapping::matching_test
