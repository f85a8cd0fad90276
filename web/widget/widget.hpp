// The widgets views are written with: each draws itself and states itself in the mirror of the DOM.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "web/widget/types.hpp"

namespace rekey::web {

/// A view over a callable that is called at once, during the call it is passed to.
class Body {
 public:
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, Body> && std::is_invocable_v<F&>)
      Body(F&& f)  // NOLINT: implicit on purpose, so that a lambda can be written in place
      : object_(const_cast<void*>(static_cast<const void*>(&f))),
        call_([](void* object) { (*static_cast<std::remove_reference_t<F>*>(object))(); }) {}
  void operator()() const { call_(object_); }

 private:
  void* object_;
  void (*call_)(void*);
};

/// One page, described anew each frame. A view calls the same functions in the same order for the
/// same state; what a call returns is what the person did since the last frame. A frame may be run
/// several times before anything is painted (after a click, until nothing is left to handle), so a
/// view does nothing but read its model, call widgets and change the model when one says so.
///
/// A view's outline: `ui.bar(…)`, `ui.main(…)`, perhaps `ui.footer(…)`, and while they are open
/// `ui.tray(…)`, `ui.dialog(…)`, `ui.toast(…)`.
class Ui {
 public:
  Ui();
  ~Ui();
  Ui(const Ui&) = delete;
  Ui& operator=(const Ui&) = delete;

  // --- The page -------------------------------------------------------------------------------
  /// The bar at the top (role banner), a row: the product's name, `spacer()`, buttons.
  void bar(Body body);
  /// The content (role main), a column of at most `max_width` in the middle, which the browser
  /// scrolls. `title` becomes the document's title.
  void main(std::string_view title, Body body, float max_width = 1080);
  /// The panel at the top right. Escape, its close button and a press outside set `open` to false,
  /// and the focus returns to where it came from. Draws nothing while `open` is false.
  void tray(const Tray& tray, bool& open, Body body);
  /// A bar at the bottom that stays in sight while the content scrolls (role region), a column.
  void footer(std::string_view name, Body body, float max_width = 1080);
  /// To be called while it is to be seen; afterwards, or when it was dismissed, it is `over`.
  [[nodiscard]] ToastEnd toast(const Toast& toast);
  /// A modal question (role alertdialog, or dialog where it is calm). Escape sets `open` to false.
  /// The body holds the buttons and what else is asked; the first button gets the focus. Draws
  /// nothing while `open` is false.
  void dialog(const Dialog& dialog, bool& open, Body body);

  // --- Layout ---------------------------------------------------------------------------------
  void column(const Column& column, Body body);
  void row(const Row& row, Body body);
  void grid(const Grid& grid, Body body);
  void card(const Card& card, Body body);
  /// A named group without a surface of its own (role group), a column.
  void group(std::string_view name, Body body);
  /// Everything in the body has keys of its own: use it around each element of a loop.
  void scope(std::string_view key, Body body);
  /// In a row: takes what is left over, so that the rest stands at the right. In a column: a gap.
  void spacer();
  void space(float height);
  void divider();

  // --- Text -----------------------------------------------------------------------------------
  void heading(int level, std::string_view text);
  void text(std::string_view text, const Text& how = {});
  /// An icon as decoration; it has no name, so words must stand beside it.
  void icon(Icon icon, Tone tone = Tone::normal, float size = 20);
  void chip(const Chip& chip);
  /// Term and value beside each other, below each other when narrow.
  void definition(std::string_view term, std::string_view value);
  void definition(std::string_view term, Body value);

  // --- Controls: true when the person used it since the last frame ------------------------------
  [[nodiscard]] bool button(const Button& button);
  [[nodiscard]] bool icon_button(const IconButton& button);
  void link(const Link& link);
  [[nodiscard]] bool toggle(const Switch& toggle);
  [[nodiscard]] bool checkbox(const Checkbox& checkbox);
  /// The option that was chosen now, if another than before.
  [[nodiscard]] std::optional<int> segmented(const Segmented& segmented);
  /// True when the text changed; `value` then holds the new text.
  [[nodiscard]] bool text_field(const TextField& field, std::string& value);
  /// The value that was chosen now; empty when the "none" option was.
  [[nodiscard]] std::optional<std::string> combobox(const Combobox& combobox);
  /// The same; `lookup` says whether its list is open, and what was typed, so that options can be
  /// looked up for it.
  [[nodiscard]] std::optional<std::string> combobox(const Combobox& combobox, Lookup& lookup);
  [[nodiscard]] std::optional<int> pager(const Pager& pager);
  /// A navigation within the page (role navigation): the body calls `nav_item`. Below each other
  /// where there is room beside the content, else in columns.
  void nav(std::string_view name, Body body);
  [[nodiscard]] bool nav_item(const NavItem& item);
  /// The same as a link to `item.href`.
  void nav_link(const NavItem& item);
  /// The views of the page beside each other, as links (role navigation).
  void views(std::string_view name, std::span<const ViewLink> views);
  /// Within the bar, as the first: a link that is seen while it has the focus, for those who come
  /// by the keyboard. True when it was pressed: the view leads on; the address stays.
  [[nodiscard]] bool skip_link(std::string_view name, std::string_view href);
  /// A heading-like button that opens and closes what follows; flips `open` itself.
  bool disclosure(std::string_view name, bool& open);

  // --- Showing how things are -------------------------------------------------------------------
  void progress(const Progress& progress);
  void shares(const Shares& shares);
  void sparkline(const Sparkline& sparkline);
  /// An inline message; `actions` (a row) may hold buttons. True when it was dismissed now.
  bool banner(const Banner& banner);
  bool banner(const Banner& banner, Body actions);
  void stepper(std::string_view name, std::span<const Step> steps);
  /// "Loading …" with a spinner; the words are what is read.
  void loading(std::string_view words);
  /// Grey bars in place of text to come; says nothing to assistive technology.
  void skeleton(int lines);

  // --- Lists and tables -------------------------------------------------------------------------
  void list(const List& list, Body body);
  void list_item(std::string_view key, Body body);
  void table(const Table& table, Body rows);
  void table_row(std::string_view key, Body cells);
  /// One cell, a column of its own. `name` empty: its name is its content.
  void cell(Body body);
  void cell(std::string_view text, const Text& how = {});

  // --- Beyond the picture -----------------------------------------------------------------------
  /// Says something in the live region; `urgent` interrupts. Messages are queued, none is lost.
  void announce(std::string_view text, bool urgent = false);
  /// The next widget that can have it gets the keyboard focus (headings can).
  void focus_next();
  /// The next heading gets the focus, and the main content is scrolled to it, unless it is in sight
  /// with what it heads.
  void go_to_next();
  /// The content is scrolled to `top`, and the widget that had the focus then has it again. To be
  /// called when everything is described; a widget that is not there any more: the content has it.
  void return_to(float top, std::uint32_t focus);
  /// The main content goes back to its beginning: for a change from one screen to another.
  void scroll_to_top();
  /// How far the main content is scrolled, in CSS pixels; and to scroll it there again, for a page
  /// that was loaded anew and is to be where it was.
  [[nodiscard]] float scrolled() const;
  void scroll_to(float top);
  /// Asks for a frame after so many milliseconds, for what changes by itself (a time that is left).
  void wake_in(int milliseconds);
  /// Asks for another pass before anything is painted: the model was changed in the middle.
  void again();

  /// CSS pixels that the page has.
  [[nodiscard]] float width() const;
  /// Less than 760 px: one thing below the other.
  [[nodiscard]] bool narrow() const;
  /// So little height (a zoomed page, a phone on its side) that nothing may stand still over it.
  [[nodiscard]] bool low() const;

  struct State;
  State& state() { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

namespace view {
/// Describes the whole page once. The one function a view layer must give.
void frame(Ui& ui);
}  // namespace view

}  // namespace rekey::web
