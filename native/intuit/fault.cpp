#include "native/intuit/fault.hpp"

#include <algorithm>
#include <iterator>
#include <pugixml.hpp>

namespace rekey::intuit {

namespace {

using oauth::Meaning;
using wire::Json;

// The type of a fault stands in front of its text, so that a row can ask for it.
constexpr oauth::AnswerRow answer_rows[] = {
    {500, 599, "", "", Meaning::unavailable, "qbo_api 81, 96: outages send 3100 and 120 with 500"},
    {429, 429, "", "", Meaning::throttled, "Intuit: limits and throttles"},
    {100, 499, "3001", "", Meaning::throttled, "Intuit: ThrottleExceeded; 403 before it was 429"},
    {100, 499, "003001", "", Meaning::throttled, "the same code as a gateway spells it"},
    {100, 499, "", "ThrottleExceeded", Meaning::throttled, "python-quickbooks 120: 403 as XML"},
    {100, 499, "", "SystemFault", Meaning::unavailable, "Intuit: an error inside QuickBooks"},
    {100, 499, "10000", "", Meaning::unavailable, "quickbooks-ruby: comes with 200 too"},
    {100, 499, "", "Could not find resource for relative", Meaning::unavailable,
     "msp-skills 90: 400 with code 500 while the API is in trouble"},
    {100, 499, "", "Unknown Error during Authentication", Meaning::unavailable,
     "qbo_api 96: a fault of the service, not of the person"},
    {408, 408, "", "", Meaning::unavailable, "RFC 9110 15.5.9"},
    {425, 425, "", "", Meaning::unavailable, "RFC 8470 5.2"},
    {100, 499, "120", "", Meaning::rights_lost, "Intuit: the administrator's role was lost"},
    {100, 499, "3100", "", Meaning::company_lapsed,
     "Intuit: another company, another environment, or a missing scope"},
    {100, 499, "7001", "", Meaning::company_lapsed, "Intuit: subscription lapsed"},
    {100, 499, "6190", "", Meaning::company_lapsed, "Intuit: subscription ended"},
    {100, 499, "3200", "", Meaning::stale_token, "Intuit: token expired, revoked or malformed"},
    {100, 499, "003200", "", Meaning::stale_token, "the same code as a gateway spells it"},
    {100, 499, "100", "", Meaning::stale_token, "oauth-jsclient 91: 401 as XML"},
    {100, 499, "130", "", Meaning::stale_token, "oauth-jsclient: wrong cluster, for minutes"},
    {100, 499, "5020", "", Meaning::list_refused, "Intuit: permission denied for one list"},
    {100, 499, "5030", "", Meaning::list_refused, "Intuit: not in this company's plan"},
    {401, 401, "", "", Meaning::stale_token, "RFC 6750 3.1"},
    {403, 403, "", "insufficient_scope", Meaning::company_lapsed, "RFC 6750 3.1"},
    {403, 403, "*", "", Meaning::company_lapsed, "RFC 9110 15.5.4: understood, and refused"},
    {200, 499, "*", "", Meaning::list_refused, "Intuit: the request itself is refused"},
    {100, 599, "", "", Meaning::unreadable, "no fault: something in between answered"},
};

/// Whether a name in an answer is this one, which is given in small letters. The service writes
/// capitals, the gateway none.
bool is_named(std::string_view name, std::string_view small) {
  return std::equal(name.begin(), name.end(), small.begin(), small.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a | 0x20) : a) == b;
  });
}

const Json* fault_member(const Json* json, std::string_view name) {
  if (!json || !json->is_object()) return nullptr;
  for (auto at = json->begin(); at != json->end(); ++at)
    if (is_named(at.key(), name)) return &*at;
  return nullptr;
}

std::string words_of(const Json* json) {
  if (!json) return {};
  if (json->is_string()) return json->get<std::string>();
  return json->is_number_integer() ? std::to_string(json->get<std::int64_t>()) : std::string();
}

std::optional<Fault> fault_in_json(const Json& json) {
  const auto* fault = fault_member(&json, "fault");
  const auto* errors = fault_member(fault, "error");
  if (!errors) return {};
  const auto* error = errors->is_array() && !errors->empty() ? &errors->front() : errors;
  Fault out{
      words_of(fault_member(fault, "type")), words_of(fault_member(error, "code")),
      words_of(fault_member(error, "message")) + " " + words_of(fault_member(error, "detail"))};
  if (out.code.empty()) out.code = "unknown";
  return out;
}

/// The first element of this name (in small letters) below a node, in any namespace.
pugi::xml_node find_element(const pugi::xml_node& node, std::string_view name) {
  return node.find_node([&](const pugi::xml_node& each) {
    const std::string_view full(each.name());
    const auto colon = full.find(':');
    return is_named(colon == full.npos ? full : full.substr(colon + 1), name);
  });
}

const char* fault_attribute(const pugi::xml_node& node, std::string_view name) {
  for (const auto& each : node.attributes())
    if (is_named(each.name(), name)) return each.value();
  return "";
}

std::optional<Fault> fault_in_xml(std::string_view body) {
  pugi::xml_document document;
  if (!document.load_buffer(body.data(), body.size())) return {};
  const auto fault = find_element(document, "fault");
  const auto error = find_element(fault, "error");
  if (!error) return {};
  Fault out{fault_attribute(fault, "type"), fault_attribute(error, "code"),
            std::string(find_element(error, "message").text().get()) + " " +
                find_element(error, "detail").text().get()};
  if (out.code.empty()) out.code = "unknown";
  return out;
}

}  // namespace

std::optional<Fault> fault_in(const Json* json, std::string_view body) {
  if (json) return fault_in_json(*json);
  const auto first = body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first == body.npos || body[first] != '<') return {};
  return fault_in_xml(body.substr(first));
}

Meaning meaning_of(int status, const Json* json, const std::optional<Fault>& fault) {
  if (status == 200 && !fault)
    return json && json->is_object() ? Meaning::alive : Meaning::unreadable;
  oauth::Answer answer{status, {}, {}};
  if (fault) {
    answer.code = fault->code;
    answer.text = fault->type + " " + fault->text;
  }
  const auto* row = oauth::row_for(answer, answer_rows, std::size(answer_rows));
  return row ? row->meaning : Meaning::unreadable;
}

std::span<const oauth::AnswerRow> accounting_answer_rows() {
  return answer_rows;
}

}  // namespace rekey::intuit
