#include "core/text/nearest.hpp"

#include <algorithm>
#include <numeric>

namespace rekey::text {

namespace {

char plain(char letter) {
  if (letter >= 'A' && letter <= 'Z') return static_cast<char>(letter - 'A' + 'a');
  return letter == '-' || letter == ' ' ? '_' : letter;
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (plain(a[i - 1]) == plain(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::size_t nearest(std::string_view name, const std::vector<std::string_view>& known) {
  constexpr std::size_t longest = 80;  // a name that long is none of ours
  name = name.substr(0, longest);
  std::size_t best = 0, least = std::size_t(-1);
  for (std::size_t i = 0; i < known.size(); ++i) {
    const auto changes = distance(name, known[i]);
    // What begins with the name was rather meant than what only has as many letters in common.
    const bool is_begun =
        changes == least && known[i].starts_with(name) && !known[best].starts_with(name);
    if (changes >= least && !is_begun) continue;
    best = i;
    least = changes;
  }
  return best;
}

}  // namespace rekey::text
