#!/usr/bin/env bash
# Fuzzes with libFuzzer of clang: tests/fuzz/run.sh [TARGET] [SECONDS]
# What it finds is kept in build/fuzz/TARGET; a crash is a file to add to the corpus, with its mend.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${2:-60}
english=build/native/core/text/english.cpp
[ -f "$english" ] || english=$(find build/*/core/text -name english.cpp | head -1)
[ -f "$english" ] || { echo "The core is not built yet. Run: script/build tests" >&2; exit 1; }
mkdir -p build/fuzz
mapfile -t core < <(find core -name '*.cpp' ! -name 'explore*' | sort)
for target in ${1:-callback token event history}; do
  mkdir -p "build/fuzz/$target"
  clang++ -std=c++20 -O1 -g1 -I. -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
    "${core[@]}" "$english" tests/support/history_maker.cpp "tests/fuzz/$target.cpp" \
    -o "build/fuzz/fuzz_$target"
  "build/fuzz/fuzz_$target" -max_total_time="$seconds" -artifact_prefix="build/fuzz/" \
    "build/fuzz/$target" "tests/fuzz/corpus/$target"
done
