#include "native/sandbox/text/json.hpp"

namespace rekey::sandbox {

using nlohmann::json;

std::string json_text(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json parse_json(std::string_view text) {
  bool too_deep = false;
  auto value = json::parse(
      text,
      [&](int depth, json::parse_event_t, json&) {
        too_deep = too_deep || depth > deepest_nesting;
        return !too_deep;
      },
      false);
  return too_deep ? json(json::value_t::discarded) : value;
}

std::string text_member(const json& body, const char* name) {
  const auto found = body.find(name);
  return found != body.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace rekey::sandbox
