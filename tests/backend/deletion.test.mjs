// Deleting deletes: what stands in the database afterwards is read byte by byte (on PostgreSQL, from pg_dump).
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { schema } from '../support/description.mjs';
import { HostClient, until } from './support/program.mjs';
import { connect, make_tenant, make_world, press_save } from './support/world.mjs';

const on_server = Boolean(process.env.REKEY_TEST_POSTGRES);
const person = { id: 'c1', name: 'Zebulon Zapata', detail: 'zz@zapata.example' };

/** The words that still stand in the database, as "word in file". */
function left(world, words) {
  const texts = new Map();
  if (on_server) {
    const [, name] = /search_path%3D(\w+)/.exec(world.database);
    texts.set('the dump', execFileSync('pg_dump', ['--schema', name, process.env.REKEY_TEST_POSTGRES], { maxBuffer: 1 << 28 }).toString());
  } else {
    for (const name of readdirSync(world.folder).filter((each) => /^rekey\.db/.test(each) && !each.endsWith('.key')))
      texts.set(name, readFileSync(join(world.folder, name), 'latin1'));
  }
  return [...texts].flatMap(([name, text]) => words.filter((word) => text.includes(word)).map((word) => `${word} in ${name}`));
}

/** A host that keeps what it is sent, while it is up. */
async function start_receiver(t) {
  const receiver = { messages: [], up: true };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (data) => (body += data));
    request.on('end', () => {
      if (receiver.up) receiver.messages.push(JSON.parse(body));
      response.writeHead(receiver.up ? 204 : 503);
      response.end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => { server.closeAllConnections(); server.close(); });
  receiver.url = `http://127.0.0.1:${server.address().port}/hooks`;
  return receiver;
}

/** A program that reads the SQLite file and does not stop until `done()`. */
async function start_reader(t, database) {
  const child = spawn('sqlite3', ['-readonly', database], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const answered = new Promise((resolve) => child.stdout.once('data', resolve));
  child.stdin.write('begin;\nselect count(*) from sqlite_master;\n');
  await answered;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  return { done: () => { child.stdin.end('commit;\n'); return gone; } };
}

/** A tenant of whom everything is there: directory, grant, imported records, a saved configuration, a session, answers kept. */
async function make_customer(t, options = {}) {
  const world = await make_world(t, { ...options, serve_flags: ['--webhook-allow', '127.0.0.1', ...(options.serve_flags ?? [])] });
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  let serve = await world.serve();
  const tenant = 'zeta-9';
  const { host, page, connection } = await make_tenant(world.base, key, tenant);
  await host.call('PUT', `/v1/tenants/${tenant}`, { name: 'Zugspitze Zithers' }, { 'idempotency-key': 'name' });
  await host.call('PUT', `/v1/tenants/${tenant}/directory`, { customers: [person] });
  await connect(world.base, page);
  await press_save(page);
  await host.call('POST', `/v1/connections/${connection}/commands`, { command: 'probe' }, { 'idempotency-key': 'probe' });
  const words = ['Zugspitze Zithers', person.name, person.detail, tenant, connection, 'Test Books'];
  assert.ok(left(world, words).length >= words.length, 'the customer is in the database before');
  const restart = async () => { await serve.stop(); serve = await world.serve(); };
  const standing = async (digest) => (await host.call('GET', `/v1/deletions/${digest}`)).body;
  const complete = (digest) => until('the deletion to be complete', async () => (await standing(digest)).complete, 30);
  const fault = (body) => fetch(`${world.sandbox}/sandbox/faults`, { method: 'POST', body: JSON.stringify(body) });
  const no_faults = () => fetch(`${world.sandbox}/sandbox/faults`, { method: 'DELETE' });
  const grant_lives = async () => (await (await fetch(`${world.sandbox}/sandbox/state`)).json()).grants.some((each) => each.live);
  return { world, key, host, page, tenant, connection, words, restart, standing, complete, fault, no_faults, grant_lives };
}

test('tenants are listed and read back', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test');
  await world.serve();
  const host = new HostClient(world.base, key);
  for (let i = 0; i < 103; ++i) await host.call('PUT', `/v1/tenants/t-${String(i).padStart(3, '0')}`, { name: `Firm ${i}` });
  const first = (await host.call('GET', '/v1/tenants')).body;
  assert.equal(first.tenants.length, 100);
  const second = (await host.call('GET', `/v1/tenants?after=${first.next}`)).body;
  assert.deepEqual(second.tenants.map((each) => each.id), ['t-100', 't-101', 't-102']);
  assert.equal(second.next, null);
  assert.equal((await host.call('GET', '/v1/tenants?after=t-001')).status, 400);

  await host.call('PUT', '/v1/tenants/t-001/directory', { customers: [person, { id: 'c2', name: 'Other' }], accounts: [{ id: 'a', name: 'Bank' }] });
  const { page } = await make_tenant(world.base, key, 't-001');
  assert.equal((await page.call('GET', '/api/page')).status, 200);
  const one = (await host.call('GET', '/v1/tenants/t-001')).body;
  assert.deepEqual(one.directory, { accounts: 1, customers: 2, suppliers: 0, tax_codes: 0 });
  assert.equal(one.page_sessions, 1);
  assert.equal(one.name, 't-001');
  assert.equal((await host.call('GET', `/v1/connections/${one.connection}`)).body.tenant, 't-001');
  assert.equal((await host.call('GET', '/v1/tenants/none')).status, 404);

  const reads = new HostClient(world.base, world.command('api-key', 'add', 'reads', '--scopes', 'directory'));
  assert.equal((await reads.call('GET', '/v1/tenants/t-001')).status, 200);
  assert.equal((await reads.call('DELETE', '/v1/tenants/t-001')).status, 403);
});

test('a deleted tenant leaves no byte behind, and nothing of it works or comes back', async (t) => {
  const { world, host, page, tenant, connection, words, standing, grant_lives } = await make_customer(t);
  const stream = await page.stream();
  const { status, body: proof } = await host.call('DELETE', `/v1/tenants/${tenant}`);
  assert.equal(status, 200);
  assert.deepEqual(left(world, words), []);
  assert.equal(proof.revocation, 'revoked');
  assert.equal(await grant_lives(), false);
  assert.deepEqual(proof.connections, [connection]);
  for (const table of ['tenants', 'connections', 'directory', 'imported', 'configurations', 'page_sessions', 'events', 'data_keys', 'idempotency'])
    assert.ok(proof.rows[table] >= 1, `${table} is counted: ${JSON.stringify(proof.rows)}`);
  assert.deepEqual(await standing(proof.digest), {
    digest: proof.digest, deleted_at: proof.deleted_at, complete: true, waiting_for: [], revocation: 'revoked' });

  await assert.rejects(async () => { for (;;) await stream.next(); }, 'the stream has ended');
  for (const [method, path, body] of [['GET', '/api/page'], ['GET', '/api/configuration/summary'], ['POST', '/api/commands', { command: 'connect' }]])
    assert.equal((await page.call(method, path, body)).status, 401, path);
  assert.equal((await host.call('GET', `/v1/connections/${connection}`)).status, 404);
  assert.equal((await host.call('GET', `/v1/connections/${connection}/token`)).status, 404);
  assert.deepEqual((await host.call('GET', `/v1/connections?tenant=${tenant}`)).body.connections, []);
  assert.equal((await host.call('GET', `/v1/tenants/${tenant}`)).status, 404);
  assert.equal((await host.call('DELETE', `/v1/tenants/${tenant}`)).status, 404);
  assert.equal((await host.call('POST', '/v1/page-sessions', { tenant })).status, 404);
  assert.deepEqual(left(world, words), []);
});

test('a deleted connection takes its tenant along, or leaves it when asked to', async (t) => {
  const { world, host, page, tenant, connection, words } = await make_customer(t);
  assert.equal((await host.call('DELETE', `/v1/connections/${connection}?tenant=none`)).status, 400);
  const { status, body: proof } = await host.call('DELETE', `/v1/connections/${connection}?tenant=keep`);
  assert.equal(status, 200);
  assert.deepEqual(left(world, [connection, 'Test Books']), []);
  assert.equal((await page.call('GET', '/api/page')).status, 401);
  const kept = (await host.call('GET', `/v1/tenants/${tenant}`)).body;
  assert.equal(kept.connection, null);
  assert.equal(kept.directory.customers, 1);
  assert.equal(kept.page_sessions, 0);
  assert.equal(proof.rows.tenants, undefined);
  const again = (await host.call('PUT', `/v1/tenants/${tenant}`, { name: 'Zugspitze Zithers' })).body.connection;
  assert.notEqual(again, connection);
  assert.equal((await host.call('DELETE', `/v1/connections/${again}`)).body.rows.tenants, 1);
  assert.deepEqual(left(world, [...words, again]), []);
});

test('while another program reads the file the answer says so, and the end comes after it, also after a restart',
  { skip: on_server && 'a server has no such file' }, async (t) => {
    const { world, host, tenant, words, restart, standing, complete } = await make_customer(t);
    const reader = await start_reader(t, world.database);
    const { status, body } = await host.call('DELETE', `/v1/tenants/${tenant}`);
    assert.equal(status, 202);
    assert.equal(body.complete, false);
    assert.deepEqual(body.waiting_for, ['log']);
    assert.match(body.detail, /is reading the database file/);
    assert.equal((await host.call('GET', `/v1/tenants/${tenant}`)).status, 404);
    assert.ok(left(world, words).length > 0);
    assert.equal((await standing(body.digest)).complete, false);
    await restart();
    assert.equal((await standing(body.digest)).complete, false);
    await reader.done();
    await complete(body.digest);
    assert.deepEqual(left(world, words), []);
  });

test('what is told of a deletion survives it, until it was told', async (t) => {
  const { world, host, tenant, connection, words, restart, complete } = await make_customer(t);
  const receiver = await start_receiver(t);
  await host.call('POST', '/v1/webhooks', { url: receiver.url });
  receiver.up = false;
  const { status, body } = await host.call('DELETE', `/v1/tenants/${tenant}`);
  assert.equal(status, 202);
  assert.deepEqual(body.waiting_for, ['messages']);
  assert.deepEqual(left(world, [person.name, person.detail]), []);
  await restart();
  receiver.up = true;
  await until('both messages', async () => receiver.messages.length === 2, 60);
  const [disconnected, deleted] = ['connection.disconnected', 'connection.deleted'].map((type) => receiver.messages.find((each) => each.type === type));
  assert.equal(disconnected.data.connection, connection);
  assert.equal(deleted.data.connection, connection);
  assert.equal(deleted.data.tenant, tenant);
  assert.equal(deleted.data.digest, body.digest);
  assert.equal(deleted.data.actor.type, 'key');
  for (const each of receiver.messages) assert.ok(schema('WebhookMessage')(each), JSON.stringify(schema('WebhookMessage').errors));
  await complete(body.digest);
  assert.deepEqual(left(world, words), []);
});

test('a grant that cannot be ended now is ended later, without anything that says whose it was', async (t) => {
  const { world, host, tenant, words, restart, standing, complete, fault, no_faults, grant_lives } = await make_customer(t);
  await fault({ route: 'revoke', status: 503, count: -1 });
  const { status, body } = await host.call('DELETE', `/v1/tenants/${tenant}`);
  assert.equal(status, 202);
  assert.equal(body.revocation, 'pending');
  assert.deepEqual(body.waiting_for, ['revocation']);
  assert.deepEqual(left(world, words), []);
  assert.equal((await standing(body.digest)).revocation, 'pending');
  assert.equal(await grant_lives(), true);
  await restart();
  await no_faults();
  await complete(body.digest);
  assert.equal((await standing(body.digest)).revocation, 'revoked');
  assert.equal(await grant_lives(), false);
});

test('a provider that does not answer holds nobody up', async (t) => {
  const { world, host, tenant, words, fault, standing } = await make_customer(t);
  await fault({ route: 'revoke', kind: 'slow', delay_ms: 20000, count: 1 });
  const began = Date.now();
  const { status, body } = await host.call('DELETE', `/v1/tenants/${tenant}`);
  assert.ok(Date.now() - began < 15000, `it took ${Date.now() - began} ms`);
  assert.equal(status, 202);
  assert.equal((await standing(body.digest)).revocation, 'pending');
  assert.deepEqual(left(world, words), []);
});

test('deleting in the middle of an import, of a renewal and of a consent leaves nothing, and no grant', async (t) => {
  const { world, key, host, words, fault, no_faults, grant_lives } = await make_customer(t);
  const gone = async (tenant, more = []) => {
    const { body } = await host.call('DELETE', `/v1/tenants/${tenant}`);
    await no_faults();
    await until('the grants to end', async () => !(await grant_lives()), 30);
    await until('the deletion to be complete', async () => (await host.call('GET', `/v1/deletions/${body.digest}`)).body.complete, 30);
    assert.deepEqual(left(world, [tenant, ...more]), []);
  };
  // An import is being read.
  const { body: { connections: [first] } } = await host.call('GET', '/v1/connections?tenant=zeta-9');
  await fault({ route: 'query', kind: 'slow', delay_ms: 1500, count: -1 });
  await host.call('POST', `/v1/connections/${first.id}/commands`, { command: 'import' });
  await gone('zeta-9', words);

  // A renewal is under way, and answers after the deletion.
  const second = await make_tenant(world.base, key, 'yota-8');
  await connect(world.base, second.page);
  const { body: token } = await host.call('GET', `/v1/connections/${second.connection}/token`);
  await fault({ route: 'token.refresh_token', kind: 'slow', delay_ms: 6000, count: 1 });
  const renewed = host.call('POST', `/v1/connections/${second.connection}/token`, { rejected: token.token_id });
  await new Promise((resolve) => setTimeout(resolve, 500));
  await host.call('DELETE', '/v1/tenants/yota-8');
  assert.notEqual((await renewed).status, 200);
  await until('the renewed grant to end', async () => !(await grant_lives()), 30);
  await until('nothing to be left', async () => left(world, ['yota-8', second.connection]).length === 0, 10);

  // A consent is under way: the way back finds nothing.
  await no_faults();
  const third = await make_tenant(world.base, key, 'xeta-7');
  const { body } = await third.page.command('connect');
  await gone('xeta-7', [third.connection]);
  const back = await third.page.browser.open(body.redirect, {}, `${world.base}/callback`);
  assert.equal((await third.page.callback(back.url)).status, 401);
  assert.deepEqual(left(world, ['xeta-7', third.connection]), []);
});

test('of several deletions at once each tells the truth', async (t) => {
  const { world, host, tenant, connection, words } = await make_customer(t);
  const answers = await Promise.all([`/v1/tenants/${tenant}`, `/v1/connections/${connection}`, `/v1/tenants/${tenant}`,
    `/v1/connections/${connection}`].map((path) => host.call('DELETE', path)));
  const proofs = answers.filter((each) => each.status < 300);
  assert.equal(proofs.length, 1, JSON.stringify(answers.map((each) => each.status)));
  assert.ok(answers.every((each) => each.status < 300 || each.status === 404));
  await until('nothing to be left', async () => left(world, words).length === 0, 10);
});
