// Any query string: a callback that may be used has a code, and a company id that is an id.
#include "core/oauth/callback.hpp"

#include "tests/fuzz/must.hpp"

using namespace rekey;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto callback = oauth::read_callback(fuzz::text(data, size));
  for (const bool strict : {false, true}) {
    oauth::Expectation expected;
    expected.state = "st-1";
    expected.issuer = "https://issuer.example";
    expected.issuer_required = strict;
    expected.company_required = strict;
    const auto valid = oauth::validate_callback(callback, expected);
    if (!valid) continue;
    fuzz::must(callback.present(), "a callback that may be used was there");
    fuzz::must(callback.state == "st-1", "it brings back the state");
    fuzz::must(!valid->code().empty() && !callback.error, "it has a code and no error");
    fuzz::must(valid->realm_id().find_first_of("/.?#%& \r\n") == std::string::npos,
               "its company id is an id");
    fuzz::must(!strict || !valid->realm_id().empty(), "its company is named");
  }
  return 0;
}
