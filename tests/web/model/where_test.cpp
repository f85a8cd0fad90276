#include "web/model/where.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>

// Which address is which place of the page.

namespace rekey::web::where_test {

namespace {

using mapping::Section;

std::vector<Where> all_places() {
  std::vector<Where> out{{View::store},
                         {View::connection},
                         {View::configuration},
                         {View::configuration, Pane::settings}};
  for (const auto section : mapping::all_sections)
    out.push_back({View::configuration, Pane::lists, section});
  for (const auto pane : {Pane::company, Pane::left_out, Pane::versions, Pane::sheet})
    out.push_back({View::configuration, pane});
  out.push_back({View::configuration, Pane::versions, {}, 12});
  return out;
}

}  // namespace

TEST_CASE("address: each place has one of its own, which leads back to it") {
  std::set<std::string> seen;
  for (const auto& place : all_places()) {
    const auto address = address_of(place);
    INFO(address);
    CHECK(seen.insert(address).second);
    REQUIRE(where_of(address));
    CHECK(*where_of(address) == place);
    // What boot.js leaves in the address: nothing else can be in one.
    CHECK(address.find_first_not_of("#/abcdefghijklmnopqrstuvwxyz0123456789-") ==
          std::string::npos);
  }
}

TEST_CASE("address: they stay as they are, since people keep them") {
  CHECK(address_of({View::store}) == "#/");
  CHECK(address_of({View::connection}) == "#/connection");
  CHECK(address_of({View::configuration}) == "#/configuration");
  CHECK(address_of({View::configuration, Pane::lists, Section::tax_codes}) ==
        "#/configuration/tax-codes");
  CHECK(address_of({View::configuration, Pane::settings}) == "#/configuration/settings");
  CHECK(address_of({View::configuration, Pane::company}) == "#/configuration/company");
  CHECK(address_of({View::configuration, Pane::left_out}) == "#/configuration/left-out");
  CHECK(address_of({View::configuration, Pane::sheet}) == "#/configuration/spreadsheet");
  CHECK(address_of({View::configuration, Pane::versions, {}, 3}) == "#/configuration/versions/3");
}

TEST_CASE("address: nothing behind the # is the store, and what names no place names none") {
  for (const char* store : {"", "#", "#/"}) CHECK(where_of(store) == Where{});
  for (const char* none :
       {"#session=abc", "#code=1", "/connection", "#connection", "#/nowhere", "#/connection/more",
        "#/configuration/", "#/configuration/nothing", "#/configuration/customers/more",
        "#/configuration/tax_codes", "#/configuration/versions/0", "#/configuration/versions/x",
        "#/configuration/versions/3/4", "#/configuration/company/3", "#//", "#/Configuration"}) {
    INFO(none);
    CHECK_FALSE(where_of(none));
  }
}

TEST_CASE("address: what names a part of the configuration") {
  CHECK_FALSE(names_part({View::store}));
  CHECK_FALSE(names_part({View::configuration}));
  CHECK(names_part({View::configuration, Pane::sheet}));
  CHECK(names_part({View::configuration, Pane::lists, Section::customers}));
}

}  // namespace rekey::web::where_test
