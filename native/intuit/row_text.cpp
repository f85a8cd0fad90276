#include "native/intuit/row_text.hpp"

#include <algorithm>

namespace rekey::intuit {

namespace {

using wire::Json;

bool is_blank_or_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= ' ' || byte == 0x7f;
}

std::string tidy(std::string text) {
  for (char& c : text)
    if (is_blank_or_control(c)) c = ' ';
  text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
  text.erase(text.find_last_not_of(' ') + 1);
  text = cut(std::move(text));
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

}  // namespace

std::string cut(std::string text) {
  auto most = longest_text;
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
  text.resize(most);
  return text;
}

const Json* member_of(const Json& json, const char* name) {
  if (!json.is_object()) return nullptr;
  const auto at = json.find(name);
  return at == json.end() ? nullptr : &*at;
}

std::string readable(const Json* value) {
  if (!value) return {};
  if (value->is_string()) return tidy(value->get_ref<const std::string&>());
  return value->is_number() || value->is_boolean() ? value->dump() : std::string();
}

std::string readable(const Json& row, const char* name) {
  return readable(member_of(row, name));
}

std::string readable(const Json& row, const char* outer, const char* inner) {
  const auto* within = member_of(row, outer);
  return within ? readable(*within, inner) : std::string();
}

bool says(const Json& json, const char* name, bool if_unclear) {
  auto text = readable(json, name);
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  return if_unclear;
}

std::string without_deleted(std::string name) {
  constexpr std::string_view suffix = " (deleted)";
  if (name.size() > suffix.size() && name.ends_with(suffix))
    name.resize(name.size() - suffix.size());
  return name;
}

}  // namespace rekey::intuit
