#include "native/system/rfc3339.hpp"

#include <catch2/catch_test_macros.hpp>

namespace rekey::rfc3339_test {

TEST_CASE("rfc3339: UTC to the millisecond, before 1970 too") {
  CHECK(rfc3339(from_ms(0)) == "1970-01-01T00:00:00.000Z");
  CHECK(rfc3339(from_ms(1'769'850'300'250)) == "2026-01-31T09:05:00.250Z");
  CHECK(rfc3339(from_ms(-1)) == "1969-12-31T23:59:59.999Z");
}

}  // namespace rekey::rfc3339_test
