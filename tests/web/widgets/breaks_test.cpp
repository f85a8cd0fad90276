#include "web/widget/breaks.hpp"

#include <catch2/catch_all.hpp>
#include <string>
#include <vector>

using namespace rekey::web;

namespace {

/// The pieces of a text, with a bar between them.
std::string pieces(std::string_view words) {
  std::string out;
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t end = text::piece_end(words, at);
    if (at > 0) out += '|';
    out += words.substr(at, end - at);
    at = end;
  }
  return out;
}

}  // namespace

TEST_CASE("breaks: a line ends after spaces, and nowhere within a word or a number") {
  CHECK(pieces("Press Connect, then  sign in.") == "Press |Connect, |then  |sign |in.");
  CHECK(pieces("1\u00a0200 clients") == "1\u00a0200 |clients");
  CHECK(pieces("one\ntwo") == "one\n|two");
  CHECK(pieces("اضغط «ربط» الآن") == "اضغط |«ربط» |الآن");
  CHECK(pieces("") == "");
}

TEST_CASE("breaks: Japanese breaks between letters, but no line begins with what closes") {
  CHECK(pieces("接続を保存") == "接|続|を|保|存");
  CHECK(pieces("保存、完了。") == "保|存、|完|了。");
  CHECK(pieces("サーバー") == "サー|バー");
  CHECK(pieces("ちょっと") == "ちょっ|と");
  CHECK(pieces("待って…") == "待っ|て…");
}

TEST_CASE("breaks: no line ends with what opens, and quoted words keep their marks") {
  CHECK(pieces("「接続」を押す") == "「接|続」|を|押|す");
  CHECK(pieces("（例）") == "（例）");
}

TEST_CASE(
    "breaks: words of other scripts stay whole within Japanese, and numbers with their units") {
  CHECK(pieces("QuickBooksで12件を保存") == "QuickBooks|で|12件|を|保|存");
  CHECK(pieces("OAuth 1.0の接続") == "OAuth |1.0の|接|続");
}

TEST_CASE("breaks: bytes that are no text end, and are one character each") {
  const std::string bad = "a\xff\xc3(\xe3\x81";
  std::size_t at = 0;
  std::vector<std::uint32_t> codes;
  while (at < bad.size()) codes.push_back(text::next_code_point(bad, at));
  CHECK(codes == std::vector<std::uint32_t>{'a', 0xfffd, 0xfffd, '(', 0xfffd, 0xfffd});
  CHECK(pieces(bad) == bad);
  at = 0;
  CHECK(text::next_code_point("\U0001F600", at) == 0x1f600);
  CHECK(at == 4);
}
