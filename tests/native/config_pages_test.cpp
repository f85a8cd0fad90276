#include "native/config_pages.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "native/config.hpp"

namespace rekey::config_pages_test {

using namespace rekey::config;

TEST_CASE("config: lengths of time are a number and a unit", "[config]") {
  CHECK(parse_duration("90s") == std::chrono::seconds{90});
  CHECK(parse_duration("30m") == std::chrono::minutes{30});
  CHECK(parse_duration("12h") == std::chrono::hours{12});
  CHECK(parse_duration("7d") == std::chrono::hours{168});
  CHECK(parse_duration("0s") == Millis{0});
  for (const char* text : {"", "5", "h", "-5m", "1.5h", "5 m", "5mm", "5ms",
                           "99999999999999999999h", "366d", "+5m", "0x5m"})
    CHECK_FALSE(parse_duration(text));
}

TEST_CASE("config: the page's settings are read, with their defaults, and told apart when wrong",
          "[config]") {
  const auto none = [](const std::string&) -> std::optional<std::string> { return {}; };
  const auto defaults = read_settings({}, none);
  REQUIRE(defaults);
  CHECK(defaults->pages.session_idle == std::chrono::hours{2});
  CHECK(defaults->pages.session_life == std::chrono::hours{12});
  CHECK(defaults->pages.sessions_per_tenant == 200);
  CHECK(defaults->pages.return_hosts.empty());
  CHECK(defaults->pages.pkce);
  CHECK_FALSE(defaults->pages.forbid_shared_company);
  CHECK_FALSE(defaults->pages.ask_about_shared_company);
  CHECK(std::ranges::equal(defaults->pages.lists, mapping::usual_sections));

  const auto given = read_settings({{"session-idle", "30m"},
                                    {"return-hosts", "App.example.com  127.0.0.1:3000"},
                                    {"host-url", "https://app.example.com/home"},
                                    {"pkce", "off"},
                                    {"lists", "locations items  accounts items"},
                                    {"shared-company", "forbid"}},
                                   none);
  REQUIRE(given);
  CHECK(given->pages.session_idle == std::chrono::minutes{30});
  CHECK(given->pages.return_hosts == std::vector<std::string>{"app.example.com", "127.0.0.1:3000"});
  CHECK(given->pages.host_url == "https://app.example.com/home");
  CHECK_FALSE(given->pages.pkce);
  CHECK(given->pages.forbid_shared_company);
  CHECK(given->pages.lists == mapping::Sections{mapping::Section::accounts, mapping::Section::items,
                                                mapping::Section::locations});

  const Values wrong[] = {{{"session-idle", "0s"}},
                          {{"session-life", "forever"}},
                          {{"page-sessions-per-tenant", "0"}},
                          {{"return-hosts", "https://app.example.com"}},
                          {{"host-url", "http://app.example.com"}},
                          {{"host-url", "javascript:alert(1)"}},
                          {{"pkce", "yes"}},
                          {{"shared-company", "maybe"}},
                          {{"lists", "customers vendors"}},
                          {{"lists", " "}}};
  for (const auto& each : wrong) CHECK_FALSE(read_settings(each, none));
}

TEST_CASE("config: required lists are named once each, and are none unless they are named",
          "[config]") {
  const auto none = [](const std::string&) -> std::optional<std::string> { return {}; };
  const auto required = [&](const Values& given) {
    const auto settings = read_settings(given, none);
    return settings ? std::optional(settings->pages.required_lists) : std::nullopt;
  };
  CHECK(required({}) == mapping::Sections{});
  CHECK(required({{"required-lists", "items accounts items"}}) ==
        mapping::Sections{mapping::Section::accounts, mapping::Section::items});
  CHECK_FALSE(required({{"required-lists", "vendors"}}));
}

}  // namespace rekey::config_pages_test
