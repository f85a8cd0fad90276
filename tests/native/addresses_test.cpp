#include <catch2/catch_test_macros.hpp>

#include "native/http/addresses.hpp"

namespace rekey::addresses_test {

using rekey::http::is_public_address;

TEST_CASE("addresses: those of somebody's inside are not public, however they are written",
          "[http]") {
  for (const char* inside : {"0.0.0.0",
                             "10.0.0.1",
                             "100.64.0.1",
                             "100.127.255.255",
                             "127.0.0.1",
                             "127.255.255.254",
                             "169.254.169.254",
                             "172.16.0.1",
                             "172.31.255.255",
                             "192.0.0.8",
                             "192.168.1.1",
                             "198.18.0.1",
                             "198.51.100.7",
                             "203.0.113.9",
                             "224.0.0.1",
                             "255.255.255.255",
                             "::",
                             "::1",
                             "fc00::1",
                             "fd12:3456::1",
                             "fe80::1",
                             "ff02::1",
                             "::ffff:127.0.0.1",
                             "::ffff:10.0.0.1",
                             "64:ff9b::a00:1",
                             "2002:7f00:1::",
                             "2001:db8::1",
                             "example.com",
                             ""}) {
    INFO(inside);
    CHECK_FALSE(is_public_address(inside));
  }
  for (const char* outside :
       {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255",
        "172.32.0.0", "192.167.255.255", "223.255.255.255", "2606:4700::1111", "2a00:1450::1",
        "::ffff:8.8.8.8", "64:ff9b::808:808"}) {
    INFO(outside);
    CHECK(is_public_address(outside));
  }
}

}  // namespace rekey::addresses_test
