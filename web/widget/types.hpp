// What a view says about a widget: one plain struct each, written with designated initialisers.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "web/widget/icon.hpp"

namespace rekey::web {

/// What a thing means, which decides its colour. Never the only sign: an icon or words say it too.
enum class Tone { normal, muted, accent, info, success, warning, danger };

/// Sizes of running text: 13, 14, 16 and 18 px.
enum class TextSize { small, normal, large, lead };

/// Where the items of a row stand across it.
enum class Align { start, center, end, stretch };

// Every widget has a `key` that must be unique within the enclosing scope (what Ui::scope encloses;
// also a named card, a group, list item, table row, cell, banner, tray and dialog) and the
// same from frame to frame: the element a screen reader or a test holds on to is found by it. Left
// empty, the name is the key, which is right wherever the name does not change and is not repeated.

/// A column: things below each other, as wide as the place allows.
struct Column {
  float gap = 16;
  float max_width = 0;  ///< 0: no limit
  float grow = 1;       ///< inside a row: its share of what is left over; 0: as wide as its content
  float min_width = 0;  ///< inside a row: narrower than this it wraps to the next line
  float padding = 0;
  /// Inside a stretched row: stays in sight while what stands beside it scrolls.
  bool sticky = false;
  std::string_view key = {};
};

/// A row: things beside each other, wrapping to the next line when they do not fit.
struct Row {
  float gap = 8;
  Align align = Align::center;
  bool wrap = true;
  float grow = 1;  ///< inside another row, as in Column
  float min_width = 0;
  std::string_view key = {};
};

/// Cells of equal width and, row by row, equal height; as many beside each other as fit.
struct Grid {
  float min_width = 280;  ///< of one cell; at least one always fits
  int max_columns = 4;
  float gap = 16;
  std::string_view key = {};
};

enum class CardRole { none, group, article, region };

/// A rounded surface. With a name it is also a group for assistive technology.
struct Card {
  std::string_view name = {};
  CardRole role = CardRole::group;  ///< used only with a name
  Tone tone = Tone::normal;         ///< tints the border and the surface
  float padding = 20;
  float gap = 12;
  float grow = 1;
  float min_width = 0;
  bool raised = true;  ///< with a soft shadow
  std::string_view key = {};
};

struct Text {
  TextSize size = TextSize::normal;
  Tone tone = Tone::normal;
  bool strong = false;
  bool nowrap = false;  ///< one line, ended with an ellipsis where it does not fit
  float grow = 0;       ///< inside a row
  std::string_view key = {};
};

enum class ButtonKind { primary, secondary, danger, quiet };

struct Button {
  std::string_view name;
  ButtonKind kind = ButtonKind::secondary;
  Icon icon = Icon::none;
  bool icon_after = false;  ///< at the end, for what leads on
  bool disabled = false;
  std::string_view reason = {};  ///< why it is disabled; shown below it and read as its description
  bool busy = false;  ///< something it began is under way: shows a spinner, takes no press
  bool wide = false;  ///< as wide as the place allows
  bool small = false;
  std::string_view description = {};  ///< read after the name, not shown
  bool expanded = false;              ///< with `controls_popup`: whether what it opens is open
  bool controls_popup = false;
  std::string_view key = {};
};

/// A button that shows only an icon; the name is what assistive technology and tests meet.
struct IconButton {
  std::string_view name;
  Icon icon = Icon::none;
  int badge = 0;          ///< a number on it, for example of unread notices; 0: none
  bool expanded = false;  ///< with `controls_popup`: whether what it opens is open
  bool controls_popup = false;
  bool disabled = false;
  std::string_view description = {};  ///< for example "3 unread"
  std::string_view key = {};
};

/// Underlined words, or the face of a secondary or primary button, for a step that leads on.
enum class LinkLook { words, button, primary };

struct Link {
  std::string_view name;
  std::string_view href;  ///< a real address, which can be opened in a new tab; one that begins
                          ///< with # is a view of this page
  bool external = false;  ///< opens in a new tab and shows that it does
  LinkLook look = LinkLook::words;
  Icon icon = Icon::none;  ///< of one that looks like a button
  std::string_view key = {};
};

/// An on/off switch. It shows `on` as given: the view decides what a press does.
struct Switch {
  std::string_view name;
  bool on = false;
  bool disabled = false;
  bool busy = false;
  bool show_name = true;  ///< false: the name is for assistive technology only
  std::string_view description = {};
  std::string_view key = {};
};

struct Checkbox {
  std::string_view name;
  bool checked = false;
  bool disabled = false;
  std::string_view description = {};
  std::string_view key = {};
};

/// A few choices beside each other, one of them taken (a radio group).
struct Segmented {
  std::string_view name;
  std::span<const std::string> options;
  int selected = 0;
  bool pills = false;  ///< each with a surface of its own, wrapping: for many, or long ones
  std::string_view key = {};
};

enum class FieldKind { text, search, number, email };

struct TextField {
  std::string_view name;
  FieldKind kind = FieldKind::text;
  bool show_name = true;
  std::string_view placeholder = {};
  std::string_view hint = {};   ///< shown below it and read as its description
  std::string_view error = {};  ///< shown instead of the hint; marks the field as invalid
  bool disabled = false;
  float width = 0;  ///< 0: as wide as the place allows
  std::string_view key = {};
};

/// One thing that can be chosen in a combobox. `value` is what the model keeps.
struct Option {
  std::string value;
  std::string label;
  std::string detail = {};  ///< a second, quieter line: a number, a town, "inactive"
  bool disabled = false;
};

struct Combobox {
  std::string_view name;
  /// All there is to choose from. Many comboboxes may share one vector; nothing is copied. If its
  /// content changes in place, say so with another `revision`.
  std::span<const Option> options;
  std::string_view value = {};  ///< the chosen option's value; empty: nothing chosen
  std::span<const std::string> suggested = {};  ///< values listed first, under "Suggested"
  std::string_view none_label = {};             ///< not empty: a first option that chooses nothing
  std::string_view placeholder = {};
  std::string_view hint = {};
  std::string_view error = {};
  bool show_name = true;
  bool editable = true;  ///< can be typed into to filter; false: select only
  bool disabled = false;
  /// The value is only proposed: to choose it is a choice, too.
  bool proposed = false;
  /// The options come from elsewhere: they are those for what was typed (`Lookup`), in the order in
  /// which they are to be listed. The chosen one need not be among them.
  bool looked_up = false;
  std::string_view value_label = {};  ///< of `looked_up`: what the chosen one is called
  bool loading = false;               ///< more options are on their way; `note` says so
  std::string_view note = {};         ///< a last line of the list that cannot be chosen
  std::string_view results = {};      ///< said when it changes while the person types: "12 found"
  std::string_view suggested_word = "Suggested";     ///< beside what is suggested
  std::string_view nothing_found = "Nothing found";  ///< when no option fits what was typed
  int revision = 0;
  float width = 0;  ///< 0: as wide as the place allows
  std::string_view key = {};
};

/// How a combobox of `looked_up` options stands.
struct Lookup {
  bool open = false;
  std::string typed = {};  ///< since it was opened
};

struct Progress {
  std::string_view name;
  double value = 0;
  double max = 0;              ///< 0: not known yet; moves without a number
  std::string_view text = {};  ///< "412 of 1,200"; shown at the right, read as the value
  Tone tone = Tone::accent;
  bool show_name = true;
  std::string_view key = {};
};

struct Banner {
  Tone tone = Tone::info;
  std::string_view title = {};
  std::string_view text = {};
  bool announce = true;  ///< say it in the live region when it appears or its words change
  bool dismissable = false;
  std::string_view dismiss_name = "Dismiss";
  std::string_view key = {};  ///< left empty: title and text
};

struct Chip {
  std::string_view text;
  Tone tone = Tone::muted;
  Icon icon = Icon::none;
};

enum class StepState { todo, current, done };

struct Step {
  std::string name;
  StepState state = StepState::todo;
  std::string href = {};  ///< the address where it is done; empty: it is no link
};

struct List {
  std::string_view name = {};
  float gap = 0;
  bool dividers = true;
  std::string_view key = {};
};

struct TableColumn {
  std::string title;
  float share = 1;  ///< of the width; below 760 px cells stand below each other
};

struct Table {
  std::string_view name;
  std::span<const TableColumn> columns;
  std::string_view key = {};
};

/// One entry of a navigation within the page.
struct NavItem {
  std::string_view name;
  std::string_view detail = {};  ///< a second, quieter line, where there is room for it
  std::string_view badge = {};   ///< what waits there: "43"
  bool done = false;             ///< nothing waits there: shows a tick
  bool selected = false;
  std::string_view description = {};  ///< read after the name, not shown
  std::string_view language = {};     ///< of the name, where it is not the page's
  std::string_view key = {};
  std::string_view href = {};  ///< of `nav_link`: its address
};

/// A link to another view of the page.
struct ViewLink {
  std::string name;
  std::string href;
  bool current = false;  ///< it is the one that is shown
};

/// A part of a whole. `words` say how much, beside its colour; empty: it has no entry there.
struct Share {
  double value = 0;
  Tone tone = Tone::normal;
  std::string words = {};
};

/// A bar that shows how a whole is made up; read as a picture of this name.
struct Shares {
  std::string_view name;
  std::span<const Share> parts;
  bool legend = true;  ///< the words of the parts are shown below it
  std::string_view key = {};
};

/// A small picture of how something went over time, oldest first; read as a picture of this name.
struct Sparkline {
  std::string_view name;
  std::span<const double> values;
  std::string_view key = {};
};

/// Words that stay for a while at the bottom of the screen, with at most one thing to do.
struct Toast {
  std::string_view text;
  std::string_view action = {};
  std::string_view dismiss_name = "Dismiss";
  std::int64_t turn = 0;  ///< another one: it is shown (and said) anew
  float seconds = 12;     ///< not counted while it is pointed at or has the focus
};
enum class ToastEnd { none, acted, over };

struct Pager {
  std::string_view name;        ///< "Pages of customers"
  std::string_view words = {};  ///< where it is, instead of "2 / 48"
  int page = 0;                 ///< from 0
  int pages = 1;
  std::string_view previous = "Previous";
  std::string_view next = "Next";
};

/// The panel below the bar at the right, for example the notification tray. Of several, one is open
/// at a time.
struct Tray {
  std::string_view name;
  std::string_view opener = {};  ///< key of the button in the bar that gets the focus back
  std::string_view close_name = "Close";
  bool side =
      false;  ///< as high as the page, at its side; as wide as the page where that is narrow
};

/// A question that must be answered first. Everything else is out of reach while it is open.
struct Dialog {
  std::string_view name;
  std::string_view text = {};
  Tone tone = Tone::normal;
  bool calm = false;  ///< asked about what the person just did: no alert (role dialog)
};

}  // namespace rekey::web
