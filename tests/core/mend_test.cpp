// JSON with characters in it that are none.
#include "core/wire/mend.hpp"

#include <catch2/catch_test_macros.hpp>

namespace rekey::wire::mend_test {

namespace {

/// The member "n" after mending.
std::string mended(const std::string& text) {
  const auto read = parse_mended(text, "It");
  REQUIRE(read);
  CHECK(read->mended);
  CHECK(is_mended(read->json));
  return text_at(read->json, "n");
}

constexpr const char* mark = "\xEF\xBF\xBD";

}  // namespace

TEST_CASE("mend: half an emoji costs that character") {
  CHECK(mended(R"({"n":"Bakery \ud83c"})") == std::string("Bakery ") + mark);
  CHECK(mended(R"({"n":"\udf55 and so"})") == mark + std::string(" and so"));
  CHECK(mended(R"({"n":"\ud83cx\udf55"})") == mark + std::string("x") + mark);
  CHECK(mended(R"({"n":"\ud83c\ud83c\udf55"})") == mark + std::string("\xF0\x9F\x8D\x95"));
}

TEST_CASE("mend: bytes that are no UTF-8 cost themselves") {
  CHECK(mended("{\"n\":\"M\xFCller\"}") == std::string("M") + mark + "ller");
  CHECK(mended("{\"n\":\"cut \xF0\x9F\x8D\"}") == std::string("cut ") + mark + mark + mark);
  // Written longer than it is, a surrogate, and beyond the last character.
  for (const char* bytes : {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF"}) {
    const auto out = mended(std::string("{\"n\":\"") + bytes + "\"}");
    CHECK(out.find(mark) == 0);
  }
  CHECK(mended("{\"n\":\"a\\\xFF\"}").rfind("a", 0) == 0);
}

TEST_CASE("mend: control characters stay what they are") {
  const auto read = parse_mended("{\"n\":\"one\ttwo\x01\"}", "It");
  REQUIRE(read);
  CHECK(text_at(read->json, "n") == "one\ttwo\x01");
}

TEST_CASE("mend: what is well is left alone, and what is no JSON stays none") {
  for (const char* text :
       {R"({"n":"\ud83c\udf55 \\ud83c \u00e9"})", "{\"n\":\"\xF0\x9F\x8D\x95 \xC3\xA9\"}"}) {
    CHECK(mend(text).empty());
    const auto read = parse_mended(text, "It");
    REQUIRE(read);
    CHECK_FALSE(read->mended);
  }
  CHECK_FALSE(parse_mended("<html>\xFF</html>", "It"));
  CHECK_FALSE(parse_mended("{\"n\":\"\xFF", "It"));
}

TEST_CASE("mend: only the record with the mark is a mended one") {
  const auto read = parse_mended("[{\"n\":\"good\"},{\"n\":{\"m\":[\"\xFF\"]}}]", "It");
  REQUIRE(read);
  CHECK_FALSE(is_mended(read->json[0]));
  CHECK(is_mended(read->json[1]));
}

}  // namespace rekey::wire::mend_test
