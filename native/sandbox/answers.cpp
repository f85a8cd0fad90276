#include "native/sandbox/answers.hpp"

#include <algorithm>

#include "native/sandbox/times.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

constexpr const char* finance = "http://schema.intuit.com/finance/v3";

http::Response with_type(int status, const char* type, std::string body) {
  http::Response response;
  response.status = status;
  response.headers.set("Content-Type", type);
  response.headers.set("Cache-Control", "max-age=0, no-cache, no-store, must-revalidate, private");
  response.body = std::move(body);
  return response;
}

/// `inside` within the root element of every XML answer.
std::string document(const std::string& inside, Instant now) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><IntuitResponse xmlns=\"" +
         std::string(finance) + "\" time=\"" + pacific_time(now) + "\">" + inside +
         "</IntuitResponse>";
}

bool is_attribute(const std::string& name) {
  static constexpr std::string_view attributes[] = {
      "domain", "sparse", "status", "bId", "startPosition", "maxResults", "totalCount"};
  return std::find(std::begin(attributes), std::end(attributes), name) != std::end(attributes);
}

std::string plain(const json& value) {
  return value.is_string() ? value.get<std::string>() : json_text(value);
}

std::string attribute(const std::string& name, const json& value) {
  return " " + name + "=\"" + escape_xml(plain(value)) + "\"";
}

std::string fault_xml(const ApiFault& fault) {
  std::string xml =
      "<Fault" + attribute("type", fault.type) + "><Error" + attribute("code", fault.code);
  if (!fault.element.empty()) xml += attribute("element", fault.element);
  return xml + "><Message>" + escape_xml(fault.message) + "</Message><Detail>" +
         escape_xml(fault.detail) + "</Detail></Error></Fault>";
}

/// Whether a member can be an element: what a program sent may have members of any name.
bool is_element_name(const std::string& name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '.'; });
}

/// The text in characters that XML has: no broken UTF-8, and not U+FFFE and U+FFFF (XML 1.0
/// section 2.2).
std::string in_characters(std::string_view text) {
  std::string out(text);
  if (std::all_of(out.begin(), out.end(), [](char c) { return static_cast<signed char>(c) >= 0; }))
    return out;
  out = json::parse(json_text(out)).get<std::string>();
  for (auto at = out.find("\xef\xbf"); at != out.npos; at = out.find("\xef\xbf", at + 3))
    if (out[at + 2] == '\xbe' || out[at + 2] == '\xbf') out[at + 2] = '\xbd';
  return out;
}

}  // namespace

std::string json_text(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json parse_json(std::string_view text) {
  constexpr int deepest = 100;
  bool too_deep = false;
  auto value = json::parse(
      text,
      [&](int depth, json::parse_event_t, json&) {
        too_deep = too_deep || depth > deepest;
        return !too_deep;
      },
      false);
  return too_deep ? json(json::value_t::discarded) : value;
}

std::string escape_xml(std::string_view text) {
  std::string out;
  for (const char c : in_characters(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      // XML has no control characters, not even escaped.
      default:
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

std::string to_xml(const std::string& name, const json& value) {
  if (value.is_array()) {
    std::string xml;
    for (const json& one : value) xml += to_xml(name, one);
    return xml;
  }
  if (!value.is_object()) return "<" + name + ">" + escape_xml(plain(value)) + "</" + name + ">";
  // A reference is its id, with the name beside it.
  if (value.contains("value") && value.size() <= 2) {
    std::string xml = "<" + name;
    if (value.contains("name")) xml += attribute("name", value["name"]);
    return xml + ">" + escape_xml(plain(value["value"])) + "</" + name + ">";
  }
  std::string attributes, inside;
  for (const auto& [key, member] : value.items()) {
    if (is_attribute(key))
      attributes += attribute(key, member);
    else if (is_element_name(key))
      inside += to_xml(key, member);
  }
  return "<" + name + attributes + ">" + inside + "</" + name + ">";
}

bool wants_json(const http::Request& request) {
  if (request.query_value("format") == "json") return true;
  return request.headers.get("accept").value_or("").find("json") != std::string::npos;
}

http::Response records_response(const http::Request& request, json body, Instant now) {
  if (wants_json(request)) {
    body["time"] = pacific_time(now);
    return with_type(200, "application/json;charset=UTF-8", json_text(body));
  }
  std::string inside;
  for (const auto& [key, value] : body.items()) inside += to_xml(key, value);
  return with_type(200, "application/xml;charset=UTF-8", document(inside, now));
}

json fault_body(const ApiFault& fault) {
  const json error = {{"Message", fault.message},
                      {"Detail", fault.detail},
                      {"code", fault.code},
                      {"element", fault.element}};
  return {{"Error", {error}}, {"type", fault.type}};
}

http::Response service_fault(const http::Request& request, const ApiFault& fault, Instant now) {
  if (!wants_json(request))
    return with_type(fault.status, "application/xml;charset=UTF-8",
                     document(fault_xml(fault), now));
  const json body = {{"Fault", fault_body(fault)}, {"time", pacific_time(now)}};
  return with_type(fault.status, "application/json;charset=UTF-8", json_text(body));
}

http::Response gateway_fault(const http::Request& request, const ApiFault& fault, Instant now) {
  http::Response response;
  if (wants_json(request)) {
    const json error = {{"message", fault.message},
                        {"detail", fault.detail},
                        {"code", fault.code},
                        {"element", nullptr}};
    json body = {{"fault", {{"error", {error}}, {"type", fault.type}}}, {"time", to_ms(now)}};
    for (const char* name :
         {"warnings", "intuitObject", "report", "queryResponse", "requestId", "status"})
      body[name] = nullptr;
    for (const char* name :
         {"batchItemResponse", "attachableResponse", "syncErrorResponse", "cdcresponse"})
      body[name] = json::array();
    response = with_type(fault.status, "application/json;charset=UTF-8", json_text(body));
  } else {
    response =
        with_type(fault.status, "application/xml;charset=UTF-8", document(fault_xml(fault), now));
  }
  if (fault.status == 401)
    response.headers.set("WWW-Authenticate", "Bearer realm=\"Intuit\", error=\"invalid_token\"");
  return response;
}

ApiFault not_authenticated(std::string detail) {
  return {401,
          "AUTHENTICATION",
          "3200",
          "message=AuthenticationFailed; errorCode=003200; statusCode=401",
          std::move(detail),
          ""};
}

ApiFault not_authorized(std::string detail) {
  return {403,
          "SERVICE",
          "3100",
          "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403",
          std::move(detail),
          ""};
}

ApiFault throttled() {
  return {429,
          "SERVICE",
          "3001",
          "message=ThrottleExceeded; errorCode=003001; statusCode=429",
          "The request limit was reached",
          ""};
}

}  // namespace rekey::sandbox
