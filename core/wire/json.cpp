#include "core/wire/json.hpp"

namespace rekey::wire {

Result<Json> parse(std::string_view text, std::string_view what) {
  // Deep nesting is refused before parsing: destroying such a tree would use up the stack.
  constexpr int deepest = 64;
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > deepest)
        return fail(Code::bad_input, std::string(what) + " is nested too deeply.");
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  Json json = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return fail(Code::bad_input, std::string(what) + " is not valid JSON.");
  return json;
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string text_at(const Json& json, const char* name) {
  if (!json.is_object()) return {};
  const auto at = json.find(name);
  return at != json.end() && at->is_string() ? at->get<std::string>() : std::string();
}

bool read(const Json& json, std::string& out, std::string& wrong) {
  if (json.is_string()) {
    out = json.get<std::string>();
    return true;
  }
  wrong = " is not a text";
  return false;
}

bool read(const Json& json, bool& out, std::string& wrong) {
  if (json.is_boolean()) {
    out = json.get<bool>();
    return true;
  }
  wrong = " is not true or false";
  return false;
}

bool read(const Json& json, std::int64_t& out, std::string& wrong) {
  if (json.is_number_integer() &&
      !(json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX)) {
    out = json.get<std::int64_t>();
    return true;
  }
  wrong = " is not a whole number";
  return false;
}

bool read(const Json& json, double& out, std::string& wrong) {
  if (json.is_number()) {
    out = json.get<double>();
    return true;
  }
  wrong = " is not a number";
  return false;
}

bool read(const Json& json, Instant& out, std::string& wrong) {
  std::int64_t ms = 0;
  if (!read(json, ms, wrong)) return false;
  // Within ±10,000 years: adding any of our periods to it cannot overflow.
  constexpr std::int64_t farthest = 315'360'000'000'000;
  if (ms < -farthest || ms > farthest) {
    wrong = " is not a time of this era";
    return false;
  }
  out = from_ms(ms);
  return true;
}

}  // namespace rekey::wire
