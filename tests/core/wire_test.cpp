#include "core/wire/machine.hpp"

#include <catch2/catch_test_macros.hpp>
#include <map>

#include "core/explore.hpp"
#include "core/wire/page.hpp"
#include "tests/support/print.hpp"
#include "tests/support/walk.hpp"

// JSON of everything that crosses a wire: the same back, and a sentence for what is not.

namespace rekey::test::wire_test {

namespace {

using wire::Json;

template <class T>
void comes_back(const T& value) {
  const auto json = wire::write(value);
  const auto read = wire::read_as<T>(json, "It");
  INFO(wire::dump(json));
  REQUIRE(read.has_value());
  CHECK(wire::dump(wire::write(*read)) == wire::dump(json));
  const auto parsed = wire::parse(wire::dump(json), "It");
  REQUIRE(parsed.has_value());
  CHECK(*parsed == json);
}

/// One event of every type, with values in it.
std::map<std::string, Event> samples() {
  State state;
  state.connect = {connect::Linked{alder, 2, {}, {}, {}, {}}, 2, "spent"};
  state.import.run = 2;
  state.save.revision = 2;
  std::map<std::string, Event> out;
  for (const auto& each : explore::events_for(state, {true, true, true, true, true}))
    out.emplace(std::visit([](const auto& one) { return std::string(one.type); }, each), each);
  return out;
}

/// A state in every phase that a walk meets.
std::vector<State> states() {
  std::vector<State> out;
  Walk walk;
  const auto keep = [&] { out.push_back(walk.state); };
  keep();
  walk.go(connect::LegacyLoaded{alder, walk.now, walk.now + std::chrono::hours{9}});
  keep();
  const auto attempt = walk.press_connect();
  keep();
  walk.go(connect::CallbackArrived{attempt});
  keep();
  walk.go(connect::GrantReceived{1, walk.lifetimes()});
  keep();
  walk.go(connect::CompanyProved{1, birch});
  keep();
  walk.go(connect::CompanyConfirmed{1});
  keep();
  walk.go(imports::ImportFailed{1, imports::Stopped::refused});
  keep();
  walk.go(imports::ResumePressed{});
  walk.import_all();
  walk.go(imports::ImportPressed{{imports::Entity::term, imports::Entity::class_}});
  walk.go(imports::ListRefused{3, imports::Entity::term, imports::LeftOut::not_for_company});
  keep();
  walk.go(imports::PageImported{3, imports::Entity::class_, 1, 1, true});
  keep();
  walk.go(save::SavePressed{0});
  keep();
  walk.go(save::ConfigurationStored{1});
  keep();
  walk.go(connect::GrantEnded{1, connect::Ended::revoked_outside});
  keep();
  walk.link(birch);
  walk.go(connect::DisconnectPressed{});
  keep();
  return out;
}

/// Every place in a document that holds a value, as a JSON pointer.
std::vector<Json::json_pointer> places(const Json& json,
                                       const Json::json_pointer& at = Json::json_pointer()) {
  std::vector<Json::json_pointer> out;
  for (const auto& [name, value] : json.items()) {
    const auto here = json.is_array() ? at / static_cast<std::size_t>(std::stoul(name)) : at / name;
    out.push_back(here);
    if (value.is_structured())
      for (auto& each : places(value, here)) out.push_back(each);
  }
  return out;
}

/// Puts a value of a wrong type into every place in turn; all must be noticed, by a sentence that
/// names the place.
template <class T>
std::size_t spoil(const T& value) {
  const Json good = wire::write(value);
  std::size_t spoilt = 0;
  for (const auto& place : places(good)) {
    if (good[place].is_null()) continue;
    Json bad = good;
    bad[place] = good[place].is_boolean() ? Json("yes") : Json(true);
    const auto read = wire::read_as<T>(bad, "The value");
    INFO(wire::dump(bad));
    REQUIRE(!read.has_value());
    CHECK(read.error().code == Code::bad_input);
    const auto& hint = read.error().hint;
    CHECK(hint.find("The value cannot be read: ") == 0);
    CHECK(hint.find("Nothing was changed.") != std::string::npos);
    auto name = place.back();
    if (name.find_first_not_of("0123456789") != std::string::npos)
      CHECK((hint.find(name) != std::string::npos));
    ++spoilt;
  }
  return spoilt;
}

}  // namespace

TEST_CASE("wire: every event comes back as it was") {
  const auto all = samples();
  CHECK(all.size() == std::variant_size_v<Event>);
  for (const auto& [type, event] : all) {
    comes_back(event);
    const auto read = wire::read_as<Event>(wire::write(event), "The event");
    CHECK(*read == event);
  }
}

TEST_CASE("wire: states in every phase come back as they were") {
  for (const auto& each : states()) {
    comes_back(each);
    CHECK(*wire::read_as<State>(wire::write(each), "The state") == each);
  }
}

TEST_CASE("wire: every effect comes back as it was") {
  const Effects all = {Redirect{"a"},
                       ExchangeCode{"a", 1},
                       ProveCompany{2},
                       Revoke{3},
                       Forget{4},
                       RetireLegacy{},
                       TakeSnapshot{5},
                       RunImport{6, 7},
                       StoreConfiguration{8},
                       Notify{Note::connected, "Ångström"}};
  CHECK(all.size() == std::variant_size_v<Effect>);
  for (const auto& each : all) {
    comes_back(each);
    CHECK(*wire::read_as<Effect>(wire::write(each), "The effect") == each);
  }
}

TEST_CASE("wire: what page and backend say to each other comes back as it was") {
  const auto state = states().back();
  const wire::Notice notice{3, from_ms(4), Note::company_differs, "Birch"};
  wire::Page page;
  page.tenant = "Alder";
  page.state = state;
  page.notices = {notice};
  comes_back(page);
  comes_back(wire::Stepped{1, from_ms(2), state, {notice}, {}});
  for (const auto verb : {wire::Verb::connect, wire::Verb::apply})
    comes_back(wire::Command{verb, 3, {}});
  comes_back(wire::Outcome{1, state, {}, "https://a.example", "st"});
  comes_back(wire::Callback{"s", "c", "r", {}, {}, true});
  page.connection = "con_1";
  page.user = wire::PageUser{"u1", "Jane"};
  page.return_url = "https://host.example/";
  page.signed_in_at = from_ms(5);
  page.lists = {mapping::Section::items, mapping::Section::locations};
  comes_back(page);
  comes_back(wire::SignIn{"t", true});
  comes_back(wire::SignedIn{"con_1"});
  comes_back(wire::Sessions{{{"con_1", "Larch", "Jane"}}, "Ledgerline", "https://host.example/"});
  comes_back(wire::WayOn{"Ledgerline", "https://host.example/", "Larch", "", {{{"c", "f", "u"}}}});
  comes_back(wire::Problem{"about:blank",
                           409,
                           "not_possible",
                           "stale_answer",
                           "refused.stale_answer",
                           {{"host", "Ledgerline"}}});
  mapping::Records records;
  records.customers = {{"c1", "北辰", "d", false}};
  records.items = {{"i1", "Lamp", "", true}};
  comes_back(records);
  mapping::Configuration configuration;
  configuration.classes = {{"k1", "3", "Trade"}};
  comes_back(configuration);
}

TEST_CASE("wire: a page reads what a backend of before wrote, without the later members") {
  auto json = wire::write(wire::Page{});
  for (const auto* later : {"connection", "user", "return_url", "signed_in_at"}) json.erase(later);
  const auto page = wire::read_as<wire::Page>(json, "the page");
  REQUIRE(page);
  CHECK_FALSE(page->connection);
  CHECK_FALSE(page->user);
}

TEST_CASE("wire: a wrong value at any place is refused by a sentence that names the place") {
  std::size_t spoilt = 0;
  for (const auto& [type, event] : samples()) spoilt += spoil(event);
  for (const auto& each : states()) spoilt += spoil(each);
  CHECK(spoilt > 300);
}

TEST_CASE("wire: what is missing is refused, unless it may be") {
  const auto hint = [](const std::string& text) {
    const auto read = wire::read_as<Event>(*wire::parse(text, "It"), "The event");
    return read ? std::string() : read.error().hint;
  };
  CHECK(hint(R"({"type":"legacy_loaded","company":{"realm_id":"1","name":""},"since":1})").empty());
  CHECK(hint(R"({"type":"legacy_loaded","company":{"realm_id":"1"},"since":1})") ==
        "The event cannot be read: company.name is not a text. Nothing was changed.");
  CHECK(hint(R"({"type":"legacy_loaded"})").find("company is not an object") != std::string::npos);
  CHECK(hint(R"({"type":"edited"})").find("seen is not a whole number") != std::string::npos);
  CHECK(hint(R"({"type":"grant_ended","version":1,"reason":"tired"})")
            .find("reason is not one of the names") != std::string::npos);
  CHECK(hint(R"({"type":"no_such_event"})").find("unknown type \"no_such_event\"") !=
        std::string::npos);
  CHECK(hint("{}").find("it is not an object with a \"type\"") != std::string::npos);
  CHECK(hint("[]").find("it is not an object") != std::string::npos);
  CHECK(hint("null").find("it is not an object") != std::string::npos);
}

TEST_CASE("wire: what is not known is passed over, so that older sides understand newer ones") {
  const auto read = wire::read_as<Event>(
      *wire::parse(R"({"type":"edited","seen":3,"since_version":9,"more":{"a":[1]}})", "It"),
      "The event");
  REQUIRE(read.has_value());
  CHECK(*read == Event{save::Edited{3}});
}

TEST_CASE("wire: whole numbers and times at their limits and beyond them") {
  const auto edited = [](const std::string& number) {
    const auto json = wire::parse(R"({"type":"edited","seen":)" + number + "}", "It");
    return json && wire::read_as<Event>(*json, "It").has_value();
  };
  for (const std::string good : {"0", "-1", "9223372036854775807", "-9223372036854775808"})
    CHECK(edited(good));
  for (const std::string bad : {"9223372036854775808", "18446744073709551615", "1.0", "1e3",
                                "99999999999999999999", "\"1\"", "[1]"})
    CHECK(!edited(bad));
  const auto at = [](const std::string& number) {
    Instant out{};
    std::string wrong;
    const auto json = wire::parse(number, "It");
    return json && wire::read(*json, out, wrong);
  };
  CHECK(at("315360000000000"));
  CHECK(at("-315360000000000"));
  CHECK(!at("315360000000001"));
  CHECK(!at("-315360000000001"));
  CHECK(!at("9223372036854775807"));
}

TEST_CASE("wire: text that is no JSON, or nested to hurt, is refused without harm") {
  const auto refused = [](const std::string& text) {
    const auto read = wire::parse(text, "The request");
    return !read && read.error().code == Code::bad_input &&
           read.error().hint.find("The request") == 0;
  };
  for (const std::string bad : {"", " ", "{", "{\"a\":}", "nul", "{\"a\":1,}", "\xFF", "\"\xC3\"",
                                "'a'", "1 2", "{\"a\":01}", "[1e999]"})
    CHECK(refused(bad));
  CHECK(refused(std::string(65, '[') + std::string(65, ']')));
  CHECK(!refused(std::string(64, '[') + std::string(64, ']')));
  CHECK(refused(std::string(1'000'000, '[')));
  CHECK(!refused("\"" + std::string(1000, '[') + "\\\"" + std::string(1000, '{') + "\""));
}

TEST_CASE("wire: a text of nothing but tiny values is refused before it takes memory") {
  const auto many = [](const std::string& begin, const std::string& each, int times) {
    std::string out = begin;
    for (int i = 0; i < times; ++i) out += each;
    return out;
  };
  for (const auto& text : {many("[", "1,", 100'000) + "1]", many("[", "{},", 100'000) + "{}]",
                           many("{\"customers\":[", "[],", 100'000) + "[]]}"}) {
    const auto read = wire::parse(text, "The text");
    REQUIRE_FALSE(read);
    CHECK(read.error().hint.find("far more values") != std::string::npos);
  }
  // The shortest records that there are, and what is short.
  CHECK(wire::parse(many("[", R"({"id":"1","name":"a"},)", 100'000) + "{}]", "The text"));
  CHECK(wire::parse(many("[", "1,", 9'000) + "1]", "The text"));
}

TEST_CASE("wire: text that is not UTF-8 is replaced when written, not dropped and not refused") {
  CHECK(wire::dump(wire::write(std::string("a\xFF"
                                           "b"))) == "\"a\uFFFDb\"");
  CHECK(wire::dump(wire::write(std::string("\x01\n\"</script>"))) == "\"\\u0001\\n\\\"</script>\"");
}

TEST_CASE("wire: an unknown type is shortened in the sentence, however long it is") {
  const auto read = wire::read_as<Event>(Json{{"type", std::string(5000, 'x')}}, "The event");
  REQUIRE(!read.has_value());
  CHECK(read.error().hint.size() < 200);
}

}  // namespace rekey::test::wire_test
