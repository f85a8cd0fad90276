// Replays histories from files. The same program is built natively and for WebAssembly; what it
// prints must be the same to the byte.
//
//   rekey_parity FILE...            every line of every replay
//   rekey_parity --digest FILE...   a line for each file: its name, how many events, a digest of
//   all
//                                   that was printed for it, and the phases it ends in
//   rekey_parity --make DIR FIRST COUNT EVENTS   writes random histories of these seeds
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "core/history.hpp"
#include "tests/support/history_maker.hpp"

namespace {

using namespace rekey;

bool read_file(const char* path, std::string& out) {
  std::FILE* file = std::fopen(path, "rb");
  if (!file) return false;
  char buffer[16384];
  for (std::size_t count; (count = std::fread(buffer, 1, sizeof buffer, file)) > 0;)
    out.append(buffer, count);
  const bool good = !std::ferror(file);
  std::fclose(file);
  return good;
}

/// FNV-1a, 64 bits: enough to see that something changed.
std::uint64_t digest(const std::string& text) {
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return hash;
}

template <class Variant>
const char* type_of(const Variant& value) {
  return std::visit([](const auto& each) { return std::decay_t<decltype(each)>::type.data(); },
                    value);
}

void print_digest(const char* name, const std::string& text, const std::string& replayed) {
  history::Replay replay;
  long events = 0;
  history::each_line(text, [&](std::string_view line) {
    const auto one = replay.take(line);
    if (one && *one) ++events;
    return one.has_value();
  });
  const auto& state = replay.state();
  std::printf("%s %ld %016llx %s %s %s\n", name, events,
              static_cast<unsigned long long>(digest(replayed)), type_of(state.connect.phase),
              type_of(state.import.phase), type_of(state.save.phase));
}

int make(const char* folder, long first, long count, int events) {
  for (long seed = first; seed < first + count; ++seed) {
    char path[1024];
    std::snprintf(path, sizeof path, "%s/random-%03ld.jsonl", folder, seed);
    std::FILE* file = std::fopen(path, "wb");
    if (!file) {
      std::fprintf(stderr, "%s cannot be written\n", path);
      return 1;
    }
    const auto text = test::make_history(static_cast<std::uint64_t>(seed), events);
    const bool good = std::fwrite(text.data(), 1, text.size(), file) == text.size();
    if (std::fclose(file) != 0 || !good) return 1;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 6 && std::strcmp(argv[1], "--make") == 0)
    return make(argv[2], std::atol(argv[3]), std::atol(argv[4]), std::atoi(argv[5]));
  const bool short_form = argc > 1 && std::strcmp(argv[1], "--digest") == 0;
  for (int i = short_form ? 2 : 1; i < argc; ++i) {
    std::string text;
    if (!read_file(argv[i], text)) {
      std::fprintf(stderr, "%s cannot be read\n", argv[i]);
      return 1;
    }
    const char* slash = std::strrchr(argv[i], '/');
    const char* name = slash ? slash + 1 : argv[i];
    const auto replayed = history::replay(text);
    if (short_form) {
      print_digest(name, text, replayed);
    } else {
      std::printf("== %s\n", name);
      std::fwrite(replayed.data(), 1, replayed.size(), stdout);
    }
  }
  return 0;
}
