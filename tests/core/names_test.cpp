#include <catch2/catch_test_macros.hpp>
#include <stdexcept>

#include "core/overloaded.hpp"
#include "core/wire/machine.hpp"

// Names of enumerators: exactly one for each, and nothing beyond.

namespace rekey::test::names_test {

namespace {

enum class Whole { one, two, three };
constexpr std::array<std::string_view, 3> names_of(Whole) {
  return {"one", "two", "three"};
}
enum class OneMissing { one, two, three };
constexpr std::array<std::string_view, 2> names_of(OneMissing) {
  return {"one", "two"};
}
enum class OneTooMany { one, two };
constexpr std::array<std::string_view, 3> names_of(OneTooMany) {
  return {"one", "two", "three"};
}
enum class OneEmpty { one, two, three };
constexpr std::array<std::string_view, 3> names_of(OneEmpty) {
  return {"one", "two"};
}
enum class Numbered { n1, n2 };
constexpr std::array<std::string_view, 2> names_of(Numbered) {
  return {"n1", "n2"};
}

// What is false here does not compile where a name is asked for.
static_assert(wire::has_all_names<Whole>());
static_assert(wire::has_all_names<Numbered>());
static_assert(!wire::has_all_names<OneMissing>());
static_assert(!wire::has_all_names<OneTooMany>());
static_assert(!wire::has_all_names<OneEmpty>());

}  // namespace

TEST_CASE("names: an enumerator and its name lead to each other, and an unknown name to nothing") {
  CHECK(wire::name_of(Whole::two) == "two");
  CHECK(wire::enumerator_of<Whole>("three") == Whole::three);
  for (const auto unknown : {"four", "", "One", "one ", "two\n"})
    CHECK_FALSE(wire::enumerator_of<Whole>(unknown));
  const auto read = wire::read_as<Note>("unheard_of", "The note");
  REQUIRE_FALSE(read);
  CHECK(read.error().hint.find("is not one of the names it may have") != std::string::npos);
}

TEST_CASE("names: a number that is no enumerator is caught, and reads nothing beyond the table") {
  CHECK_THROWS_AS(wire::name_of(static_cast<Whole>(3)), std::out_of_range);
  CHECK_THROWS_AS(wire::name_of(static_cast<Whole>(-1)), std::out_of_range);
  CHECK_THROWS_AS(wire::name_of(static_cast<Note>(1'000'000)), std::out_of_range);
  CHECK_THROWS_AS(wire::name_of(static_cast<connect::Ended>(names_of(connect::Ended{}).size())),
                  std::out_of_range);
}

}  // namespace rekey::test::names_test
