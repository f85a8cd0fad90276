// Looking at the configuration: which rows are shown, what a box offers, versions and other lists.
// Nothing of it changes anything, and nothing of it is a matter of the editing machine.
#pragma once

#include <memory>

#include "web/model/visit.hpp"

namespace rekey::web {

/// How long a search waits after the last key, in milliseconds; and the options of an open box.
constexpr int search_ms = 200, options_ms = 150;
/// How long after a look at suggestions that are being made there is the next one.
constexpr int matching_ms = 2000;

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
  /// Reads the summary and the rows that are to be shown; `then` is called once, with the trouble
  /// if there was one, unless it is read anew before. Nothing is shown yet: see `show_read`.
  void read(std::function<void(const Trouble*)> then);
  /// What was read last, without changes made here: its company is that of all of it.
  const Mapping& read_mapping() const { return read_->mapping; }
  /// The oldest revision in what was read last.
  std::int64_t read_revision() const;
  /// Shows what was read last.
  void show_read();
  /// Reads what is shown anew, after something that changed more than its answer says.
  void read_again();
  /// Asks how many suggestions could be accepted at once.
  void count_acceptable(mapping::Section section);
  /// What is awaited is not used any more.
  void start_over();
  /// The page is shown again: what was awaited then is asked for anew.
  void resume();

 private:
  /// Which part of a list is wanted, and where the page begins in it.
  struct Place {
    std::vector<std::string> cursors = {""};
    std::size_t page = 0;
    std::size_t first = 0;
    bool from_behind = false;  ///< the last page of the part
  };
  struct Part {
    mapping::Section section;
    std::int64_t asked;  ///< the newest request for lines when this was asked for
    Place place;
    wire::LinesPage lines = {};
  };
  /// A look at the whole, while its parts are awaited.
  struct Reading {
    std::int64_t Looking::*newest;  ///< number of the newest of its kind: an older one is over
    std::int64_t number = 0;
    std::int64_t seen = 0;  ///< the newest revision that was known when it was asked for
    Mapping mapping = {};   ///< as it will be shown, but for what is changed meanwhile
    wire::ConfigurationSummary summary = {};
    std::vector<Part> parts = {};
    std::size_t awaited = 0;
    std::function<void(const std::shared_ptr<Reading>&, const Trouble*)> then = {};
    std::int64_t oldest_revision() const;
  };
  using Readings = std::shared_ptr<Reading>;

  static Place place_of(const SectionView& view) {
    return {view.cursors, view.page, view.first, false};
  }
  static LinesQuery query_of(mapping::Section section, const Looks& looks, const Place& place);
  SectionView* awaited(mapping::Section section, std::int64_t asked);
  void read_lines(mapping::Section section, Place place);
  void got_lines(mapping::Section section, wire::LinesPage lines, Place place);
  void read_options();
  void got_options(Reply<wire::RecordsPage> reply);
  void begin(std::int64_t Looking::*newest,
             std::function<void(const Readings&, const Trouble*)> then);
  void read_parts(const Readings& reading);
  bool is_over(const Readings& reading, const Trouble* trouble);
  void show(Reading& reading);
  void watch_matching();
  template <class T, class Ask, class Take>
  void turn(PagedList<T> Model::*list, std::size_t page, Ask ask, Take take);

  Visit& visit_;
  Readings read_;               ///< what was read last for the machine
  bool is_read_again_ = false;  ///< an answer to `read_again` is awaited
  bool interrupted_ = false;    ///< something was awaited when the page was left
  // Requests are numbered; these are the newest of their kinds.
  std::int64_t asked_ = 0;
  std::int64_t reading_ = 0;
  std::int64_t reading_again_ = 0;
  std::int64_t matching_ = 0;  ///< 0: nothing waits for suggestions
};

}  // namespace rekey::web
