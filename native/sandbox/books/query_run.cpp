#include "native/sandbox/books/query_run.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <set>
#include <span>

#include "native/sandbox/made/seed.hpp"
#include "native/sandbox/schema/query_compare.hpp"
#include "native/sandbox/text/json.hpp"
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
    if (company_.gone(entity_, row)) return false;
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

bool in_order_of_ids(const Query& query) {
  return query.orderings.empty() || query.orderings.front().property == "Id";
}

/// Whether a condition is a bound for the ids of customers or vendors, whose rows stand in the
/// order of their ids. Then what it cuts off a list can be found without looking through the list.
bool is_bound_of_ids(const Query& query, const Condition& condition) {
  const bool person = query.entity == Entity::customer || query.entity == Entity::vendor;
  return person && condition.property == "Id" && condition.op != Operator::in &&
         condition.op != Operator::like && condition.op != Operator::differs &&
         Comparable(condition.values.front()).number;
}

/// Row number `at` of a list of `rows` in disorder, where each row stands once.
std::uint64_t disordered(std::uint64_t at, std::uint64_t rows, std::uint64_t number) {
  std::uint64_t step = number % rows;
  while (std::gcd(step, rows) != 1) ++step;
  return (at * step + mix(number, 1)) % rows;
}

/// All rows that a query is about, in its order.
Rows rows_of(const Company& company, const Query& query) {
  const Filter filter(company, query);
  Rows out;
  const auto take = [&](std::uint64_t row) {
    if (filter.passes(row)) out.push_back(static_cast<std::uint32_t>(row));
  };
  const bool backwards = query.orderings.size() == 1 && query.orderings.front().descending;
  if (!in_order_of_ids(query)) {
    const auto order = company.ordered_by(query.entity, query.orderings);
    // Of one ordering, that there and back are the same list.
    for (const std::uint32_t row : *order) take(row);
    if (backwards) std::reverse(out.begin(), out.end());
    return out;
  }
  const std::uint64_t rows = company.rows(query.entity);
  const std::uint64_t disorder = query.orderings.empty() ? company.disorder(query.entity) : 0;
  for (std::uint64_t at = 0; at < rows; ++at)
    take(disorder == 0 ? at : disordered(at, rows, disorder));
  if (!query.orderings.empty() && query.orderings.front().descending)
    std::reverse(out.begin(), out.end());
  return out;
}

/// What the rows of a query depend on beside the records.
std::string name_of(const Company& company, const Query& query) {
  json name = json::array();
  for (const Condition& one : query.conditions)
    name.push_back({one.property, static_cast<int>(one.op), one.values});
  for (const Ordering& one : query.orderings) name.push_back({one.property, one.descending});
  return json_text(name) + std::to_string(company.disorder(query.entity));
}

/// The part of a list in the order of ids, ascending or not, that is within a bound.
std::span<const std::uint32_t> within(const Company& company, const Query& query,
                                      const Condition& bound, std::span<const std::uint32_t> rows) {
  const Test test(bound);
  const auto passes = [&](std::uint32_t row) {
    return test.holds(company.text(query.entity, row, "Id"));
  };
  const auto fails = [&](std::uint32_t row) { return !passes(row); };
  const bool descending = !query.orderings.empty() && query.orderings.front().descending;
  const bool from_below = bound.op == Operator::greater || bound.op == Operator::at_least;
  if (from_below != descending)
    return {std::partition_point(rows.begin(), rows.end(), fails), rows.end()};
  return {rows.begin(), std::partition_point(rows.begin(), rows.end(), passes)};
}

/// What a query finds, whatever page of it is asked for.
class Found {
 public:
  Found(const Company& company, const Query& query) {
    Query whole = query;
    std::vector<Condition> bounds;
    if (in_order_of_ids(query) && company.disorder(query.entity) == 0) {
      const auto last =
          std::stable_partition(whole.conditions.begin(), whole.conditions.end(),
                                [&](const Condition& one) { return !is_bound_of_ids(query, one); });
      bounds.assign(last, whole.conditions.end());
      whole.conditions.erase(last, whole.conditions.end());
    }
    rows_ = company.kept_rows(query.entity, name_of(company, whole),
                              [&] { return rows_of(company, whole); });
    found_ = *rows_;
    for (const Condition& bound : bounds) found_ = within(company, query, bound, found_);
  }

  std::size_t size() const { return found_.size(); }
  std::span<const std::uint32_t> page(const Query& query) const {
    const auto start = std::min<std::uint64_t>(query.start - 1, found_.size());
    return found_.subspan(start, std::min<std::uint64_t>(query.limit, found_.size() - start));
  }

 private:
  std::shared_ptr<const Rows> rows_;
  std::span<const std::uint32_t> found_;
};

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

/// A query that names an id is about one row at most, and no other is looked at.
std::optional<Rows> found_by_id(const Company& company, const Query& query) {
  const auto only = row_by_id(company, query);
  if (!only) return std::nullopt;
  const bool found = *only && Filter(company, query).passes(**only);
  return found ? Rows{static_cast<std::uint32_t>(**only)} : Rows{};
}

json records_of(const Company& company, const Query& query, std::span<const std::uint32_t> page) {
  json records = json::array();
  for (const std::uint32_t row : page) {
    json record = company.read(query.entity, row);
    // It may have gone since it was found.
    if (!is_deletion(record)) records.push_back(selected(std::move(record), query.properties));
  }
  return records;
}

}  // namespace

tl::expected<json, QueryFault> run_query(const Company& company, const Query& query) {
  if (auto fault = unknown_selection(company, query)) return tl::unexpected(*fault);
  json records;
  if (const auto only = found_by_id(company, query)) {
    if (query.count) return json{{"totalCount", only->size()}};
    records = records_of(company, query, query.start == 1 ? *only : Rows{});
  } else {
    const Found found(company, query);
    if (query.count) return json{{"totalCount", found.size()}};
    records = records_of(company, query, found.page(query));
  }
  json response = json::object();
  if (records.empty()) return response;
  response["startPosition"] = query.start;
  response["maxResults"] = records.size();
  response[std::string(entity_name(query.entity))] = std::move(records);
  return response;
}

}  // namespace rekey::sandbox
