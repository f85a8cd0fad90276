#include "native/http/message.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

namespace rekey::http_message_test {

using namespace rekey::http;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("headers: names are compared without case, set replaces all, get gives the first",
          "[http]") {
  Headers headers{{"A", "1"}, {"b", "2"}, {"a", "3"}};
  CHECK(headers.get("a") == "1");
  CHECK_FALSE(headers.get("c"));
  headers.set("A", "4");
  CHECK(headers.all() == std::vector<std::pair<std::string, std::string>>{{"b", "2"}, {"A", "4"}});
}

TEST_CASE("percent: everything but unreserved characters is encoded, and comes back", "[http]") {
  CHECK(percent_encode("aZ09-._~") == "aZ09-._~");
  CHECK(percent_encode("a b&c=d/\xc3\xa9+%") == "a%20b%26c%3Dd%2F%C3%A9%2B%25");
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  CHECK(percent_decode(percent_encode(all), false) == all);
  CHECK(percent_decode(percent_encode(all), true) == all);
}

TEST_CASE("percent: bad escapes stay as they are", "[http]") {
  CHECK(percent_decode("%", false) == "%");
  CHECK(percent_decode("%4", false) == "%4");
  CHECK(percent_decode("%zz%4g", false) == "%zz%4g");
  CHECK(percent_decode("a+b", true) == "a b");
  CHECK(percent_decode("a+b", false) == "a+b");
  CHECK(percent_decode("%2B%2b", true) == "++");
}

TEST_CASE("form: pairs are read in order, with what is missing empty", "[http]") {
  const auto pairs = parse_form("a=1&b&&=x&c=%26+%3D&a=2=3&");
  CHECK(pairs == std::vector<std::pair<std::string, std::string>>{
                     {"a", "1"}, {"b", ""}, {"", "x"}, {"c", "& ="}, {"a", "2=3"}});
  CHECK(find(pairs, "a") == "1");
  CHECK_FALSE(find(pairs, "z"));
  CHECK(parse_form("").empty());
}

TEST_CASE("cookie: found among others, never by a part of its name", "[http]") {
  Request request;
  request.headers.add("Cookie", "xsession=1; session = 2 ;\tquoted=\"3\"; empty=; session=4; odd");
  request.headers.add("cookie", "second=5");
  CHECK(request.cookie("session") == "2");
  CHECK(request.cookie("quoted") == "3");
  CHECK(request.cookie("empty") == "");
  CHECK(request.cookie("second") == "5");
  CHECK_FALSE(request.cookie("odd"));
  CHECK_FALSE(request.cookie("ession"));
}

TEST_CASE("target: path is decoded, query stays as it came", "[http]") {
  const auto [text, path, query] = GENERATE(table<std::string, std::string, std::string>({
      {"/", "/", ""},
      {"/a%2Fb%20c?d=%20&e", "/a/b c", "d=%20&e"},
      {"/a?b?c", "/a", "b?c"},
      {"/a#b?c", "/a", ""},
      {"*", "*", ""},
      {"http://h/x?y", "/x", "y"},
      {"HTTPS://h:1?y", "/", "y"},
      {"http://h", "/", ""},
  }));
  CAPTURE(text);
  const auto target = parse_target(text);
  REQUIRE(target);
  CHECK(target->path == path);
  CHECK(target->query == query);
}

TEST_CASE("target: what is no path, or hides a control character, is none", "[http]") {
  const auto text =
      GENERATE(as<std::string>{}, "", "a", "host:443", "ftp://h/x", "/a%00b", "/a%0d%0ab", "/%7f");
  CAPTURE(text);
  CHECK_FALSE(parse_target(text));
}

TEST_CASE("head: length, date and connection are the server's to say", "[http]") {
  Response response;
  response.headers = {{"content-LENGTH", "99"},
                      {"Connection", "upgrade"},
                      {"Date", "never"},
                      {"Transfer-Encoding", "chunked"},
                      {"X", "y"}};
  response.body = "abc";
  const std::string head = response_head(response, {.keep_alive = true}).value();
  CHECK_THAT(head, ContainsSubstring("\r\nContent-Length: 3\r\n"));
  CHECK_THAT(head, ContainsSubstring("\r\nX: y\r\n"));
  for (const char* absent : {"99", "upgrade", "never", "chunked", "Connection"})
    CHECK(head.find(absent) == std::string::npos);
  CHECK(head.substr(head.size() - 4) == "\r\n\r\n");
}

TEST_CASE("head: a field that would write lines of its own gives no head", "[http]") {
  const auto [name, value] = GENERATE(table<std::string, std::string>({
      {"X", "a\r\nb: c"},
      {"X", "a\nb"},
      {"X", std::string("a\0b", 3)},
      {"X: y", "z"},
      {"X\r\nY", "z"},
      {"", "z"},
  }));
  Response response;
  response.headers.add(name, value);
  CHECK_FALSE(response_head(response, {}));
}

TEST_CASE("problem: status, title and detail are there for a program and for a person", "[http]") {
  const Response response = problem_response(413, "It is too large.");
  CHECK(response.status == 413);
  CHECK(response.headers.get("Content-Type") == "application/problem+json");
  CHECK(response.body == R"({"code":"too_large","detail":"It is too large.","refusal":null,)"
                         R"("status":413,"title":"The request is too large",)"
                         R"("type":"about:blank"})");
}

}  // namespace rekey::http_message_test
