// Kept in step: the sandbox tells of changed records as Intuit does, and what was imported follows.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { rekey, until } from './support/program.mjs';
import { connect, make_tenant, make_world } from './support/world.mjs';

const token = 'e6f3a1d2-verifier';
const on_postgres = (database) => database.startsWith('postgres');

/** What a statement gives, a line a row. */
function rows(database, sql) {
  const out = on_postgres(database)
    ? execFileSync('psql', ['--quiet', '--tuples-only', '--no-align', '--command', sql, database])
    : execFileSync('sqlite3', ['-cmd', '.timeout 5000', database, sql]);
  return out.toString().trim().split('\n').filter(Boolean);
}

/** Holds the table of notes against everybody else, until the function that it gives is called. */
async function lock_notes(t, database) {
  const child = on_postgres(database) ? spawn('psql', ['--quiet', database], { stdio: ['pipe', 'pipe', 'inherit'] })
    : spawn('sqlite3', [database], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const locked = new Promise((resolve) => child.stdout.once('data', resolve));
  child.stdin.write(on_postgres(database) ? 'begin; lock table change_notices in access exclusive mode; select 1;\n'
    : '.timeout 10000\nbegin immediate;\nselect 1;\n');
  await locked;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  return () => { child.stdin.end('commit;\n'); return gone; };
}

/** A backend with these verifier tokens (none: it has none), and a tenant whose company is imported. */
async function start(t, tokens, sandbox_flags = []) {
  const serve_flags = [];
  const world = await make_world(t, { serve_flags, sandbox_flags });
  if (tokens.length > 0) {
    const file = join(world.folder, 'verifier-token');
    writeFileSync(file, `${tokens.join('\n')}\n`, { mode: 0o600 });
    serve_flags.push('--webhook-verifier-token-file', file);
  }
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  await world.serve();
  const url = `${world.base}/intuit/webhooks`;
  const control = async (what, body) => {
    const answer = await fetch(`${world.sandbox}/sandbox/${what}`, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
    assert.equal(answer.status, 200, await answer.clone().text());
    return answer.json();
  };
  const { host, page, connection } = await make_tenant(world.base, key, 'acme');
  await connect(world.base, page);
  const name_of = (id) => rows(world.database, `select i.body from imported i join lists l on l.connection = i.connection and
    l.realm_id = i.realm_id and l.entity = i.entity and l.run = i.run where i.connection = '${connection}' and i.entity = 'Customer'
    and i.id = '${id}' and i.gone = 0`).map((body) => JSON.parse(body).DisplayName)[0];
  return { ...world, key, host, page, connection, url, control, name_of };
}

const sign = (body, with_token = token) => createHmac('sha256', with_token).update(body).digest('base64');

/** A delivery as Intuit sends it, and how long its answer took. */
async function deliver(url, body, signature = sign(body)) {
  const began = performance.now();
  const response = await fetch(url, { method: 'POST', body,
    headers: { 'content-type': 'application/json', ...(signature === null ? {} : { 'intuit-signature': signature }) } });
  const text = await response.text();
  return { status: response.status, code: text ? JSON.parse(text).code : null, took_s: (performance.now() - began) / 1000 };
}

const event = (realm, id, kind = 'customer') => ({ specversion: '1.0', id: `${realm}-${id}`, source: 'intuit.x', type: `qbo.${kind}.updated.v1`,
  datacontenttype: 'application/json', time: '2026-11-30T10:00:00Z', intuitentityid: id, intuitaccountid: realm, data: {} });

for (const form of ['cloudevents', 'notifications'])
  test(`what is changed, made and removed at Intuit is so here soon after (${form})`, async (t) => {
    const w = await start(t, [token]);
    await w.control('webhooks', { url: w.url, verifier_token: token, form, duplicates: 1, wrong_signatures: 1 });
    const before = w.name_of('3');
    assert.ok(before);
    const change = async (what, id) => (await w.control('changes', { realm: '123', entity: 'Customer', what, ...(id ? { id } : {}) })).changed[0];
    await change('rename', '3');
    await until('the new name', () => ![undefined, before].includes(w.name_of('3')));
    assert.match(w.name_of('3'), / renamed /);
    const made = await change('insert');
    await until('the new record', () => w.name_of(made.id));
    await change('remove', '5');
    await until('the record to be gone', () => w.name_of('5') === undefined);
    const merged = await change('merge', '6');
    await until('the merged record to be gone', () => w.name_of('6') === undefined);
    assert.ok(w.name_of(merged.into));
    // The first delivery was signed wrongly once; it came again.
    const { attempts } = await w.control('webhooks');
    assert.deepEqual(attempts.filter((each) => each.wrong_signature).map(({ status }) => status), [401]);
    assert.ok(attempts.some(({ status, attempt }) => status === 200 && attempt > 1));
  });

test('a write over the accounting API is told, too', async (t) => {
  const w = await start(t, [token]);
  await w.control('webhooks', { url: w.url, verifier_token: token });
  const { body: { access_token } } = await w.host.call('GET', `/v1/connections/${w.connection}/token`);
  const answer = await fetch(`${w.sandbox}/v3/company/123/customer`, { method: 'POST', body: JSON.stringify({ DisplayName: 'Quill & Wren' }),
    headers: { authorization: `Bearer ${access_token}`, accept: 'application/json', 'content-type': 'application/json' } });
  const { Customer: { Id } } = await answer.json();
  await until('the new customer', () => w.name_of(Id) === 'Quill & Wren');
});

test('only what is signed with one of the verifier tokens is noted, and nothing of it is believed', async (t) => {
  const w = await start(t, [token, 'the-next-token']);
  const before = w.name_of('3');
  const body = JSON.stringify([event('123', '3')]);
  assert.deepEqual([(await deliver(w.url, body, null)).code, (await deliver(w.url, body, sign(body, 'guessed'))).code,
    (await deliver(w.url, `${body} `, sign(body))).code, (await deliver(w.url, body, 'x')).code], Array(4).fill('not_signed'));
  assert.deepEqual(rows(w.database, 'select count(*) from change_notices'), ['0']);
  // Signed with the one or the other; said to be changed, though it is not; again and again; of nobody; of no kind.
  for (const [what, with_token] of [[body, token], [body, 'the-next-token'], [body, token],
    [JSON.stringify([event('999', '1'), event('123', '4', 'invoice'), event('123', 'nobody')]), token], ['[]', token]])
    assert.equal((await deliver(w.url, what, sign(what, with_token))).status, 200);
  assert.equal((await deliver(w.url, '{"x":1}')).code, 'bad_input');
  await until('everything to be read', () => rows(w.database, 'select count(*) from change_notices')[0] === '0');
  assert.equal(w.name_of('3'), before);
  const metrics = await (await fetch(`${w.base}/metrics`, { headers: { authorization: `Bearer ${w.key}` } })).text();
  assert.match(metrics, /rekey_change_deliveries_total\{outcome="not_signed"\} 4\n/);
  assert.match(metrics, /rekey_changes_told_total\{outcome="unknown_company"\} 1\n/);
  assert.match(metrics, /rekey_changes_told_total\{outcome="unknown_record"\} 1\n/);
  const { body: { entries } } = await w.host.call('GET', '/v1/audit');
  assert.ok(entries.some((each) => each.event === 'delivery_refused'));
});

test('a delivery may be large, but not without end', async (t) => {
  const w = await start(t, [token]);
  const events = (count) => JSON.stringify(Array.from({ length: count }, (_, i) => event('123', `${i + 1}`)));
  assert.equal((await deliver(w.url, events(2000))).status, 200);
  assert.equal((await deliver(w.url, events(10_000))).status, 413);
});

test('without a verifier token a delivery is refused with a reason, and the operator is told', async (t) => {
  const w = await start(t, []);
  const doctor = () => spawnSync(rekey, ['doctor', '--database', w.database], { encoding: 'utf8' }).stdout;
  assert.doesNotMatch(doctor(), /verifier/);
  const body = JSON.stringify([event('123', '3')]);
  const refused = await deliver(w.url, body, sign(body, ''));
  assert.deepEqual([refused.status, refused.code], [503, 'not_set_up']);
  assert.match(doctor(), /The provider tells of changed records \(1 deliveries.*webhook-verifier-token\.\n/);
});

test('an answer comes in time while the database is held; the provider delivers again', async (t) => {
  const w = await start(t, [token]);
  const before = w.name_of('3');
  const release = await lock_notes(t, w.database);
  const body = JSON.stringify([event('123', '3')]);
  const answer = await deliver(w.url, body);
  assert.equal(answer.status, 503);
  assert.ok(answer.took_s < 3, `it took ${answer.took_s} s`);
  await w.control('webhooks', { url: w.url, verifier_token: token, retry_ms: 300, retries: 10 });
  await w.control('changes', { realm: '123', entity: 'Customer', what: 'rename', id: '3' });
  await until('a delivery that was not taken', async () => (await w.control('webhooks')).attempts.some(({ status }) => status !== 200));
  await release();
  await until('the new name', () => ![undefined, before].includes(w.name_of('3')));
});

test('an answer comes at once while the provider is down, and what changed is read when it is there again', async (t) => {
  const w = await start(t, [token]);
  const before = w.name_of('3');
  await w.control('changes', { realm: '123', entity: 'Customer', what: 'rename', id: '3' });
  await w.control('faults', { route: 'api', status: 503, count: -1 });
  const answer = await deliver(w.url, JSON.stringify([event('123', '3')]));
  assert.equal(answer.status, 200);
  assert.ok(answer.took_s < 1, `it took ${answer.took_s} s`);
  await until('a try', async () => (await (await fetch(`${w.sandbox}/sandbox/requests`)).json()).requests
    .some(({ status, routes }) => status === 503 && routes.includes('cdc')));
  assert.equal(w.name_of('3'), before);
  await fetch(`${w.sandbox}/sandbox/faults`, { method: 'DELETE' });
  await until('the new name', () => ![undefined, before].includes(w.name_of('3')), 120);
});

test('one delivery may be about several companies, each of its tenant', async (t) => {
  const w = await start(t, [token], ['--company', '456:Other Books:20']);
  const other = await make_tenant(w.base, w.key, 'birch');
  await w.control('consent', { realm: '456' });
  await connect(w.base, other.page);
  const name_of = (connection) => rows(w.database, `select i.body from imported i join lists l on l.connection = i.connection and
    l.realm_id = i.realm_id and l.entity = i.entity and l.run = i.run where i.connection = '${connection}' and i.entity = 'Customer'
    and i.id = '3'`).map((body) => JSON.parse(body).DisplayName)[0];
  const before = [w.connection, other.connection].map(name_of);
  await w.control('webhooks', { url: w.url, verifier_token: token, gather_ms: 1000 });
  for (const realm of ['123', '456']) await w.control('changes', { realm, entity: 'Customer', what: 'rename', id: '3' });
  await until('both', () => [w.connection, other.connection].map(name_of).every((name, i) => name && name !== before[i]));
  assert.deepEqual((await w.control('webhooks')).attempts.map(({ changes, status }) => [changes, status]), [[2, 200]]);
});
