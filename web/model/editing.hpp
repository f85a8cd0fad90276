// The configuration while the person changes it: the machine of core/editing, with what was chosen
// beside it, and its actions performed.
#pragma once

#include "core/editing/step.hpp"
#include "web/model/visit.hpp"

namespace rekey::web {

class Editing {
 public:
  explicit Editing(Visit& visit) : visit_(visit) {}

  // --- What the person does
  // -----------------------------------------------------------------------
  void choose(mapping::Section section, std::size_t row, const std::string& value);
  void keep(mapping::Section section, std::size_t row);
  void set(const mapping::Settings& settings);
  void look(mapping::Section section, Filter filter, std::string search);
  void save();
  void try_again();

  // --- What the page tells it
  // ---------------------------------------------------------------------
  /// The connection may have changed, or the page is shown (again).
  void stepped();
  /// The page is not shown any more; answers under way are not used.
  void left();
  /// The network is back after it was lost.
  void reconnected();
  /// Sign out was pressed. `then` is called once: with true when the session may end, with false
  /// when the person stays, having been told why.
  void leave(std::function<void(bool)> then);

 private:
  editing::Facts facts() const;
  bool take(const editing::Event& event);
  void changed();
  bool awaits(std::int64_t asked) const;
  void not_done(const Trouble& trouble, const editing::Event& event);
  void fetched(std::int64_t asked, wire::ConfigurationPage page);
  void left_or_stayed(bool leaves);
  // One for each action.
  void on(const editing::Wait& action);
  void on(const editing::Fetch& action);
  void on(const editing::Keep& action);
  void on(const editing::Save& action);
  void on(const editing::Show& action);
  void on(const editing::ShowSaved& action);
  void on(const editing::Remember& action);
  void on(const editing::Confirm& action);
  void on(const editing::Tell& action);
  void on(const editing::SignOut& action);
  void on(const editing::Stay& action);

  Visit& visit_;
  Trouble trouble_;                    ///< the last one met
  wire::ConfigurationPage fetched_;    ///< the last one read, until it is shown
  mapping::Configuration sent_;        ///< what was sent to be saved last
  std::function<void(bool)> leaving_;  ///< waits for what comes of Sign out
};

}  // namespace rekey::web
