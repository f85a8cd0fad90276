#include "native/cli/match_report.hpp"

#include <array>
#include <cstdio>

namespace rekey::cli {

namespace {

bool is_true(const mapping::Suggestion& each, const Pairs& truth) {
  return truth.count({each.ours, each.theirs}) > 0;
}

template <class Chosen>
Score score_of(const std::vector<mapping::Suggestion>& suggestions, const Pairs& truth,
               Chosen chosen) {
  Score out;
  out.wanted = truth.size();
  for (const auto& each : suggestions) {
    if (!chosen(each)) continue;
    ++out.given;
    if (is_true(each, truth)) ++out.right;
  }
  return out;
}

std::string line_of(const char* name, const Score& score) {
  std::array<char, 120> line{};
  std::snprintf(line.data(), line.size(), "%-9s %8zu %8zu %10.4f %8.4f %8.4f\n", name, score.given,
                score.right, score.precision(), score.recall(), score.f1());
  return line.data();
}

}  // namespace

Score score_from(const std::vector<mapping::Suggestion>& suggestions, const Pairs& truth,
                 double threshold) {
  return score_of(suggestions, truth,
                  [&](const auto& each) { return each.confidence >= threshold; });
}

Score score_applied(const std::vector<mapping::Suggestion>& suggestions, const Pairs& truth) {
  return score_of(suggestions, truth, [](const auto& each) { return each.apply; });
}

std::string report(const std::vector<mapping::Suggestion>& suggestions, const Pairs& truth) {
  std::string out = "threshold    pairs    right  precision   recall       F1\n";
  for (const char* each :
       {"0.30", "0.40", "0.50", "0.60", "0.70", "0.80", "0.90", "0.95", "0.98", "0.99", "0.995"})
    out += line_of(each, score_from(suggestions, truth, std::stod(each)));
  out += line_of("applied", score_applied(suggestions, truth));
  out += "\nconfidence      pairs  mean confidence  share right\n";
  constexpr std::array<double, 13> edges = {0.05, 0.2, 0.3,  0.4,  0.5,   0.6, 0.7,
                                            0.8,  0.9, 0.95, 0.98, 0.995, 1.01};
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    double sum = 0;
    const auto score = score_of(suggestions, truth, [&](const auto& each) {
      const bool in = each.confidence >= edges[i] && each.confidence < edges[i + 1];
      if (in) sum += each.confidence;
      return in;
    });
    if (score.given == 0) continue;
    std::array<char, 120> line{};
    std::snprintf(line.data(), line.size(), "%.3f to %.3f %6zu %16.4f %12.4f\n", edges[i],
                  std::min(edges[i + 1], 1.0), score.given, sum / static_cast<double>(score.given),
                  score.precision());
    out += line.data();
  }
  return out;
}

}  // namespace rekey::cli
