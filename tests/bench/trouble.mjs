// The provider takes 25 s for every token call, and forty callers want the tokens of forty connections that have run out. What do the
// others feel meanwhile? /healthz, /readyz, /metrics, a token that is still fresh, the page, and what the page and a host read: each asked again
// and again from a connection of its own, before the trouble and in it. REKEY_TROUBLE_ROUNDS: how often (default 3); REKEY_PROGRAM: another build.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostClient, PageClient, make_master_key, new_database, rekey, start, until } from '../backend/support/program.mjs';
import { about_machine, spread } from './support/spread.mjs';
import { StormProvider } from './support/storm_provider.mjs';

const callers = 40;
const answer_after_ms = 25_000;
const rounds = Number(process.env.REKEY_TROUBLE_ROUNDS ?? 3);
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const folder = mkdtempSync(join(tmpdir(), 'rekey-trouble-'));
const provider = new StormProvider();
const clean = [() => rmSync(folder, { recursive: true, force: true }), () => provider.stop()];
const t = { after: (each) => clean.unshift(each) };

/** One request over a kept connection: how long until its last byte, in ms. */
function ask(agent, base, path, headers) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const sent = request(base + path, { agent, headers }, (response) => {
      response.resume();
      response.once('end', () => (response.statusCode === 200 ? resolve(performance.now() - began)
        : reject(new Error(`${path} was answered ${response.statusCode}`))));
    });
    sent.once('error', reject);
    sent.end();
  });
}

/** Asks for `path` every `pause` ms until `over`. */
async function watch(base, path, headers, over, pause = 20) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times = [];
  while (!over()) {
    times.push(await ask(agent, base, path, headers));
    await wait(pause);
  }
  agent.destroy();
  return times;
}

const quantile = (times, part) => [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * part))];

/** A service with forty connections that have run out and one that is fresh. */
async function begin(round) {
  const file = (name) => join(folder, `${round}-${name}`);
  const [database, key_file, provider_file] = [new_database(folder, `${round}-rekey.db`), file('master.key'), file('provider.json')];
  writeFileSync(provider_file, JSON.stringify({ discovery: `${provider.base}/.well-known/openid-configuration`,
    accounting_base: provider.base, scopes: ['accounting'], company_in_callback: true }));
  make_master_key(key_file);
  const key = execFileSync(rekey, ['api-key', 'add', 'bench', '--scopes', '*', '--database', database]).toString().trim();
  const serve = await start(t, ['serve', '--json', '--listen', '127.0.0.1:0', '--provider', provider_file, '--database', database,
    '--client-id', 'c', '--master-key-file', key_file, '--log-level', 'error'], { REKEY_CLIENT_SECRET: 's' });
  const host = new HostClient(serve.api, key);
  const lines = [];
  for (let i = 0; i <= callers; ++i) {
    const { access_token, refresh_token } = provider.grant();
    // The last one is fresh; the refresher has all of them in view.
    lines.push(JSON.stringify({ tenant: `t${i}`, realm_id: `9${i}`, access_token, refresh_token,
      expires_at: Date.now() + (i === callers ? 3600_000 : 1000) }));
  }
  provider.delay_ms = answer_after_ms;
  const taken = await fetch(`${serve.api}/v1/grants`, { method: 'POST', body: lines.join('\n'),
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' } });
  if (!taken.ok) throw new Error(`the grants were not taken: ${taken.status} ${await taken.text()}`);
  await taken.text();
  const { body } = await host.call('GET', '/v1/connections');
  const id_of = (tenant) => body.connections.find((each) => each.tenant === tenant).id;
  const page = new PageClient(serve.api);
  await page.sign_in((await host.call('POST', '/v1/page-sessions', { tenant: `t${callers}` })).body.url);
  const cookie = [...page.browser.cookies.get(new URL(serve.api).host)].map(([name, value]) => `${name}=${value}`).join('; ');
  const session = { cookie, 'x-rekey-connection': id_of(`t${callers}`) };
  return { serve, host, session, key: { authorization: `Bearer ${key}` }, id_of };
}

const watched = (world) => ({
  '`/healthz`': ['/healthz', {}],
  '`/readyz`': ['/readyz', {}],
  'a fresh token (`GET /v1/connections/{id}/token`)': [`/v1/connections/${world.id_of(`t${callers}`)}/token`, world.key],
  '`GET /v1/connections/{id}`': [`/v1/connections/${world.id_of('t0')}`, world.key],
  '`/metrics`': ['/metrics', world.key],
  'the page (`/`)': ['/', {}],
  '`GET /api/page`': ['/api/page', world.session],
});

async function measure(world, over) {
  const all = Object.entries(watched(world)).map(async ([name, [path, headers]]) => [name, await watch(world.serve.api, path, headers, over)]);
  return Object.fromEntries(await Promise.all(all));
}

const found = {};
const served = [];
try {
  await provider.start();
  for (let round = 0; round < rounds; ++round) {
    const world = await begin(round);
    let over = false;
    const calm = measure(world, () => over);
    await wait(3000);
    over = true;
    const before = await calm;
    provider.calls = 0;
    const asked = Array.from({ length: callers }, (_, i) => world.host.call('GET', `/v1/connections/${world.id_of(`t${i}`)}/token`));
    await until('the provider to be asked', () => provider.calls >= callers, 20);
    over = false;
    const trouble = measure(world, () => over);
    const answers = await Promise.all(asked);
    over = true;
    const during = await trouble;
    served.push(answers.filter(({ status }) => status === 200).length);
    for (const name of Object.keys(before)) {
      const row = (found[name] ??= { before: [], during: [], worst: [], asked: 0 });
      row.before.push(quantile(before[name], 0.99));
      row.during.push(quantile(during[name], 0.99));
      row.worst.push(Math.max(...during[name]));
      row.asked += during[name].length;
    }
    await world.serve.stop();
    provider.delay_ms = 0;
  }
  console.log(about_machine());
  console.log(`${callers} callers, ${callers} connections that ran out, the provider answers after ${answer_after_ms / 1000} s; served: ${served.join(', ')} of ${callers}`);
  console.log('| asked meanwhile | p99 before, ms | p99 in trouble, ms | the slowest, ms | requests |');
  console.log('|--|--|--|--|--|');
  for (const [name, row] of Object.entries(found))
    console.log(`| ${name} | ${spread(row.before, 1)} | ${spread(row.during, 1)} | ${spread(row.worst, 1)} | ${row.asked} |`);
} finally {
  for (const each of clean) await each();
}
