#!/usr/bin/env bash
# Transitions per second of the core, native and WebAssembly: script/bench core
set -euo pipefail
cd "$(dirname "$0")/../.."
native=${REKEY_NATIVE_BUILD:-build/native}/tests/parity/rekey_bench_core
wasm=${REKEY_WEB_BUILD:-build/web}/tests/parity/rekey_bench_core.js
for program in "$native" "$wasm"; do
  if [ ! -f "$program" ]; then
    echo "$program is not built yet. Run: script/build tests web" >&2
    exit 1
  fi
done
echo "native ($(sed -n 's/^CMAKE_BUILD_TYPE:[A-Z]*=//p' "${native%/tests/*}/CMakeCache.txt"))"
"$native" "$@"
echo "WebAssembly under Node.js $(node --version)"
node "$wasm" "$@"
