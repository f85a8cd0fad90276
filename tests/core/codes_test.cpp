#include "core/codes.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <set>

#include "tests/support/approve.hpp"

// Errors: one code for each meaning, and the page that tells them.

namespace rekey::test::codes_test {

namespace {

std::string errors_page() {
  std::string out =
      "# Errors\n\n"
      "<!-- Made from core/codes.cpp by tests/core/codes_test.cpp; run that with REKEY_APPROVE=1. "
      "-->\n\n"
      "Every error of every address is `application/problem+json` (RFC 9457) with the members "
      "`type`, `title`,\n`status`, `detail` (a sentence for a person), `code` and `refusal` (why "
      "the state machine refused, or null).\nThe code is stable: one code has one meaning and one "
      "status. Some have members of their own, which the\ndescription at `/v1/openapi.json` "
      "names.\n\n"
      "Errors of `/api`, which is for the page alone, have `message` and `values` instead of "
      "`title` and `detail`: the\nid of a sentence in the page's catalogue (`public/lang`), and "
      "the values for its places.\n\n"
      "| code | status | what it means | what to do |\n|---|---|---|---|\n";
  for (const auto& each : all_codes())
    out += "| `" + std::string(each.name) + "` | " + std::to_string(each.status) + " | " +
           std::string(each.meaning) + " | " + std::string(each.what_to_do) + " |\n";
  return out;
}

/// The sources of what ships, in one text, without the table itself.
std::string sources() {
  std::string out;
  for (const char* folder : {"core", "native"})
    for (const auto& each : std::filesystem::recursive_directory_iterator(
             std::filesystem::path(REKEY_SOURCE_DIR) / folder)) {
      const auto name = each.path().filename();
      if ((name.extension() == ".cpp" || name.extension() == ".hpp") && name != "codes.cpp")
        out += read_file(each.path());
    }
  return out;
}

/// Whether the text has the word, and not as the beginning of a longer one.
bool has_word(const std::string& text, const std::string& word) {
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    const auto after = at + word.size();
    if (after == text.size() || (text[after] != '_' && !std::isalnum(text[after]))) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("codes: every one is an answer to something") {
  const auto text = sources();
  REQUIRE(!text.empty());
  CHECK_FALSE(has_word(text, "Code::no"));
  for (const auto& each : all_codes()) {
    INFO(each.name);
    CHECK(has_word(text, "Code::" + std::string(each.name)));
  }
}

TEST_CASE("codes: every one has a name, a status and sentences of its own") {
  std::set<std::string_view> names, meanings;
  int at = 0;
  for (const auto& each : all_codes()) {
    INFO(each.name);
    CHECK(static_cast<int>(each.code) == at++);
    CHECK(names.insert(each.name).second);
    CHECK(meanings.insert(each.meaning).second);
    CHECK(code_name(each.code) == each.name);
    CHECK((each.status >= 400 && each.status < 600));
    CHECK(!each.title.empty());
    CHECK(each.meaning.back() == '.');
    CHECK(each.what_to_do.back() == '.');
  }
  CHECK(at == static_cast<int>(Code::internal) + 1);
}

TEST_CASE("codes: docs/errors.md shows the table") {
  const auto path = std::string(REKEY_SOURCE_DIR) + "/docs/errors.md";
  if (approving()) std::ofstream(path, std::ios::binary) << errors_page();
  INFO("docs/errors.md is out of date; run this with REKEY_APPROVE=1");
  CHECK(read_file(path) == errors_page());
}

}  // namespace rekey::test::codes_test
