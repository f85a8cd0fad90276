// Replays histories from files. The same program is built natively and for WebAssembly; what it
// prints must be the same to the byte.
//
//   rekey_parity FILE...            every line of every replay
//   rekey_parity --digest FILE...   a line for each file: its name, how many events, a digest of
//   all
//                                   that was printed for it, and the phases it ends in
//   rekey_parity --refreshes FILE...   every line of every replay of a refresh history
//   rekey_parity --explore          every state of the refresh machine, and a digest of its steps
//   rekey_parity --make DIR FIRST COUNT EVENTS   writes random histories of these seeds, of
//                                   connections (random-*) and of refreshes (refresh-*)
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "core/history.hpp"
#include "core/refresh/step.hpp"
#include "tests/support/history_maker.hpp"
#include "tests/support/refresh_maker.hpp"

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

template <class Variant>
const char* type_of(const Variant& value) {
  return std::visit([](const auto& each) { return std::decay_t<decltype(each)>::type.data(); },
                    value);
}

void print_digest(const char* name, const std::string& text) {
  const auto replayed = history::replay(text);
  history::Replay replay;
  long events = 0;
  history::each_line(text, [&](std::string_view line) {
    const auto one = replay.take(line);
    if (one && *one) ++events;
    return one.has_value();
  });
  const auto& state = replay.state();
  std::printf("%s %ld %016llx %s %s %s\n", name, events,
              static_cast<unsigned long long>(test::digest(replayed)), type_of(state.connect.phase),
              type_of(state.import.phase), type_of(state.save.phase));
}

bool write_file(const std::string& path, const std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (!file) {
    std::fprintf(stderr, "%s cannot be written\n", path.c_str());
    return false;
  }
  const bool good = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return std::fclose(file) == 0 && good;
}

int make(const std::string& folder, long first, long count, int events) {
  for (long number = first; number < first + count; ++number) {
    char name[64];
    std::snprintf(name, sizeof name, "%03ld.jsonl", number);
    const auto seed = static_cast<std::uint64_t>(number);
    if (!write_file(folder + "/random-" + name, test::make_history(seed, events)) ||
        !write_file(folder + "/refresh-" + name, test::make_refresh_history(seed, events)))
      return 1;
  }
  return 0;
}

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

using Use = void (*)(const char* name, const std::string& text);

void print_replay(const char* name, const std::string& text) {
  std::printf("== %s\n", name);
  print(history::replay(text));
}

void print_refreshes(const char* name, const std::string& text) {
  std::printf("== %s\n", name);
  print(refresh::replay(text));
}

int each_file(int count, char** paths, Use use) {
  for (int i = 0; i < count; ++i) {
    std::string text;
    if (!read_file(paths[i], text)) {
      std::fprintf(stderr, "%s cannot be read\n", paths[i]);
      return 1;
    }
    const char* slash = std::strrchr(paths[i], '/');
    use(slash ? slash + 1 : paths[i], text);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (argc == 6 && first == "--make")
    return make(argv[2], std::atol(argv[3]), std::atol(argv[4]), std::atoi(argv[5]));
  if (first == "--explore") {
    print(test::explored_refreshes());
    return 0;
  }
  if (first == "--digest") return each_file(argc - 2, argv + 2, print_digest);
  if (first == "--refreshes") return each_file(argc - 2, argv + 2, print_refreshes);
  return each_file(argc - 1, argv + 1, print_replay);
}
