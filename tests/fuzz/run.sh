#!/usr/bin/env bash
# Fuzzes with libFuzzer of clang: tests/fuzz/run.sh [TARGET] [SECONDS]
# What it finds is kept in build/fuzz/TARGET; a crash is a file to add to the corpus, with its mend.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${2:-60}
languages=build/native/core/text/language_files.cpp
[ -f "$languages" ] || languages=$(find build/*/core/text -name language_files.cpp | head -1)
[ -f "$languages" ] || { echo "The core is not built yet. Run: script/build tests" >&2; exit 1; }
mkdir -p build/fuzz/objects
utf8proc=${UTF8PROC_DIR:-build/deps/utf8proc}
flags=(-std=c++20 -O1 -g1 -I. "-I$utf8proc" -DUTF8PROC_STATIC -fsanitize=address,undefined
  -fno-sanitize-recover=all)
# What is fuzzed is compiled once for all targets, and again only when it changed.
mapfile -t sources < <(find core -name '*.cpp' ! -name 'explore*' | sort
  printf '%s\n' "$languages" tests/support/history_maker.cpp native/vault/random.cpp \
    native/http/http.cpp native/http/message.cpp native/http/router.cpp native/store/database.cpp \
    native/async/pool.cpp native/http/later.cpp native/log.cpp native/system/rfc3339.cpp native/intuit/webhooks.cpp \
    native/sandbox/*.cpp native/sandbox/*/*.cpp)
ccache=$(command -v ccache || true)
object_of() { printf 'build/fuzz/objects/%s.o' "${1//\//_}"; }
export -f object_of
printf '%s\n' "${sources[@]}" | xargs -P "$(nproc)" -I{} bash -c \
  "$ccache clang++ ${flags[*]} -fsanitize=fuzzer-no-link -c {} -o \"\$(object_of {})\""
clang -O1 -g1 -DUTF8PROC_STATIC -c "$utf8proc/utf8proc.c" -o build/fuzz/objects/utf8proc.o
objects=(build/fuzz/objects/utf8proc.o)
for source in "${sources[@]}"; do objects+=("$(object_of "$source")"); done
for target in ${1:-callback token event history table query request form oauth1 xml delivery}; do
  mkdir -p "build/fuzz/$target"
  $ccache clang++ "${flags[@]}" -fsanitize=fuzzer "tests/fuzz/$target.cpp" "${objects[@]}" -lcrypto -lsqlite3 -lpugixml \
    -o "build/fuzz/fuzz_$target"
  "build/fuzz/fuzz_$target" -max_total_time="$seconds" -artifact_prefix="build/fuzz/" \
    "build/fuzz/$target" "tests/fuzz/corpus/$target"
done
