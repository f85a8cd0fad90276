#include "tests/web/model/fake_platform.hpp"

#include "core/text/english.hpp"

#include <algorithm>
#include <utility>

namespace rekey::web {

namespace fake {

Browser& browser() {
  static Browser the;
  return the;
}

void reset() {
  auto gone_to = std::move(browser().gone_to);  // of the page of this test, which was made before
  browser() = {};
  browser().gone_to = std::move(gone_to);
}

void Browser::pass(std::int64_t ms) {
  now_ms += ms;
  for (;;) {
    const auto due = std::find_if(timers.begin(), timers.end(),
                                  [&](const Timer& each) { return each.at <= now_ms; });
    if (due == timers.end()) return;
    const auto timer = *due;
    timers.erase(due);
    timer.callback(timer.context);
  }
}

}  // namespace fake

using fake::browser;

namespace platform {

Launch take_launch() {
  return std::exchange(browser().launch, {});
}
std::int64_t now_ms() {
  return browser().now_ms;
}
std::string random_hex(int bytes) {
  return std::string(static_cast<std::size_t>(bytes) * 2, 'a');
}
std::optional<std::string> stored(std::string_view key) {
  const auto at = browser().storage.find(std::string(key));
  if (at == browser().storage.end()) return {};
  return at->second;
}
void store(std::string_view key, std::string_view value) {
  browser().storage[std::string(key)] = std::string(value);
}
void forget(std::string_view key) {
  browser().storage.erase(std::string(key));
}
void navigate(std::string_view url) {
  browser().visited.emplace_back(url);
}
void push_address(std::string_view address) {
  browser().history.push_back(std::exchange(browser().address, std::string(address)));
}
void replace_address(std::string_view address) {
  browser().address = address;
}
void on_address(std::function<void(Address)> gone_to) {
  browser().gone_to = std::move(gone_to);
}
void load_at(std::string_view address) {
  if (browser().address != address) push_address(address);
  ++browser().reloads;
}
void reload() {
  ++browser().reloads;
}
void save_file(std::string_view name, std::string_view, std::string_view text) {
  browser().saved_files.emplace_back(name, text);
}
void choose_file(std::string_view, std::function<void(std::string)> chosen) {
  browser().on_file = std::move(chosen);
}
void print(std::string_view document) {
  browser().printed.emplace_back(document);
}
void on_print(bool (*)(void*), void*) {}
bool cookies() {
  return browser().cookies;
}
std::string language() {
  return "en-GB";
}
std::string words() {
  return std::string(rekey::text::english_json());
}
int language_turn() {
  return 0;
}
std::string languages() {
  return "en\tEnglish\n";
}
void choose_language(std::string_view, void (*)(void*), void*) {}
std::string format_list(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& each : texts) out += (out.empty() ? "" : ", ") + each;
  return out;
}
std::string format_number(double value) {
  return std::to_string(static_cast<long long>(value));
}
std::string format_date(std::int64_t ms, bool with_time) {
  return (with_time ? "minute " : "day ") + std::to_string(ms / (with_time ? 60'000 : 86'400'000));
}
void wake() {}
void after(int milliseconds, void (*callback)(void*), void* context) {
  browser().timers.push_back({browser().now_ms + milliseconds, callback, context});
}
void on_return(void (*)(void*), void*) {}

}  // namespace platform

namespace net {

void send(Request request, std::function<void(Response)> done) {
  browser().sent.push_back({std::move(request), std::move(done)});
}
int open_stream(const Stream& stream, StreamEvents events) {
  browser().streams.push_back({stream, std::move(events)});
  return static_cast<int>(browser().streams.size()) - 1;
}
void close_stream(int handle) {
  browser().streams[static_cast<std::size_t>(handle)].second = {};
}

}  // namespace net
}  // namespace rekey::web
