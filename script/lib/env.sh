# The surroundings every build and test runs in. To be sourced after say.sh.

# With a Node.js that is not the distribution's own, emcc would not find its parser library.
if [ -d /usr/share/nodejs ]; then
  export NODE_PATH=/usr/share/nodejs${NODE_PATH:+:$NODE_PATH}
fi

# ccache reads from the compiler what a file depends on, instead of running the preprocessor first:
# without it, what is not in the cache would cost a tenth more.
export CCACHE_DEPEND=1
# Headers that are compiled once are not cached without.
export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros}

# How many compilers the free memory is enough for: the largest unit takes about 1.5 GB.
fits_in_memory() { awk '/MemAvailable/ { print int($2 / 1500000) }' /proc/meminfo; }

# How many compilers may run at once. REKEY_JOBS sets it.
jobs_for_memory() {
  if [ -n "${REKEY_JOBS:-}" ]; then echo "$REKEY_JOBS"; return 0; fi
  local processors memory
  processors=$(nproc)
  memory=$(fits_in_memory)
  if [ "$memory" -lt 1 ]; then memory=1; fi
  echo $((processors < memory ? processors : memory))
}
