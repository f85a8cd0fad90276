#include "web/stage.hpp"

#include <GLES3/gl3.h>
#include <emscripten.h>
#include <emscripten/html5.h>

#include <algorithm>
#include <string>
#include <vector>

#include "backends/imgui_impl_opengl3.h"
#include "imgui.h"
#include "web/platform/imports.hpp"
#include "web/platform/script_canvas.hpp"
#include "web/widget/pass.hpp"
#include "web/widget/state.hpp"

namespace rekey::web {
namespace {

// More passes than this in a row and something never settles; it is painted as it stands.
constexpr int kPasses = 24;
constexpr int kFonts = 4;

Ui* ui = nullptr;
std::vector<std::vector<unsigned char>> fonts;
bool picture_lost = false;

// One description of the page; true when it stands as it will stay.
bool run_pass(double seconds, bool painting) {
  Ui::State& s = ui->state();
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {s.screen.width, s.screen.height};
  io.DisplayFramebufferScale = {s.screen.density, s.screen.density};
  io.DeltaTime = std::max(1e-4f, static_cast<float>(seconds - s.time));
  ImGui::NewFrame();
  begin_pass(*ui, painting, seconds);
  view::frame(*ui);
  return end_pass(*ui);
}

void tell_browser() {
  const std::string changed = news(*ui);
  if (!changed.empty()) rk_js_apply(changed.data(), static_cast<int>(changed.size()));
}

void paint() {
  const Ui::State& s = ui->state();
  ImGui::Render();
  if (picture_lost) return;
  ImGui_ImplOpenGL3_NewFrame();
  const Rgb page = palette().page;
  glViewport(0, 0, static_cast<int>(s.screen.width * s.screen.density + 0.5f),
             static_cast<int>(s.screen.height * s.screen.density + 0.5f));
  glClearColor(((page >> 16) & 0xff) / 255.f, ((page >> 8) & 0xff) / 255.f, (page & 0xff) / 255.f,
               1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

// The context that boot.js has made already, with these attributes.
bool create_context() {
  EmscriptenWebGLContextAttributes wanted;
  emscripten_webgl_init_context_attributes(&wanted);
  wanted.majorVersion = 2;
  wanted.alpha = false;
  wanted.depth = wanted.stencil = wanted.antialias = false;
  const auto context = emscripten_webgl_create_context("#canvas", &wanted);
  return context > 0 && emscripten_webgl_make_context_current(context) == EMSCRIPTEN_RESULT_SUCCESS;
}

}  // namespace

unsigned script_canvas::create_texture(int size) {
  GLuint texture = 0;
  glGenTextures(1, &texture);
  glBindTexture(GL_TEXTURE_2D, texture);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, size, size, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  return texture;
}

void script_canvas::delete_texture(unsigned texture) {
  glDeleteTextures(1, &texture);
}

bool open_stage() {
  if (!create_context()) return false;
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.ConfigFlags |= ImGuiConfigFlags_NoMouseCursorChange;
  ImGui_ImplOpenGL3_Init("#version 300 es");
  for (int i = 0; i < kFonts; ++i) {
    fonts.emplace_back(static_cast<std::size_t>(rk_js_font_size(i)));
    rk_js_font_copy(i, fonts.back().data());
  }
  text::load_fonts(fonts);
  ui = new Ui;  // as long as the page
  return true;
}

}  // namespace rekey::web

using namespace rekey::web;

// What the browser's side calls.
extern "C" {

/// Runs passes without painting until everything is handled.
EMSCRIPTEN_KEEPALIVE void rk_pump(double seconds) {
  for (int i = 0; i < kPasses; ++i) {
    const bool settled = run_pass(seconds, false);
    ImGui::EndFrame();
    if (settled) break;
  }
  tell_browser();
}

/// Paints; gives the milliseconds to the next frame, or -1 when nothing moves by itself.
EMSCRIPTEN_KEEPALIVE int rk_frame(double seconds) {
  int passes = 1;
  for (; !run_pass(seconds, true) && passes < kPasses; ++passes) ImGui::EndFrame();
  if (passes == kPasses) rk_js_unsettled();
  paint();
  tell_browser();
  return ui->state().wake_in;
}

EMSCRIPTEN_KEEPALIVE void rk_event(int kind, unsigned id, const char* text) {
  ui->state().queue.push_back({static_cast<EventKind>(kind), id, text});
}

EMSCRIPTEN_KEEPALIVE void rk_pointer(unsigned hover, unsigned held, unsigned focus, int visible) {
  ui->state().pointer = {hover, held, focus, visible != 0};
}

EMSCRIPTEN_KEEPALIVE void rk_scroll(unsigned id, double top) {
  ui->state().layers[id].scroll = static_cast<float>(top);
}

EMSCRIPTEN_KEEPALIVE void rk_screen(double width, double height, double main_width, double density,
                                    int reduced_motion, int coarse) {
  Screen& screen = ui->state().screen;
  screen = {static_cast<float>(width),
            static_cast<float>(height),
            static_cast<float>(main_width),
            static_cast<float>(density),
            reduced_motion != 0,
            screen.right_to_left,
            coarse != 0};
}

/// The page has another language.
EMSCRIPTEN_KEEPALIVE void rk_direction(int right_to_left) {
  ui->state().screen.right_to_left = right_to_left != 0;
  text::forget_measures();
}

/// The browser has got fonts that it had not when words were measured and drawn.
EMSCRIPTEN_KEEPALIVE void rk_fonts() {
  text::forget_measures();
}

EMSCRIPTEN_KEEPALIVE void rk_colours(int dark) {
  use_palette(dark != 0);
}

EMSCRIPTEN_KEEPALIVE void rk_system_colours(unsigned a, unsigned b, unsigned c, unsigned d,
                                            unsigned e, unsigned f) {
  use_system_palette({a, b, c, d, e, f});
}

/// What had no room in the last frame, one text a line.
EMSCRIPTEN_KEEPALIVE const char* rk_cut_short() {
  return text::cut_short().c_str();
}

EMSCRIPTEN_KEEPALIVE void rk_picture(int lost) {
  picture_lost = lost != 0;
  // Given up while the context is gone: afterwards these names would belong to nobody. Lines of
  // text also when it is back, for those that were asked for in between.
  if (picture_lost) ImGui_ImplOpenGL3_DestroyDeviceObjects();
  text::forget_textures();
}
}
