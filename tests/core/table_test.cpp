#include <catch2/catch_test_macros.hpp>

#include "core/text/csv.hpp"
#include "core/text/fold.hpp"

// Folding texts, and reading tables of any encoding.

namespace rekey::text::table_test {

namespace {

using Row = std::vector<std::string>;

Table read(std::string_view text) {
  auto table = read_table(text);
  REQUIRE(table.has_value());
  return *table;
}

std::string utf16(std::u16string_view text, bool little, bool marked) {
  std::string out;
  const auto put = [&](char16_t unit) {
    const char low = static_cast<char>(unit & 0xFF), high = static_cast<char>(unit >> 8);
    out += little ? low : high;
    out += little ? high : low;
  };
  if (marked) put(0xFEFF);
  for (const char16_t unit : text) put(unit);
  return out;
}

}  // namespace

TEST_CASE("fold: letters without case and accents, signs as spaces") {
  CHECK(fold("  Café—NOËL!  ") == "cafe noel");
  CHECK(fold("O'Neil & Sons, S.A.") == "oneil sons sa");
  CHECK(fold("J.Smith St. Mary 3.5") == "j smith st mary 3 5");
  CHECK(fold("Straße ﬁn Ａ１ №5™") == "strasse fin a1 no5");
  CHECK(fold("Łódź Øre Þór İzmir ıI") == "lodz ore thor izmir ii");
  CHECK(fold("Щука Ёлка Київ") == "shchuka elka kiiv");
  CHECK(fold("Ψυχή ΝΊΚΟΣ") == "psychi nikos");
  CHECK(fold("").empty());
  CHECK(fold(" -&- ...").empty());
}

TEST_CASE("fold: scripts that need their marks keep them, and Hangul and kana stay whole") {
  CHECK(fold("हिन्दी") == "हिन्दी");
  CHECK(fold("김철수") == "김철수");
  CHECK(fold("がぎ ｶﾞ") == "がぎ ガ");
  CHECK(fold("مُحَمَّد") == fold("محمد"));
  CHECK(fold("🦉") == "🦉");
}

TEST_CASE("fold: what was folded stays as it is, and any bytes have a result") {
  std::uint32_t seed = 1;
  for (int round = 0; round < 2000; ++round) {
    std::string bytes;
    for (int i = 0; i < 12; ++i) {
      seed = seed * 1664525 + 1013904223;
      bytes += static_cast<char>(seed >> 24);
    }
    const auto once = fold(bytes);
    CHECK(to_utf8(once) == once);
  }
  CHECK(fold("M\xFCller") == "muller");
}

TEST_CASE("table: separators, quotes, line breaks and spaces") {
  for (const char* text :
       {"id,name\n1,\"Alder, \"\"A\"\"\"\n", "id;name\r\n1;\"Alder, \"\"A\"\"\"\r\n",
        "id\tname\n1\tAlder, \"A\"", "\n\nid | name\n1 | Alder, \"A\"\n\n"}) {
    INFO(text);
    const auto table = read(text);
    CHECK(table.header == Row{"id", "name"});
    CHECK(table.rows == std::vector<Row>{{"1", "Alder, \"A\""}});
  }
  CHECK(read("a,b\n\"x\ny\",z\n").rows == std::vector<Row>{{"x\ny", "z"}});
  CHECK(read("a,b,c\n1\n1,2,3,4\n,,\n").rows == std::vector<Row>{{"1", "", ""}, {"1", "2", "3"}});
  CHECK(read("a,b\n1,say \"so\"\n2,\"in \"fact\" yes\"\n").rows ==
        std::vector<Row>{{"1", "say \"so\""}, {"2", "in \"fact\" yes"}});
  CHECK(read("a\n1\r2").rows == std::vector<Row>{{"1"}, {"2"}});
  CHECK(read("sep=;\r\na,b;c\r\n1;2\r\n").header == Row{"a,b", "c"});
  CHECK(read("sep=\n1\n").header == Row{"sep="});
}

TEST_CASE("table: without header or with an endless quote it is refused") {
  CHECK(!read_table("").has_value());
  CHECK(!read_table("\n\n").has_value());
  CHECK(!read_table(",,\n1,2,3").has_value());
  CHECK(!read_table(std::string(300, 'a').insert(1, std::string(299, ',')) + "\n1").has_value());
  CHECK(read_table("a\n1\n2\n", 2).has_value());
  CHECK(!read_table("a\n1\n2\n3\n", 2).has_value());
  const auto endless = read_table("a,b\n1,2\n3,\"4\n5,6\n");
  REQUIRE(!endless.has_value());
  CHECK(endless.error().hint.find("line 3") != std::string::npos);
}

TEST_CASE("table: UTF-8, UTF-16 and Windows-1252 are told apart") {
  const std::string text = "name\nMüller – 北辰 €";
  CHECK(to_utf8(text) == text);
  CHECK(to_utf8("\xEF\xBB\xBF" + text) == text);
  for (const bool little : {true, false}) {
    CHECK(to_utf8(utf16(u"name\nMüller – 北辰 €", little, true)) == text);
    CHECK(to_utf8(utf16(u"name\nMüller €", little, false)) == "name\nMüller €");
  }
  CHECK(to_utf8("M\xFCller \x96 \x80 \xDF") == "Müller – € ß");
  // One byte that went wrong does not spoil the others.
  CHECK(to_utf8("Müller Söhne \xFF") == "Müller Söhne ÿ");
  CHECK(to_utf8("").empty());
  CHECK(to_utf8(std::string("\xFF\xFE\x3D\xD8", 4)) == "\uFFFD");
}

TEST_CASE("table: cells are written so that they are read back") {
  for (const std::string value :
       {"plain", "with, comma", "a \"quote\"", "two\nlines", " spaces ", "", "a;b|c\td"}) {
    INFO(value);
    const auto table = read("x,y\n" + cell(value) + ",1\n");
    CHECK(table.rows == std::vector<Row>{{value, "1"}});
  }
}

}  // namespace rekey::text::table_test
