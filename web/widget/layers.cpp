// The bar, the main content, the tray and the dialog: the parts of the screen, one over the other.
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "web/widget/state.hpp"

namespace rekey::web {
namespace {

constexpr std::string_view kMain = "\x03main";

float margin(const Ui::State& s) {
  return s.narrow() ? 16.f : 32.f;
}

Rect tray_place(const Ui::State& s, const Tray& tray, float content) {
  const float edge = tray.side ? 0.f : s.narrow() ? 8.f : 16.f;
  const float top = s.bar_height + (tray.side ? 0.f : 8.f);
  const float room = std::max(80.f, s.screen.height - top - edge);
  const float most = s.screen.width - 2 * edge;
  const float width = tray.side && s.narrow() ? most : std::min(420.f, most);
  return {s.screen.width - width - edge, top, width,
          tray.side ? room : std::clamp(content, 80.f, room)};
}

/// What becomes of a toast that was used so, or not: after its time it is over.
ToastEnd time_out(Ui::State& s, ToastEnd used) {
  const double left = s.toast_until - s.time;
  if (used == ToastEnd::none && left > 0) {
    s.soon(std::max(20, static_cast<int>(left * 1000)));
    return used;
  }
  s.toast_shown = 0;
  s.again = true;  // the view takes it away, and nothing else asks for a frame
  return used == ToastEnd::none ? ToastEnd::over : used;
}

}  // namespace

void Ui::bar(Body body) {
  State& s = *state_;
  const Id id = s.id(
      "\x03"
      "bar");
  s.bar_height = s.narrow() ? 56.f : 64.f;
  const Rect view{0, 0, s.screen.width, s.bar_height};
  s.paint.enter(Painter::Depth::bar, view, 0, 0);
  s.paint.fill(view, palette().surface);
  s.paint.fill({0, view.h - 1, view.w, 1}, palette().line);
  s.mirror.open(id, "header", view).role("banner");
  const float y = std::round((view.h - s.bar_content) / 2);
  s.layout.open(id, {.kind = Layout::Flow::Kind::row, .gap = 8, .wrap = false}, margin(s), y,
                view.w - 2 * margin(s));
  body();
  const float height = s.layout.close();
  if (std::fabs(height - s.bar_content) > 0.5f) s.again = true;
  s.bar_content = height;
  s.mirror.close(view.h);
  s.paint.leave();
}

void Ui::main(std::string_view title, Body body, float max_width) {
  State& s = *state_;
  s.title = title;
  const Id id = s.main_id = s.id(kMain);
  const Rect view{0, s.bar_height, s.screen.width,
                  std::max(80.f, s.screen.height - s.bar_height - s.footer_height)};
  Node& node = s.mirror.open(id, "main", view).attr("tabindex", "-1");
  s.enter_layer(id, view, Painter::Depth::main, node);
  const float room = s.screen.main_width - 2 * margin(s);
  const float width = std::floor(std::min(max_width, room));
  const float x = std::floor(margin(s) + (room - width) / 2);
  const float top = s.narrow() ? 20.f : 32.f;
  s.layout.open(id, {.kind = Layout::Flow::Kind::column, .gap = s.narrow() ? 16.f : 20.f}, x, top,
                width);
  body();
  s.leave_layer(s.layout.close() + top + 64);
}

void Ui::footer(std::string_view name, Body body, float max_width) {
  State& s = *state_;
  const Id id = s.id("\x03footer");
  const float padding = s.narrow() ? 8.f : 12.f;
  const Rect view{0, s.screen.height - s.footer_height, s.screen.width, s.footer_height};
  s.paint.enter(Painter::Depth::bar, view, 0, 0);
  s.paint.fill(view, palette().surface);
  s.paint.fill({0, view.y, view.w, 1}, palette().line);
  s.mirror.open(id, "div", view).role("region").label(name);
  const float room = s.screen.main_width - 2 * margin(s);
  const float width = std::floor(std::min(max_width, room));
  const float x = std::floor(margin(s) + (room - width) / 2);
  s.layout.open(id, {.kind = Layout::Flow::Kind::column, .gap = 8}, x, view.y + padding, width);
  s.push_scope(id);
  body();
  s.pop_scope();
  s.footer_now = std::round(s.layout.close() + 2 * padding);
  s.mirror.close(view.h);
  s.paint.leave();
}

ToastEnd Ui::toast(const Toast& toast) {
  State& s = *state_;
  const Id id = s.id("\x03toast");
  const Id shown = s.id(std::to_string(toast.turn).append(toast.text));
  if (s.toast_shown != shown) {
    s.toast_shown = shown;
    s.toast_until = s.time + toast.seconds;
    announce(toast.text);
  }
  ToastEnd end = ToastEnd::none;
  const float edge = 16, padding = 12;
  const float width = std::min(520.f, s.screen.width - 2 * edge);
  const float height = s.own_heights[id];
  const Rect view{std::round((s.screen.width - width) / 2),
                  s.screen.height - s.footer_height - height - edge, width, height};
  s.surface(Painter::Depth::tray, view, 10);
  s.paint.enter(Painter::Depth::tray, view, 0, 0);
  s.mirror.open(id, "div", view).role("region").label(toast.text);
  s.layout.open(id, {.kind = Layout::Flow::Kind::row, .gap = 8, .wrap = false}, view.x + padding,
                view.y + padding / 2, width - 2 * padding);
  s.push_scope(id);
  text(toast.text, {.grow = 1, .key = "text"});
  if (!toast.action.empty() && button({.name = toast.action, .small = true, .key = "action"}))
    end = ToastEnd::acted;
  const Id closer = s.id("close");
  if (icon_button({.name = toast.dismiss_name, .icon = Icon::x, .key = "close"}))
    end = ToastEnd::over;
  const auto held = [&](Id what) { return s.pointer.hover == what || s.pointer.focus == what; };
  if (held(closer) || held(s.id("action"))) s.toast_until = s.time + toast.seconds / 2;
  s.pop_scope();
  const float now = s.layout.close() + padding;
  if (now != std::exchange(s.own_heights[id], now)) s.again = true;
  s.mirror.close(view.h);
  s.paint.leave();
  return time_out(s, end);
}

void Ui::scroll_to_top() {
  scroll_to(0);
}

float Ui::scrolled() const {
  return state_->layers[state_->main_id].scroll;
}

void Ui::scroll_to(float top) {
  State& s = *state_;
  Layer& main = s.layers[s.main_id];
  main.scroll = main.wanted = top;
  ++main.turn;
  s.again = true;
}

void Ui::return_to(float top, std::uint32_t focus) {
  State& s = *state_;
  scroll_to(top);
  s.request_focus(s.mirror.has(focus) ? focus : s.main_id);
}

void Ui::tray(const Tray& tray, bool& open, Body body) {
  State& s = *state_;
  const Id id = s.id(std::string("\x03tray").append(tray.opener));
  if (open && ((s.closed_outside = s.take(EventKind::outside, id)) || s.take_key(id) == "Escape"))
    open = false;
  if (!open) return;
  const bool fresh = s.tray_before != id;
  s.tray_open = id;
  if (fresh) s.return_to = tray.opener.empty() ? s.last_opener : s.id(tray.opener);
  const Rect view = tray_place(s, tray, s.layers[id].content);
  const float width = view.w;
  s.surface(Painter::Depth::tray, view, tray.side ? 0.f : 12.f);
  Node& node = s.mirror.open(id, "div", view).role("dialog").label(tray.name).keys("Escape");
  node.watches_outside(s.last_opener);
  s.enter_layer(id, view, Painter::Depth::tray, node);
  const float padding = 20;
  s.layout.open(id, {.kind = Layout::Flow::Kind::column, .gap = 12}, padding, 16,
                width - 2 * padding);
  s.push_scope(id);
  row({.wrap = false}, [&] {
    if (fresh) focus_next();
    heading(2, tray.name);
    spacer();
    if (icon_button({.name = tray.close_name, .icon = Icon::x})) open = false;
  });
  body();
  s.pop_scope();
  s.leave_layer(s.layout.close() + 16 + padding);
}

void Ui::dialog(const Dialog& dialog, bool& open, Body body) {
  State& s = *state_;
  const Id id = s.id(
      "\x03"
      "dialog/" +
      std::string(dialog.name));
  if (open && s.take_key(id) == "Escape") open = false;
  if (!open) return;
  const bool fresh = s.dialog_before != id;
  s.dialog_open = id;
  if (fresh) s.return_to = s.pointer.focus;
  const float width = std::min(520.f, s.screen.width - 32);
  const float height = std::min(s.layers[id].content, s.screen.height - 32);
  const Rect view{std::round((s.screen.width - width) / 2),
                  std::round(std::max(16.f, (s.screen.height - height) * 0.4f)), width, height};
  const Rect all{0, 0, s.screen.width, s.screen.height};
  s.paint.enter(Painter::Depth::scrim, all, 0, 0);
  s.paint.fill(all, 0x0a0e16, 0, 0.5f);
  s.paint.leave();
  s.surface(Painter::Depth::scrim, view, 14);
  Node& node = s.mirror.open(id, "div", view).role(dialog.calm ? "dialog" : "alertdialog");
  node.attr("aria-modal", "true").label(dialog.name).keys("Escape").modal();
  if (!dialog.text.empty())
    node.attr("aria-describedby", dom_id(s.id("\x03"
                                              "dialog-text")));
  s.enter_layer(id, view, Painter::Depth::scrim, node);
  const float padding = s.narrow() ? 20.f : 24.f;
  s.layout.open(id, {.kind = Layout::Flow::Kind::column, .gap = 12}, padding, padding,
                width - 2 * padding);
  row({.gap = 12, .align = Align::start, .wrap = false}, [&] {
    if (dialog.tone == Tone::danger || dialog.tone == Tone::warning) {
      icon(Icon::triangle_alert, dialog.tone, 24);
    }
    heading(2, dialog.name);
  });
  text(dialog.text, {.tone = Tone::muted,
                     .key = "\x03"
                            "dialog-text"});
  space(4);
  s.push_scope(id);
  if (fresh) focus_next();
  body();
  s.focus_next = false;
  s.pop_scope();
  s.leave_layer(s.layout.close() + 2 * padding);
}

void Ui::State::surface(Painter::Depth depth, const Rect& rect, float radius) {
  paint.enter(depth, {0, 0, screen.width, screen.height}, 0, 0);
  paint.shadow(rect, radius, 3);
  paint.fill(rect, palette().surface, radius);
  paint.border(rect, palette().line, radius);
  paint.leave();
}

}  // namespace rekey::web
