// How a list is read page by page so that no row is lost while rows move: what is asked for next,
// and what the pages that were read prove. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/wire/fields.hpp"

namespace rekey::imports {

using wire::field;

/// How far one list is read; kept with its rows, so that another process can go on.
///
/// Each page begins with the record that the page before ended with. Where it does not, rows were
/// inserted, removed or put in another order before that place, and the pages before it are read
/// again, backwards, until two of them fit together. A list is complete when a whole pass fitted
/// together, brought no row twice, and brought as many rows as the provider counts afterwards.
/// Otherwise it is read again, and all that was seen is put together, until a pass finds nothing
/// new.
struct Walk {
  std::int64_t counted = 0;         ///< records, by the provider's newest count
  std::int64_t counted_before = 0;  ///< and by the one before this pass
  std::int64_t next = 1;            ///< position of the first record that is not read in this pass
  std::string last;                 ///< id of the one before it; empty: it is not known
  std::int64_t high = 1;            ///< the largest `next` of this pass
  std::int64_t pass = 1;
  std::int64_t found = 0;  ///< rows of this pass that were new
  std::int64_t moves = 0;  ///< how often in this pass two pages did not fit together
  bool doubtful = false;   ///< rows came twice in this pass, or it was not seen whether pages fit
  bool unordered = false;  ///< pages fit together so seldom that it is not looked at any more
  bool operator==(const Walk&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        field("counted", &Walk::counted),   field("counted_before", &Walk::counted_before),
        field("next", &Walk::next),         field("last", &Walk::last),
        field("high", &Walk::high),         field("pass", &Walk::pass),
        field("found", &Walk::found),       field("moves", &Walk::moves),
        field("doubtful", &Walk::doubtful), field("unordered", &Walk::unordered)};
  }
};

/// A page to ask for.
struct PageAsk {
  std::int64_t start = 1;  ///< position of its first record
  std::int64_t most = 1;
  /// The position after it, if it comes whole.
  std::int64_t end() const { return start + most; }
};

/// What the rules need to know of a page that was read.
struct PageRead {
  PageAsk asked;
  std::int64_t size = 0;   ///< records in it
  std::int64_t rows = 0;   ///< of them, those that have an id
  std::string first = {};  ///< id of the first record; empty: it has none
  std::string last = {};   ///< and of the last
};

/// How often the same page for different positions says that positions are not heeded.
constexpr int same_page_most = 2;
/// A list is not read more often than this.
constexpr std::int64_t passes_most = 20;
/// And not more often than this when nothing new comes of it.
constexpr std::int64_t passes_in_vain = 3;

/// Reads one list by the rules of `Walk`.
class Walker {
 public:
  /// `size`: how many records are asked for at once.
  Walker(Walk walk, std::int64_t size) : walk_(std::move(walk)), size_(size) {}

  const Walk& walk() const { return walk_; }
  /// The page to ask for when everything before `position` is read or asked for.
  PageAsk ask(std::int64_t position) const;
  PageAsk ask() const { return ask(walk_.next); }

  enum class Fit {
    fits,   ///< keep its rows, and then `take` it
    moved,  ///< drop it and everything that was asked for ahead: ask anew
  };
  /// Whether the page fits to the one before it. Where not, the walk has gone back.
  Fit fit(const PageRead& page);

  enum class Next {
    go_on,
    ask_anew,  ///< the page was short: what was asked for ahead left a gap
    judge,     ///< this may have been the last page: count afresh, and `judge`
  };
  /// Takes a page that fits; `fresh`: how many of its rows were new to this run.
  Next take(const PageRead& page, std::int64_t fresh);

  enum class Verdict {
    complete,
    go_on,       ///< there is more: ask anew
    again,       ///< another pass has begun: ask anew
    ignored,     ///< the provider does not heed positions
    incomplete,  ///< it cannot be brought to agree
  };
  /// What the end of a pass means. `counted`: by the provider, now. `distinct`: rows and set-aside
  /// records of this run.
  Verdict judge(std::int64_t counted, std::int64_t distinct);

 private:
  struct Place {
    std::int64_t next = 1;
    std::string last;
  };
  void step_back();
  bool is_first_page_again(const PageRead& page) const;
  bool is_complete(std::int64_t distinct) const;
  void begin_pass();

  Walk walk_;
  std::int64_t size_;
  std::vector<Place> places_;  // where the pages of this pass began, for going back
  PageRead first_page_;
  int same_pages_ = 0;
  int empty_pages_ = 0;
  bool was_empty_ = false;
};

}  // namespace rekey::imports
