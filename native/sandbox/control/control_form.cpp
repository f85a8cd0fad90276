#include "native/sandbox/control/control_form.hpp"

#include <algorithm>

#include "native/sandbox/control/fault.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

bool is_text(std::string_view name) {
  return std::find(std::begin(fault_texts), std::end(fault_texts), name) != std::end(fault_texts);
}

void add_fields(json& body, std::string_view text) {
  for (const auto& [name, value] : http::parse_form(text)) {
    if (name == "method" || name == "section" || name == "more" || value.empty()) continue;
    const json read = is_text(name) ? json() : json::parse(value, nullptr, false);
    if (read.is_number() || read.is_boolean())
      body[name] = read;
    else
      body[name] = value;
  }
}

/// Whether this is an address of a machine and no name. A name could be anybody's, pointed at this
/// machine so that its own page may talk to the sandbox.
bool is_own_host(std::string_view host) {
  host = host.substr(0, host.find(':', host.starts_with('[') ? host.find(']') : 0));
  return host == "localhost" || host.starts_with('[') ||
         host.find_first_not_of("0123456789.") == host.npos;
}

}  // namespace

bool is_of_another_site(const Address& address, const http::Request& request) {
  const auto site = request.headers.get("sec-fetch-site");
  const auto origin = request.headers.get("origin");
  if (!site && !origin) return false;
  const std::string host = request.headers.get("host").value_or("127.0.0.1");
  // Without a Host to go by, this is the address that was configured, if one was.
  const std::string configured = address.of(http::Request{});
  if (!is_own_host(host) && !configured.ends_with("//" + host)) return true;
  if (site) return *site != "same-origin" && *site != "none";
  return *origin != (request.tls ? "https://" : "http://") + host && *origin != configured;
}

bool is_form(const http::Request& request) {
  const std::string type = request.headers.get("content-type").value_or("");
  const auto start = request.body.find_first_not_of(" \t\r\n");
  return request.method == "POST" && type.starts_with("application/x-www-form-urlencoded") &&
         (start == std::string::npos || request.body[start] != '{');
}

ControlForm read_form(std::string_view text) {
  const auto fields = http::parse_form(text);
  ControlForm form;
  form.method = http::find(fields, "method").value_or("POST");
  form.section = http::percent_encode(http::find(fields, "section").value_or(""));
  form.body = json::object();
  add_fields(form.body, text);
  add_fields(form.body, http::find(fields, "more").value_or(""));
  return form;
}

}  // namespace rekey::sandbox
