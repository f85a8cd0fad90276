#include "core/text/catalogue.hpp"

#include <charconv>

#include "core/text/english.hpp"
#include "core/text/plural.hpp"
#include "core/wire/fields.hpp"
#include "core/wire/json.hpp"

namespace rekey::text {

namespace {

/// The form that a value asks for; what is no whole number is told in the general one.
std::string_view form_for(std::string_view language, std::string_view value) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), count);
  const bool is_whole = error == std::errc{} && end == value.data() + value.size();
  return wire::name_of(is_whole ? plural_form(language, count) : PluralForm::other);
}

}  // namespace

std::string fill(std::string_view text, const Values& values) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto end = text[i] == '{' ? text.find('}', i) : std::string_view::npos;
    if (end == std::string_view::npos) {
      out += text[i];
      continue;
    }
    const auto place = text.substr(i + 1, end - i - 1);
    for (const auto& [name, value] : values)
      if (name == place) out += value;
    i = end;
  }
  return out;
}

Result<Catalogue> Catalogue::read(std::string_view json, std::string_view language) {
  auto parsed = wire::parse(json, "The catalogue of texts");
  if (!parsed) return tl::unexpected(parsed.error());
  Catalogue out;
  out.language_ = language;
  if (!parsed->is_object())
    return fail(Code::bad_input, "The catalogue of texts is not an object.");
  for (const auto& [id, text] : parsed->items()) {
    if (!text.is_string())
      return fail(Code::bad_input,
                  fill("The catalogue of texts has no text for \"{id}\".", {{"id", id}}));
    out.texts_[id] = text.get<std::string>();
  }
  return out;
}

Catalogue Catalogue::english() {
  auto built_in = read(english_json());
  return built_in ? *built_in : Catalogue{};  // a test reads it, so it is never empty
}

std::string Catalogue::say(std::string_view id, const Values& values) const {
  auto at = texts_.find(std::string(id));
  if (at == texts_.end()) {
    std::string counted(id);
    for (const auto& [name, value] : values)
      if (name == "count") {
        counted += '.';
        counted += form_for(language_, value);
      }
    at = texts_.find(counted);
  }
  if (at == texts_.end()) return std::string(id);
  return fill(at->second, values);
}

}  // namespace rekey::text
