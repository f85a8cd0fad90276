#include "web/platform/platform.hpp"

#include <emscripten.h>

#include <cstdlib>
#include <unordered_map>
#include <utility>

#include "web/platform/imports.hpp"
#include "web/platform/script_canvas.hpp"
#include "web/platform/speech.hpp"

namespace rekey::web {
namespace {

int length(std::string_view text) {
  return static_cast<int>(text.size());
}

// Takes over a text that the browser's side allocated; null is an empty one.
std::string taken(char* text) {
  std::string result(text ? text : "");
  std::free(text);
  return result;
}

struct Timer {
  void (*callback)(void*);
  void* context;
};
std::unordered_map<int, Timer> timers;
int last_timer = 0;
Timer returning{};
Timer no_language{};
int turn_of_language = 0;
struct Printing {
  bool (*callback)(void*) = nullptr;
  void* context = nullptr;
} printing;
std::function<void(std::string)> on_file;
std::function<void(platform::Address)> on_gone_to;

}  // namespace

namespace platform {

Launch take_launch() {
  Launch out{taken(rk_js_launch(0)), taken(rk_js_launch(1)), taken(rk_js_launch(2))};
  out.left.top = std::strtof(taken(rk_js_launch(3)).c_str(), nullptr);
  out.left.focus =
      static_cast<std::uint32_t>(std::strtoul(taken(rk_js_launch(4)).c_str(), nullptr, 10));
  out.is_next_step = !taken(rk_js_launch(5)).empty();
  return out;
}

void push_address(std::string_view address) {
  rk_js_address(address.data(), length(address), 0);
}
void replace_address(std::string_view address) {
  rk_js_address(address.data(), length(address), 1);
}
void on_address(std::function<void(Address)> gone_to) {
  on_gone_to = std::move(gone_to);
}

std::int64_t now_ms() {
  return static_cast<std::int64_t>(rk_js_now_ms());
}
std::string random_hex(int bytes) {
  return taken(rk_js_random_hex(bytes));
}

std::optional<std::string> stored(std::string_view key) {
  char* text = rk_js_stored(key.data(), length(key));
  if (!text) return std::nullopt;
  return taken(text);
}

void store(std::string_view key, std::string_view value) {
  rk_js_store(key.data(), length(key), value.data(), length(value));
}

void forget(std::string_view key) {
  rk_js_forget(key.data(), length(key));
}
void navigate(std::string_view url) {
  rk_js_navigate(url.data(), length(url));
}
void load_at(std::string_view address) {
  rk_js_load_at(address.data(), length(address));
}
void reload() {
  rk_js_reload();
}
void save_file(std::string_view name, std::string_view type, std::string_view text) {
  rk_js_save_file(name.data(), length(name), type.data(), length(type), text.data(), length(text));
}
void choose_file(std::string_view accept, std::function<void(std::string)> chosen) {
  on_file = std::move(chosen);
  rk_js_choose_file(accept.data(), length(accept));
}
void print(std::string_view document) {
  rk_js_print(document.data(), length(document));
}
void on_print(bool (*callback)(void* context), void* context) {
  printing = {callback, context};
}
bool cookies() {
  return rk_js_cookies() != 0;
}
std::string language() {
  return taken(rk_js_language());
}

std::string words() {
  return taken(rk_js_words());
}
int language_turn() {
  return turn_of_language;
}
std::string languages() {
  return taken(rk_js_languages());
}
void choose_language(std::string_view tag, void (*failed)(void* context), void* context) {
  no_language = {failed, context};
  rk_js_choose_language(tag.data(), length(tag));
}
std::string format_list(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& each : texts) all.append(all.empty() ? "" : "\n").append(each);
  return taken(rk_js_format_list(all.data(), length(all)));
}
std::string format_number(double value) {
  return taken(rk_js_format_number(value));
}

std::string format_date(std::int64_t ms, bool with_time) {
  return taken(rk_js_format_date(static_cast<double>(ms), with_time ? 1 : 0));
}

void wake() {
  rk_js_wake();
}

void after(int milliseconds, void (*callback)(void* context), void* context) {
  timers[++last_timer] = {callback, context};
  rk_js_after(milliseconds, last_timer);
}

void on_return(void (*callback)(void* context), void* context) {
  returning = {callback, context};
}

}  // namespace platform

void speech::say(std::string_view text, bool urgent) {
  rk_js_say(text.data(), length(text), urgent ? 1 : 0);
}

namespace script_canvas {

float width(std::string_view words, float px, int weight) {
  return static_cast<float>(rk_js_text_width(words.data(), length(words), px, weight));
}

void draw(std::string_view words, float px, float line, int weight, std::uint32_t rgb,
          float density, unsigned texture, Area area, int skip) {
  rk_js_text_draw(words.data(), length(words), px, line, weight, static_cast<int>(rgb), density,
                  texture, area.x, area.y, area.w, area.h, skip);
}

std::string fold(std::string_view words) {
  return taken(rk_js_fold(words.data(), length(words)));
}

}  // namespace script_canvas
}  // namespace rekey::web

extern "C" EMSCRIPTEN_KEEPALIVE void rk_timer(int handle) {
  auto& timers = rekey::web::timers;
  const auto found = timers.find(handle);
  if (found == timers.end()) return;
  const auto timer = found->second;
  timers.erase(found);
  timer.callback(timer.context);
}

extern "C" EMSCRIPTEN_KEEPALIVE void rk_file_chosen(const char* text, int size) {
  const auto chosen = std::exchange(rekey::web::on_file, {});
  if (chosen) chosen(std::string(text, static_cast<std::size_t>(size)));
}

extern "C" EMSCRIPTEN_KEEPALIVE void rk_language(int loaded) {
  if (loaded) ++rekey::web::turn_of_language;
  const auto failed = rekey::web::no_language;
  if (!loaded && failed.callback) failed.callback(failed.context);
}

extern "C" EMSCRIPTEN_KEEPALIVE int rk_print_asked() {
  const auto& printing = rekey::web::printing;
  return printing.callback && printing.callback(printing.context) ? 1 : 0;
}

extern "C" EMSCRIPTEN_KEEPALIVE void rk_returned() {
  const auto& returning = rekey::web::returning;
  if (returning.callback) returning.callback(returning.context);
}

extern "C" EMSCRIPTEN_KEEPALIVE void rk_gone_to(const char* address, int returned, double top,
                                                unsigned focus) {
  using namespace rekey::web;
  if (!on_gone_to) return;
  platform::Address to{address};
  if (returned) to.left_at = platform::LeftAt{static_cast<float>(top), focus};
  on_gone_to(std::move(to));
}
