// A thousand tenants arrive within a minute, each with a company of 3,000 customers, at a provider that takes a second for
// every answer. How long Connect takes them, the last ones too, while all their imports run; and how long Save and
// Disconnect take other tenants meanwhile. One process of `rekey serve` and the sandbox, both on this machine; nothing here
// is bounded by the provider's limits, which are for each company.
//
// ARRIVALS_TENANTS (1000), ARRIVALS_SECONDS (60), ARRIVALS_CUSTOMERS (3000), ARRIVALS_LATENCY_MS (1000); ARRIVALS_WAIT_S
// (600): how long the imports are waited for at the end. On PostgreSQL: tests/support/postgres.sh node tests/bench/arrivals.mjs
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { free_port } from '../backend/support/world.mjs';
import { HostClient, PageClient, make_master_key, new_database, rekey, start } from '../backend/support/program.mjs';
import { about_machine } from './support/spread.mjs';

const number = (name, otherwise) => Number(process.env[name] ?? otherwise);
const tenants = number('ARRIVALS_TENANTS', 1000);
const seconds = number('ARRIVALS_SECONDS', 60);
const customers = number('ARRIVALS_CUSTOMERS', 3000);
const latency_ms = number('ARRIVALS_LATENCY_MS', 1000);
const wait_s = number('ARRIVALS_WAIT_S', 600);
// Those who save, again and again, and those who disconnect, one a second: all were there before.
const savers = 8;
const leavers = seconds;
const small = 50; // customers of theirs
const own_customers = 10; // in the host's directory of each
const look_every_ms = 200;
const gives_up_s = 120;

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
const folder = mkdtempSync(join(tmpdir(), 'rekey-arrivals-'));
const clean = [() => rmSync(folder, { recursive: true, force: true })];
const t = { after: (each) => clean.unshift(each) };

const realm_of = (i) => `${4_620_816_360_000_000 + i}`;
const people = [
  ...Array.from({ length: tenants }, (_, i) => ({ id: `tenant-${i}`, realm: realm_of(i), size: customers })),
  ...Array.from({ length: savers + leavers }, (_, i) => ({ id: `before-${i}`, realm: realm_of(tenants + i), size: small })),
];

async function start_all() {
  const port = await free_port();
  const base = `http://127.0.0.1:${port}`;
  const companies = people.flatMap(({ realm, size }) => ['--company', `${realm}:Firm ${realm.slice(-4)}:${size}`]);
  const sandbox = await start(t, ['sandbox', '--port', '0', '--json', '--client-id', 'c', '--client-secret', 's', '--auto-consent',
    '--redirect-uri', `${base}/callback`, ...companies]);
  const [database, key_file, provider] = [new_database(folder), join(folder, 'master.key'), join(folder, 'provider.json')];
  writeFileSync(provider, JSON.stringify({ discovery: `${sandbox.sandbox}/.well-known/openid_sandbox_configuration`,
    accounting_base: sandbox.sandbox, scopes: ['com.intuit.quickbooks.accounting'] }));
  make_master_key(key_file);
  const key = execFileSync(rekey, ['api-key', 'add', 'bench', '--scopes', '*', '--database', database]).toString().trim();
  const serve = await start(t, ['serve', '--json', '--listen', `127.0.0.1:${port}`, '--provider', provider, '--database', database,
    '--client-id', 'c', '--master-key-file', key_file, '--log-level', 'error'], { REKEY_CLIENT_SECRET: 's' });
  return { base, sandbox, serve, host: new HostClient(base, key) };
}

/** Makes a tenant with customers of its own. */
async function make(world, person) {
  await world.host.call('PUT', `/v1/tenants/${person.id}`, { name: person.id });
  const own = Array.from({ length: own_customers }, (_, i) => ({ id: `c-${i}`, name: `Customer ${i}` }));
  await world.host.call('PUT', `/v1/tenants/${person.id}/directory`, { customers: own });
}

/** Looks at the page until it is as wanted; gives how long that took since `began`, or null when it did not come. */
async function until_page(page, began, wanted) {
  for (;;) {
    if (wanted((await page.page()).state)) return (performance.now() - began) / 1000;
    if (performance.now() - began > gives_up_s * 1000) return null;
    await wait(look_every_ms);
  }
}

/** Signs in, presses Connect and consents; gives the seconds from the press to the tile that says connected. */
async function connect(world, person) {
  person.page = new PageClient(world.base);
  await person.page.sign_in((await world.host.call('POST', '/v1/page-sessions', { tenant: person.id })).body.url);
  const began = performance.now();
  const { body } = await person.page.command('connect');
  const back = await person.page.browser.open(`${body.redirect}&sandbox_realm=${person.realm}`, {}, `${world.base}/callback`);
  await person.page.callback(back.url);
  return until_page(person.page, began, (state) => state.connect.phase.type === 'linked');
}

/** Does something to all of them, so many at once. */
async function for_all(list, at_once, each) {
  const rest = [...list];
  await Promise.all(Array.from({ length: at_once }, async () => {
    while (rest.length > 0) await each(rest.shift());
  }));
}

/** Changes a choice and saves; gives the seconds to the answer to the save, and to what is saved. Null: one was refused. */
async function save(person) {
  const { page } = person;
  person.saves = (person.saves ?? 0) + 1;
  const choice = { section: 'customers', ours: `c-${person.saves % own_customers}`, ...(person.saves % 3 > 0 ? { theirs: '' } : { undecided: true }) };
  const revision = async () => (await page.call('GET', '/api/configuration/summary')).body.revision;
  const changed = await page.call('PATCH', '/api/configuration', { seen: await revision(), choices: [choice] });
  if (changed.status >= 300) return { answered: null, saved: null };
  const seen = await revision();
  const began = performance.now();
  const { status, body } = await page.call('POST', '/api/configuration/save', { seen });
  const answered = status < 300 && body.outcome ? (performance.now() - began) / 1000 : null;
  return { answered, saved: answered === null ? null : await until_page(page, began, (state) => state.save.phase.type === 'saved') };
}

/** Disconnects: the seconds to the answer, which is when the tile is off, and those until the provider has confirmed. */
async function disconnect({ page }) {
  const began = performance.now();
  const { status } = await page.command('disconnect');
  const answered = status < 300 ? (performance.now() - began) / 1000 : null;
  return { answered, confirmed: await until_page(page, began, (state) => state.connect.phase.type === 'unlinked') };
}

const resident_mib = ({ pid }) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

/** "median, p99, max of n", and the failures. */
function told(values) {
  const good = values.filter((each) => each !== null).sort((a, b) => a - b);
  if (good.length === 0) return `none of ${values.length}`;
  const at = (part) => good[Math.min(good.length - 1, Math.floor(part * good.length))].toFixed(2);
  const failed = values.length - good.length;
  return `median ${at(0.5)} s, p99 ${at(0.99)} s, max ${good.at(-1).toFixed(2)} s, n = ${good.length}${failed > 0 ? `, ${failed} FAILED` : ''}`;
}
const worst = (values) => (values.includes(null) ? Infinity : Math.max(...values));
const goal = (what, value, most) => console.log(`${what}: ${value <= most ? 'holds' : 'DOES NOT HOLD'} (${value.toFixed(2)}, goal ${most})`);

async function arrive(world) {
  const began = performance.now();
  const connects = [];
  await Promise.all(people.slice(0, tenants).map(async (person, i) => {
    await wait((i * seconds * 1000) / tenants);
    // Kept in the order of arrival. One that fails is one that did not get there.
    connects[i] = await connect(world, person).catch(() => null);
  }));
  return { connects, took_s: (performance.now() - began) / 1000 };
}

/** Tenants that were there before: connected and imported, at a provider that answers at once; from now on it takes its time. */
async function prepare(world) {
  await for_all(people, 8, (person) => make(world, person));
  const before = people.slice(tenants);
  await for_all(before, 8, async (person) => {
    await connect(world, person);
    await until_page(person.page, performance.now(), (state) => state.import.phase.type === 'done');
  });
  await fetch(`${world.sandbox.sandbox}/sandbox/faults`, { method: 'POST', body: JSON.stringify({ kind: 'slow', delay_ms: latency_ms, count: -1 }) });
  return before;
}

/** Saves and disconnects, until `stop`; what that took is in `saves` and `leaves`. */
function others(before) {
  const out = { saves: [], leaves: [], over: false };
  const saving = before.slice(0, savers).map(async (person, i) => {
    await wait(i * 137);
    while (!out.over) {
      out.saves.push(await save(person).catch(() => ({ answered: null, saved: null })));
      await wait(1000);
    }
  });
  out.left = Promise.all(before.slice(savers).map(async (person, i) => {
    await wait(i * 1000);
    out.leaves.push(await disconnect(person).catch(() => ({ answered: null, confirmed: null })));
  }));
  out.stop = () => {
    out.over = true;
    return Promise.all(saving);
  };
  return out;
}

/** Waits for the imports, not without end. */
async function until_imported(world) {
  const began = performance.now();
  for (;;) {
    const done = await finished_imports(world);
    const took_s = (performance.now() - began) / 1000;
    if (done >= tenants || took_s > wait_s) return { done, took_s };
    await wait(2000);
  }
}

function tell(connects, { saves, leaves }) {
  const late = connects.slice(-Math.max(1, Math.floor(tenants / 100)));
  const answered = leaves.map((each) => each.answered);
  console.log(`Connect, press to tile (looked at every ${look_every_ms} ms): ${told(connects)}`);
  console.log(`Connect of the last ${late.length}: ${told(late)}`);
  const saved = saves.map((each) => each.saved);
  console.log(`Save, throughout, press to answer: ${told(saves.map((each) => each.answered))}`);
  console.log(`Save, press to what is saved (looked at every ${look_every_ms} ms): ${told(saved)}`);
  console.log(`Disconnect, press to answer: ${told(answered)}`);
  console.log(`Disconnect, press to the provider's word: ${told(leaves.map(({ confirmed }) => confirmed))}`);
  goal('Connect of the last', worst(late), 5);
  goal('Save', worst(saved), 1);
  goal('Disconnect', worst(answered), 1);
  if (connects.includes(null)) process.exitCode = 1;
}

async function measure() {
  console.log(`${about_machine()}\n${tenants} tenants within ${seconds} s, ${customers} customers each, the provider answers after ${latency_ms} ms`);
  const world = await start_all();
  const memory = () => `rekey serve: ${resident_mib(world.serve).toFixed(0)} MiB, sandbox: ${resident_mib(world.sandbox).toFixed(0)} MiB`;
  console.log(`${people.length} companies, before anything; ${memory()}`);
  const beside = others(await prepare(world));
  const { connects, took_s } = await arrive(world);
  await beside.left;
  console.log(`all had arrived, or given up, after ${took_s.toFixed(1)} s; ${memory()}`);
  const imports = await until_imported(world);
  await beside.stop();
  console.log(`imports that are finished: ${imports.done} of ${tenants}, ${imports.took_s.toFixed(0)} s later; ${memory()}`);
  tell(connects, beside);
}

/** How many tenants that arrived have an import that is over. */
async function finished_imports(world) {
  let count = 0;
  await for_all(people.slice(0, tenants).filter(({ done }) => !done), 16, async (person) => {
    if (!person.page) return;
    const state = await person.page.page().then((page) => page.state, () => null);
    person.done = state?.import.phase.type === 'done';
  });
  for (const { done } of people.slice(0, tenants)) count += done ? 1 : 0;
  return count;
}

try {
  await measure();
} finally {
  for (const each of clean) await each();
}
