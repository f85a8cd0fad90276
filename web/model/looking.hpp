// Looking at the configuration: which rows are shown, what a box offers, versions and other lists.
// Nothing of it changes anything, and nothing of it is a matter of the editing machine.
#pragma once

#include "web/model/visit.hpp"

namespace rekey::web {

/// How long a search waits after the last key, in milliseconds; and the options of an open box.
constexpr int search_ms = 200, options_ms = 150;

class Looking {
 public:
  explicit Looking(Visit& visit) : visit_(visit) {}

  // --- Rows
  /// Shows this section instead of the one before.
  void select(mapping::Section section);
  /// Filters, searches and sorts, from the first page on. A search waits for more keys.
  void look(mapping::Section section, Looks looks);
  void next_page(mapping::Section section);
  void previous_page(mapping::Section section);
  /// Reads rows again that could not be read.
  void try_again(mapping::Section section);
  /// Leads to a line, wherever it is: selects its section and searches for it by name.
  void find(mapping::Section section, const std::string& name);

  // --- The options of the one box that is open
  void open_options(mapping::Section section, const std::string& ours);
  /// The person typed; all of what is in the box now.
  void type(std::string typed);
  void close_options();

  // --- Lists beside it. `page`: one that is known of; 0 reads anew.
  void show_versions(std::size_t page = 0);
  /// What is different now from this version.
  void compare(std::int64_t revision, std::size_t page = 0);
  void close_comparison();
  void show_set_aside(std::size_t page = 0);

  // --- For Editing
  /// Reads the summary and the rows that are shown; `then` is called once, with the trouble if
  /// there was one. Nothing is shown yet: see `show_read`.
  void read(std::function<void(const Trouble*)> then);
  /// What was read last, until it is shown: the company, and the oldest revision in it.
  const wire::ConfigurationSummary& read_summary() const { return summary_; }
  std::int64_t read_revision() const;
  /// Shows what was read last.
  void show_read();
  /// Reads what is shown anew, after something that changed more than its answer says, and shows it
  /// unless something newer is known by then.
  void read_again();
  /// A change was confirmed: how many suggestions could be accepted at once may be another number.
  void count_acceptable(mapping::Section section);
  /// What is awaited is of another connection, or nothing of it is shown any more.
  void start_over();

 private:
  void read_lines(mapping::Section section);
  void read_options();
  LinesQuery query_of(mapping::Section section) const;
  void watch_matching();

  Visit& visit_;
  wire::ConfigurationSummary summary_;
  std::vector<std::pair<mapping::Section, wire::LinesPage>> lines_;
  std::int64_t reading_ = 0;  ///< number of the newest `read`
  std::int64_t again_ = 0;    ///< number of the newest `read_again`
  bool watching_matching_ = false;
};

}  // namespace rekey::web
