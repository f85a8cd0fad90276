#include "native/work/section_matcher.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <unordered_map>
#include <unordered_set>

#include "core/mapping/kind.hpp"
#include "core/mapping/match.hpp"
#include "native/store/lines.hpp"

namespace rekey::work {

namespace {

using mapping::Record;
using mapping::Section;
using store::CompanyKey;
using store::StoredSuggestion;

/// So many rows are written at once, and then others may write.
constexpr std::size_t matched_at_once = 500;

using Suggestions = std::map<std::string, std::vector<StoredSuggestion>>;

/// What could not be saved is not suggested.
void drop_wrong_kinds(Section section, const std::vector<Record>& ours,
                      const std::vector<Record>& theirs, Suggestions& suggestions) {
  if (section != Section::accounts) return;
  std::unordered_map<std::string_view, std::string_view> kinds;
  for (const auto& each : theirs) kinds.emplace(each.id, each.kind);
  for (const auto& each : ours) {
    const auto at = suggestions.find(each.id);
    if (at == suggestions.end() || each.kind.empty()) continue;
    std::erase_if(at->second, [&](const StoredSuggestion& suggestion) {
      return !mapping::kinds_suit(section, each.kind, kinds[suggestion.theirs]);
    });
    if (at->second.empty()) suggestions.erase(at);
  }
}

/// A section of fewer records is always matched as a whole, as is one of which more than this share
/// changed since that was done last: what was learned is of other lists by then.
constexpr std::size_t least_in_parts = 1000;
constexpr double most_in_parts = 0.05;

/// Adds what is suggested for each of the host's records, the best first.
void add_suggestions(std::vector<mapping::Suggestion> found, Suggestions& out) {
  for (auto& each : found)
    out[each.ours].push_back({each.theirs, each.confidence, each.apply, std::move(each.reasons)});
}

std::vector<mapping::Suggestion> stored_ones(const Suggestions& stored) {
  std::vector<mapping::Suggestion> out;
  for (const auto& [ours, found] : stored)
    for (const auto& each : found)
      out.push_back({ours, each.theirs, each.confidence, each.applies, each.reasons});
  return out;
}

bool alike(const StoredSuggestion& a, const StoredSuggestion& b) {
  return a.theirs == b.theirs && a.reasons == b.reasons && a.applies == b.applies &&
         std::abs(a.confidence - b.confidence) < 1e-6;
}

/// One section of one company on its way into the lines.
class SectionMatcher {
 public:
  /// `records`: as they were imported last.
  SectionMatcher(Driver& driver, const store::Matching& matching, CompanyKey key,
                 const CompanyRecords& records, Section section, const std::function<bool()>& stop)
      : driver_(driver),
        matching_(matching),
        key_(std::move(key)),
        records_(records),
        section_(section),
        entity_(imports::entity_of(section)),
        stop_(stop) {}

  void run(const std::vector<Record>& ours, bool fresh) {
    const auto lines = line_writes(ours, fresh);
    compare_targets();
    known_ = store::matching_model(*driver_.databases().borrow(), key_, section_);
    // First what is suggested: while a line or a target is still to be written, a run that begins
    // anew sees that there is something to match. Without a model, no run came to its end yet.
    if (!known_ || !changed_.ours.empty() || !changed_.theirs.empty())
      put_suggested(ours, ours.empty() ? std::vector<Record>() : imported());
    write_targets(fresh);
    write(lines);
    restate();
  }

 private:
  using Write = std::function<void(store::Database&)>;

  /// Writes some hundred rows in one transaction, and renews the lease.
  void write_at_once(store::Database& db, std::span<const Write> writes) {
    store::in_transaction(db, [&] {
      for (const auto& each : writes) each(db);
      store::renew_matching(db, matching_, driver_.now() + matching_held_for);
    });
  }

  void write(std::span<const Write> writes) {
    for (std::size_t at = 0; at < writes.size() && !stop_(); at += matched_at_once)
      write_at_once(*driver_.databases().borrow(),
                    writes.subspan(at, std::min(matched_at_once, writes.size() - at)));
  }

  std::vector<Write> line_writes(const std::vector<Record>& ours, bool fresh) {
    std::unordered_map<std::string, store::LineRow> stored;
    store::each_line(
        *driver_.databases().borrow(), key_, section_,
        [&](const std::string& id, store::LineRow row) { stored.emplace(id, std::move(row)); });
    std::vector<Write> writes;
    std::int64_t position = 0;
    for (const auto& each : ours) {
      ++position;
      const auto at = stored.find(each.id);
      const bool same_record =
          at != stored.end() && at->second.there && at->second.body == wire::text_of(each);
      const bool same = same_record && at->second.position == position;
      if (at != stored.end()) stored.erase(at);
      if (same) continue;
      if (!same_record) changed_.ours.push_back(each.id);
      writes.push_back([this, &each, position, fresh](store::Database& db) {
        store::put_line(db, key_, section_, each, position, fresh);
        store::restate(db, key_, section_, each.id);
      });
    }
    // A gone line without a choice goes altogether.
    for (const auto& [id, row] : stored) {
      if (row.there) changed_.ours.push_back(id);
      writes.push_back(
          [this, id = id](store::Database& db) { store::drop_line(db, key_, section_, id); });
    }
    return writes;
  }

  /// All records that the company has, which only matching needs to have in memory at once.
  std::vector<Record> imported() {
    std::vector<Record> out;
    records_.each(
        *driver_.databases().borrow(), entity_, [](const auto&) { return true; },
        [&](const Record& each) { out.push_back(each); });
    return out;
  }

  /// Notes which records are others than the targets that are stored; of these no more than a
  /// number is held.
  void compare_targets() {
    auto db = driver_.databases().borrow();
    const std::hash<std::string> hash;
    std::unordered_map<std::string, std::size_t> stored;
    store::each_target(*db, key_, section_, [&](const std::string& id, const std::string& body) {
      stored.emplace(id, hash(body));
    });
    // One that is new need not be read to be known as changed.
    const auto is_stored = [&](const std::string& id) {
      if (stored.contains(id)) return true;
      if (!id.empty()) changed_.theirs.push_back(id);
      return false;
    };
    records_.each(*db, entity_, is_stored, [&](const Record& each) {
      const auto at = stored.find(each.id);
      if (at->second != hash(wire::text_of(each))) changed_.theirs.push_back(each.id);
      stored.erase(at);
    });
    for (const auto& [id, body] : stored) {
      changed_.theirs.push_back(id);
      gone_targets_.push_back(id);
    }
  }

  /// Writes what `compare_targets` noted, reading it once more.
  void write_targets(bool fresh) {
    if (changed_.theirs.empty()) return;
    const std::unordered_set<std::string_view> changed(changed_.theirs.begin(),
                                                       changed_.theirs.end());
    auto db = driver_.databases().borrow();
    std::vector<Write> writes;
    const auto add = [&](Write each) {
      writes.push_back(std::move(each));
      if (writes.size() < matched_at_once) return;
      write_at_once(*db, writes);
      writes.clear();
    };
    records_.each(
        *db, entity_, [&](const std::string& id) { return !stop_() && changed.contains(id); },
        [&](const Record& each) {
          add([this, each, fresh](store::Database& to) {
            store::put_target(to, key_, section_, each, fresh);
          });
        });
    for (const auto& id : gone_targets_)
      add([this, &id](store::Database& to) { store::drop_target(to, key_, section_, id); });
    write_at_once(*db, writes);
  }

  /// What is suggested now, and the model that is to be stored with it: of what changed alone,
  /// where that is little.
  std::pair<Suggestions, store::StoredModel> suggested(const std::vector<Record>& ours,
                                                       const std::vector<Record>& theirs,
                                                       const Suggestions& stored) {
    const auto how = mapping::matching_of(section_);
    const auto records = ours.size() + theirs.size();
    const auto changed = (known_ ? known_->changed : 0) +
                         static_cast<std::int64_t>(changed_.ours.size() + changed_.theirs.size());
    const auto is_little = [](auto part, std::size_t whole) {
      return static_cast<double>(part) <= most_in_parts * static_cast<double>(whole);
    };
    // The host's alone, too: nothing was learned while it had none.
    if (known_ && records >= least_in_parts && is_little(changed, records) &&
        is_little(changed_.ours.size(), ours.size())) {
      auto found =
          mapping::suggest_again(ours, theirs, how, known_->model, stored_ones(stored), changed_);
      auto out = stored;
      for (const auto& each : found.again) out.erase(each);
      add_suggestions(std::move(found.suggestions), out);
      return {std::move(out), {known_->model, changed}};
    }
    auto found = mapping::learn_and_suggest(ours, theirs, how);
    Suggestions out;
    add_suggestions(std::move(found.suggestions), out);
    return {std::move(out), {std::move(found.model), 0}};
  }

  void put_suggested(const std::vector<Record>& ours, const std::vector<Record>& theirs) {
    Suggestions stored;
    store::each_suggestion(*driver_.databases().borrow(), key_, section_,
                           [&](const std::string& id, StoredSuggestion suggestion) {
                             stored[id].push_back(std::move(suggestion));
                           });
    auto [wanted, model] = suggested(ours, theirs, stored);
    drop_wrong_kinds(section_, ours, theirs, wanted);
    static const std::vector<StoredSuggestion> nothing;
    std::vector<Write> writes;
    const auto put = [&](const std::string& id, const std::vector<StoredSuggestion>& found) {
      writes.push_back([this, &id, &found](store::Database& db) {
        store::put_suggestions(db, key_, section_, id, found);
        store::restate(db, key_, section_, id);
      });
    };
    for (const auto& [id, found] : wanted) {
      const auto at = stored.find(id);
      if (at == stored.end() ||
          !std::equal(found.begin(), found.end(), at->second.begin(), at->second.end(), alike))
        put(id, found);
    }
    for (const auto& [id, found] : stored)
      if (wanted.find(id) == wanted.end()) put(id, nothing);
    // Last, so that a run that is cut off before is made again as a whole.
    writes.push_back([this, &kept = model](store::Database& db) {
      store::put_matching_model(db, key_, section_, kept);
    });
    write(writes);
  }

  /// What no write above has touched: lines whose counterpart changed, or whose choice was undone.
  void restate() {
    std::string after;
    while (!stop_()) {
      const auto found = store::out_of_step(*driver_.databases().borrow(), key_, section_, after,
                                            static_cast<int>(matched_at_once));
      std::vector<Write> writes;
      for (const auto& each : found)
        writes.push_back(
            [this, &each](store::Database& db) { store::restate(db, key_, section_, each); });
      write(writes);
      if (found.size() < matched_at_once) return;
      after = found.back();
    }
  }

  Driver& driver_;
  const store::Matching& matching_;
  CompanyKey key_;
  const CompanyRecords& records_;
  Section section_;
  imports::Entity entity_;
  const std::function<bool()>& stop_;
  mapping::Changed changed_;                 ///< since the section was matched last
  std::vector<std::string> gone_targets_;    ///< of `changed_.theirs`, those that are there no more
  std::optional<store::StoredModel> known_;  ///< of the last time that all of it was
};

}  // namespace

void match_section(Driver& driver, const store::Matching& matching, const CompanyKey& key,
                   const CompanyRecords& records, Section section, const std::vector<Record>& ours,
                   bool fresh, const std::function<bool()>& stop) {
  SectionMatcher(driver, matching, key, records, section, stop).run(ours, fresh);
}

}  // namespace rekey::work
