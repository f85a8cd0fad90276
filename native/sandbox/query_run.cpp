#include "native/sandbox/query_run.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "native/sandbox/times.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

std::string scalar(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  return value.dump();
}

/// What a property is compared by: nested names are followed, a reference counts as the id it
/// points to, an e-mail address as its text. A missing property is an empty text.
std::string property_text(const json& row, std::string_view path) {
  const json* at = &row;
  while (true) {
    const auto dot = path.find('.');
    const auto found = at->find(std::string(path.substr(0, dot)));
    if (found == at->end()) return {};
    at = &*found;
    if (dot == path.npos) break;
    path.remove_prefix(dot + 1);
  }
  if (!at->is_object()) return scalar(*at);
  for (const char* inner : {"value", "Address"})
    if (at->contains(inner)) return scalar((*at)[inner]);
  return {};
}

std::optional<double> as_number(const std::string& text) {
  // "nan" and "inf" would read as numbers, too; they are names here.
  if (text.find_first_not_of("0123456789.-") != text.npos) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// Below 0, 0 or above: as numbers or times where both are, else as texts whose case is ignored.
int compare(const std::string& a, const std::string& b) {
  const auto order = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
  const auto x = as_number(a), y = as_number(b);
  if (x && y) return order(*x, *y);
  const auto s = parse_time(a), t = parse_time(b);
  if (s && t) return order(*s, *t);
  return order(lower(a), lower(b));
}

/// LIKE with '%' for any run of characters. Greedy with one step back, so never slow.
bool like(std::string_view text, std::string_view pattern) {
  std::size_t t = 0, p = 0, star = pattern.npos, mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '%') {
      star = p++;
      mark = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != pattern.npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '%') ++p;
  return p == pattern.size();
}

bool holds(const Condition& condition, const std::string& text) {
  const std::string& value = condition.values.front();
  switch (condition.op) {
    case Operator::like:
      return like(lower(text), lower(value));
    case Operator::equal:
      return compare(text, value) == 0;
    case Operator::differs:
      return compare(text, value) != 0;
    case Operator::less:
      return compare(text, value) < 0;
    case Operator::greater:
      return compare(text, value) > 0;
    case Operator::at_most:
      return compare(text, value) <= 0;
    case Operator::at_least:
      return compare(text, value) >= 0;
    case Operator::in:
      return std::any_of(condition.values.begin(), condition.values.end(),
                         [&](const std::string& one) { return compare(text, one) == 0; });
  }
  return false;
}

/// Whether a record is in the answer. Conditions on `Active` alone never make the record.
class Filter {
 public:
  Filter(const Company& company, const Query& query) : company_(company), query_(query) {
    for (const Condition& condition : query.conditions)
      (condition.property == "Active" ? on_active_ : others_).push_back(&condition);
  }

  bool passes(std::uint64_t row) const {
    const bool active = company_.active(query_.entity, row);
    // Intuit's name lists answer active records only, unless `Active` is asked about.
    if (on_active_.empty() && !active) return false;
    for (const Condition* condition : on_active_)
      if (!holds(*condition, active ? "true" : "false")) return false;
    if (others_.empty()) return true;
    const json record = company_.read(query_.entity, row);
    return std::all_of(others_.begin(), others_.end(), [&](const Condition* condition) {
      return holds(*condition, property_text(record, condition->property));
    });
  }

 private:
  const Company& company_;
  const Query& query_;
  std::vector<const Condition*> on_active_, others_;
};

/// The rows to answer, in order: those that pass, from `start`, at most `limit`.
std::vector<std::uint64_t> in_row_order(const Query& query, const Filter& filter,
                                        std::uint64_t rows, bool backwards) {
  std::vector<std::uint64_t> page;
  std::uint64_t seen = 0;
  for (std::uint64_t i = 0; i < rows && page.size() < query.limit; ++i) {
    const std::uint64_t row = backwards ? rows - 1 - i : i;
    if (filter.passes(row) && ++seen >= query.start) page.push_back(row);
  }
  return page;
}

std::vector<std::uint64_t> sorted(const Company& company, const Query& query, const Filter& filter,
                                  std::uint64_t rows) {
  std::vector<std::pair<std::string, std::uint64_t>> keyed;
  for (std::uint64_t row = 0; row < rows; ++row)
    if (filter.passes(row))
      keyed.emplace_back(property_text(company.read(query.entity, row), query.ordering->property),
                         row);
  std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& a, const auto& b) {
    const int order = compare(a.first, b.first);
    return query.ordering->descending ? order > 0 : order < 0;
  });
  std::vector<std::uint64_t> page;
  for (std::uint64_t i = query.start - 1; i < keyed.size() && page.size() < query.limit; ++i)
    page.push_back(keyed[i].second);
  return page;
}

/// A property may be selected if it can be filtered by or some record near the front has it.
std::optional<QueryFault> unknown_selection(const Company& company, const Query& query) {
  std::set<std::string> known;
  const std::uint64_t sample = std::min<std::uint64_t>(company.rows(query.entity), 60);
  if (!query.properties.empty())
    for (std::uint64_t row = 0; row < sample; ++row) {
      // Named, since items() only refers to what it goes through.
      const json record = company.read(query.entity, row);
      for (const auto& [key, value] : record.items()) known.insert(lower(key));
    }
  for (const std::string& property : query.properties) {
    if (filterable(query.entity, property)) continue;
    if (known.count(lower(property.substr(0, property.find('.'))))) continue;
    return QueryFault{"4001",
                      "QueryValidationError: Property " + property + " not found for Entity " +
                          std::string(entity_name(query.entity)),
                      0};
  }
  return std::nullopt;
}

json selected(json record, const std::vector<std::string>& properties) {
  if (properties.empty()) return record;
  json out = {{"domain", record["domain"]}, {"sparse", true}};
  for (const auto& [key, value] : record.items())
    for (const std::string& property : properties)
      if (same_ignoring_case(key, property.substr(0, property.find('.')))) out[key] = value;
  return out;
}

}  // namespace

tl::expected<json, QueryFault> run_query(const Company& company, const Query& query) {
  if (auto fault = unknown_selection(company, query)) return tl::unexpected(*fault);
  const Filter filter(company, query);
  const std::uint64_t rows = company.rows(query.entity);
  if (query.count) {
    std::uint64_t total = 0;
    for (std::uint64_t row = 0; row < rows; ++row) total += filter.passes(row);
    return json{{"totalCount", total}};
  }
  // Rows are kept in the order of ids, so that this ordering needs no sorting.
  const bool by_id = !query.ordering || query.ordering->property == "Id";
  const auto page =
      by_id ? in_row_order(query, filter, rows, query.ordering && query.ordering->descending)
            : sorted(company, query, filter, rows);
  json response = json::object();
  if (page.empty()) return response;
  json records = json::array();
  for (const std::uint64_t row : page)
    records.push_back(selected(company.read(query.entity, row), query.properties));
  response[std::string(entity_name(query.entity))] = std::move(records);
  response["startPosition"] = query.start;
  response["maxResults"] = page.size();
  return response;
}

}  // namespace rekey::sandbox
