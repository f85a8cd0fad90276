#!/usr/bin/env bash
# script/demo from a new clone to its one line, the first and the second time. On a machine where nothing is
# installed yet the first time includes that.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
clone=$(mktemp -d)
trap 'rm -rf "$clone"' EXIT
git clone -q "$root" "$clone/rekey"
cd "$clone/rekey"
for time in first second; do
  began=$(date +%s.%N)
  coproc DEMO { exec script/demo --port 0 --json 2>"$clone/$time.log"; }
  pid=$DEMO_PID
  read -r line <&"${DEMO[0]}" || { cat "$clone/$time.log" >&2; exit 1; }
  ended=$(date +%s.%N)
  kill -TERM "$pid"
  wait "$pid" || true
  [ -n "$line" ]
  awk -v time="$time" -v a="$began" -v b="$ended" 'BEGIN {printf "%s time: %.1f s (%.1f min)\n", time, b - a, (b - a) / 60}'
done
