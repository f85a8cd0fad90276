// Any JSON as XML: always well-formed. Anything as XML that was sent: read or refused.
#include <string>

#include "native/sandbox/accounting/answers.hpp"
#include "native/sandbox/accounting/xml.hpp"
#include "native/sandbox/text/escape.hpp"
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
  for (const auto entity : {sandbox::Entity::customer, sandbox::Entity::item}) {
    const auto record = sandbox::record_from_xml(text, entity);
    if (record.is_discarded()) continue;
    fuzz::must(record.is_object(), "a record is an object");
    fuzz::must(nlohmann::json::accept(record.dump()), "what was read is UTF-8");
  }
  const auto batch = sandbox::batch_from_xml(text);
  fuzz::must(batch.is_discarded() || batch["BatchItemRequest"].is_array(), "a batch is a list");
  return 0;
}
