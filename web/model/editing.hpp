// The configuration while the person changes it: the machine of core/editing, with what was chosen
// beside it, and its actions performed.
#pragma once

#include "core/editing/step.hpp"
#include "web/model/looking.hpp"

namespace rekey::web {

class Editing {
 public:
  Editing(Visit& visit, Looking& looking) : visit_(visit), looking_(looking) {}

  // --- What the person does. Rows are named by the host's record; those that are not shown are
  // left alone.
  /// Chooses an option: a record's id, `no_counterpart`, `create_later` or `undecided`. Choosing
  /// what is suggested is a choice too; an empty value decides nothing.
  void choose(mapping::Section section, const std::string& ours, const std::string& value);
  /// Keeps a choice although what was chosen has changed.
  void keep(mapping::Section section, const std::string& ours);
  void set(const mapping::Settings& settings);
  /// Accepts all suggestions of a section that are at least `accept_confidence` sure.
  void accept(mapping::Section section);
  /// Makes everything as it was at a version.
  void go_back(std::int64_t revision);
  void undo();
  void redo();
  bool can_undo() const { return undo_words().has_value(); }
  bool can_redo() const { return redo_words().has_value(); }
  /// What Undo and Redo would do; none: nothing, now.
  std::optional<UndoWords> undo_words() const;
  std::optional<UndoWords> redo_words() const;
  void save();
  /// Answers whether lines that share a counterpart are to be saved so.
  void save_anyway();
  void save_not();
  void try_again();
  /// Gives the person the mappings as a file.
  void download_sheet();
  /// Prints all mappings, not only those that are shown.
  void print();
  /// Lets the person choose a file, and takes the mappings in it.
  void upload_sheet();
  /// What came of the last sheet was read.
  void close_sheet();

  // --- What the page tells it
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
  void change(Change change, Done done);
  void changed();
  void dealt_with(mapping::Section section, const std::string& ours);
  bool awaits(std::int64_t asked) const;
  void not_done(const Trouble& trouble, const editing::Event& event);
  void fetched(std::int64_t asked);
  void left_or_stayed(bool leaves);
  Then<wire::EditAnswer> kept(std::int64_t asked, std::int64_t upto,
                              std::vector<wire::ChoicePatch> sent);
  void answered(std::int64_t asked, std::int64_t upto, const wire::EditAnswer& answer,
                const std::vector<wire::ChoicePatch>& sent);
  void saved(std::int64_t asked, wire::SaveAnswer answer);
  void not_saved();
  void press_save(bool two_to_one);
  void obstructed(wire::SaveAnswer answer);
  void forget_problems();
  void send_sheet();
  void sheet_answered(std::int64_t seen, Reply<wire::SheetAnswer> reply);
  void sheet_failed(const Trouble& trouble, std::string_view title);
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
  Looking& looking_;
  Trouble trouble_;                    ///< the last one met
  bool two_to_one_ = false;            ///< lines that share a counterpart are meant so
  std::optional<std::string> sheet_;   ///< chosen by the person, until it can be sent
  std::function<void(bool)> leaving_;  ///< waits for what comes of Sign out
};

}  // namespace rekey::web
