// JSON as it comes and goes: a request can hold anything.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace rekey::sandbox {

/// JSON as text; what is not UTF-8 in it is replaced.
std::string json_text(const nlohmann::json& value);
/// How deep the JSON of a request may be nested.
constexpr int deepest_nesting = 100;
/// The JSON of a request; discarded if it does not read, or is nested so deeply that writing it
/// would exhaust the stack.
nlohmann::json parse_json(std::string_view text);

/// A member that is a text; "" if there is none.
std::string text_member(const nlohmann::json& body, const char* name);

}  // namespace rekey::sandbox
