// The orders of rows that a company keeps, so that a page of a list costs what the page costs.
#include <algorithm>
#include <numeric>

#include "native/sandbox/books/company.hpp"

namespace rekey::sandbox {

namespace {

/// How many orders of rows a company keeps at most: four bytes a row each.
constexpr std::size_t most_orders = 16;

}  // namespace

std::vector<Comparable> Company::keys_of(Entity entity, const std::string& property) const {
  std::vector<Comparable> keys;
  const std::uint64_t count = rows(entity);
  keys.reserve(count);
  for (std::uint64_t row = 0; row < count; ++row) {
    const auto at = time(entity, row, property);
    keys.push_back(at ? Comparable(*at) : Comparable(text(entity, row, property)));
  }
  return keys;
}

std::shared_ptr<const Rows> Company::kept_rows(Entity entity, const std::string& name,
                                               const std::function<Rows()>& make) const {
  // Whoever asks for the same meanwhile waits, which costs less than making it twice.
  const std::lock_guard lock(state_->ordering);
  auto& orders = state_->orders;
  const std::uint64_t revision = state_->written.revision(entity);
  const auto known = orders.find({entity, name});
  if (known != orders.end() && known->second.revision == revision) return known->second.rows;
  auto rows = std::make_shared<const Rows>(make());
  if (!orders.contains({entity, name}) && orders.size() >= most_orders) orders.clear();
  orders[{entity, name}] = {revision, rows};
  return rows;
}

std::shared_ptr<const Rows> Company::ordered_by(Entity entity,
                                                const std::vector<Ordering>& orderings) const {
  const bool alone = orderings.size() == 1;
  std::string name;
  for (const auto& each : orderings)
    name += each.property + (each.descending && !alone ? " desc," : ",");
  return kept_rows(entity, name, [&] {
    Rows made(rows(entity));
    std::iota(made.begin(), made.end(), 0U);
    // By the part that counts least first: what is sorted later keeps it where it is itself equal.
    for (auto each = orderings.rbegin(); each != orderings.rend(); ++each) {
      const auto keys = keys_of(entity, each->property);
      // Something may have been added meanwhile; it is in the next order.
      std::erase_if(made, [&](std::uint32_t row) { return row >= keys.size(); });
      const bool descending = each->descending && !alone;
      std::stable_sort(made.begin(), made.end(), [&](std::uint32_t a, std::uint32_t b) {
        return descending ? stands_before(keys[b], keys[a]) : stands_before(keys[a], keys[b]);
      });
    }
    return made;
  });
}

std::uint64_t Company::disorder(Entity entity) const {
  const std::lock_guard lock(state_->ordering);
  const auto found = state_->disorder.find(entity);
  return found == state_->disorder.end() ? 0 : found->second;
}

void Company::set_disorder(Entity entity, std::uint64_t number) {
  const std::lock_guard lock(state_->ordering);
  state_->disorder[entity] = number;
}

}  // namespace rekey::sandbox
