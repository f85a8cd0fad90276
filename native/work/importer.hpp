// The settings import of one company: list after list, several pages on their way at once.
#pragma once

#include <deque>
#include <optional>

#include "native/store/imported.hpp"
#include "native/work/import_ahead.hpp"
#include "native/work/perform.hpp"
#include "native/work/read_changes.hpp"

namespace rekey::work {

/// Performs `RunImport` until it is done, stopped, or gives up its place. What is stored with each
/// page (rows, how far the walk is, the event that tells of it) is one transaction, so that an
/// import that was cut off goes on after the last page, in any process. Rows of the run stand
/// beside those in use; the driver changes all lists at once when the machine says that the import
/// is done.
class Importer {
 public:
  Importer(Driver& driver, const ProviderClients& clients, const Tokens& tokens, Owner owner,
           const RunImport& effect, Place place);

  /// `attempts`: how often in a row it came to nothing before.
  async::Task<Again> run(int attempts);

 private:
  /// None: go on.
  using End = std::optional<Again>;

  struct Flight {
    imports::PageAsk ask;
    PageAhead ahead;
    bool is_there() const { return ahead.page->is_over(); }
  };
  /// One list, which is being read or will be.
  struct Reading {
    imports::Entity entity = imports::Entity::company_info;
    std::optional<imports::Walker> walker{};  ///< none: it is not known how many rows there are
    Coming<std::int64_t> count{};             ///< asked for
    std::deque<Flight> pages{};               ///< asked for, in order
    std::int64_t ahead = 1;                   ///< the position after them
    std::int64_t staged = 0;                  ///< the run under which its rows are kept
    std::int64_t rows = 0;                    ///< distinct ones so far
    bool begun = false;                       ///< something of it is stored
    bool narrow = false;                      ///< pages come short: one at a time
    bool by_changes = false;  ///< only what changed is taken, and that is here already
  };
  /// What came of storing a page.
  struct Kept {
    bool over = false;      ///< the run is: nothing was stored
    bool finished = false;  ///< so is the list
    std::int64_t fresh = 0;
    imports::Walker::Next next = imports::Walker::Next::go_on;
    std::optional<imports::Walker> walker{};
    std::optional<State> after{};
  };

  bool follow(const State& state);
  void add_list(const imports::Progress& at);
  store::List list_of(const Reading& list) const;
  std::int64_t page_size() const;
  /// How many more pages may be asked for.
  struct Room {
    std::size_t calls = 0;  ///< of the provider, at once
    std::size_t pages = 0;  ///< in memory
  };
  Room room() const;
  void fill(const Reading* but = nullptr);
  void fill_list(Reading& list, bool first, Room& room);
  void ask_count(Reading& list);
  void begin_walk_of(Reading& list, std::int64_t counted) const;
  void start_over_from_walk(Reading& list) const;
  void drop_ahead_of(const Reading& list);

  async::Task<End> go_on();
  async::Task<End> begin_walk(Reading& list);
  async::Task<End> take_page(Reading& list, Flight flight);
  async::Task<End> judge(Reading& list);
  async::Task<End> finish(Reading& list);
  async::Task<Kept> keep_in_turn(const Reading& list, const imports::PageRead& read,
                                 const accounting::Page& page);
  Kept keep(const Reading& list, const imports::PageRead& read, const accounting::Page& page);
  bool is_known_complete(store::Database& db, const Reading& list, imports::Walker::Next next,
                         imports::Walker& walker, std::int64_t rows) const;
  /// Notes how far the list is, in the caller's transaction. False: the run is over.
  bool tell(store::Database& db, const Reading& list, const imports::Walk& walk, std::int64_t rows,
            bool finished, std::optional<State>& after);
  void told(const std::optional<State>& after);
  void begin_another_pass(const Reading& list);

  bool is_fresh(const State& state) const;
  async::Task<void> take_changes();
  async::Task<void> take_changes_of(Reading& list, const std::vector<store::ListChange>& changes);
  async::Task<void> end(State state);
  async::Task<void> catch_up();
  async::Task<void> sweep();
  /// What becomes of a step that ends the import, in its transaction.
  void when_done(store::Database& db, const State& next) const;

  async::Task<End> in_trouble(Reading& list, oauth::Failure failure,
                              std::optional<imports::Stopped> reason = {});
  async::Task<bool> concerns_this_list(const oauth::Failure& failure, bool surely);
  End leave_out(Reading& list, imports::LeftOut reason);
  Again stop(imports::Stopped reason);

  Driver& driver_;
  const ProviderClients& clients_;
  Tokens tokens_;
  const Owner owner_;
  const RunImport effect_;
  const Place place_;
  ImportAhead ahead_;
  std::string realm_id_;
  std::deque<Reading> lists_;  // those that are not finished, in order
  CompanyChanges changes_;     // to be applied when the import is done
  int attempts_ = 0;
  bool alone_ = true;        // no other import waits for its turn
  bool catches_up_ = false;  // things may have changed while it was read
  bool stepped_ = false;     // something was stored: what comes next is not another try
};

}  // namespace rekey::work
