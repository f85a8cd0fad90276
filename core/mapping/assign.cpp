#include "core/mapping/assign.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace rekey::mapping {

namespace {

constexpr std::size_t most_exact = 60;

/// Which records compete, directly or by others: ours, then theirs.
class Groups {
 public:
  explicit Groups(std::size_t records) : above_(records) {
    std::iota(above_.begin(), above_.end(), std::uint32_t{0});
  }
  std::uint32_t of(std::uint32_t record) {
    while (above_[record] != record) record = above_[record] = above_[above_[record]];
    return record;
  }
  void join(std::uint32_t one, std::uint32_t other) {
    one = of(one);
    other = of(other);
    above_[std::max(one, other)] = std::min(one, other);
  }

 private:
  std::vector<std::uint32_t> above_;
};

std::uint32_t place_of(std::vector<std::uint32_t>& known, std::uint32_t record) {
  const auto at = std::find(known.begin(), known.end(), record);
  if (at == known.end()) known.push_back(record);
  return static_cast<std::uint32_t>(
      at == known.end() ? known.size() - 1 : static_cast<std::size_t>(at - known.begin()));
}

/// The Hungarian method on a square table of costs (Kuhn 1955; the shortest augmenting paths of
/// Jonker and Volgenant 1987): the column of each row.
std::vector<std::size_t> cheapest(const std::vector<std::vector<double>>& cost) {
  const std::size_t n = cost.size();
  constexpr double endless = 1e18;
  std::vector<double> of_row(n + 1, 0), of_column(n + 1, 0);
  std::vector<std::size_t> row(n + 1, 0), way(n + 1, 0);
  for (std::size_t i = 1; i <= n; ++i) {
    row[0] = i;
    std::size_t column = 0;
    std::vector<double> least(n + 1, endless);
    std::vector<char> used(n + 1, 0);
    do {
      used[column] = 1;
      const std::size_t at = row[column];
      double delta = endless;
      std::size_t next = 0;
      for (std::size_t j = 1; j <= n; ++j) {
        if (used[j]) continue;
        const double now = cost[at - 1][j - 1] - of_row[at] - of_column[j];
        if (now < least[j]) std::tie(least[j], way[j]) = std::pair(now, column);
        if (least[j] < delta) std::tie(delta, next) = std::pair(least[j], j);
      }
      for (std::size_t j = 0; j <= n; ++j) {
        if (used[j]) {
          of_row[row[j]] += delta;
          of_column[j] -= delta;
        } else {
          least[j] -= delta;
        }
      }
      column = next;
    } while (row[column] != 0);
    for (; column != 0; column = way[column]) row[column] = row[way[column]];
  }
  std::vector<std::size_t> out(n);
  for (std::size_t j = 1; j <= n; ++j) out[row[j] - 1] = j - 1;
  return out;
}

using Indices = std::vector<std::uint32_t>;

/// The best of a small group; false where it is too large.
bool solve(const std::vector<Offer>& offers, const Indices& group, Indices& out) {
  Indices ours, theirs;
  for (const auto each : group) {
    place_of(ours, offers[each].ours);
    place_of(theirs, offers[each].theirs);
    if (ours.size() > most_exact || theirs.size() > most_exact) return false;
  }
  const std::size_t n = std::max(ours.size(), theirs.size());
  std::vector<std::vector<double>> cost(n, std::vector<double>(n, 0));
  std::vector<std::vector<std::uint32_t>> which(n, Indices(n, ~std::uint32_t{0}));
  for (const auto each : group) {
    const auto i = place_of(ours, offers[each].ours), j = place_of(theirs, offers[each].theirs);
    cost[i][j] = -offers[each].worth;
    which[i][j] = each;
  }
  const auto columns = cheapest(cost);
  for (std::size_t i = 0; i < n; ++i)
    if (which[i][columns[i]] != ~std::uint32_t{0}) out.push_back(which[i][columns[i]]);
  return true;
}

void take_best_first(const std::vector<Offer>& offers, Indices group, Indices& out) {
  std::sort(group.begin(), group.end(), [&](std::uint32_t a, std::uint32_t b) {
    const auto &one = offers[a], &other = offers[b];
    if (one.worth != other.worth) return one.worth > other.worth;
    return std::tie(one.ours, one.theirs) < std::tie(other.ours, other.theirs);
  });
  Indices ours, theirs;
  for (const auto each : group) {
    ours.push_back(offers[each].ours);
    theirs.push_back(offers[each].theirs);
  }
  const auto rank = [](Indices& all) {
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return std::vector<char>(all.size(), 0);
  };
  auto our_taken = rank(ours), their_taken = rank(theirs);
  const auto at = [](const Indices& all, std::uint32_t one) {
    return static_cast<std::size_t>(std::lower_bound(all.begin(), all.end(), one) - all.begin());
  };
  for (const auto each : group) {
    auto& one = our_taken[at(ours, offers[each].ours)];
    auto& other = their_taken[at(theirs, offers[each].theirs)];
    if (one || other) continue;
    one = other = 1;
    out.push_back(each);
  }
}

}  // namespace

std::vector<std::uint32_t> assign(const std::vector<Offer>& offers, std::size_t ours,
                                  std::size_t theirs) {
  Groups groups(ours + theirs);
  const auto shift = static_cast<std::uint32_t>(ours);
  for (const auto& each : offers) groups.join(each.ours, shift + each.theirs);
  Indices order(offers.size()), group_of(offers.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  for (std::size_t i = 0; i < offers.size(); ++i) group_of[i] = groups.of(offers[i].ours);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::tie(group_of[a], offers[a].ours, offers[a].theirs) <
           std::tie(group_of[b], offers[b].ours, offers[b].theirs);
  });
  Indices out, group;
  for (std::size_t from = 0, to = 0; from < order.size(); from = to) {
    while (to < order.size() && group_of[order[to]] == group_of[order[from]]) ++to;
    group.assign(order.begin() + static_cast<std::ptrdiff_t>(from),
                 order.begin() + static_cast<std::ptrdiff_t>(to));
    if (group.size() == 1) {
      out.push_back(group[0]);
    } else if (!solve(offers, group, out)) {
      take_best_first(offers, group, out);
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace rekey::mapping
