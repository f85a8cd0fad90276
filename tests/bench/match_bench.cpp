// Matches two CSV files with the core alone, natively or in WebAssembly: match_bench LEFT RIGHT
// [--all]. Prints the seconds it took and a sum over all suggestions; with --all, each suggestion.
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>

#include "core/mapping/match.hpp"
#include "core/mapping/similar.hpp"
#include "native/cli/match_table.hpp"

using namespace rekey;

namespace {

std::vector<mapping::Record> records_in(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto table = text::read_table(text::to_utf8(bytes));
  if (!table) return {};
  return cli::records_in_table(*table).records;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "match_bench LEFT.csv RIGHT.csv [--all]\n");
    return 2;
  }
  const auto left = records_in(argv[1]), right = records_in(argv[2]);
  const auto began = std::chrono::steady_clock::now();
  const auto suggestions = mapping::suggest(left, right);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::uint64_t sum = 0;
  for (const auto& each : suggestions) sum = mapping::hash_of(wire::dump(wire::write(each)), sum);
  if (argc > 3 && std::strcmp(argv[3], "--all") == 0) {
    for (const auto& each : suggestions) std::printf("%s\n", wire::dump(wire::write(each)).c_str());
  } else {
    std::printf("%.2f s for %zu and %zu records: %zu suggestions, sum %016llx\n", took.count(),
                left.size(), right.size(), suggestions.size(),
                static_cast<unsigned long long>(sum));
  }
  return 0;
}
