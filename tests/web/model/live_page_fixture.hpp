// The page with a backend that answers when the test says so.
#pragma once

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <deque>
#include <map>

#include "tests/web/model/fake_platform.hpp"
#include "web/model/live_page.hpp"
#include "web/model/story.hpp"

namespace rekey::web {

/// A backend that keeps every question until the test answers it.
class Scripted final : public Backend {
 public:
  void use(const std::string& connection) override { used.push_back(connection); }
  void sign_in(const wire::SignIn& sign_in, Then<wire::SignedIn> then) override {
    links.push_back(sign_in);
    sign_ins.push_back(std::move(then));
  }
  void sessions(Then<wire::Sessions> then) override { lists.push_back(std::move(then)); }
  void sign_out(Then<Nothing> then) override { sign_outs.push_back(std::move(then)); }
  void page(Then<wire::Page> then) override { pages.push_back(std::move(then)); }
  void command(const wire::Command& command, Then<wire::Outcome> then) override {
    commands.push_back(command);
    outcomes.push_back(std::move(then));
  }
  void callback(const wire::Callback& callback, Then<wire::Outcome> then) override {
    callbacks.push_back(callback);
    outcomes.push_back(std::move(then));
  }
  void summary(Then<wire::ConfigurationSummary> then) override {
    summaries.push_back(std::move(then));
  }
  void lines(const LinesQuery& query, Then<wire::LinesPage> then) override {
    queries.push_back(query);
    parts.push_back({query, std::move(then)});
  }
  void records(const RecordsQuery& query, Then<wire::RecordsPage> then) override {
    searches.push_back(query);
    found.push_back(std::move(then));
  }
  void change(const wire::ConfigurationPatch& patch, Then<wire::EditAnswer> then) override {
    patches.push_back(patch);
    named.push_back(patch.choices);
    edits.push_back(std::move(then));
  }
  void accept(const wire::AcceptSuggestions& what, Then<wire::EditAnswer> then) override {
    if (what.count_only.value_or(false)) return counts.push_back(std::move(then));
    accepts.push_back(what);
    named.emplace_back();
    edits.push_back(std::move(then));
  }
  void go_back(const wire::GoBack& where, Then<wire::EditAnswer> then) override {
    backs.push_back(where);
    named.emplace_back();
    edits.push_back(std::move(then));
  }
  void save(const wire::SaveChoices& choices, Then<wire::SaveAnswer> then) override {
    saved.push_back(choices);
    saves.push_back(std::move(then));
  }
  void versions(const std::string& cursor, Then<wire::ConfigurationVersions> then) override {
    cursors.push_back(cursor);
    version_pages.push_back(std::move(then));
  }
  void compare(std::int64_t from, std::int64_t, const std::string& cursor,
               Then<wire::ChangedChoices> then) override {
    compared.push_back(from);
    cursors.push_back(cursor);
    comparisons.push_back(std::move(then));
  }
  void set_aside(const std::string& cursor, Then<wire::SetAsidePage> then) override {
    cursors.push_back(cursor);
    set_asides.push_back(std::move(then));
  }
  void sheet(Then<std::string> then) override { sheets.push_back(std::move(then)); }
  void put_sheet(const std::string& csv, std::int64_t seen, Then<wire::SheetAnswer> then) override {
    uploads.push_back({csv, seen});
    sheet_answers.push_back(std::move(then));
  }
  void watch(std::int64_t, Watcher with) override { watcher = std::move(with); }
  void unwatch() override { watcher = {}; }

  template <class T>
  static void answer(std::deque<Then<T>>& queue, Reply<T> reply) {
    REQUIRE_FALSE(queue.empty());
    auto then = std::move(queue.front());
    queue.pop_front();
    then(std::move(reply));
  }

  std::vector<wire::SignIn> links;
  std::vector<std::string> used;  ///< connections, in the order in which they were named
  std::vector<wire::Command> commands;
  std::vector<wire::Callback> callbacks;
  struct Part {
    LinesQuery query;
    Then<wire::LinesPage> then;
  };
  std::vector<LinesQuery> queries;  ///< all that were asked
  std::deque<Part> parts;           ///< those that wait for their answer
  std::vector<RecordsQuery> searches;
  std::vector<wire::ConfigurationPatch> patches;
  std::vector<wire::AcceptSuggestions> accepts;
  std::vector<wire::GoBack> backs;
  std::vector<wire::SaveChoices> saved;
  std::vector<std::string> cursors;
  std::vector<std::int64_t> compared;
  std::vector<std::pair<std::string, std::int64_t>> uploads;
  std::deque<Then<wire::ConfigurationSummary>> summaries;
  std::deque<Then<wire::RecordsPage>> found;
  std::deque<Then<wire::EditAnswer>> edits, counts;
  std::vector<std::vector<wire::ChoicePatch>> named;  ///< lines, by each edit that was asked for
  std::deque<Then<wire::SaveAnswer>> saves;
  std::deque<Then<wire::ConfigurationVersions>> version_pages;
  std::deque<Then<wire::ChangedChoices>> comparisons;
  std::deque<Then<wire::SetAsidePage>> set_asides;
  std::deque<Then<std::string>> sheets;
  std::deque<Then<wire::SheetAnswer>> sheet_answers;
  std::deque<Then<wire::SignedIn>> sign_ins;
  std::deque<Then<wire::Sessions>> lists;
  std::deque<Then<Nothing>> sign_outs;
  std::deque<Then<wire::Page>> pages;
  std::deque<Then<wire::Outcome>> outcomes;
  Watcher watcher;
};

inline const connect::Company pinmoor{"1", "Pinmoor"};

inline wire::Page page_of(connect::Phase phase) {
  wire::Page out;
  out.host = "Ledgerline";
  out.company_hint = "callback";
  out.now = from_ms(fake::browser().now_ms);
  out.seq = 10;
  out.connection = "con_1";
  out.tenant = "Pinmoor Garden";
  out.state.connect.phase = std::move(phase);
  return out;
}

inline connect::Legacy legacy() {
  return {pinmoor, Instant{}, {}};
}

inline wire::Page configurable_page() {
  auto out = page_of(connect::Linked{pinmoor, 1, Instant{}, Instant{}, {}, {}});
  out.state.import = {imports::Done{Instant{}, true, {}}, 1};
  return out;
}

/// A configuration as a backend has it, of short lists.
struct Books {
  std::int64_t revision = 0;
  connect::Company company = pinmoor;
  mapping::Settings settings = {};
  std::map<mapping::Section, std::vector<wire::ConfigurationLine>> lines = {};
  std::size_t a_part = 50;  ///< how many lines one answer has

  wire::ConfigurationLine& line(mapping::Section section, const std::string& ours) {
    auto& all = lines[section];
    return *std::find_if(all.begin(), all.end(),
                         [&](const auto& each) { return each.ours.id == ours; });
  }
  std::vector<mapping::SectionCounts> counts() const {
    std::vector<mapping::SectionCounts> out;
    for (const auto& [section, all] : lines) {
      auto& counts = out.emplace_back();
      counts.section = section;
      for (const auto& each : all) {
        ++counts.total;
        counts.changed += each.change.has_value();
        counts.undecided += each.state == mapping::LineState::undecided;
        counts.suggested += each.state == mapping::LineState::suggested;
        counts.chosen += each.state == mapping::LineState::chosen;
        counts.none += each.state == mapping::LineState::none;
      }
    }
    return out;
  }
  wire::ConfigurationSummary summary() const {
    wire::ConfigurationSummary out;
    out.revision = revision;
    out.company = company;
    out.settings = settings;
    out.sections = counts();
    return out;
  }
  /// Cursors are the number of the first line.
  wire::LinesPage part(const LinesQuery& query) const {
    wire::LinesPage out;
    out.revision = revision;
    const auto& all = lines.at(query.section);
    const auto first = query.cursor.empty() ? 0 : std::stoul(query.cursor);
    for (auto i = first; i < all.size() && i < first + a_part; ++i) out.lines.push_back(all[i]);
    if (first + a_part <= all.size()) out.next = std::to_string(first + a_part);
    return out;
  }
};

inline wire::Candidate candidate(std::string id, std::string name, double confidence = 0.5,
                                 bool applies = false) {
  return {{std::move(id), std::move(name), "", true}, confidence, {}, applies};
}
inline wire::ConfigurationLine line(std::string id, std::string name,
                                    std::vector<wire::Candidate> candidates = {}) {
  wire::ConfigurationLine out;
  out.ours = {std::move(id), std::move(name), "", true};
  out.state = candidates.empty() ? mapping::LineState::undecided : mapping::LineState::suggested;
  out.candidates = std::move(candidates);
  return out;
}
/// The same line with a choice, as the backend has it.
inline wire::ConfigurationLine chosen(wire::ConfigurationLine line, const mapping::Record& target) {
  line.choice = mapping::Choice{line.ours.id, target.id, target.name};
  line.target = target;
  line.state = mapping::LineState::chosen;
  return line;
}

/// A line as a change makes it.
inline wire::ConfigurationLine changed(wire::ConfigurationLine line, const wire::ChoicePatch& to) {
  using mapping::LineState;
  line.choice.reset();
  line.target.reset();
  line.change.reset();
  line.state = line.candidates.empty() ? LineState::undecided : LineState::suggested;
  if (to.undecided.value_or(false)) return line;
  line.choice = mapping::Choice{to.ours, to.theirs.value_or(""), "", to.create.value_or(false)};
  line.state = to.create.value_or(false) ? LineState::create : LineState::none;
  if (!to.theirs.value_or("").empty()) return chosen(std::move(line), {*to.theirs, "", "", true});
  return line;
}

inline Books books() {
  Books out;
  out.lines[mapping::Section::accounts] = {line("a", "Sales", {candidate("1", "Income")}),
                                           line("b", "Bank", {candidate("1", "Income")})};
  return out;
}

struct Fixture {
  Fixture() { fake::reset(); }
  explicit Fixture(wire::Page page) : Fixture() { open(std::move(page)); }
  /// Opened by a tab that shows this connection already.
  void open(wire::Page page) {
    fake::browser().storage["rekey.connection"] = "con_1";
    live.session.start();
    at = page;
    Scripted::answer(backend.pages, {std::move(page), {}});
  }
  /// A sign-in was begun in this tab, on the page of that connection.
  void began(std::string state, std::string connection = "con_1") {
    Attempts attempts;
    attempts.put({std::move(state), Instant{}, false, false, std::move(connection)});
    fake::browser().storage["rekey.attempts"] = attempts.write();
  }
  void open_configuration(const Books& with = books()) {
    open(configurable_page());
    answer_configuration(with);
  }
  /// Answers what is asked of how the configuration stands, and for lines.
  void answer_configuration(const Books& with) { answer_configuration(backend, with); }
  static void answer_configuration(Scripted& backend, const Books& with) {
    Scripted::answer(backend.summaries, {with.summary(), {}});
    answer_lines(backend, with);
  }
  void answer_lines(const Books& with) { answer_lines(backend, with); }
  static void answer_lines(Scripted& backend, const Books& with) {
    REQUIRE_FALSE(backend.parts.empty());
    for (auto waiting = std::exchange(backend.parts, {}); auto& each : waiting)
      each.then({with.part(each.query), {}});
  }
  /// The answer to a change: it is kept as this revision, with the lines that it named.
  void kept_as(std::int64_t revision, Books with = books()) {
    at.seq += 1;
    at.state = saved_as(save::Draft{}, revision);
    wire::EditAnswer out;
    out.outcome.emplace();
    out.outcome->seq = at.seq;
    out.outcome->state = at.state;
    REQUIRE_FALSE(backend.edits.empty());
    for (const auto& each : backend.named[backend.named.size() - backend.edits.size()]) {
      auto& line = with.line(each.section, each.ours);
      line = changed(std::move(line), each);
      out.lines.push_back(line);
    }
    out.changed = static_cast<std::int64_t>(out.lines.size());
    out.sections = with.counts();
    Scripted::answer(backend.edits, {out, {}});
  }
  void saved_as_revision(std::int64_t revision) {
    at.seq += 1;
    at.state = saved_as(save::Saving{live.model().now() + std::chrono::minutes{1}}, revision);
    wire::SaveAnswer out;
    out.outcome.emplace();
    out.outcome->seq = at.seq;
    out.outcome->state = at.state;
    Scripted::answer(backend.saves, {out, {}});
  }
  /// The answer to a command: the next step.
  void outcome(State state, std::optional<std::string> redirect = {}) {
    at.seq += 1;
    at.state = state;
    wire::Outcome out;
    out.seq = at.seq;
    out.state = state;
    out.redirect = redirect;
    if (redirect) out.attempt_state = "mine";
    Scripted::answer(backend.outcomes, {out, {}});
  }
  void refuse(std::string refusal) { refuse(backend.outcomes, std::move(refusal)); }
  template <class T>
  void refuse(std::deque<Then<T>>& queue, std::string refusal) {
    Trouble trouble{Trouble::Kind::refused, {}, {}};
    trouble.problem.status = 409;
    trouble.problem.code = "not_possible";
    trouble.problem.message = "refused." + refusal;
    trouble.problem.refusal = std::move(refusal);
    Scripted::answer(queue, {{}, trouble});
  }
  MappingRow& row(mapping::Section section, const std::string& ours) {
    auto* found = find_row(*live.model().mapping, section, ours);
    REQUIRE(found);
    return *found;
  }
  /// A problem as the backend's answer: to a command, or to what `queue` holds.
  template <class T>
  void problem(std::deque<Then<T>>& queue, int status, std::string code, wire::WayOn way = {}) {
    Trouble trouble{Trouble::Kind::refused, {}, std::move(way)};
    if (status == 401 || code == wire::code_other_page) trouble.kind = Trouble::Kind::session_ended;
    trouble.problem.status = status;
    trouble.problem.code = std::move(code);
    Scripted::answer(queue, {{}, trouble});
  }
  void stepped(State state) {
    at.seq += 1;
    at.state = state;
    backend.watcher.stepped({at.seq, {}, state, {}, {}});
  }
  State saved_as(save::Phase phase, std::int64_t revision) {
    auto state = at.state;
    state.save = {std::move(phase), revision};
    return state;
  }

  Scripted* own = new Scripted;
  Scripted& backend = *own;
  LivePage live{std::unique_ptr<Backend>(own)};
  wire::Page at;
};

/// The record of the company that `books` suggests for both lines.
inline const mapping::Record income{"1", "Income", "", true};

/// The person chooses a counterpart of one of the host's accounts.
inline void choose(Fixture& f, const std::string& ours, std::string_view value = "1") {
  f.live.editing.choose(mapping::Section::accounts, ours, std::string(value));
}

}  // namespace rekey::web
