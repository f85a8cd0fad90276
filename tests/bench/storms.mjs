// Fifty callers want the token of one connection when that is hard to have. Ours beside what a team writes today, in
// one run: token calls, callers served, and whether the connection works afterwards. Nothing is timed. REKEY_STORM: only
// rows whose name holds this. REKEY_STORM_PEERS=no: ours alone. On PostgreSQL: tests/support/postgres.sh node
// tests/bench/storms.mjs
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PageClient, HostClient, make_master_key, new_database, rekey, start, until } from '../backend/support/program.mjs';
import { free_port } from '../backend/support/world.mjs';
import { about_machine, root } from './support/spread.mjs';
import { StormProvider } from './support/storm_provider.mjs';

const callers = 50;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const provider = new StormProvider();
const folder = mkdtempSync(join(tmpdir(), 'rekey-storms-'));
const clean = [() => rmSync(folder, { recursive: true, force: true }), () => provider.stop()];
const t = { after: (each) => clean.unshift(each) };
let runs = 0;

/** Rekey with one connection whose tokens were made by the provider as it is set. */
class Rekey {
  constructor(processes) {
    this.processes = processes;
    this.name = `Rekey, ${processes} process${processes > 1 ? 'es' : ''}`;
  }

  serve(port) {
    return start(t, ['serve', '--json', '--listen', `127.0.0.1:${port}`, '--provider', this.provider, '--database', this.database,
      '--client-id', 'c', '--master-key-file', this.key_file, '--log-level', 'error'], { REKEY_CLIENT_SECRET: 's' });
  }

  /** Connected, and turned off again, so that nothing is renewed before the storm. */
  async prepare() {
    const file = (name) => join(folder, `${runs}-${name}`);
    [this.database, this.key_file, this.provider] = [new_database(folder, `${runs}-rekey.db`), file('master.key'), file('provider.json')];
    writeFileSync(this.provider, JSON.stringify({ discovery: `${provider.base}/.well-known/openid-configuration`,
      accounting_base: provider.base, scopes: ['accounting'], company_in_callback: true }));
    make_master_key(this.key_file);
    const key = execFileSync(rekey, ['api-key', 'add', 'bench', '--scopes', '*', '--database', this.database]).toString().trim();
    const port = await free_port();
    const serve = await this.serve(port);
    this.host = new HostClient(serve.api, key);
    await this.host.call('PUT', '/v1/tenants/storm', { name: 'Storm' });
    const page = new PageClient(serve.api);
    await page.sign_in((await this.host.call('POST', '/v1/page-sessions', { tenant: 'storm' })).body.url);
    const { body } = await page.command('connect');
    const { url } = await page.browser.open(body.redirect, {}, `${serve.api}/callback`);
    await page.callback(url);
    await page.until_phase('linked');
    await until('the import', async () => (await page.page()).state.import.phase.type === 'done');
    this.id = (await this.host.call('GET', '/v1/connections')).body.connections[0].id;
    await serve.stop();
    this.key = key;
  }

  async begin() {
    this.serves = [];
    for (let i = 0; i < this.processes; ++i) this.serves.push(await this.serve(await free_port()));
    this.host = new HostClient(this.serves[0].api, this.key);
    this.urls = this.serves.map(({ api }) => `${api}/v1/connections/${this.id}/token`);
  }

  /** A token after the one at hand is said to be refused: whether the grant can still be renewed. */
  async afterwards() {
    const now = await this.host.call('GET', `/v1/connections/${this.id}/token`);
    if (now.status === 200) {
      const next = await this.host.call('POST', `/v1/connections/${this.id}/token`, { rejected: now.body.token_id });
      if (next.status === 200 && provider.accepts(next.body.access_token)) return 'works';
    }
    const { phase } = (await this.host.call('GET', `/v1/connections/${this.id}`)).body.state.connect;
    return phase.type === 'linked' ? 'works later' : `${phase.type}: ${phase.reason}`;
  }

  stop() {
    return Promise.all(this.serves.map((each) => each.stop()));
  }
}

/** The same of a peer's program. */
class Peer {
  constructor(name, single_flight, processes) {
    Object.assign(this, { name, single_flight, processes, id: 'storm', key: 'peer-key' });
  }

  prepare() {
    const { access_token, refresh_token, expires_in } = provider.grant();
    this.seed = { id: this.id, access: access_token, refresh: refresh_token, expires: Date.now() + expires_in * 1000 };
    this.settings = { file: join(folder, `${runs}-peer.db`), key: randomBytes(32).toString('base64'), api_key: this.key,
      token_endpoint: `${provider.base}/token`, single_flight: this.single_flight };
  }

  async begin() {
    this.children = [];
    this.urls = [];
    for (let i = 0; i < this.processes; ++i) {
      const port = await free_port();
      const settings = { ...this.settings, port, seed: i === 0 ? this.seed : undefined };
      const child = spawn(process.execPath, [join(root, 'tests/bench/storm_peer/server.mjs')],
        { env: { ...process.env, PEER: JSON.stringify(settings) }, stdio: ['ignore', 'pipe', 'ignore'] });
      t.after(() => child.kill('SIGKILL'));
      await new Promise((resolve, reject) => {
        createInterface({ input: child.stdout }).once('line', resolve);
        child.once('exit', () => reject(new Error('the peer ended before it was ready')));
      });
      this.children.push(child);
      this.urls.push(`http://127.0.0.1:${port}/connections/${this.id}/token`);
    }
  }

  async afterwards() {
    await fetch(this.urls[0].replace(/token$/, 'expire'), { method: 'POST' });
    const answers = [];
    for (const url of this.urls) answers.push(await ask(url, this.key));
    return answers.every(served) ? 'works' : 'dead';
  }

  async stop() {
    for (const child of this.children) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    }
  }
}

async function ask(url, key) {
  try {
    const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
    return { status: response.status, body: await response.json() };
  } catch {
    return { status: 0, body: {} };
  }
}

/** Only a token that the provider takes counts. */
const served = ({ status, body }) => status === 200 && provider.accepts(body.access_token);

const storm = (who) => Promise.all(Array.from({ length: callers }, (_, i) => ask(who.urls[i % who.urls.length], who.key)));

/** Each row: how the provider is at sign-in, when the storm comes, and what it does then. */
const rows = [
  { name: 'expired; the provider answers after 0.3 s', first: { life_s: 2 }, later: { delay_ms: 300 } },
  { name: 'expired; refresh tokens that work once, 0.3 s', first: { life_s: 2 }, later: { habit: 'single_use', delay_ms: 300 } },
  { name: 'expired; the provider answers after 14 s', first: { life_s: 2 }, later: { delay_ms: 14_000 } },
  { name: 'provider down, valid for 10 more minutes', first: { life_s: 600 }, later: { down: true }, fresh: true, then_up: true },
  { name: 'expired; one reply lost, Intuit\'s habits', first: { life_s: 2 }, later: { lose: 1, delay_ms: 100 } },
  { name: 'valid for 20 s; one reply lost, single use', first: { life_s: 20 }, later: { habit: 'single_use', lose: 1, delay_ms: 100 },
    fresh: true, to_its_end: true },
];

/** Waits until the customer is asked, storms once more, and waits for the token's end. */
async function to_its_end(who) {
  const risk = await until('the customer to be asked', async () =>
    (await who.host.call('GET', `/v1/connections/${who.id}/events`)).body.events.find(({ event }) => event.type === 'grant_at_risk'));
  const good = (await storm(who)).filter(served).length;
  await wait(Math.max(0, risk.event.ends - Date.now()) + 1500);
  return { good, note: `; customer asked ${Math.round((risk.event.ends - risk.at) / 1000)} s before the end` };
}

async function run(row, who) {
  runs += 1;
  provider.reset();
  provider.set(row.first);
  await who.prepare();
  if (!row.fresh) await wait(2500);
  provider.calls = 0;
  provider.set(row.later);
  await who.begin();
  let good = (await storm(who)).filter(served).length;
  let note = '';
  if (row.to_its_end && who instanceof Rekey) {
    const end = await to_its_end(who);
    good = Math.min(good, end.good);
    note = end.note;
  }
  const { calls } = provider;
  if (row.then_up) provider.set({});
  const after = await who.afterwards();
  await who.stop();
  return { calls, good, after: after + note };
}

/** Their database is compiled for the Node.js that runs them, which takes minutes: once. */
function install_peers() {
  const folder = join(root, 'tests/bench/storm_peer');
  if (existsSync(join(folder, 'node_modules/better-sqlite3/build'))) return;
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: 'inherit' });
  if (status !== 0) throw new Error('The peers could not be installed in tests/bench/storm_peer.');
}

async function measure() {
  const peers = process.env.REKEY_STORM_PEERS !== 'no';
  if (peers) install_peers();
  await provider.start();
  console.log(`${about_machine()}\n`);
  for (const row of rows.filter(({ name }) => name.includes(process.env.REKEY_STORM ?? ''))) {
    console.log(`| ${row.name} | token calls | callers served of ${callers} | the connection afterwards |\n|--|--|--|--|`);
    const others = () => [new Peer('every request renews', false, 1), new Peer('single-flight, 1 process', true, 1),
      new Peer('single-flight, 2 processes', true, 2)];
    for (const who of [new Rekey(1), new Rekey(2), ...(peers ? others() : [])]) {
      const { calls, good, after } = await run(row, who);
      console.log(`| ${who.name} | ${calls} | ${good} | ${after} |`);
    }
    console.log('');
  }
}

try {
  await measure();
} finally {
  for (const each of clean) await each();
}
