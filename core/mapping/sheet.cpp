#include "core/mapping/sheet.hpp"

#include <algorithm>
#include <set>

#include "core/text/csv.hpp"

namespace rekey::mapping {

namespace {

constexpr std::string_view undecided = "undecided";
constexpr std::size_t most_faults = 100;

enum class Column { section, id, name, decision, counterpart_id, counterpart_name };
constexpr std::array<std::string_view, 6> names_of(Column) {
  return {"section", "id", "name", "decision", "counterpart_id", "counterpart_name"};
}

/// Where some spreadsheet may begin a new cell within one of ours.
constexpr std::string_view parting = ";\t\r\n";

/// Whether what begins at a place of a text would be a formula in a cell of its own.
bool is_like_formula(std::string_view text, std::size_t from) {
  const auto at = text.find_first_not_of("'\" ", from);
  const std::string_view signs = from == 0 ? "=+-@\t\r\n" : "=+-@";
  return at != text.npos && signs.find(text[at]) != signs.npos;
}

/// The text with each of its parts as `part` makes it of the text and the place where it begins.
/// No part is parted again, so that what is done to each can be undone.
template <class Part>
std::string part_by_part(std::string_view text, const Part& part) {
  std::string out;
  for (std::size_t from = 0; from <= text.size();) {
    const auto end = std::min(text.find_first_of(parting, from), text.size());
    out += part(text, from, text.substr(from, end - from));
    if (end == text.size()) break;
    out += text[end];
    from = end + 1;
  }
  return out;
}

/// Where each column stands in a header; none: it is not there.
using Places = std::array<std::optional<std::size_t>, 6>;

Places places_of(const std::vector<std::string>& header) {
  Places out;
  for (const auto column : wire::all_of<Column>) {
    const auto at = std::find(header.begin(), header.end(), wire::name_of(column));
    if (at != header.end())
      out[static_cast<std::size_t>(column)] = static_cast<std::size_t>(at - header.begin());
  }
  return out;
}

/// Reads one row; gives the column that is wrong, or none.
class RowReader {
 public:
  RowReader(const Places& places, const std::vector<std::string>& row)
      : places_(places), row_(row) {}

  std::string cell(Column column) const {
    const auto at = places_[static_cast<std::size_t>(column)];
    return at ? undefused(row_[*at]) : std::string();
  }

  /// `left_out`: it says nothing.
  std::optional<Column> read(SheetLine& line, bool& left_out) const {
    const auto section = wire::enumerator_of<Section>(cell(Column::section));
    if (!section) return Column::section;
    line.section = *section;
    line.ours = cell(Column::id);
    line.name = cell(Column::name);
    auto theirs = cell(Column::counterpart_id);
    auto decision = cell(Column::decision);
    left_out = decision.empty() && theirs.empty();
    if (decision.empty()) decision = wire::name_of(Decision::chosen);
    if (decision != undecided) {
      const auto said = wire::enumerator_of<Decision>(decision);
      if (!said) return Column::decision;
      // A counterpart for what is said to have none is a mistake of one of the two.
      if ((*said == Decision::chosen) == theirs.empty() && !left_out) return Column::counterpart_id;
      line.choice = Choice{line.ours, std::move(theirs), {}, *said == Decision::create};
      if (*said == Decision::chosen) line.choice->name = cell(Column::counterpart_name);
    }
    const Choice checked = line.choice.value_or(Choice{line.ours, {}, {}});
    if (!complaint_about(checked).empty()) return Column::id;
    return {};
  }

 private:
  const Places& places_;
  const std::vector<std::string>& row_;
};

}  // namespace

std::string defused(std::string_view text) {
  return part_by_part(text, [](std::string_view whole, std::size_t from, std::string_view part) {
    return (is_like_formula(whole, from) ? "'" : "") + std::string(part);
  });
}

std::string undefused(std::string text) {
  return part_by_part(text, [](std::string_view whole, std::size_t from, std::string_view part) {
    if (part.starts_with('\'') && is_like_formula(whole, from)) part.remove_prefix(1);
    return std::string(part);
  });
}

std::string sheet_head() {
  std::string out = "\xEF\xBB\xBF";
  for (const auto column : wire::all_of<Column>) {
    if (column != Column::section) out += ',';
    out += wire::name_of(column);
  }
  return out + "\r\n";
}

std::string sheet_row(const SheetLine& line) {
  const auto cell = [](std::string_view text) { return text::cell(defused(text)); };
  std::string out(wire::name_of(line.section));
  const auto decision = line.choice ? wire::name_of(decision_of(*line.choice)) : undecided;
  const Choice choice = line.choice.value_or(Choice{});
  for (const std::string_view each :
       {std::string_view(line.ours), std::string_view(line.name), decision,
        std::string_view(choice.theirs), std::string_view(choice.name)})
    out += "," + cell(each);
  return out + "\r\n";
}

Result<Sheet> read_sheet(std::string_view bytes) {
  // As many as a configuration may have (`checked`).
  constexpr std::size_t most_lines = 200'000;
  const auto table = text::read_table(text::to_utf8(bytes), most_lines);
  if (!table) return tl::unexpected(table.error());
  const auto places = places_of(table->header);
  if (!places[static_cast<std::size_t>(Column::section)] ||
      !places[static_cast<std::size_t>(Column::id)])
    return fail(Code::bad_input, "The table needs the columns \"section\" and \"id\".");
  Sheet out;
  std::set<std::pair<Section, std::string>> seen;
  std::int64_t number = 0;
  for (const auto& row : table->rows) {
    ++number;
    SheetLine line;
    bool left_out = false;
    auto wrong = RowReader(places, row).read(line, left_out);
    if (!wrong && left_out) continue;
    if (!wrong && !seen.emplace(line.section, line.ours).second) wrong = Column::id;
    if (!wrong)
      out.lines.push_back(std::move(line));
    else if (out.faults.size() < most_faults)
      out.faults.push_back({number, std::string(wire::name_of(*wrong))});
  }
  return out;
}

}  // namespace rekey::mapping
