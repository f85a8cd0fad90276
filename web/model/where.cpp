#include "web/model/where.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace rekey::web {

namespace {

constexpr std::array<std::string_view, 3> views{"", "connection", "configuration"};
constexpr std::array<std::string_view, 6> panes{"",         "settings", "company",
                                                "left-out", "versions", "spreadsheet"};

/// The name of a section as addresses have it: words are joined by "-".
std::string written(mapping::Section section) {
  std::string out(names_of(section)[static_cast<std::size_t>(section)]);
  std::replace(out.begin(), out.end(), '_', '-');
  return out;
}

std::optional<mapping::Section> section_named(std::string_view name) {
  for (const auto each : mapping::all_sections)
    if (written(each) == name) return each;
  return {};
}

template <std::size_t n>
std::optional<std::size_t> place_in(const std::array<std::string_view, n>& names,
                                    std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return {};
  return static_cast<std::size_t>(found - names.begin());
}

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> out;
  for (;;) {
    const auto end = path.find('/');
    out.push_back(path.substr(0, end));
    if (end == std::string_view::npos) return out;
    path.remove_prefix(end + 1);
  }
}

std::optional<std::int64_t> version_named(std::string_view name) {
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), out);
  if (error != std::errc() || end != name.data() + name.size() || out <= 0) return {};
  return out;
}

/// What stands behind "configuration/".
std::optional<Where> part_named(const std::vector<std::string_view>& parts) {
  Where out{View::configuration};
  if (const auto section = section_named(parts[1]); section && parts.size() == 2) {
    out.section = section;
    return out;
  }
  const auto pane = place_in(panes, parts[1]);
  if (!pane || parts[1].empty()) return {};
  out.pane = static_cast<Pane>(*pane);
  if (parts.size() == 2) return out;
  const auto version = version_named(parts[2]);
  if (out.pane != Pane::versions || parts.size() > 3 || !version) return {};
  out.version = *version;
  return out;
}

}  // namespace

std::string address_of(const Where& where) {
  std::string out("#/");
  out += views[static_cast<std::size_t>(where.view)];
  if (where.view != View::configuration) return out;
  if (where.pane == Pane::lists) return where.section ? out + "/" + written(*where.section) : out;
  out.append("/").append(panes[static_cast<std::size_t>(where.pane)]);
  if (where.pane == Pane::versions && where.version > 0) out += "/" + std::to_string(where.version);
  return out;
}

std::optional<Where> where_of(std::string_view address) {
  if (address.empty() || address == "#") return Where{};
  if (address.substr(0, 2) != "#/") return {};
  const auto parts = parts_of(address.substr(2));
  const auto view = place_in(views, parts[0]);
  if (!view) return {};
  if (parts.size() == 1) return Where{static_cast<View>(*view)};
  if (static_cast<View>(*view) != View::configuration) return {};
  return part_named(parts);
}

bool names_part(const Where& where) {
  return where.view == View::configuration && (where.pane != Pane::lists || where.section);
}

}  // namespace rekey::web
