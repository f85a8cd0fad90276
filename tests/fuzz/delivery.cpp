// Any body of a delivery of changes: what is read of it names records that can be asked for.
#include <algorithm>

#include "native/intuit/webhooks.hpp"
#include "tests/fuzz/must.hpp"

using namespace rekey;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto delivery = intuit::read_webhook(fuzz::text(data, size));
  if (!delivery) {
    fuzz::must(delivery.error().code == Code::bad_input, "it says that the input is bad");
    return 0;
  }
  const auto& all = delivery->notices;
  fuzz::must(std::adjacent_find(all.begin(), all.end(), std::greater_equal<>()) == all.end(),
             "each record is named once, in order");
  for (const auto& each : all)
    for (const auto& id : {each.id, each.realm_id})
      fuzz::must(!id.empty() && id.size() <= 64 && id.find_first_of("'\\\"/?&% ") == id.npos,
                 "an id is one");
  return 0;
}
