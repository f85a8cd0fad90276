// Any JSON as XML: always well-formed.
#include <string>

#include "native/sandbox/answers.hpp"
#include "tests/fuzz/must.hpp"
#include "tests/fuzz/well_formed.hpp"

using namespace rekey;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::text(data, size));
  const std::string escaped =
      "<a b=\"" + sandbox::escape_xml(text) + "\">" + sandbox::escape_xml(text) + "</a>";
  fuzz::must(fuzz::WellFormed::document(escaped), "any text can be in XML");
  nlohmann::json value = nlohmann::json::parse(text, nullptr, false);
  if (value.is_discarded()) value = text;
  if (value.is_array()) value = {{"list", value}};
  fuzz::must(fuzz::WellFormed::document(sandbox::to_xml("Thing", value)), "any JSON becomes XML");
  http::Request request;
  const auto fault =
      sandbox::service_fault(request, {400, text, text, text, text, text}, from_ms(0));
  fuzz::must(fuzz::WellFormed::document(fault.body), "any fault becomes XML");
  return 0;
}
