#include "native/sandbox/books/query_run.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "native/sandbox/schema/query_compare.hpp"
#include "native/sandbox/text/letters.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

/// Whether a row is in the answer. Conditions on `Active` alone never make the record.
class Filter {
 public:
  Filter(const Company& company, const Query& query) : company_(company), entity_(query.entity) {
    for (const Condition& condition : query.conditions)
      (condition.property == "Active" ? on_active_ : others_).emplace_back(condition);
  }

  bool passes(std::uint64_t row) const {
    const bool active = company_.active(entity_, row);
    // Intuit's name lists answer active records only, unless `Active` is asked about.
    if (on_active_.empty() && !active) return false;
    for (const Test& test : on_active_)
      if (!test.holds(active ? "true" : "false")) return false;
    return std::all_of(others_.begin(), others_.end(), [&](const Test& test) {
      if (test.is_of_times())
        if (const auto at = company_.time(entity_, row, test.property())) return test.holds(*at);
      return test.holds(company_.text(entity_, row, test.property()));
    });
  }

 private:
  const Company& company_;
  Entity entity_;
  std::vector<Test> on_active_, others_;
};

/// The one row that a query for an id can be about, so that no other is looked at.
std::optional<std::optional<std::uint64_t>> row_by_id(const Company& company, const Query& query) {
  for (const Condition& condition : query.conditions)
    if (condition.property == "Id" && condition.op == Operator::equal)
      return company.row_of(query.entity, condition.values.front());
  return std::nullopt;
}

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

std::vector<std::uint64_t> in_property_order(const Company& company, const Query& query,
                                             const Filter& filter) {
  const auto order = company.ordered_by(query.entity, query.orderings);
  // Of one ordering, that there and back are the same list.
  const bool backwards = query.orderings.size() == 1 && query.orderings.front().descending;
  std::vector<std::uint64_t> page;
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < order->size() && page.size() < query.limit; ++i) {
    const auto row = (*order)[backwards ? order->size() - 1 - i : i];
    if (filter.passes(row) && ++seen >= query.start) page.push_back(row);
  }
  return page;
}

std::vector<std::uint64_t> page_of(const Company& company, const Query& query,
                                   const Filter& filter) {
  if (const auto only = row_by_id(company, query)) {
    if (*only && query.start == 1 && filter.passes(**only)) return {**only};
    return {};
  }
  // Rows are kept in the order of ids, so that this ordering needs no sorting.
  const bool ordered = !query.orderings.empty();
  if (ordered && query.orderings.front().property != "Id")
    return in_property_order(company, query, filter);
  return in_row_order(query, filter, company.rows(query.entity),
                      ordered && query.orderings.front().descending);
}

/// A property may be selected if it can be filtered by or some record near the front has it.
std::optional<QueryFault> unknown_selection(const Company& company, const Query& query) {
  std::set<std::string> known;
  const std::uint64_t sample = std::min<std::uint64_t>(company.rows(query.entity), 60);
  if (!query.properties.empty())
    for (std::uint64_t row = 0; row < sample; ++row) {
      // Named, since items() only refers to what it goes through.
      const json record = company.read(query.entity, row);
      for (const auto& [key, value] : record.items()) known.insert(lower_case(key));
    }
  for (const std::string& property : query.properties) {
    if (filterable(query.entity, property)) continue;
    if (known.count(lower_case(property.substr(0, property.find('.'))))) continue;
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
  const auto page = page_of(company, query, filter);
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
