// Any text as a query: it is answered, or refused as 4000 or 4001 with the column, in JSON and XML.
#include "native/sandbox/schema/query.hpp"

#include "tests/fuzz/open_sandbox.hpp"

using namespace rekey;
using nlohmann::json;

namespace {

http::Response ask(fuzz::OpenSandbox& intuit, const std::string& text, const char* accept) {
  return intuit.ask("POST", "/v3/company/913/query",
                    {{"Authorization", "Bearer " + intuit.access()},
                     {"Content-Type", "application/text"},
                     {"Accept", accept}},
                    text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::OpenSandbox intuit;
  const std::string text(fuzz::text(data, size));
  const auto parsed = sandbox::parse_query(text);
  if (!parsed) {
    const auto& fault = parsed.error();
    fuzz::must(fault.code == "4000" || fault.code == "4001", "a query is refused by these codes");
    fuzz::must(fault.column >= 1 && fault.column <= size + 1, "the column is one of the query");
  }
  if (text.empty()) return 0;
  const auto answer = ask(intuit, text, "application/json");
  fuzz::OpenSandbox::judge(answer);
  fuzz::OpenSandbox::judge(ask(intuit, text, "application/xml"));
  const json body = json::parse(answer.body);
  if (answer.status == 200) {
    fuzz::must(parsed.has_value(), "only what reads is answered");
    std::size_t rows = 0;
    for (const auto& [name, value] : body["QueryResponse"].items())
      if (value.is_array()) rows += value.size();
    fuzz::must(rows <= parsed->limit && rows <= 1000, "a page is no longer than asked");
    return 0;
  }
  fuzz::must(answer.status == 400, "a query that is refused is 400");
  const std::string code = body["Fault"]["Error"][0]["code"];
  fuzz::must(parsed ? code == "4001" : code == parsed.error().code, "it says why");
  return 0;
}
