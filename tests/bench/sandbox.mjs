// The sandbox under load: a company of 100,000 customers, read page by page over loopback.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { about_machine, root, spread } from './support/spread.mjs';

const program = join(root, 'build/rekey');
const customers = 100_000;
const redirect = 'http://localhost:8080/callback';
const seconds = 5;

async function start(...flags) {
  const began = performance.now();
  const child = spawn(program, ['sandbox', '--port', '0', '--json', '--auto-consent', '--requests-per-minute', '0', ...flags],
    { stdio: ['ignore', 'pipe', 'ignore'] });
  const line = await new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  const base = JSON.parse(line).sandbox;
  if (!(await fetch(`${base}/.well-known/openid_configuration`)).ok) throw new Error('not ready');
  const ready = performance.now() - began;
  const stop = () => new Promise((resolve) => (child.once('exit', resolve), child.kill('SIGTERM')));
  return { base, ready, pid: child.pid, stop };
}

const memory = (pid, field) =>
  Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
/** Seconds of processor time that a process has used. */
const used = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

async function connect(base) {
  const asked = new URLSearchParams({ client_id: 'sandbox-client', response_type: 'code', state: 'bench',
    scope: 'com.intuit.quickbooks.accounting', redirect_uri: redirect });
  const back = await fetch(`${base}/connect/oauth2?${asked}`, { redirect: 'manual' });
  const code = new URL(back.headers.get('location')).searchParams.get('code');
  const answer = await fetch(`${base}/oauth2/v1/tokens/bearer`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('sandbox-client:sandbox-secret')}` },
    body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirect }),
  });
  return (await answer.json()).access_token;
}

const agent = new Agent({ keepAlive: true });
function query(base, token, text) {
  return new Promise((resolve, reject) => {
    const asked = request(`${base}/v3/company/1/query?query=${encodeURIComponent(text)}`,
      { agent, headers: { authorization: `Bearer ${token}`, accept: 'application/json' } }, (answer) => {
        let size = 0;
        answer.on('data', (data) => (size += data.length));
        answer.on('end', () => (answer.statusCode === 200 ? resolve(size) : reject(new Error(`${answer.statusCode}`))));
      });
    asked.on('error', reject);
    asked.end();
  });
}

/** Asks one after the other for a while; milliseconds of each, and how many a second of processor time. */
async function load({ base, pid }, token, query_of) {
  const times = [];
  const before = used(pid), end = performance.now() + seconds * 1000;
  for (let n = 0; performance.now() < end; ++n) {
    const began = performance.now();
    await query(base, token, query_of(n));
    times.push(performance.now() - began);
  }
  return { times, per_core: times.length / (used(pid) - before) };
}

console.log(about_machine());
const starts = [];
for (let i = 0; i < 9; ++i) {
  const one = await start();
  starts.push(one.ready);
  await one.stop();
}
console.log(`start to the first answer, company of 1,200, ms: ${spread(starts)}`);

const big = await start('--company', `1:Big Books:${customers}`);
console.log(`start to the first answer, company of ${customers}, ms: ${big.ready.toFixed(0)}`);
console.log(`resident memory then, MiB: ${memory(big.pid, 'VmRSS').toFixed(1)}`);
const token = await connect(big.base);
const far = (n, size) => 1 + ((n * 37) % 90) * 1000 + (size === 1000 ? 0 : 500);
for (const [name, query_of] of [
  ['1,000 customers', (n) => `select * from Customer startposition ${far(n, 1000)} maxresults 1000`],
  ['100 customers', (n) => `select * from Customer startposition ${far(n, 100)} maxresults 100`],
  ['100 customers by name', (n) => `select * from Customer orderby DisplayName startposition ${far(n, 100)} maxresults 100`],
  ['changed since', () => "select * from Customer where MetaData.LastUpdatedTime > '2026-05-01' maxresults 100"],
  ['count', () => 'select count(*) from Customer'],
  ['one by its id', (n) => `select * from Customer where Id = '${1 + ((n * 7919) % customers)}'`],
]) {
  // The first makes what is kept for the next: the order of names.
  await query(big.base, token, query_of(0));
  const { times, per_core } = await load(big, token, query_of);
  console.log(`${name}: ${per_core.toFixed(1)} queries per second of one core; ms: ${spread(times, 1)}`);
}
console.log(`resident memory after all of that, MiB: ${memory(big.pid, 'VmRSS').toFixed(1)}, most: ${memory(big.pid, 'VmHWM').toFixed(1)}`);
agent.destroy();
await big.stop();
