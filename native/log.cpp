#include "native/log.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "native/system/rfc3339.hpp"

namespace rekey::log {
namespace {

constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warning", "error"};
std::atomic<Level> lowest{Level::info};
std::mutex output_mutex;

constexpr auto between_lines = std::chrono::seconds(10);
struct Written {
  std::chrono::steady_clock::time_point written{};
  std::int64_t left_out = 0;
};
std::mutex seldom_mutex;
// By event: the names in our code, so never many.
std::map<std::string, Written, std::less<>>& seldom() {
  static std::map<std::string, Written, std::less<>> all;
  return all;
}

Sink& sink() {
  static Sink current;
  return current;
}

}  // namespace

std::optional<Level> parse_level(std::string_view name) {
  for (std::size_t i = 0; i < level_names.size(); ++i)
    if (level_names[i] == name) return static_cast<Level>(i);
  return std::nullopt;
}

void set_level(Level level) {
  lowest = level;
}

void write(Level level, std::string_view event, const nlohmann::json& fields) {
  if (level < lowest.load()) return;
  nlohmann::ordered_json line;
  line["time"] = rfc3339(std::chrono::floor<Millis>(std::chrono::system_clock::now()));
  line["level"] = level_names[static_cast<std::size_t>(level)];
  line["event"] = event;
  // emplace does not replace: a field called "time" never hides the time.
  if (fields.is_object())
    for (const auto& [name, value] : fields.items()) line.emplace(name, value);
  else if (!fields.is_null())
    line["value"] = fields;
  std::string text = line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  const std::lock_guard lock(output_mutex);
  if (sink()) return sink()(text);
  text += '\n';
  // One write a line, so that lines of several processes on one terminal do not mix.
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void warning_seldom(std::string_view event, const nlohmann::json& fields) {
  std::int64_t left_out = 0;
  {
    const std::lock_guard lock(seldom_mutex);
    const auto now = std::chrono::steady_clock::now();
    const auto [at, first] = seldom().try_emplace(std::string(event));
    if (!first && now < at->second.written + between_lines) {
      ++at->second.left_out;
      return;
    }
    left_out = std::exchange(at->second.left_out, 0);
    at->second.written = now;
  }
  auto said = fields;
  if (left_out > 0) said["left_out"] = left_out;
  write(Level::warning, event, said);
}

void set_sink(Sink replacement) {
  {
    const std::lock_guard lock(seldom_mutex);
    seldom().clear();
  }
  const std::lock_guard lock(output_mutex);
  sink() = std::move(replacement);
}

}  // namespace rekey::log
