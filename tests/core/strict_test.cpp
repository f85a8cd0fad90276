#include "core/wire/strict.hpp"

#include <catch2/catch_test_macros.hpp>

#include "core/connection.hpp"

// What a host writes by hand: members that are not known are told, at every depth.

namespace rekey::test::strict_test {

namespace {

using wire::field;
using wire::Json;

struct Leaf {
  std::string id;
  std::optional<std::string> detail;
  static constexpr auto fields() {
    return std::tuple{field("id", &Leaf::id), field("detail", &Leaf::detail)};
  }
};
struct Tree {
  std::optional<std::vector<Leaf>> suppliers, customers;
  std::optional<Leaf> root;
  Json anything;
  static constexpr auto fields() {
    return std::tuple{field("suppliers", &Tree::suppliers), field("customers", &Tree::customers),
                      field("root", &Tree::root), field("anything", &Tree::anything)};
  }
  static constexpr auto also_called() { return std::array{wire::Alias{"vendors", "suppliers"}}; }
};

std::string refusal_of(const char* text) {
  const auto json = wire::parse(text, "The tree");
  REQUIRE(json.has_value());
  const auto read = wire::read_strictly_as<Tree>(*json, "The tree");
  if (read) return {};
  CHECK(read.error().code == Code::unknown_member);
  // Whoever reads tolerantly takes the very same.
  CHECK(wire::read_as<Tree>(*json, "The tree").has_value());
  return read.error().hint;
}

}  // namespace

TEST_CASE("strict reading: members that are known are taken") {
  CHECK(refusal_of(R"({"suppliers":[{"id":"1","detail":null}],"root":{"id":"2"}})").empty());
  CHECK(refusal_of(R"({"anything":{"what":{"ever":[{"is":"here"}]}}})").empty());
}

TEST_CASE("strict reading: a member that is not known is refused with the nearest one") {
  CHECK(refusal_of(R"({"custmers":[]})") ==
        "The tree has a member that is not known here: \"custmers\": did you mean "
        "\"customers\"? Nothing was changed.");
  CHECK(refusal_of(R"({"Root":{"id":"1"}})").find("\"Root\": did you mean \"root\"?") !=
        std::string::npos);
}

TEST_CASE("strict reading: what is called otherwise elsewhere is known by that name too") {
  for (const char* name : {"vendors", "vendor", "Vendors"}) {
    INFO(name);
    const auto said = refusal_of((std::string("{\"") + name + "\":[]}").c_str());
    CHECK(said.find(std::string("\"") + name + "\": did you mean \"suppliers\"?") !=
          std::string::npos);
  }
}

TEST_CASE("strict reading: the place is told, in lists and in objects") {
  const auto said = refusal_of(
      R"({"customers":[{"id":"1"},{"id":"2","detial":"x"}],"root":{"id":"3","Detail":""}})");
  CHECK(said.find("\"customers[1].detial\": did you mean \"detail\"?") != std::string::npos);
  CHECK(said.find("\"root.Detail\": did you mean \"detail\"?") != std::string::npos);
}

TEST_CASE("strict reading: a document full of strangers gives a short sentence") {
  std::string text = "{";
  for (int i = 0; i < 5000; ++i) text += (i > 0 ? ",\"x" : "\"x") + std::to_string(i) + "\":1";
  const auto said = refusal_of((text + "}").c_str());
  CHECK(said.size() < 600);
  CHECK(said.find("4995 more") != std::string::npos);
  const auto odd = refusal_of(("{\"" + std::string(3000, 'a') + "\\u0007\\\"\":1}").c_str());
  CHECK(odd.size() < 300);
}

TEST_CASE("strict reading: of several types, the one that is named is looked at") {
  auto json = wire::write(Event(connect::GrantRefreshed{}));
  CHECK(wire::strangers<Event>(json).empty());
  json["lifetimes"]["expires"] = 1;
  const auto found = wire::strangers<Event>(json);
  REQUIRE(found.size() == 1);
  CHECK(found[0].at == "lifetimes.expires");
}

TEST_CASE("reading: what is not UTF-8 is told so") {
  using namespace std::string_view_literals;
  for (const auto text : {"{\"name\":\"B\xe4"
                          "ckerei\"}"sv,
                          "\xff\xfe{\0}\0"sv, "{\0}\0"sv}) {
    const auto read = wire::parse(text, "The directory");
    REQUIRE(!read.has_value());
    CHECK(read.error().hint == "The directory is not UTF-8, and JSON has to be.");
  }
  CHECK(wire::parse("{", "It").error().hint == "It is not valid JSON.");
  CHECK(wire::parse("{\"name\":\"Bäckerei €\"}", "It").has_value());
}

}  // namespace rekey::test::strict_test
