#include "core/wire/json.hpp"

#include "core/text/catalogue.hpp"

namespace rekey::wire {

namespace {

/// Whether a text may be one in UTF-8. The zeros of UTF-16 and UTF-32 are none that JSON has.
bool is_utf8(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return false;
  std::size_t more = 0;  // bytes that the character has still to come
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (more > 0) {
      if ((byte & 0xc0) != 0x80) return false;
      --more;
    } else if (byte >= 0xf0 && byte < 0xf5) {
      more = 3;
    } else if (byte >= 0xe0 && byte < 0xf0) {
      more = 2;
    } else if (byte >= 0xc2 && byte < 0xe0) {
      more = 1;
    } else if (byte >= 0x80) {
      return false;
    }
  }
  return more == 0;
}

/// What speaks against parsing {what} at all; empty: nothing.
std::string_view complaint_of_shape(std::string_view text) {
  // Destroying a deep tree would use up the stack.
  constexpr int deepest = 64;
  // A parsed value takes some fifty bytes and more, however short it is written. What we read has a
  // name and quotation marks around nearly each; what has less is none of that.
  constexpr std::size_t bytes_a_value = 5, free_values = 10'000;
  const std::size_t most = free_values + text.size() / bytes_a_value;
  std::size_t values = 0;
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
      ++values;
      if (++depth > deepest) return "{what} is nested too deeply.";
    } else if (c == '}' || c == ']') {
      --depth;
    } else if (c == ',') {
      ++values;
    }
    if (values > most) return "{what} has far more values than it can have use for.";
  }
  return {};
}

}  // namespace

Result<Json> parse(std::string_view text, std::string_view what) {
  const text::Values values = {{"what", std::string(what)}};
  if (const auto complaint = complaint_of_shape(text); !complaint.empty())
    return fail(Code::bad_input, text::fill(complaint, values));
  Json json = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded())
    return fail(Code::bad_input,
                text::fill(is_utf8(text) ? "{what} is not valid JSON."
                                         : "{what} is not UTF-8, and JSON has to be.",
                           values));
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

bool read(const Json& json, std::map<std::string, std::string>& out, std::string& wrong) {
  out.clear();
  if (json.is_null()) return true;
  wrong = " is not an object of texts";
  if (!json.is_object()) return false;
  for (const auto& [name, value] : json.items()) {
    if (!value.is_string()) return false;
    out[name] = value.get<std::string>();
  }
  wrong.clear();
  return true;
}

bool read(const Json& json, Millis& out, std::string& wrong) {
  Instant at{};
  if (!read(json, at, wrong)) return false;
  out = at.time_since_epoch();
  return true;
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
