// What a Ui keeps from frame to frame and shares between the files of its widgets.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "web/widget/layout.hpp"
#include "web/widget/mirror.hpp"
#include "web/widget/painter.hpp"
#include "web/widget/widget.hpp"

namespace rekey::web {

enum class EventKind { none, click, key, input, blur, outside };

/// Something the person did to an element. `text` is the key, or what an input now holds.
struct Event {
  EventKind kind = EventKind::none;
  Id id = 0;
  std::string text;
};

/// Things that are the case rather than happen: they need no queue.
struct Pointer {
  Id hover = 0, held = 0, focus = 0;
  bool focus_visible = false;
};

struct Screen {
  float width = 0, height = 0;
  float main_width = 0;  ///< without the scrollbar
  float density = 1;
  bool reduced_motion = false;
  bool right_to_left = false;  ///< how the page's language runs
  bool coarse = false;         ///< a finger may be what points: what is pressed is as large as one
};

/// A part of the screen with content of its own that the browser scrolls.
struct Layer {
  Id id = 0;
  Rect view;  ///< on the screen
  float scroll = 0;
  float content = 0;  ///< height, from the pass before
  float wanted = 0;   ///< where we want it scrolled to …
  int turn = 0;       ///< … each time this changes
};

/// What an open combobox keeps while it is open; there is at most one.
struct OpenCombobox {
  Id id = 0;
  bool typed = false;
  std::string filter;
  std::vector<int> rows;     ///< indices of options in the order listed; -1 is "none"
  std::string rows_for;      ///< the filter and options the rows were made for
  int active = -1;           ///< the row that Enter takes; -1: none, nobody went to one
  std::string active_value;  ///< its option
  std::string said;          ///< the results that were said last
};

struct Control {
  Id id = 0;
  bool hovered = false, held = false, focused = false, ringed = false;
};

namespace face {
inline constexpr Face small{13, 20, Weight::regular};
inline constexpr Face small_strong{13, 20, Weight::medium};
inline constexpr Face normal{14, 20, Weight::regular};
inline constexpr Face medium{14, 20, Weight::medium};
inline constexpr Face strong{14, 20, Weight::semibold};
}  // namespace face

struct Ui::State {
  Layout layout;
  Mirror mirror;
  Painter paint;
  Pointer pointer;
  Screen screen;

  std::vector<Event> queue;
  Event event;            ///< the one this pass handles
  bool again = false;     ///< another pass is needed before anything is painted
  bool painting = false;  ///< this pass will be painted
  double time = 0;        ///< seconds, for what moves
  float delta = 0;        ///< since the last painted frame
  int wake_in = -1;       ///< milliseconds to the next frame; -1: none

  std::vector<Id> scopes;
  std::vector<int> counters;
  std::unordered_map<Id, Layer> layers;
  Layer* layer = nullptr;
  std::unordered_map<Id, float> moving;  ///< animated values
  std::unordered_map<Id, std::string> announced;
  OpenCombobox combobox;
  std::unordered_map<Id, int> chosen;                ///< where a combobox found its value last
  std::vector<std::pair<bool, bool>> list_dividers;  ///< of each open list: any, and none yet
  std::vector<TableColumn> columns;                  ///< of the innermost table
  int table_column = 0;
  bool table_head = false;

  std::string cut;  ///< words that did not fit, of the control that is described
  struct Whole {
    std::string words;
    Rect under;  ///< on the screen
  } whole;       ///< what is shown whole in this pass

  std::string title;
  Id focus_wanted = 0;
  int focus_turn = 0;
  bool focus_next = false, go_to_next = false;
  Id tray_open = 0, tray_before = 0, dialog_open = 0, dialog_before = 0;
  Id main_id = 0;
  Id return_to = 0;    ///< what gets the focus when the tray or the dialog closes
  Id last_opener = 0;  ///< the button that last opened something
  bool closed_outside = false;
  float bar_height = 64, bar_content = 40;
  float footer_height = 0, footer_now = 0;    ///< in the pass before, and in this one
  std::unordered_map<Id, float> own_heights;  ///< of what keeps itself in sight
  bool nav_in_columns = false;                ///< of the navigation that is described
  Id toast_shown = 0;
  double toast_until = 0;

  // Identity
  Id id(std::string_view key) const;
  Id id(std::string_view key, std::string_view name) const { return id(key.empty() ? name : key); }
  Id anonymous();
  void push_scope(Id id);
  void pop_scope();

  // What the person did. Each event is had once; having it means that the frame is run again.
  bool clicked(Id id) { return take(EventKind::click, id); }
  bool take(EventKind kind, Id id);
  std::string take_key(Id id);
  Control control(Id id) const;
  /// To be called for what can have the focus, so that `Ui::focus_next` finds it.
  void focusable(Id id);
  void request_focus(Id id);

  /// Whether what begins here in the main content is seen, with some of what follows.
  bool in_sight(float y) const {
    const auto main = layers.find(main_id);
    if (main == layers.end()) return false;
    const float from = main->second.scroll;
    return y >= from && y <= from + main->second.view.h * 0.6f;
  }
  /// The element of the step of this number, with a link where it leads somewhere.
  void step(const Step& step, int number, const Rect& rect);
  /// An entry of a navigation, painted; gives its element, of this kind.
  Node& nav_entry(const NavItem& item, Id id, const char* tag);

  // Layout
  bool narrow() const { return screen.width < 760; }
  float control_height() const { return narrow() || screen.coarse ? 44.f : 40.f; }
  float small_height() const { return screen.coarse ? 44.f : 32.f; }
  Slot open_box(Id id, const Layout::Flow& flow, const Want& want, float padding, float max_width);
  /// Ends it; gives its height with padding, already told to the box around it.
  float close_box(float padding, float at_least = 0);
  /// A place for something of this size; as wide as it wants, or as the place allows.
  Rect leaf(float width, float height, float least = -1, float grow = 0);

  // Layers
  Layer& enter_layer(Id id, const Rect& view, Painter::Depth depth, Node& node);
  void leave_layer(float content);
  /// The surface a tray, a dialog or a list of options stands on.
  void surface(Painter::Depth depth, const Rect& rect, float radius);
  /// The parts of a segmented choice, on one strip or each by itself; what each of them takes now.
  using PartId = std::function<Id(int)>;
  std::vector<int> strip(const Segmented& choice, Id id, const PartId& part);
  std::vector<int> pills(const Segmented& choice, Id id, const PartId& part);
  /// One part; gives the index that is chosen by it now, or -1.
  int segment(const Segmented& choice, int index, Id id, const Rect& rect);
  int pill(const Segmented& choice, int index, Id id);
  /// Describes one of the choice, and gives what a press or a key takes.
  int choice_taken(const Segmented& choice, int index, Id id, const Rect& rect);

  /// The faces of a link; give where it stands.
  Rect button_like(const Link& link, const Control& control);
  Rect underlined(const Link& link, const Control& control);
  void button_face(const Button& button, const Control& control, const Rect& place,
                   const Face& face, float around);
  /// A place for what is pressed, as `leaf`, but higher where its name needs more than one line:
  /// what a press does must be read whole. `around`: the width that is not for the name.
  Rect pressable(const Want& want, float height, const Face& face, std::string_view name,
                 float around);
  bool banner(Ui& ui, const Banner& banner, const Body* actions);

  /// Something moves by itself: another frame after so many milliseconds, unless one comes sooner.
  void soon(int milliseconds) {
    if (wake_in < 0 || milliseconds < wake_in) wake_in = milliseconds;
  }
  /// Goes from where it was towards `target`; asks for frames while it moves.
  float moved(Id id, float target, float seconds = 0.14f);
  void spinner(float x, float y, float size, Rgb colour);
  void ring(const Control& control, const Rect& rect, float radius);
  /// Words with a twin, broken into lines; gives their height.
  float words(Id id, const char* tag, const Face& face, Rgb colour, std::string_view text, float x,
              float y, float width);
  /// `words` as they fit into one line of a control. What is left out is shown whole while the
  /// control has the focus, and by the browser while it is pointed at (`tell_whole`).
  std::string fit(Id id, const Rect& place, const Face& face, std::string_view words, float room);
  /// To be called for the element of what was fitted, before another is.
  void tell_whole(Node& node);
  void paint_whole();
};

}  // namespace rekey::web
