#include "native/sandbox/schema/query_compare.hpp"

#include <algorithm>
#include <charconv>

#include "native/sandbox/text/letters.hpp"
#include "native/sandbox/text/times.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

std::string scalar(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  return value.dump();
}

std::optional<double> as_number(std::string_view text) {
  // "nan" and "inf" would read as numbers, too; they are names here.
  if (text.empty() || text.find_first_not_of("0123456789.-") != text.npos) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
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

}  // namespace

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

Comparable::Comparable(std::string_view text) : lower(lower_case(text)), number(as_number(text)) {
  if (!number) time = parse_time(text);
}

int compare(const Comparable& a, const Comparable& b) {
  const auto order = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
  if (a.number && b.number) return order(*a.number, *b.number);
  if (a.time && b.time) return order(*a.time, *b.time);
  return order(a.lower, b.lower);
}

bool stands_before(const Comparable& a, const Comparable& b) {
  const auto sort = [](const Comparable& one) { return one.number ? 0 : one.time ? 1 : 2; };
  return sort(a) != sort(b) ? sort(a) < sort(b) : compare(a, b) < 0;
}

Test::Test(const Condition& condition) : condition_(&condition) {
  for (const std::string& value : condition.values) values_.emplace_back(value);
  of_times_ = condition.op != Operator::like &&
              std::all_of(values_.begin(), values_.end(),
                          [](const Comparable& one) { return one.time.has_value(); });
}

bool Test::holds(std::string_view text) const {
  if (condition_->op == Operator::like) return like(lower_case(text), values_.front().lower);
  return compares(Comparable(text));
}

bool Test::compares(const Comparable& given) const {
  if (condition_->op == Operator::in)
    return std::any_of(values_.begin(), values_.end(),
                       [&](const Comparable& one) { return compare(given, one) == 0; });
  const int order = compare(given, values_.front());
  switch (condition_->op) {
    case Operator::equal:
      return order == 0;
    case Operator::differs:
      return order != 0;
    case Operator::less:
      return order < 0;
    case Operator::greater:
      return order > 0;
    case Operator::at_most:
      return order <= 0;
    case Operator::at_least:
      return order >= 0;
    default:
      return false;
  }
}

}  // namespace rekey::sandbox
