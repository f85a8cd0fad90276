// How the query language compares: texts whatever their case, numbers as numbers, times as
// instants.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"
#include "native/sandbox/schema/query.hpp"

namespace rekey::sandbox {

/// What a property is compared by: nested names are followed, a reference counts as the id it
/// points to, an e-mail address as its text. A missing property is an empty text.
std::string property_text(const nlohmann::json& row, std::string_view path);

/// A text, with whatever else it can be read as.
struct Comparable {
  explicit Comparable(std::string_view text);
  /// To be compared with times only.
  explicit Comparable(Instant at) : time(at) {}
  std::string lower;
  std::optional<double> number;
  std::optional<Instant> time;
};

/// Below 0, 0 or above: as numbers or times where both are, else as texts.
int compare(const Comparable& a, const Comparable& b);

/// Whether `a` stands before `b` in a list: numbers first, then times, then texts, because only
/// values of one sort can be told apart without contradiction.
bool stands_before(const Comparable& a, const Comparable& b);

/// A condition made ready to be asked of many rows.
class Test {
 public:
  explicit Test(const Condition& condition);
  const std::string& property() const { return condition_->property; }
  bool holds(std::string_view text) const;
  /// Whether it asks of a time and nothing else, so that the text of it need not be made.
  bool is_of_times() const { return of_times_; }
  bool holds(Instant at) const { return compares(Comparable(at)); }

 private:
  bool compares(const Comparable& given) const;

  const Condition* condition_;
  std::vector<Comparable> values_;
  bool of_times_ = false;
};

}  // namespace rekey::sandbox
