#!/usr/bin/env bash
# The hot path, GET /v1/connections/{id}/token: `rekey serve` beside the same route as a team writes
# it today (tests/bench/peer), in turns on this machine. HOT_ROUNDS and HOT_SECONDS set how long.
set -euo pipefail
source "$(dirname "$0")/../../script/lib/say.sh"
for part in env packages archive deps; do source "$root/script/lib/$part.sh"; done
cd "$root"

install_missing wrk:wrk
# Its database is compiled for the Node.js that runs it, so its own install script has to run.
if [ ! -d tests/bench/peer/node_modules/better-sqlite3/build ]; then
  note "npm packages of the peer; compiling its database takes some minutes"
  quietly npm-peer npm ci --prefix tests/bench/peer --no-audit --no-fund ||
    die "the peer's packages could not be installed. The log above says why."
fi
# It was compiled for one of the versions of Node.js that are here; that one runs it.
for node in $(type -ap node); do
  if (cd tests/bench/peer && "$node" -e 'new (require("better-sqlite3"))(":memory:")' 2>/dev/null); then
    export PEER_NODE=$node
    break
  fi
done
[ -n "${PEER_NODE:-}" ] || die "the peer's database was compiled for another Node.js. Delete" \
  "tests/bench/peer/node_modules and run this again."
exec node tests/bench/support/serve_hot.mjs
