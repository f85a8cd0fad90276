// Pages read straight out of the text of an answer are those that are read out of its value.
#include "native/intuit/page_text.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <random>

#include "core/wire/mend.hpp"
#include "native/intuit/rows.hpp"

namespace rekey::intuit::page_text_test {

namespace {

using wire::Json;

/// As the rest of the way reads it: all at once.
std::optional<accounting::Page> page_by_value(const std::string& body) {
  const auto answer = wire::parse_mended(body, "It");
  if (!answer) return {};
  const auto* response = member_in_any_case(&answer->json, "QueryResponse");
  if (!response || !response->is_object()) return {};
  auto out = page_of(member_in_any_case(response, "Customer"), answer->mended);
  if (out) out->time = time_of(answer->json);
  return out;
}

void check_same(const std::string& body, bool is_usual = true) {
  INFO(body);
  const auto got = page_in(body, "Customer");
  const auto want = page_by_value(body);
  // What is to be set aside is judged by `page_of` alone.
  REQUIRE(got.has_value() == (is_usual && want && want->misfits.empty()));
  if (!got) return;
  REQUIRE(got->rows.size() == want->rows.size());
  for (std::size_t i = 0; i < want->rows.size(); ++i) {
    CHECK(got->rows[i].id == want->rows[i].id);
    CHECK(got->rows[i].body == want->rows[i].body);
  }
  CHECK(got->misfits.empty());
  CHECK(got->time == want->time);
  CHECK(got->mended == 0);
}

std::string answer_with(const std::string& rows) {
  return R"({"QueryResponse":{"startPosition":1,"Customer":)" + rows +
         R"(,"maxResults":2},"time":"2026-11-30T10:00:00.000-08:00"})";
}

/// Text of JSON that is written in any way that is allowed.
class AnyJson {
 public:
  explicit AnyJson(unsigned seed) : dice_(seed) {}

  std::string rows() {
    std::string out = "[";
    for (int i = one_of(4); i >= 0; --i) out += row() + (i > 0 ? "," + blank() : "");
    return out + "]";
  }

 private:
  int one_of(int count) { return static_cast<int>(dice_() % static_cast<unsigned>(count)); }
  std::string blank() { return std::array{"", " ", "\n\t", "  "}[one_of(4)]; }
  std::string text() {
    std::string out = "\"";
    for (int i = one_of(6); i > 0; --i)
      out += std::array{"a",   "Z",       "ü",       "\\u00fc",        "\\n", "\\\"", "\\\\",
                        "\\/", "\\u0000", "\\u001f", "\\ud83d\\ude00", "💶",   "\x7f", "{",
                        ":",   ","}[one_of(16)];
    return out + "\"";
  }
  std::string number() {
    return std::array{"0",
                      "-0",
                      "7",
                      "-12",
                      "1.0",
                      "1.50",
                      "1e3",
                      "0.1",
                      "-0.0",
                      "1E-7",
                      "18446744073709551615",
                      "18446744073709551616"}[one_of(12)];
  }
  std::string value(int depth) {
    switch (one_of(depth > 3 ? 5 : 7)) {
      case 0:
        return number();
      case 1:
        return "null";
      case 2:
        return one_of(2) == 0 ? "true" : "false";
      case 3:
      case 4:
        return text();
      case 5: {
        std::string out = "[" + blank();
        for (int i = one_of(4); i > 0; --i) out += value(depth + 1) + (i > 1 ? "," : "");
        return out + "]";
      }
      default:
        return object(depth + 1, "");
    }
  }
  std::string object(int depth, std::string out) {
    for (int i = one_of(6); i > 0; --i) {
      if (!out.empty()) out += "," + blank();
      out += std::array{"\"b\"", "\"a\"", "\"Name\"", "\"\"", "\"z\\u0041\"", "\"ä\""}[one_of(6)];
      out += blank() + ":" + blank() + value(depth);
    }
    return "{" + blank() + out + blank() + "}";
  }
  std::string row() {
    switch (one_of(8)) {
      case 0:
        return value(1);
      case 1:
        return object(0, R"("Id":)" + value(3));
      default:
        return object(0, R"("Id":")" + std::to_string(one_of(1000)) + "\"");
    }
  }

  std::mt19937 dice_;
};

}  // namespace

TEST_CASE("page text: rows, what is none, ids and times are as they are by value", "[intuit]") {
  check_same(answer_with("[]"));
  check_same(answer_with(R"([{"Id":"1","Name":"A"},{"Id":"2"}])"));
  check_same(answer_with(R"({"Id":"1"})"));
  check_same(answer_with(R"([null,1,"text",[{"Id":"5"}],{"Id":"2"},true,1.5])"));
  check_same(answer_with(R"([{},{"Id":null},{"Id":7},{"Id":1.5},{"Id":{"Id":"1"}},{"Id":""}])"));
  check_same(answer_with(R"([{"Id":"a\u0000b"},{"Id":"1","Id":"2"},{"Id":"1","Id":null}])"));
  check_same(answer_with(R"([{"z":1,"Id":"1","a":{"Id":"9","c":2,"b":[3,{"y":1,"x":2}]},"z":4}])"));
  check_same(R"({"QueryResponse":{},"time":"no time"})");
  check_same(R"({"warnings":[{"a":[1]}],"QueryResponse":{"Vendor":[{"Id":"1"}],"x":{"y":[]}}})");
}

TEST_CASE("page text: what is not the usual form is left to who looks at it as a whole",
          "[intuit]") {
  for (const auto* body : {"",
                           "[]",
                           "null",
                           "7",
                           "<html>",
                           "{}",
                           R"({"QueryResponse":[]})",
                           R"({"QueryResponse":null})",
                           R"({"queryresponse":{"Customer":[]}})",
                           R"({"QueryResponse":{"customer":[]}})",
                           R"({"QueryResponse":{"Customer":"x"}})",
                           R"({"QueryResponse":{"Customer":[{"ID":"1"}]}})",
                           R"({"QueryResponse":{"Customer":[]},"Fault":{"Error":[]}})",
                           R"({"fault":{},"QueryResponse":{"Customer":[]}})",
                           R"({"QueryResponse":{"Customer":[]},"QueryResponse":{}})",
                           R"({"QueryResponse":{"Customer":[],"Customer":[]}})",
                           R"({"QueryResponse":{"Customer":[{"Id":"1"}]}} x)",
                           R"({"QueryResponse":{"Customer":[{"Id":"1"})",
                           R"({"QueryResponse":{"Customer":[1e999]}})",
                           "{\"QueryResponse\":{\"Customer\":[{\"Id\":\"1\",\"Name\":\"\xff\"}]}}",
                           R"({"QueryResponse":{"Customer":[{"Id":"1","Name":"\ud800"}]}})"})
    check_same(body, false);
  const std::string deep(100, '['), end(100, ']');
  check_same(answer_with(R"([{"Id":"1","a":)" + deep + end + "}]"), false);
}

TEST_CASE("page text: however it is written, rows are the same byte for byte", "[intuit]") {
  for (unsigned seed = 0; seed < 2000; ++seed) check_same(answer_with(AnyJson(seed).rows()));
}

}  // namespace rekey::intuit::page_text_test
