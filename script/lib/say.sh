# How the scripts speak, and where their noise goes. To be sourced, never run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
logs=$root/build/log

# One line on what is being done.
say() { printf '\033[1m==>\033[0m %s\n' "$*"; }

# A detail of it.
note() { printf '    %s\n' "$*"; }

# What happened, what it means, what to do next; then the end.
die() {
  printf '\033[1;31mStopped:\033[0m %s\n' "$*" >&2
  exit 1
}

# quietly NAME COMMAND...: the command's output goes to build/log/NAME.log; where it fails, the end of
# that file is shown, since that is what a person would look for next.
quietly() {
  local log=$logs/$1.log
  shift
  mkdir -p "$logs"
  if "$@" >"$log" 2>&1 </dev/null; then return 0; fi
  printf '%s\n' "The last lines of ${log#"$root"/}:" >&2
  tail -n 25 "$log" >&2
  return 1
}

# Colours only where a person looks on.
if [ ! -t 1 ]; then
  say() { printf '==> %s\n' "$*"; }
fi
