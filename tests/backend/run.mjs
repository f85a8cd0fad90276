// The backend as a whole, over HTTP, beside programs that are not ours: on SQLite, and what several processes do to one
// database on PostgreSQL too. Each takes a quarter of a processor, so one file more than there are processors runs at
// once, the longest first, and beside them two of those that do nothing but wait for intervals to pass. Files whose
// names contain one of the arguments; all of them without any.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const server = join(here, '../support/postgres.sh');
const files = readdirSync(here).filter((name) => name.endsWith('.test.mjs')).map((name) => name.replace('.test.mjs', ''));

// They stop and start their server, so no other file runs on it.
const its_alone = ['postgres', 'pgbouncer'];
const on_postgres = ['crash', 'refresh', 'tokens', 'webhooks', 'host_api', 'deletion', 'nodes', 'changes'];
const waits = ['revocation', 'slow_provider', 'changes', 'refresh', 'lost_reply', 'company', 'certified_provider'];
const longest = ['crash', 'deletion', 'limits', 'moving', 'sessions', 'nodes'];

const wanted = (name) => files.includes(name) && (process.argv.length < 3 || process.argv.slice(2).some((part) => name.includes(part)));
const rank = (name) => (longest.includes(name) ? longest.indexOf(name) : longest.length);
const on_sqlite = files.filter((name) => !its_alone.includes(name) && !waits.includes(name)).sort((a, b) => rank(a) - rank(b));

const one = (name) => ({ name, command: [], files: [name] });
const beside_a_server = (name, names) => ({ name, command: [server], files: names.filter(wanted), env: { REKEY_CRASH_KILLS: '12' } });
const wait_list = waits.filter(wanted).map(one);
const work_list = [beside_a_server('PostgreSQL', on_postgres), ...on_sqlite.filter(wanted).map(one),
  ...its_alone.map((name) => beside_a_server(`${name} (PostgreSQL)`, [name]))].filter(({ files }) => files.length > 0);

const done = [];

/** Runs the files one after the other; what they say is shown when they are through, so that nothing is mixed. */
function run({ name, command, files, env = {} }) {
  const [program, ...args] = [...command, process.execPath, '--test', '--test-concurrency=1', '--test-reporter=spec'];
  const began = Date.now();
  return new Promise((resolve) => {
    let said = '';
    const child = spawn(program, [...args, ...files.map((file) => join(here, `${file}.test.mjs`))],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
    child.on('error', (error) => (said += error.message));
    child.on('close', (code) => {
      done.push({ name, failed: code !== 0, seconds: (Date.now() - began) / 1000 });
      process.stdout.write(`\n== ${name}\n${said}`);
      resolve();
    });
  });
}

async function lane(list) {
  for (let next = list.shift(); next; next = list.shift()) await run(next);
}

const began = Date.now();
const lanes = Array.from({ length: Math.min(3, availableParallelism() + 1) }, () => lane(work_list));
await Promise.all([lane(wait_list), lane(wait_list), ...lanes]);
console.log('\nseconds');
for (const { name, failed, seconds } of done.sort((a, b) => b.seconds - a.seconds))
  console.log(`${seconds.toFixed(1).padStart(7)}  ${name}${failed ? '  FAILED' : ''}`);
console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(7)}  altogether`);
process.exit(done.some(({ failed }) => failed) || done.length === 0 ? 1 : 0);
