#include "web/model/offline_book.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "core/mapping/sheet.hpp"
#include "core/text/fold.hpp"
#include "web/model/mapping.hpp"
#include "web/model/offline_records.hpp"

namespace rekey::web::offline {

namespace {

using mapping::Choice;
using mapping::Configuration;
using mapping::LineFilter;
using mapping::LineState;
using mapping::Record;
using mapping::Section;
using wire::ConfigurationLine;

constexpr std::size_t versions_kept = 20, a_page = 50;

const Record* find(const std::vector<Record>& records, const std::string& id) {
  for (const auto& each : records)
    if (each.id == id) return &each;
  return nullptr;
}

/// The lists never change, so what is suggested does not either.
const std::vector<mapping::Suggestion>& suggestions(Section section) {
  static std::array<std::optional<std::vector<mapping::Suggestion>>, mapping::all_sections.size()>
      all;
  auto& own = all[static_cast<std::size_t>(section)];
  if (!own)
    own = mapping::suggest(ours().of(section), theirs().of(section), mapping::matching_of(section));
  return *own;
}

bool shares(const Configuration& configuration, Section section, const Choice& choice) {
  if (!mapping::matching_of(section).one_to_one || choice.theirs.empty()) return false;
  const auto& all = configuration.of(section);
  return std::any_of(all.begin(), all.end(), [&](const Choice& each) {
    return each.theirs == choice.theirs && each.ours != choice.ours;
  });
}

std::optional<mapping::Change> change_of(const Choice& choice, const Record* target) {
  if (choice.theirs.empty()) return {};
  if (!target) return mapping::Change::target_gone;
  if (!target->active) return mapping::Change::target_inactive;
  if (!choice.name.empty() && choice.name != target->name) return mapping::Change::target_renamed;
  return {};
}

ConfigurationLine line_of(const Configuration& configuration, Section section,
                          const Record& record) {
  ConfigurationLine out;
  out.ours = record;
  for (const auto& each : suggestions(section))
    if (each.ours == record.id)
      out.candidates.push_back(
          {*find(theirs().of(section), each.theirs), each.confidence, each.reasons, each.apply});
  if (const auto* choice = configuration.find(section, record.id)) {
    out.choice = *choice;
    if (const auto* target = find(theirs().of(section), choice->theirs)) out.target = *target;
    out.change = change_of(*choice, out.target ? &*out.target : nullptr);
    out.conflict = shares(configuration, section, *choice);
  }
  out.state = state_of(out.choice, !out.candidates.empty());
  return out;
}

/// Records by name, those that have each word of a search.
std::vector<Record> found(std::vector<Record> records, const std::string& search) {
  std::erase_if(records, [&](const Record& each) {
    const auto all = text::fold(each.name + "\n" + each.detail + "\n" + each.number);
    const auto words = text::fold(search);
    for (std::size_t at = 0; at < words.size();) {
      const auto end = std::min(words.find(' ', at), words.size());
      if (all.find(words.substr(at, end - at)) == all.npos) return true;
      at = end + 1;
    }
    return false;
  });
  std::sort(records.begin(), records.end(), [](const Record& a, const Record& b) {
    return std::pair(text::fold(a.name), a.id) < std::pair(text::fold(b.name), b.id);
  });
  return records;
}

bool passes(const ConfigurationLine& line, LineFilter filter) {
  switch (filter) {
    case LineFilter::undecided:
      return line.state == LineState::undecided;
    case LineFilter::suggested:
      return line.state == LineState::suggested;
    case LineFilter::chosen:
      return line.state == LineState::chosen;
    case LineFilter::none:
      return line.state == LineState::none;
    case LineFilter::create:
      return line.state == LineState::create;
    case LineFilter::changed:
      return line.change.has_value();
    case LineFilter::conflicts:
      return line.conflict;
    case LineFilter::gone:
      break;
  }
  return line.gone;
}

/// A part of a list, after the record that a cursor names; gives the cursor to go on with.
template <class T, class Id>
std::optional<std::string> cut(std::vector<T>& all, const std::string& cursor, Id id) {
  if (!cursor.empty()) {
    const auto at =
        std::find_if(all.begin(), all.end(), [&](const T& each) { return id(each) == cursor; });
    all.erase(all.begin(), at == all.end() ? at : at + 1);
  }
  if (all.size() <= a_page) return {};
  all.resize(a_page);
  return id(all.back());
}

void count(mapping::SectionCounts& counts, const ConfigurationLine& line) {
  ++counts.total;
  counts.changed += line.change.has_value();
  counts.conflicts += line.conflict;
  counts.undecided += line.state == LineState::undecided;
  counts.suggested += line.state == LineState::suggested;
  counts.chosen += line.state == LineState::chosen;
  counts.none += line.state == LineState::none;
  counts.create += line.state == LineState::create;
}

std::vector<mapping::SectionCounts> counts_of(const Configuration& configuration) {
  std::vector<mapping::SectionCounts> out;
  for (const auto section : mapping::usual_sections) {
    auto& counts = out.emplace_back();
    counts.section = section;
    for (const auto& each : ours().of(section))
      count(counts, line_of(configuration, section, each));
  }
  return out;
}

std::vector<wire::ChangedChoice> different(const Configuration& before,
                                           const Configuration& after) {
  std::vector<wire::ChangedChoice> out;
  for (const auto section : mapping::usual_sections)
    for (const auto& each : ours().of(section)) {
      const auto* was = before.find(section, each.id);
      const auto* is = after.find(section, each.id);
      if (was == is || (was && is && *was == *is)) continue;
      auto& changed = out.emplace_back();
      changed.section = section;
      changed.ours = each.id;
      changed.name = each.name;
      if (was) changed.before = *was;
      if (is) changed.after = *is;
    }
  return out;
}

void put(Configuration& configuration, Section section, const std::string& ours,
         const std::optional<Choice>& choice) {
  if (choice) return configuration.choose(section, *choice);
  std::erase_if(configuration.of(section), [&](const Choice& each) { return each.ours == ours; });
}

}  // namespace

const Configuration& Book::now() const {
  static const Configuration nothing;
  return versions.empty() ? nothing : versions.back().configuration;
}

const Version* Book::find(std::int64_t revision) const {
  for (const auto& each : versions)
    if (each.revision == revision) return &each;
  return nullptr;
}

std::optional<Configuration> Book::at(std::int64_t revision) const {
  if (const auto* version = find(revision)) return version->configuration;
  const bool all_known = !versions.empty() && versions.size() < versions_kept;
  if (all_known && revision < versions.front().revision) return Configuration{};
  return {};
}

void Book::add(Version version) {
  if (versions.size() == versions_kept) versions.erase(versions.begin());
  versions.push_back(std::move(version));
}

wire::ConfigurationSummary summary(const Book& book, const connect::Company& company,
                                   std::int64_t revision) {
  wire::ConfigurationSummary out;
  out.revision = revision;
  for (const auto& each : book.versions)
    if (each.saved) out.saved = each.revision;
  out.company = company;
  out.settings = book.now().settings;
  out.terms = terms();
  out.sections = counts_of(book.now());
  out.facts.name = company.name;
  out.facts.country = "GB";
  out.facts.home_currency = "GBP";
  out.facts.multi_currency = false;
  out.facts.sales_tax = true;
  out.facts.fiscal_year_starts = 4;
  return out;
}

wire::LinesPage lines(const Book& book, const LinesQuery& query, std::int64_t revision) {
  wire::LinesPage out;
  out.revision = revision;
  for (const auto& each : found(ours().of(query.section), query.search)) {
    auto line = line_of(book.now(), query.section, each);
    if (!query.filter || passes(line, *query.filter)) out.lines.push_back(std::move(line));
  }
  if (query.backwards) std::reverse(out.lines.begin(), out.lines.end());
  out.next = cut(out.lines, query.cursor, [](const auto& each) { return each.ours.id; });
  return out;
}

wire::RecordsPage records(const RecordsQuery& query) {
  wire::RecordsPage out;
  out.records = found(theirs().of(query.section), query.search);
  out.next = cut(out.records, query.cursor, [](const auto& each) { return each.id; });
  return out;
}

wire::ConfigurationVersions versions(const Book& book) {
  wire::ConfigurationVersions out;
  for (auto each = book.versions.rbegin(); each != book.versions.rend(); ++each)
    out.versions.push_back({each->revision, each->at, each->saved, {}});
  return out;
}

std::optional<wire::ChangedChoices> compare(const Book& book, std::int64_t from, std::int64_t to) {
  if (book.versions.empty()) return {};
  const auto* before = book.find(from);
  const auto* after = to == 0 ? &book.versions.back() : book.find(to);
  if (!before || !after) return {};
  wire::ChangedChoices out;
  out.from = before->revision;
  out.to = after->revision;
  if (before->configuration.settings != after->configuration.settings)
    out.settings = after->configuration.settings;
  out.choices = different(before->configuration, after->configuration);
  return out;
}

std::int64_t count_different(const Configuration& one, const Configuration& other) {
  return static_cast<std::int64_t>(different(one, other).size());
}

std::string sheet(const Book& book) {
  auto out = mapping::sheet_head();
  for (const auto section : mapping::usual_sections)
    for (const auto& each : found(ours().of(section), "")) {
      const auto* choice = book.now().find(section, each.id);
      out += mapping::sheet_row(
          {section, each.name, each.id, choice ? std::optional(*choice) : std::nullopt});
    }
  return out;
}

Configuration patched(const Book& book, const wire::ConfigurationPatch& patch) {
  auto out = book.now();
  for (const auto& each : patch.choices) {
    std::optional<Choice> choice;
    if (!each.undecided.value_or(false)) {
      choice = Choice{each.ours, each.theirs.value_or(""), "", each.create.value_or(false)};
      if (const auto* target = find(theirs().of(each.section), choice->theirs))
        choice->name = target->name;
    }
    put(out, each.section, each.ours, choice);
  }
  if (patch.settings) out.settings = *patch.settings;
  return out;
}

Configuration accepted(const Configuration& configuration, Section section, double confidence,
                       bool applies_only, std::int64_t& changed) {
  auto out = configuration;
  std::multiset<std::string> wanted;
  std::vector<ConfigurationLine> open;
  for (const auto& each : ours().of(section)) {
    auto line = line_of(configuration, section, each);
    if (line.state != LineState::suggested) continue;
    wanted.insert(line.candidates.front().record.id);
    open.push_back(std::move(line));
  }
  const bool one_to_one = mapping::matching_of(section).one_to_one;
  for (const auto& line : open) {
    const auto& best = line.candidates.front();
    const Choice choice{line.ours.id, best.record.id, best.record.name};
    const bool sure = best.confidence >= confidence && (best.applies || !applies_only);
    const bool equal =
        line.candidates.size() > 1 && line.candidates[1].confidence >= best.confidence;
    const bool taken =
        one_to_one && (wanted.count(best.record.id) > 1 || shares(configuration, section, choice));
    if (!sure || equal || taken || !best.record.active) continue;
    out.choose(section, choice);
    ++changed;
  }
  return out;
}

std::vector<wire::SaveObstacle> obstacles(const Configuration& configuration, bool two_to_one) {
  std::vector<wire::SaveObstacle> out;
  const auto& chosen = configuration.settings.terms;
  if (!chosen.empty() && !find(terms(), chosen)) out.push_back({wire::SaveProblem::no_such_terms});
  for (const auto section : mapping::usual_sections)
    for (const auto& each : ours().of(section)) {
      const auto line = line_of(configuration, section, each);
      const auto add = [&](wire::SaveProblem problem) {
        out.push_back({problem, section, each.id, each.name});
      };
      if (line.change == mapping::Change::target_gone) add(wire::SaveProblem::target_gone);
      if (line.change == mapping::Change::target_inactive) add(wire::SaveProblem::target_inactive);
      if (line.conflict && !two_to_one) add(wire::SaveProblem::two_to_one);
    }
  return out;
}

wire::EditAnswer answer_of(const Book& book, const std::vector<wire::ChoicePatch>& named) {
  wire::EditAnswer out;
  out.sections = counts_of(book.now());
  for (const auto& each : named)
    if (const auto* record = find(ours().of(each.section), each.ours))
      out.lines.push_back(line_of(book.now(), each.section, *record));
  return out;
}

}  // namespace rekey::web::offline
