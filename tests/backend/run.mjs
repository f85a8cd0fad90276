// The backend as a whole, over HTTP, beside programs that are not ours: on SQLite, and what several processes do to one
// database on PostgreSQL too.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const server = join(here, '../support/postgres.sh');
const its_alone = 'postgres.test.mjs';
const on_postgres = ['crash', 'refresh', 'tokens', 'webhooks', 'host_api', 'deletion'].map((name) => `${name}.test.mjs`);
const on_sqlite = readdirSync(here).filter((name) => name.endsWith('.test.mjs') && name !== its_alone);

function run(command, at_once, names, env = {}) {
  const [program, ...args] = [...command, process.execPath, '--test', `--test-concurrency=${at_once}`];
  return spawnSync(program, [...args, ...names.map((name) => join(here, name))],
    { stdio: 'inherit', env: { ...process.env, ...env } }).status ?? 1;
}

const first = run([], 1, on_sqlite);
// Its server is stopped and started, so it shares it with nobody.
const second = run([server], 1, [its_alone]);
const third = run([server], 2, on_postgres, { REKEY_CRASH_KILLS: '12' });
process.exit(first || second || third);
