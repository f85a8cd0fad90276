// Runs the sides of the hot path in turns, and prints rate, latency, memory and time to ready. HOT_BEFORE names programs
// `rekey` of earlier commits that run beside, with ":" between them.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { about_machine, root, spread } from './spread.mjs';

const rounds = Number(process.env.HOT_ROUNDS ?? 5);
const seconds = Number(process.env.HOT_SECONDS ?? 10);
const rekey = join(root, 'build/rekey');
const programs = { 'rekey serve': rekey,
  ...Object.fromEntries((process.env.HOT_BEFORE ?? '').split(':').filter(Boolean).map((each) => [each, each])) };
const folder = mkdtempSync(join(tmpdir(), 'rekey-bench-'));
const file = (name) => join(folder, name);
const resident = (pid) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

const children = [];

/** Starts a program that prints one line of JSON when it is ready. */
async function start(program, args, env) {
  const began = performance.now();
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const line = await Promise.race([new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve)), ended]);
  if (typeof line !== 'string') throw new Error(`${program} ended before it was ready`);
  return { ...JSON.parse(line), ready_ms: performance.now() - began, pid: child.pid,
    stop: () => { child.kill('SIGTERM'); return ended; } };
}

/** A database with so many connections, whose access tokens are of Intuit's usual size. */
function seed(program, name, count) {
  const database = file(`${name}.db`);
  const lines = Array.from({ length: count }, (_, i) => JSON.stringify({
    tenant: `t${i}`, realm_id: `${9130000000 + i}`, access_token: randomBytes(700).toString('base64url'),
    expires_at: Date.now() + 86_400_000, refresh_token: randomBytes(36).toString('base64url') }));
  writeFileSync(file('grants.jsonl'), lines.join('\n'), { mode: 0o600 });
  const began = performance.now();
  execFileSync(program, ['grants', 'import', file('grants.jsonl'), '--database', database, '--master-key-file', file('master.key')],
    { stdio: 'ignore' });
  return { database, import_s: (performance.now() - began) / 1000 };
}

async function start_rekey(program, database) {
  const key = execFileSync(program, ['api-key', 'add', 'bench', '--database', database]).toString().trim();
  const serve = await start(program, ['serve', '--json', '--listen', '127.0.0.1:0', '--provider', 'intuit-sandbox', '--client-id', 'c',
    '--page-dir', join(root, 'build/page'), '--database', database, '--master-key-file', file('master.key')], { REKEY_CLIENT_SECRET: 's' });
  const ids = [];
  for (let after = ''; after !== null;) {
    const page = await (await fetch(`${serve.api}/v1/connections?after=${after}`, { headers: { authorization: `Bearer ${key}` } })).json();
    ids.push(...page.connections.map((each) => each.id));
    after = page.next;
  }
  return { ...serve, key, ids };
}

async function start_peer(count) {
  const env = { PEER_DATABASE: file('peer.db'), PEER_MASTER_KEY: randomBytes(32).toString('hex'), PEER_API_KEY: randomBytes(24).toString('hex') };
  const program = join(root, 'tests/bench/peer/server.mjs');
  execFileSync(process.env.PEER_NODE, [program, 'seed', String(count)], { env: { ...process.env, ...env } });
  const peer = await start(process.env.PEER_NODE, [program], env);
  return { ...peer, key: env.PEER_API_KEY, ids: Array.from({ length: count }, (_, i) => `con_${i}`) };
}

/** One round of wrk. */
function load(side, time = seconds) {
  writeFileSync(file('ids'), side.ids.join('\n'));
  const out = execFileSync('wrk', ['-t1', '-c16', `-d${time}s`, '--latency', '-s', join(root, 'tests/bench/support/token.lua'), side.api,
    '--', side.key, file('ids')]).toString();
  const result = JSON.parse(/^RESULT (.*)$/m.exec(out)[1]);
  if (result.failed) throw new Error(`${result.failed} requests failed`);
  return result;
}

try {
  execFileSync(rekey, ['keys', 'add', file('master.key')]);
  console.log(`${about_machine()}, Node.js ${execFileSync(process.env.PEER_NODE, ['--version']).toString().trim()}`);
  const sides = {};
  let count = 0;
  for (const [name, program] of Object.entries(programs))
    sides[name] = await start_rekey(program, seed(program, `small${++count}`, 500).database);
  sides['fastify 5 + better-sqlite3'] = await start_peer(500);
  const results = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (const side of Object.values(sides)) load(side, 2);
  for (let i = 0; i < rounds; ++i) for (const [name, side] of Object.entries(sides)) results[name].push(load(side));
  for (const [name, side] of Object.entries(sides)) {
    const of = (what) => results[name].map((each) => each[what]);
    console.log(`${name}, 500 connections, wrk -t1 -c16 -d${seconds}s: ${spread(of('rate'))} requests/s; ` +
      `p50 ${spread(of('p50'), 2)} ms; p99 ${spread(of('p99'), 2)} ms; ${resident(side.pid).toFixed(1)} MiB resident`);
    await side.stop();
  }
  const large = Object.entries(programs).map(([name, program], i) =>
    ({ name, program, ...seed(program, `large${i}`, 10_000), starts: [], idle: [], asked: [], rates: [] }));
  for (let i = 0; i < rounds; ++i) {
    for (const each of large) {
      const serve = await start_rekey(each.program, each.database);
      each.starts.push(serve.ready_ms);
      each.idle.push(resident(serve.pid));
      each.rates.push(load(serve, 3).rate);
      each.asked.push(resident(serve.pid));
      await serve.stop();
    }
  }
  for (const each of large)
    console.log(`${each.name}, 10,000 connections: moved in in ${each.import_s.toFixed(1)} s; start of the process to ready ${spread(each.starts)} ms; ` +
      `${spread(each.idle, 1)} MiB resident after listing all, ${spread(each.asked, 1)} MiB after tokens were asked for in turn, ` +
      `most of them read from the store: ${spread(each.rates)} requests/s`);
} finally {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
}
