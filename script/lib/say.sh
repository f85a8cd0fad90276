# How the scripts speak, and where their noise goes. To be sourced, never run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
logs=$root/build/log

# Bold and red only where a person looks on.
bold= red= plain=
if [ -t 2 ]; then bold=$'\e[1m' red=$'\e[1;31m' plain=$'\e[0m'; fi

# One line on what is being done.
say() { printf '%s==>%s %s\n' "$bold" "$plain" "$*"; }

# A detail of it.
note() { printf '    %s\n' "$*"; }

# What happened, what it means, what to do next; then the end.
die() {
  printf '%sStopped:%s %s\n' "$red" "$plain" "$*" >&2
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
