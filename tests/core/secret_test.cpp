#include "core/secret.hpp"

#include <catch2/catch_test_macros.hpp>
#include <new>
#include <ostream>
#include <type_traits>

#include "core/wire/json.hpp"

namespace rekey::secret_test {

namespace {

template <class T>
concept Printed = requires(std::ostream& out, const T& value) {
  out << value;
};
template <class T>
concept Compared = requires(const T& a, const T& b) {
  a == b;
};
template <class T>
concept StatesFields = requires {
  T::fields();
};

// What must not compile is held here; that the questions themselves can be answered with yes too.
static_assert(Printed<std::string> && !Printed<Secret>);
static_assert(Compared<std::string> && !Compared<Secret>);
static_assert(!StatesFields<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_convertible_v<Secret, bool>);
static_assert(!std::is_convertible_v<std::string, Secret>, "nothing becomes a secret unseen");
static_assert(!std::is_constructible_v<wire::Json, Secret>);
static_assert(!std::is_convertible_v<Secret, wire::Json>);

/// The bytes of the object itself, where a short text is kept.
bool holds(const unsigned char* place, std::size_t size, std::string_view text) {
  return std::string_view(reinterpret_cast<const char*>(place), size).find(text) !=
         std::string_view::npos;
}

}  // namespace

TEST_CASE("secret: what went in comes out by reveal, and only there") {
  const Secret secret(std::string("Q0-a-code"));
  CHECK(secret.reveal() == "Q0-a-code");
  CHECK(!secret.empty());
  CHECK(Secret().empty());
}

TEST_CASE("secret: equality is of the whole text") {
  const Secret secret(std::string_view("abcdef"));
  CHECK(secret.same_as("abcdef"));
  CHECK(!secret.same_as("abcdeg"));
  CHECK(!secret.same_as("bbcdef"));
  CHECK(!secret.same_as("abcde"));
  CHECK(!secret.same_as("abcdefg"));
  CHECK(!secret.same_as(""));
  CHECK(Secret().same_as(""));
  CHECK(!Secret(std::string("a\0b", 3)).same_as(std::string_view("a\0c", 3)));
}

TEST_CASE("secret: nothing of a short text stays behind where it was moved from") {
  alignas(Secret) unsigned char place[sizeof(Secret)] = {};
  auto* from = new (place) Secret(std::string_view("k3ys-4-y0u"));
  REQUIRE(holds(place, sizeof place, "k3ys-4-y0u"));
  const Secret to(std::move(*from));
  CHECK(to.reveal() == "k3ys-4-y0u");
  CHECK(from->empty());
  CHECK(!holds(place, sizeof place, "3ys-4"));
  Secret other;
  *from = Secret(std::string_view("n0w-this"));
  other = std::move(*from);
  CHECK(other.reveal() == "n0w-this");
  CHECK(!holds(place, sizeof place, "0w-th"));
  from->~Secret();
}

TEST_CASE("secret: nothing of a short text stays behind when it is replaced by another or goes") {
  alignas(Secret) unsigned char place[sizeof(Secret)] = {};
  auto* secret = new (place) Secret(std::string_view("the-first-one"));
  *secret = Secret(std::string_view("2nd"));
  CHECK(!holds(place, sizeof place, "first"));
  const Secret third(std::string_view("another-text"));
  *secret = third;
  CHECK(secret->reveal() == "another-text");
  const auto& same = *secret;
  *secret = same;
  CHECK(secret->reveal() == "another-text");
  secret->~Secret();
  CHECK(!holds(place, sizeof place, "other"));
}

TEST_CASE("secret: a long text is taken over whole, and the source is empty") {
  const std::string text(512, 'x');
  Secret from(text);
  Secret to(std::move(from));
  CHECK(to.reveal() == text);
  CHECK(from.empty());
  Secret copy(to);
  CHECK(copy.reveal() == text);
  CHECK(to.reveal() == text);
}

}  // namespace rekey::secret_test
