# The surroundings every build and test runs in. To be sourced after say.sh.

# With a Node.js that is not the distribution's own, emcc would not find its parser library.
if [ -d /usr/share/nodejs ]; then
  export NODE_PATH=/usr/share/nodejs${NODE_PATH:+:$NODE_PATH}
fi

# How many compilers may run at once: the largest unit takes about 1.5 GB of memory.
jobs_for_memory() {
  local processors memory
  processors=$(nproc)
  memory=$(awk '/MemAvailable/ { print int($2 / 1500000) }' /proc/meminfo)
  if [ "$memory" -lt 1 ]; then memory=1; fi
  echo $((processors < memory ? processors : memory))
}
