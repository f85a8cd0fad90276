#!/usr/bin/env bash
# What a year leaves in the database, with the clock moved: script/bench year
set -euo pipefail
cd "$(dirname "$0")/../.."
program=${REKEY_NATIVE_BUILD:-build/native}/tests/native/rekey_bench_year
if [ ! -f "$program" ]; then
  echo "$program is not built yet. Run: script/build tests" >&2
  exit 1
fi
"$program" "$@"
