// The settings of the page and its sessions, and how their values are read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/mapping/section.hpp"
#include "core/time.hpp"

namespace rekey::config {

struct Settings;

struct PageSettings {
  Millis session_idle = std::chrono::hours{2};
  Millis session_life = std::chrono::hours{12};
  int sessions_per_tenant = 200;
  std::vector<std::string> return_hosts;  ///< lower case, each with or without a port
  std::string host_url;                   ///< empty: not given
  bool pkce = true;
  bool ask_about_shared_company = false;
  bool forbid_shared_company = false;
  /// What of the directory is mapped, in the order of the page.
  mapping::Sections lists{mapping::usual_sections.begin(), mapping::usual_sections.end()};
  /// Of which each record has to be decided before a save.
  mapping::Sections required_lists{};
};

/// A length of time as a person writes it: a whole number and its unit, "90s", "30m", "12h" or
/// "7d". Nothing when it is not one, or longer than a year.
std::optional<Millis> parse_duration(std::string_view text);

/// One for each row of the table (`Setting::take`).
std::optional<std::string> take_session_idle(Settings& settings, const std::string& value);
std::optional<std::string> take_session_life(Settings& settings, const std::string& value);
std::optional<std::string> take_page_sessions_per_tenant(Settings& settings,
                                                         const std::string& value);
std::optional<std::string> take_return_hosts(Settings& settings, const std::string& value);
std::optional<std::string> take_host_url(Settings& settings, const std::string& value);
std::optional<std::string> take_pkce(Settings& settings, const std::string& value);
std::optional<std::string> take_shared_company(Settings& settings, const std::string& value);
std::optional<std::string> take_lists(Settings& settings, const std::string& value);
std::optional<std::string> take_required_lists(Settings& settings, const std::string& value);

}  // namespace rekey::config
