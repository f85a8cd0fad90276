# Work beside builds and tests: these often wait, so what only computes can have the processor time that is
# left over. To be sourced after say.sh and env.sh.

beside=

# beside NAME COMMAND...: starts the command, behind everything else; what it says goes to
# build/log/NAME.log. Does nothing where that could disturb: with one processor, or less memory than
# compilers and a browser need.
beside() {
  local log=$logs/$1.log jobs
  shift
  jobs=$(($(fits_in_memory) - 1))
  if [ "$jobs" -gt "$(nproc)" ]; then jobs=$(nproc); fi
  if [ "$(nproc)" -lt 2 ] || [ "$jobs" -lt 1 ]; then return 0; fi
  mkdir -p "$logs"
  # The policy "idle" gives way at once to whatever else is to run; a low priority only in the long run, and
  # browsers that are kept waiting fail. Some kernels weigh whole sessions against each other first.
  REKEY_JOBS=$jobs setsid chrt --idle 0 bash -c '{ echo 19 >/proc/self/autogroup; } 2>/dev/null; exec "$@"' _ \
    "$@" >"$log" 2>&1 </dev/null &
  beside=$!
}

# Stops it if it is still at work. What was begun is done again by the part that needs it, with all
# processors; a fault that it met shows up there, too.
end_beside() {
  [ -n "$beside" ] || return 0
  kill -TERM -- "-$beside" 2>/dev/null || true
  wait "$beside" 2>/dev/null || true
  beside=
}
