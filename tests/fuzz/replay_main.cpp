// Gives a fuzz target every file of a folder, and many small changes of each, the same ones every
// time. So builds without a fuzzer, and those with sanitizers above all, try it too.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/fuzz/must.hpp"
#include "tests/support/history_maker.hpp"

namespace {

// Under sanitizers everything is many times slower; a fuzzer looks further there anyway.
#ifdef __SANITIZE_ADDRESS__
constexpr int changes_of_each = 40;
#else
constexpr int changes_of_each = 400;
#endif

void give(const std::string& text) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

/// Changes, leaves out, doubles or cuts off something.
std::string changed(std::string text, const std::string& other, rekey::test::Dice& dice) {
  for (auto times = 1 + dice.below(3); times > 0 && !text.empty(); --times) {
    const auto size = static_cast<std::int64_t>(text.size());
    const auto at = static_cast<std::size_t>(dice.below(size));
    switch (dice.below(6)) {
      case 0:
        text[at] = static_cast<char>(dice.next());
        break;
      case 1:
        text.erase(at, static_cast<std::size_t>(1 + dice.below(8)));
        break;
      case 2:
        text.insert(at, text.substr(static_cast<std::size_t>(dice.below(size)), 20));
        break;
      case 3:
        text.resize(at);
        break;
      case 4:
        text[at] = "\"{}[],:%&=+\\\n0"[dice.below(14)];
        break;
      default:
        text = text.substr(0, at) + other.substr(std::min(at, other.size()));
    }
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  std::vector<std::filesystem::path> paths;
  for (const auto& each : std::filesystem::directory_iterator(argv[1])) paths.push_back(each);
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> texts;
  for (const auto& each : paths) {
    std::ifstream file(each, std::ios::binary);
    texts.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  if (texts.empty()) {
    std::fprintf(stderr, "there is nothing in %s\n", argv[1]);
    return 1;
  }
  rekey::test::Dice dice(1);
  std::size_t given = 0;
  for (const auto& text : texts) {
    give(text);
    for (int i = 0; i < changes_of_each; ++i, ++given) {
      const auto other =
          static_cast<std::size_t>(dice.below(static_cast<std::int64_t>(texts.size())));
      give(changed(text, texts[other], dice));
    }
  }
  give("");
  std::printf("%zu files and %zu changes of them\n", texts.size(), given);
  return 0;
}
