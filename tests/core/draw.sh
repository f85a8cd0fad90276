#!/usr/bin/env bash
# Makes the pictures of docs/state-machine.md from the approved Graphviz texts.
set -euo pipefail
cd "$(dirname "$0")/../.."
for machine in connect import save; do
  dot -Tsvg "tests/core/approved/$machine.dot" -o "docs/state-machine-$machine.svg"
done
dot -Tsvg tests/core/approved/refresh.dot -o docs/keeping-grants.svg
