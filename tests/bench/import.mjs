// The settings import of a company of 100,000 customers, 25,000 vendors and 10,000 items, beside curl fetching the same pages to
// nowhere with the same concurrency, in turns; memory by size; under limits; with 5 % of answers 429; and over fifty kills.
// IMPORT_PARTS names some of them (plain latency sizes limits throttled kills); IMPORT_ROUNDS, IMPORT_CUSTOMERS and IMPORT_ITEMS say
// how often and how large, IMPORT_PROGRAM which program imports (build/rekey).
// On PostgreSQL: tests/support/postgres.sh node tests/bench/import.mjs
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { new_database, rekey } from '../backend/support/program.mjs';
import { about_machine, spread } from './support/spread.mjs';

const importing = process.env.IMPORT_PROGRAM ?? rekey;
const number = (name, otherwise) => Number(process.env[name] ?? otherwise);
const customers = number('IMPORT_CUSTOMERS', 100_000);
const items = number('IMPORT_ITEMS', 10_000);
const rounds = number('IMPORT_ROUNDS', 5);
const parts = (process.env.IMPORT_PARTS ?? 'plain latency sizes limits throttled kills').split(' ');
const realm = '1';
const page_rows = 1000;
const at_once = 10;
const kills = 50;
const lists = ['Account', 'TaxCode', 'TaxRate', 'Term', 'PaymentMethod', 'Class', 'Department', 'Item', 'Customer', 'Vendor'];
const redirect = 'http://127.0.0.1/callback';

const folder = mkdtempSync(join(tmpdir(), 'rekey-import-'));
const file = (name) => join(folder, name);
const children = new Set();
const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const memory = (pid, field) => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
const free_port = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)); });
});

/** Starts a program that prints one line of JSON when it is ready. */
async function start(program, args, env = {}) {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  const ended = new Promise((resolve) => child.once('exit', resolve)).then(() => children.delete(child));
  const line = await Promise.race([new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve)), ended]);
  if (typeof line !== 'string') throw new Error(`rekey ${args[0]} ended before it was ready`);
  return { ...JSON.parse(line), pid: child.pid, stop: (signal = 'SIGTERM') => { child.kill(signal); return ended; } };
}

async function json(method, url, body, headers = {}) {
  const response = await fetch(url, { method, body, headers, redirect: 'manual' });
  const text = await response.text();
  try { return { status: response.status, headers: response.headers, body: JSON.parse(text) }; } catch { return { status: response.status, headers: response.headers, body: null }; }
}

async function start_sandbox(flags, size = customers) {
  const sandbox = await start(rekey, ['sandbox', '--port', '0', '--json', '--client-id', 'c', '--client-secret', 's', '--redirect-uri', redirect,
    '--auto-consent', '--company', `${realm}:Big Books:${size}`, '--items', String(Math.round((items * size) / customers)), ...flags]);
  const grant = async () => {
    const asked = new URLSearchParams({ client_id: 'c', response_type: 'code', state: 'x', scope: 'com.intuit.quickbooks.accounting', redirect_uri: redirect });
    const back = await json('GET', `${sandbox.sandbox}/connect/oauth2?${asked}`);
    const form = new URLSearchParams({ grant_type: 'authorization_code', code: new URL(back.headers.get('location')).searchParams.get('code'), redirect_uri: redirect });
    return (await json('POST', `${sandbox.sandbox}/oauth2/v1/tokens/bearer`, form, { authorization: `Basic ${btoa('c:s')}`, accept: 'application/json' })).body;
  };
  const control = (what, body) => json('POST', `${sandbox.sandbox}/sandbox/${what}`, JSON.stringify(body), { 'content-type': 'application/json' });
  return { ...sandbox, grant, control };
}

/** A backend at a sandbox, with a database of its own. */
async function make_backend(sandbox, name, flags = []) {
  const database = new_database(folder, `${name}.db`);
  const provider = file(`${name}.json`), master = file(`${name}.key`);
  writeFileSync(provider, JSON.stringify({ discovery: `${sandbox.sandbox}/.well-known/openid_sandbox_configuration`,
    accounting_base: sandbox.sandbox, scopes: ['com.intuit.quickbooks.accounting'] }));
  execFileSync(importing, ['keys', 'add', master], { stdio: 'ignore' });
  const key = execFileSync(importing, ['api-key', 'add', 'bench', '--scopes', '*', '--database', database], { stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim();
  const port = await free_port();
  const at = { database, api: `http://127.0.0.1:${port}` };
  at.serve = () => start(importing, ['serve', '--json', '--log-level', 'error', '--listen', `127.0.0.1:${port}`, '--provider', provider, '--database', database, '--client-id', 'c',
    '--master-key-file', master, ...flags], { REKEY_CLIENT_SECRET: 's' });
  at.host = (method, path, body, type = 'application/json') => json(method, at.api + path, body, { authorization: `Bearer ${key}`, ...(body ? { 'content-type': type } : {}) });
  at.bring = async (tenant) => {
    const token = await sandbox.grant();
    const line = JSON.stringify({ tenant, name: tenant, realm_id: realm, access_token: token.access_token, expires_at: Date.now() + token.expires_in * 1000,
      refresh_token: token.refresh_token, refresh_expires_at: Date.now() + 8e9, scopes: ['com.intuit.quickbooks.accounting'] });
    return (await at.host('POST', '/v1/grants', `${line}\n`, 'application/x-ndjson')).body.connection;
  };
  at.phase = async (id) => (await at.host('GET', `/v1/connections/${id}`)).body?.state?.import?.phase;
  at.begin = (id) => at.host('POST', `/v1/connections/${id}/commands`, JSON.stringify({ command: 'import' }));
  at.finished = async (id) => {
    for (;;) {
      const phase = await at.phase(id);
      if (phase?.type === 'failed') throw new Error(`the import stopped: ${phase.reason}`);
      if (phase?.type === 'done') return phase;
      await sleep(50);
    }
  };
  return at;
}

const read = (phase) => phase.progress.reduce((all, each) => all + each.done, 0);

/** Imports into a tenant that is new; seconds. */
async function import_once(backend, tenant) {
  const id = await backend.bring(tenant);
  const began = performance.now();
  await backend.begin(id);
  const phase = await backend.finished(id);
  return { id, rows: read(phase), seconds: (performance.now() - began) / 1000 };
}

const statement_url = (sandbox, statement) => `${sandbox.sandbox}/v3/company/${realm}/query?query=${encodeURIComponent(statement)}&minorversion=75`;

/** The pages that an import reads, for curl. */
async function pages_of(sandbox, token) {
  const urls = [];
  for (const list of lists) {
    const counted = await json('GET', statement_url(sandbox, `select count(*) from ${list} where Active in (true, false)`), undefined,
      { authorization: `Bearer ${token}`, accept: 'application/json' });
    const count = counted.body.QueryResponse.totalCount;
    for (let at = 1; at <= Math.max(1, count); at += page_rows)
      urls.push(statement_url(sandbox, `select * from ${list} where Active in (true, false) orderby Id startposition ${at} maxresults ${page_rows}`));
  }
  return urls;
}

/** Fetches them to nowhere; seconds. */
async function curl_once(sandbox, urls) {
  const { access_token } = await sandbox.grant();
  const config = file('curl.txt');
  writeFileSync(config, urls.map((url) => `url = "${url}"\noutput = "/dev/null"`).join('\n'));
  const began = performance.now();
  const child = spawn('curl', ['--no-progress-meter', '--fail', '--parallel', '--parallel-max', String(at_once), '--header', `Authorization: Bearer ${access_token}`,
    '--header', 'Accept: application/json', '--config', config], { stdio: 'inherit' });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`curl ended with ${code}`);
  return (performance.now() - began) / 1000;
}

const without_limits = ['--requests-per-second', '0', '--requests-per-minute', '0'];
const open_sandbox = ['--requests-per-minute', '0'];
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

/** Seconds of processor time that a process has used. */
const processor = ({ pid }) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

/** Waits until a process rests: what follows an import (matching, removing what was in use) is not to disturb what comes next. */
async function until_at_rest(serve) {
  for (let i = 0; i < 600; ++i) {
    const before = processor(serve);
    await sleep(1000);
    if (processor(serve) - before < 0.05) return;
  }
  throw new Error('the process does not come to rest');
}

/** Imports and curl in turns. */
async function beside_curl(what, latency_ms) {
  const sandbox = await start_sandbox([...open_sandbox, '--latency-ms', String(latency_ms)]);
  const backend = await make_backend(sandbox, `curl-${latency_ms}`, without_limits);
  const serve = await backend.serve();
  const before = memory(serve.pid, 'VmRSS');
  const urls = await pages_of(sandbox, (await sandbox.grant()).access_token);
  const ours = [], theirs = [], used = [], most = [];
  let rows = 0;
  for (let i = 0; i < rounds; ++i) {
    const so_far = processor(serve);
    const once = await import_once(backend, `t${i}`);
    rows = once.rows;
    ours.push(once.seconds);
    used.push(processor(serve) - so_far);
    most.push(memory(serve.pid, 'VmHWM'));
    await until_at_rest(serve);
    theirs.push(await curl_once(sandbox, urls));
  }
  console.log(`${what}: ${rows} rows in ${urls.length} pages; import, s: ${spread(ours, 2)}; curl ×${at_once}, s: ${spread(theirs, 2)}; ratio of the medians ${
    (median(ours) / median(theirs)).toFixed(2)} (≤ 1.3)`);
  console.log(`  processor time of rekey serve, s: ${spread(used, 2)}`);
  console.log(`  memory, MiB: ${before.toFixed(0)} before; most so far, after each: ${most.map((each) => each.toFixed(0)).join(', ')} (≤ 100); with what follows an import ${
    memory(serve.pid, 'VmHWM').toFixed(0)}`);
  await serve.stop();
  await sandbox.stop();
  return median(ours);
}

/** The most memory that a new process has come to, by the size of the company: importing, and with what follows. */
async function by_size() {
  for (const part of [0.01, 0.1, 1]) {
    const size = Math.round(customers * part);
    const sandbox = await start_sandbox(open_sandbox, size);
    const backend = await make_backend(sandbox, `size-${size}`, without_limits);
    const serve = await backend.serve();
    const before = memory(serve.pid, 'VmHWM');
    const { rows } = await import_once(backend, 't');
    const importing_took = memory(serve.pid, 'VmHWM');
    await until_at_rest(serve);
    console.log(`${rows} rows: most memory ${before.toFixed(0)} MiB before, ${importing_took.toFixed(0)} when imported (≤ 100), ${
      memory(serve.pid, 'VmHWM').toFixed(0)} at rest`);
    await serve.stop();
    await sandbox.stop();
  }
}

/** What so many requests take under both limits: ten a second, and 500 in any minute. */
const allowed_seconds = (requests) => Math.floor((requests - 1) / 500) * 60 + ((requests - 1) % 500) / 10;

/** How near to what the limits allow, with pages of this many rows. */
async function under_limits(rows) {
  const sandbox = await start_sandbox(['--requests-per-second', '10', '--requests-per-minute', '500']);
  const backend = await make_backend(sandbox, `limits-${rows}`, ['--import-page-size', String(rows)]);
  const serve = await backend.serve();
  const seen = async () => (await json('GET', `${sandbox.sandbox}/sandbox/requests`)).body.requests.filter((each) => each.routes.includes('api'));
  const { seconds } = await import_once(backend, 't');
  const all = await seen();
  const refused = all.filter((each) => each.status === 429).length;
  const allowed = allowed_seconds(all.length);
  console.log(`limits on, ${rows} rows a page: ${all.length} requests (${refused} refused) in ${seconds.toFixed(1)} s; allowed are ${allowed.toFixed(1)} s: ${
    (100 * (seconds / allowed - 1)).toFixed(1)} % more (≤ 5)`);
  await serve.stop();
  await sandbox.stop();
}

async function throttled() {
  const sandbox = await start_sandbox(open_sandbox);
  const backend = await make_backend(sandbox, 'throttled', without_limits);
  const serve = await backend.serve();
  const with_429 = [], well = [];
  for (let i = 0; i < rounds; ++i) {
    well.push((await import_once(backend, `well-${i}`)).seconds);
    await until_at_rest(serve);
    await sandbox.control('faults', { route: 'query', status: 429, probability: 0.05, count: -1, seed: 7 + i });
    with_429.push((await import_once(backend, `throttled-${i}`)).seconds);
    await fetch(`${sandbox.sandbox}/sandbox/faults`, { method: 'DELETE' });
    await until_at_rest(serve);
  }
  console.log(`5 % of answers 429, s: ${spread(with_429, 2)}; without: ${spread(well, 2)}; ratio of the medians ${(median(with_429) / median(well)).toFixed(2)} (≤ 1.5)`);
  await serve.stop();
  await sandbox.stop();
}

/** A digest of the rows in use, byte for byte. */
function rows_in_use(database, connection) {
  const sql = "select i.entity, i.id, i.body from imported i join lists l on l.connection = i.connection and l.realm_id = i.realm_id and l.entity = i.entity " +
    "and l.run = i.run where i.connection = '" + connection + "' and i.gone = 0 order by i.entity, i.id";
  const rows = database.includes('://') ? execFileSync('psql', ['-qAt', database, '-c', sql], { maxBuffer: 1 << 30 })
    : execFileSync('python3', ['-c', 'import sqlite3,sys\nfor r in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print("|".join(r))', database, sql], { maxBuffer: 1 << 30 });
  return createHash('sha256').update(rows).digest('hex');
}

async function killed() {
  const sandbox = await start_sandbox([...open_sandbox, '--latency-ms', '50']);
  const backend = await make_backend(sandbox, 'kills', [...without_limits, '--import-page-size', '100']);
  let serve = await backend.serve();
  const whole = await import_once(backend, 'whole');
  const id = await backend.bring('killed');
  await backend.begin(id);
  const resumes = [];
  let count = 0;
  for (; count < kills; ++count) {
    await sleep(20 + Math.random() * 150);
    const at = await backend.phase(id).catch(() => null);
    if (at?.type === 'done') break;
    await serve.stop('SIGKILL');
    const began = performance.now();
    serve = await backend.serve();
    const before = await backend.phase(id);
    if (before.type !== 'running') break;
    while (true) {
      const now = await backend.phase(id);
      if (now.type !== 'running' || read(now) > read(before)) break;
      if (performance.now() - began > 30_000) throw new Error('the import does not go on after a kill');
      await sleep(20);
    }
    resumes.push(performance.now() - began);
  }
  const phase = await backend.finished(id);
  const same = rows_in_use(backend.database, id) === rows_in_use(backend.database, whole.id);
  console.log(`${count} kills${count < kills ? `, NOT ${kills}` : ''}: ${read(phase)} rows, ${same ? 'the same byte for byte' : 'NOT THE SAME'}; from kill to the next page (start included), ms: ${
    spread(resumes)}, most ${Math.max(...resumes).toFixed(0)} (≤ 2000)`);
  await serve.stop();
  await sandbox.stop();
  if (!same) throw new Error('rows differ after kills');
}

console.log(about_machine());
try {
  if (parts.includes('plain')) await beside_curl('limits off', 0);
  if (parts.includes('latency')) await beside_curl('300 ms latency', 300);
  if (parts.includes('sizes')) await by_size();
  if (parts.includes('limits')) await under_limits(page_rows);
  if (parts.includes('limits')) await under_limits(page_rows / 5);
  if (parts.includes('throttled')) await throttled();
  if (parts.includes('kills')) await killed();
} finally {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
