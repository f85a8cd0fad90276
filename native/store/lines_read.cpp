#include <algorithm>

#include "native/store/choice_rows.hpp"
#include "native/store/folded.hpp"
#include "native/store/lines.hpp"

namespace rekey::store {

namespace {

using mapping::Section;

constexpr std::size_t most_words = 8;

/// A line `l`, its choice as `choice_in` reads it, and what became of the record that was chosen.
constexpr const char* line_columns =
    "select l.ours, l.body, l.folded, l.state, l.change, l.conflict, l.there, c.ours, c.theirs, "
    "c.name, c.state, t.body from ";
constexpr const char* line_joins =
    " left join choices c on c.connection = l.connection and c.realm_id = l.realm_id and "
    "c.section = l.section and c.ours = l.ours and c.until is null "
    "left join targets t on t.connection = l.connection and t.realm_id = l.realm_id and "
    "t.section = l.section and t.id = c.theirs ";

/// A record of ours or theirs, from the JSON that the store made of it.
mapping::Record record_in(const std::string& body) {
  const auto json = wire::parse(body, "A stored record");
  if (!json) throw DatabaseError(json.error().hint);
  auto record = wire::read_as<mapping::Record>(*json, "A stored record");
  if (!record) throw DatabaseError(record.error().hint);
  return std::move(*record);
}

const char* condition_of(LineFilter filter) {
  switch (filter) {
    case LineFilter::undecided:
      return " and l.state = 'undecided' and l.there = 1";
    case LineFilter::suggested:
      return " and l.state = 'suggested' and l.there = 1";
    case LineFilter::chosen:
      return " and l.state = 'chosen' and l.there = 1";
    case LineFilter::none:
      return " and l.state = 'none' and l.there = 1";
    case LineFilter::create:
      return " and l.state = 'create' and l.there = 1";
    case LineFilter::changed:
      return " and l.change <> ''";
    case LineFilter::conflicts:
      return " and l.conflict = 1";
    case LineFilter::gone:
      break;
  }
  return " and l.there = 0";
}

/// The words of a search, so many as are looked for.
std::vector<std::string> words_of_search(const std::string& search) {
  std::vector<std::string> out;
  const auto text = folded(search);
  for (std::size_t at = 0; at < text.size() && out.size() < most_words;) {
    const auto end = std::min(text.find(' ', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

/// Finds a page of `lines` or `targets`. Only the ids are looked for, which stand in indexes, and
/// then the rows that they are of: those hold much more than is searched.
class Listing {
 public:
  Listing(Database& db, const CompanyKey& key, const LineQuery& query)
      : db_(db), key_(key), query_(query), words_(words_of_search(query.search)) {}

  /// `selected`: a select up to its tables; `id`: what the rows are called by.
  Statement run(const std::string& selected, const std::string& table, const std::string& id,
                const std::string& joins) {
    constexpr const char* of_section = " l.connection = ?1 and l.realm_id = ?2 and l.section = ?3";
    const auto name = "l." + id, order = order_by(name);
    std::string sql = selected;
    const auto add = [&](auto&&... parts) { ((sql += parts), ...); };
    add("(select ", name, " as found from ", table, " l where", of_section);
    if (query_.filter) add(condition_of(*query_.filter));
    add(conditions(name));
    add(order, " limit ", place(last_), ") k join ", table, " l on", of_section);
    add(" and ", name, " = k.found", joins, order);
    auto row = db_.query(sql, key_.connection, key_.realm_id, text_in(query_.section));
    int parameter = 3;
    for (const auto& each : words_) row.bind(++parameter, each);
    if (query_.after) {
      row.bind(++parameter, query_.after->folded);
      row.bind(++parameter, query_.after->id);
    }
    row.bind(++parameter, query_.most);
    return row;
  }

 private:
  static std::string place(int parameter) { return "?" + std::to_string(parameter); }

  std::string order_by(const std::string& name) const {
    const std::string way = query_.backwards ? " desc" : "";
    return " order by l.folded" + way + ", " + name + way;
  }

  /// What is searched, and from where on. The parameters after the section's three are theirs.
  std::string conditions(const std::string& name) {
    const std::string within = db_.dialect() == Dialect::sqlite ? "instr" : "strpos";
    std::string sql;
    last_ = 3;
    for (std::size_t i = 0; i < words_.size(); ++i)
      sql += " and " + within + "(l.folded, " + place(++last_) + ") > 0";
    if (query_.after) {
      const auto text = place(++last_), after = place(++last_);
      const std::string than = query_.backwards ? " < " : " > ";
      const auto add = [&](auto&&... parts) { ((sql += parts), ...); };
      // The first is for the index, which the second says nothing to.
      add(" and l.folded", query_.backwards ? " <= " : " >= ", text);
      add(" and (l.folded", than, text, " or ", name, than, after, ")");
    }
    ++last_;
    return sql;
  }

  Database& db_;
  const CompanyKey& key_;
  const LineQuery& query_;
  std::vector<std::string> words_;
  int last_ = 3;
};

Line line_in(const Statement& row) {
  Line out;
  out.record = record_in(row.text(1));
  out.folded = row.text(2);
  out.state = wire::enumerator_of<LineState>(row.text(3)).value_or(LineState::undecided);
  out.change = wire::enumerator_of<mapping::Change>(row.text(4));
  out.conflict = row.int64(5) != 0;
  out.gone = row.int64(6) == 0;
  if (!row.is_null(7)) out.choice = choice_in(row, 7);
  if (!row.is_null(11)) out.target = record_in(row.text(11));
  return out;
}

void add_candidates(Database& db, const CompanyKey& key, Section section, Line& line) {
  auto row = db.query(
      "select s.theirs, s.confidence, s.reasons, s.applies, t.body from suggestions s "
      "join targets t on t.connection = s.connection and t.realm_id = s.realm_id and "
      "t.section = s.section and t.id = s.theirs where s.connection = ?1 and s.realm_id = ?2 and "
      "s.section = ?3 and s.ours = ?4 order by s.rank",
      key.connection, key.realm_id, text_in(section), line.record.id);
  while (row.step())
    line.candidates.push_back({{row.text(0), static_cast<double>(row.int64(1)) / 1e6,
                                row.int64(3) != 0, reasons_in(row.text(2))},
                               record_in(row.text(4))});
}

/// Adds lines of a state; those that are not there are counted as gone.
void count_state(SectionCounts& counts, std::optional<LineState> state, bool there,
                 std::int64_t count) {
  if (!state) return;  // of a newer version
  if (!there) {
    counts.gone += count;
    return;
  }
  counts.total += count;
  switch (*state) {
    case LineState::undecided:
      counts.undecided += count;
      break;
    case LineState::suggested:
      counts.suggested += count;
      break;
    case LineState::chosen:
      counts.chosen += count;
      break;
    case LineState::none:
      counts.none += count;
      break;
    case LineState::create:
      counts.create += count;
      break;
  }
}

}  // namespace

std::vector<SectionCounts> section_counts(Database& db, const CompanyKey& key) {
  std::vector<SectionCounts> out;
  for (const auto section : mapping::all_sections) out.push_back({.section = section});
  const auto of = [&](const std::string& name) -> SectionCounts* {
    const auto section = wire::enumerator_of<Section>(name);
    return section ? &out[static_cast<std::size_t>(*section)] : nullptr;
  };
  auto states = db.query(
      "select section, state, there, count(*) from lines where connection = ?1 and realm_id = ?2 "
      "group by section, state, there",
      key.connection, key.realm_id);
  while (states.step())
    if (auto* counts = of(states.text(0)))
      count_state(*counts, wire::enumerator_of<LineState>(states.text(1)), states.int64(2) != 0,
                  states.int64(3));
  // Each by an index that holds nothing else.
  const auto count = [&](const char* condition, std::int64_t SectionCounts::*member) {
    auto row = db.query(std::string("select section, count(*) from lines where connection = ?1 "
                                    "and realm_id = ?2 and ") +
                            condition + " group by section",
                        key.connection, key.realm_id);
    while (row.step())
      if (auto* counts = of(row.text(0))) counts->*member = row.int64(1);
  };
  count("change <> ''", &SectionCounts::changed);
  count("conflict = 1", &SectionCounts::conflicts);
  return out;
}

std::vector<mapping::ChangeCount> change_counts(Database& db, const CompanyKey& key) {
  auto row = db.query(
      "select section, change, count(*) from lines where connection = ?1 and realm_id = ?2 and "
      "change <> '' group by section, change union all "
      // Where the host has records that one of them could be.
      "select section, 'target_appeared', count(*) from targets t where connection = ?1 and "
      "realm_id = ?2 and fresh = 1 and exists (select 1 from lines l where l.connection = ?1 and "
      "l.realm_id = ?2 and l.section = t.section and l.there = 1) group by section",
      key.connection, key.realm_id);
  std::vector<mapping::ChangeCount> out;
  while (row.step()) {
    const auto section = wire::enumerator_of<Section>(row.text(0));
    const auto change = wire::enumerator_of<mapping::Change>(row.text(1));
    if (section && change) out.push_back({*section, *change, row.int64(2)});
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::pair(a.section, a.change) < std::pair(b.section, b.change);
  });
  return out;
}

std::vector<Line> lines(Database& db, const CompanyKey& key, const LineQuery& query) {
  std::vector<Line> out;
  {
    auto row = Listing(db, key, query).run(line_columns, "lines", "ours", line_joins);
    while (row.step()) out.push_back(line_in(row));
  }
  for (auto& each : out) add_candidates(db, key, query.section, each);
  return out;
}

std::vector<Line> lines_of(Database& db, const CompanyKey& key, Section section,
                           std::span<const std::string> ours) {
  static const std::string one_line = [] {
    std::string text = line_columns;
    text += "lines l";
    text += line_joins;
    text += "where l.connection = ?1 and l.realm_id = ?2 and l.section = ?3 and l.ours = ?4";
    return text;
  }();
  std::vector<Line> out;
  for (const auto& each : ours) {
    {
      auto row = db.query(one_line, key.connection, key.realm_id, text_in(section), each);
      if (!row.step()) continue;
      out.push_back(line_in(row));
    }
    add_candidates(db, key, section, out.back());
  }
  return out;
}

std::vector<Target> targets(Database& db, const CompanyKey& key, const LineQuery& query) {
  auto row = Listing(db, key, query).run("select l.body, l.folded from ", "targets", "id", "");
  std::vector<Target> out;
  while (row.step()) out.push_back({record_in(row.text(0)), row.text(1)});
  return out;
}

std::optional<mapping::Record> find_target(Database& db, const CompanyKey& key, Section section,
                                           const std::string& id) {
  auto row = db.query(
      "select body from targets where connection = ?1 and realm_id = ?2 and section = ?3 and "
      "id = ?4",
      key.connection, key.realm_id, text_in(section), id);
  if (!row.step()) return {};
  return record_in(row.text(0));
}

void add_missing_names(Database& db, const CompanyKey& key, std::vector<ChoiceChange>& changes) {
  for (auto& each : changes) {
    if (!each.choice || each.choice->theirs.empty() || !each.choice->name.empty()) continue;
    if (auto target = find_target(db, key, each.section, each.choice->theirs))
      each.choice->name = std::move(target->name);
  }
}

}  // namespace rekey::store
