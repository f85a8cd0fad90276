#include <toml++/toml.h>
#include <algorithm>
#include <filesystem>
#include <sstream>

#include "core/text/catalogue.hpp"
#include "core/text/nearest.hpp"
#include "native/config.hpp"

namespace rekey::config {
namespace {

std::string_view nearest_name(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& each : all_settings()) names.push_back(each.name);
  return names[text::nearest(name, names)];
}

// As the value would be written in a flag; nothing for what no setting is.
std::optional<std::string> as_text(const toml::node& node, bool is_switch) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* flag = node.as_boolean(); flag != nullptr && is_switch)
    return flag->get() ? "on" : "off";
  if (const auto* list = node.as_array()) {
    std::string joined;
    for (const toml::node& each : *list) {
      const auto* text = each.as_string();
      if (text == nullptr) return std::nullopt;
      joined += (joined.empty() ? "" : " ") + text->get();
    }
    return joined;
  }
  return std::nullopt;
}

Result<void> take_key(Values& values, const std::string& path, const std::string& key,
                      const toml::node& node) {
  const text::Values values_of{{"path", path},
                               {"line", std::to_string(node.source().begin.line)},
                               {"key", key},
                               {"variable", environment_name(key)},
                               {"nearest", std::string(nearest_name(key))}};
  const auto wrong = [&](std::string_view sentence) {
    return fail(Code::misconfigured, text::fill(sentence, values_of));
  };
  const auto settings = all_settings();
  const auto setting = std::find_if(settings.begin(), settings.end(),
                                    [&](const Setting& each) { return each.name == key; });
  if (setting == settings.end())
    return wrong("{path}, line {line}: there is no setting \"{key}\". Did you mean \"{nearest}\"?");
  if (setting->secret)
    return wrong(
        "{path}, line {line}: a secret does not belong into this file. Use the environment "
        "variable "
        "{variable}, or a file of its own ({key}-file), and give {key} a new value.");
  auto text = as_text(node, std::string_view(setting->placeholder) == "on|off");
  if (!text)
    return wrong("{path}, line {line}: {key} must be a text in quotation marks or a whole number.");
  values.emplace(key, std::move(*text));
  return {};
}

}  // namespace

Result<Values> read_config_file(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored))
    return fail(Code::misconfigured,
                text::fill("There is no settings file {path}.", {{"path", path}}));
  toml::table table;
  try {
    table = toml::parse_file(path);
  } catch (const toml::parse_error& error) {
    // The parser's description may quote the line, and a misplaced secret with it.
    return fail(Code::misconfigured,
                text::fill("{path}, line {line}: this is not TOML in UTF-8. A setting is written: "
                           "name = \"value\".",
                           {{"path", path}, {"line", std::to_string(error.source().begin.line)}}));
  }
  Values values;
  for (const auto& [key, node] : table)
    if (auto taken = take_key(values, path, std::string(key.str()), node); !taken)
      return tl::unexpected(taken.error());
  return values;
}

}  // namespace rekey::config
