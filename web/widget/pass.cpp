#include "web/widget/pass.hpp"

#include <utility>

#include "web/widget/state.hpp"

namespace rekey::web {

Ui::Ui() : state_(std::make_unique<State>()) {}
Ui::~Ui() = default;

void begin_pass(Ui& ui, bool painting, double seconds) {
  Ui::State& s = ui.state();
  s.painting = painting;
  if (painting) s.delta = static_cast<float>(seconds - s.time);
  s.time = seconds;
  s.again = false;
  s.wake_in = -1;
  s.event = {};
  if (!s.queue.empty()) {
    s.event = std::move(s.queue.front());
    s.queue.erase(s.queue.begin());
  }
  s.scopes.assign(1, 0);
  s.counters.assign(1, 0);
  s.layout.begin_pass();
  s.mirror.begin_pass();
  text::begin_frame(s.screen.density);
  s.paint.begin_pass(s.screen.density, s.screen.right_to_left ? s.screen.width : 0);
  s.tray_before = std::exchange(s.tray_open, 0);
  s.dialog_before = std::exchange(s.dialog_open, 0);
  s.footer_now = 0;
  s.whole = {};
  s.cut.clear();
}

bool end_pass(Ui& ui) {
  Ui::State& s = ui.state();
  s.paint_whole();
  s.paint.end_pass();
  const bool tray_closed = s.tray_before != 0 && s.tray_open == 0;
  const bool dialog_closed = s.dialog_before != 0 && s.dialog_open == 0;
  if (tray_closed || dialog_closed) s.again = true;
  // A press somewhere else has put the focus where the person wants it.
  if (dialog_closed || (tray_closed && !s.closed_outside)) s.request_focus(s.return_to);
  s.closed_outside = false;
  // The content above it was laid out for another height.
  if (std::exchange(s.footer_height, s.footer_now) != s.footer_now) s.again = true;
  return s.queue.empty() && !s.again && s.layout.settled();
}

std::string news(Ui& ui) {
  Ui::State& s = ui.state();
  std::string head = "\"title\":";
  write_json(head, s.title);
  head += ",\"focus\":" + std::to_string(s.focus_wanted) +
          ",\"turn\":" + std::to_string(s.focus_turn) + ",";
  return s.mirror.news(head);
}

void Ui::focus_next() {
  state_->focus_next = true;
}
void Ui::go_to_next() {
  state_->focus_next = state_->go_to_next = true;
}
void Ui::again() {
  state_->again = true;
}
float Ui::width() const {
  return state_->screen.width;
}
bool Ui::narrow() const {
  return state_->narrow();
}
bool Ui::low() const {
  return state_->screen.height < 560;
}

void Ui::wake_in(int milliseconds) {
  state_->soon(milliseconds);
}

}  // namespace rekey::web
