#include "core/import/walk.hpp"

#include <algorithm>

namespace rekey::imports {

namespace {

// An answer without records where there should be some is asked for again, this often.
constexpr int empty_pages_most = 3;
// So many pages may not fit to the one before, beside one for each page of the list.
constexpr std::int64_t moves_at_least = 10;

}  // namespace

PageAsk Walker::ask(std::int64_t position) const {
  // One record twice, to see that the pages fit together.
  const std::int64_t overlap = position > 1 && size_ > 1 ? 1 : 0;
  return {position - overlap, size_};
}

bool Walker::is_first_page_again(const PageRead& page) const {
  return page.asked.start > 1 && page.size > 1 && page.size == first_page_.size &&
         page.first == first_page_.first && page.last == first_page_.last;
}

void Walker::step_back() {
  ++walk_.moves;
  const auto to = places_.empty() ? Place{} : places_.back();
  if (!places_.empty()) places_.pop_back();
  walk_.next = to.next;
  walk_.last = to.last;
}

Walker::Fit Walker::fit(const PageRead& page) {
  const bool overlaps = page.asked.start < walk_.next;
  if (walk_.unordered || page.size == 0 || !overlaps || walk_.last.empty() || page.first.empty() ||
      page.first == walk_.last)
    return Fit::fits;
  if (is_first_page_again(page)) ++same_pages_;
  // There is nothing to be gained by going back.
  if (same_pages_ >= same_page_most) return Fit::fits;
  if (walk_.moves > moves_at_least + walk_.counted / size_) {
    walk_.unordered = true;
    walk_.doubtful = true;
    return Fit::fits;
  }
  step_back();
  return Fit::moved;
}

Walker::Next Walker::take(const PageRead& page, std::int64_t fresh) {
  walk_.found += fresh;
  // The record that was known, and nothing after it: as good as none.
  was_empty_ = page.asked.start + page.size <= walk_.next;
  if (was_empty_) return Next::judge;
  empty_pages_ = 0;
  if (same_pages_ >= same_page_most) return Next::judge;
  if (page.asked.start == 1) first_page_ = page;
  const bool overlaps = page.asked.start < walk_.next;
  const auto known = overlaps && !page.first.empty() ? 1 : 0;
  // The first time that these places are read, their rows are new: otherwise one came twice, and
  // where it was another one may be missing.
  if (walk_.pass == 1 && page.asked.start >= walk_.high - 1 && fresh < page.rows - known)
    walk_.doubtful = true;
  places_.push_back({walk_.next, walk_.last});
  walk_.next = page.asked.start + page.size;
  walk_.last = page.last;
  walk_.high = std::max(walk_.high, walk_.next);
  if (page.size >= page.asked.most) return Next::go_on;
  return walk_.next > walk_.counted ? Next::judge : Next::ask_anew;
}

bool Walker::is_complete(std::int64_t distinct) const {
  // Read twice from end to end, and the second time nothing was new: fewer rows than records are
  // records of one id.
  const bool whole = walk_.moves == 0 && !walk_.unordered && walk_.next > walk_.counted;
  if (walk_.pass > 1 && walk_.found == 0 && whole) return true;
  if (distinct < walk_.counted) return false;
  if (walk_.pass == 1) return !walk_.doubtful;
  // What is new in a later pass may be what was added meanwhile.
  return walk_.found <= std::max<std::int64_t>(0, walk_.counted - walk_.counted_before);
}

void Walker::begin_pass() {
  ++walk_.pass;
  walk_.counted_before = walk_.counted;
  walk_.next = 1;
  walk_.last.clear();
  walk_.high = 1;
  walk_.found = 0;
  walk_.moves = 0;
  walk_.doubtful = walk_.unordered;
  places_.clear();
  empty_pages_ = 0;
}

Walker::Verdict Walker::judge(std::int64_t counted, std::int64_t distinct) {
  walk_.counted = counted;
  if (same_pages_ >= same_page_most)
    return distinct >= counted ? Verdict::complete : Verdict::ignored;
  if (walk_.next <= counted) {
    if (!was_empty_ || ++empty_pages_ < empty_pages_most) return Verdict::go_on;
    walk_.doubtful = true;
  }
  if (is_complete(distinct)) return Verdict::complete;
  if (walk_.pass >= passes_most || (walk_.pass >= passes_in_vain && walk_.found == 0))
    return Verdict::incomplete;
  begin_pass();
  return Verdict::again;
}

}  // namespace rekey::imports
