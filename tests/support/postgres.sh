#!/usr/bin/env bash
# Runs a command beside a PostgreSQL server of its own, which is gone afterwards:
#   tests/support/postgres.sh COMMAND...
# The command finds the server in REKEY_TEST_POSTGRES (its connection string, to which "&options=…"
# may be added), and in REKEY_TEST_POSTGRES_CTL the beginning of a shell command that stops and
# starts it (pg_ctl). It listens on a
# free port of 127.0.0.1 alone, with data that need survive nothing in a temporary folder.
set -euo pipefail

# The folder with the server's programs: the newest that the distribution brought, or the PATH's.
find_programs() {
  local folder
  folder=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -1)
  if [ -x "$folder/initdb" ]; then echo "$folder"; return; fi
  folder=$(command -v initdb) && dirname "$(readlink -f "$folder")"
}

programs=$(find_programs) || {
  echo "tests/support/postgres.sh: there is no PostgreSQL server here. Install the package postgresql." >&2
  exit 1
}
folder=$(mktemp -d "${TMPDIR:-/tmp}/rekey-postgres-XXXXXX")
as_user=()
if [ "$(id -u)" = 0 ]; then
  # The server refuses to run as root.
  as_user=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
  chown nobody:nogroup "$folder"
fi
cd "$folder"

ctl() { "${as_user[@]}" "$programs/pg_ctl" --pgdata "$folder/data" --silent --wait "$@"; }
# Only our own server, and whatever the command did to it.
clean_up() {
  ctl --mode immediate stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

"${as_user[@]}" "$programs/initdb" --pgdata data --username rekey --auth trust --encoding UTF8 \
  --locale C --no-sync >init.log 2>&1 || { cat init.log >&2; exit 1; }
cat >>data/postgresql.conf <<'TEXT'
fsync = off
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
shared_buffers = 32MB
logging_collector = off
TEXT

# A port that is free now may be taken a moment later: another is tried then.
for attempt in 1 2 3 4 5 failed; do
  if [ $attempt = failed ]; then
    cat server.log >&2
    echo "tests/support/postgres.sh: the PostgreSQL server does not start; its log is above." >&2
    exit 1
  fi
  port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
  if "${as_user[@]}" "$programs/pg_ctl" --pgdata data --silent --wait --log server.log \
    --options "-p $port" start >/dev/null 2>&1; then break; fi
done

export PATH=$programs:$PATH
export REKEY_TEST_POSTGRES="postgresql://rekey@127.0.0.1:$port/postgres?connect_timeout=10"
export REKEY_TEST_POSTGRES_CTL="${as_user[*]} $programs/pg_ctl --pgdata $folder/data --silent --wait --log $folder/server.log --options \"-p $port\""
cd "$OLDPWD"
"$@"
