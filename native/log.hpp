// The log: one JSON object a line on standard error, for people and for programs that collect it.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace rekey::log {

enum class Level { debug, info, warning, error };

/// The level of that name ("debug", "info", "warning", "error"), or nothing.
std::optional<Level> parse_level(std::string_view name);

/// Lines below this level are not written. At first: info.
void set_level(Level level);

/// Writes one line: time, level, event and the fields. `event` names what happened, in lower case
/// with dots ("server.listening"). A Secret has no conversion to a field, so it cannot get in here;
/// nor may anything that came from one.
void write(Level level, std::string_view event, const nlohmann::json& fields = {});

inline void debug(std::string_view event, const nlohmann::json& fields = {}) {
  write(Level::debug, event, fields);
}
inline void info(std::string_view event, const nlohmann::json& fields = {}) {
  write(Level::info, event, fields);
}
inline void warning(std::string_view event, const nlohmann::json& fields = {}) {
  write(Level::warning, event, fields);
}
inline void error(std::string_view event, const nlohmann::json& fields = {}) {
  write(Level::error, event, fields);
}

/// A warning of what others can cause as often as they like: of each event at most one line in ten
/// seconds is written, so that no caller can fill the log. `left_out` in the next one says how many
/// were not.
void warning_seldom(std::string_view event, const nlohmann::json& fields = {});

/// Where lines go instead of standard error (without their line break); an empty one restores it.
using Sink = std::function<void(std::string_view line)>;
void set_sink(Sink sink);

}  // namespace rekey::log
