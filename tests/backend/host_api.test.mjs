// Connections over the host API: lists, history, commands, writes that are sent twice, and deletion with its proof.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { until } from './support/program.mjs';
import { connect, make_tenant, make_world } from './support/world.mjs';

test('connections are listed by state and page, read only when changed, and their history goes on from a cursor', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test');
  await world.serve();
  const { host, page, connection } = await make_tenant(world.base, key, 'acme');
  for (let i = 0; i < 130; ++i) await host.call('PUT', `/v1/tenants/t${i}`, { name: `Tenant ${i}` });
  await connect(world.base, page);

  const linked = await host.call('GET', '/v1/connections?status=linked');
  assert.deepEqual(linked.body.connections.map((each) => each.id), [connection]);
  assert.equal(linked.body.next, null);
  const first = await host.call('GET', '/v1/connections?status=unlinked');
  assert.equal(first.body.connections.length, 100);
  assert.ok(!first.body.next.includes(first.body.connections.at(-1).id));
  const second = await host.call('GET', `/v1/connections?status=unlinked&after=${first.body.next}`);
  assert.equal(second.body.connections.length, 30);
  assert.equal(new Set([...first.body.connections, ...second.body.connections].map((each) => each.id)).size, 130);
  assert.equal((await host.call('GET', '/v1/connections?status=odd')).status, 400);
  assert.equal((await host.call('GET', '/v1/connections?after=con_abc')).status, 400);

  const read = await host.call('GET', `/v1/connections/${connection}`);
  const again = await host.call('GET', `/v1/connections/${connection}`, undefined, { 'if-none-match': read.headers.get('etag') });
  assert.equal(again.status, 304);
  assert.equal((await host.call('POST', `/v1/connections/${connection}/commands`, { command: 'import' })).status, 200);
  // Asked for again while it runs, it goes on.
  assert.equal((await host.call('POST', `/v1/connections/${connection}/commands`, { command: 'import' })).status, 200);
  const changed = await host.call('GET', `/v1/connections/${connection}`, undefined, { 'if-none-match': read.headers.get('etag') });
  assert.equal(changed.status, 200);

  const events = await host.call('GET', `/v1/connections/${connection}/events`);
  assert.deepEqual(events.body.events.map((each) => each.seq), events.body.events.map((_, i) => i + 1));
  const rest = await until('what is new', async () => {
    const { body } = await host.call('GET', `/v1/connections/${connection}/events?after=${events.body.next}`);
    return body.events.some((each) => each.event.type === 'page_imported') ? body : null;
  });
  assert.equal(rest.events[0].seq, events.body.events.at(-1).seq + 1);

  const probe = await host.call('POST', `/v1/connections/${connection}/commands`, { command: 'probe' });
  assert.equal(probe.body.works, true);
  assert.equal(probe.body.company.realm_id, '123');
  assert.equal((await host.call('POST', `/v1/connections/con_none/commands`, { command: 'probe' })).status, 404);
  assert.equal((await host.call('POST', `/v1/connections/${connection}/commands`, { command: 'explode' })).status, 400);
});

test('a write that is sent twice is carried out once', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test');
  const other = world.command('api-key', 'add', 'other');
  await world.serve();
  const { host, page, connection } = await make_tenant(world.base, key, 'acme');
  await connect(world.base, page);
  const path = `/v1/connections/${connection}/commands`;
  const once = { 'idempotency-key': 'nightly-7' };
  const first = await host.call('POST', path, { command: 'probe' }, once);
  assert.equal(first.status, 200);
  assert.equal(first.headers.get('idempotency-replayed'), null);
  assert.equal((await host.call('POST', path, { command: 'disconnect' })).status, 200);
  await page.until_phase('unlinked');
  const again = await host.call('POST', path, { command: 'probe' }, once);
  assert.equal(again.headers.get('idempotency-replayed'), 'true');
  assert.equal(again.text, first.text);
  assert.equal((await host.call('POST', path, { command: 'import' }, once)).status, 422);
  // Another caller's key of the same name is another key.
  const { host: stranger } = await make_tenant(world.base, other, 'acme');
  const theirs = await stranger.call('POST', path, { command: 'probe' }, once);
  assert.equal(theirs.headers.get('idempotency-replayed'), null);
  assert.equal(theirs.body.reason, 'not_connected');

  // At once: one is carried out, the others are told to wait or given its answer.
  const many = await Promise.all(Array.from({ length: 12 }, () =>
    host.call('PUT', '/v1/tenants/new', { name: 'New' }, { 'idempotency-key': 'new' })));
  assert.equal(many.filter((each) => each.status === 200 && !each.headers.get('idempotency-replayed')).length, 1);
  for (const each of many) assert.ok(each.status === 200 || (each.status === 409 && each.body.action === 'wait'));
});

test('a deletion ends the grant, leaves nothing behind, and can be proved', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test');
  const serve = await world.serve();
  const { host, page, connection } = await make_tenant(world.base, key, 'acme');
  await connect(world.base, page);
  const { body: token } = await host.call('GET', `/v1/connections/${connection}/token`);
  await host.call('POST', `/v1/connections/${connection}/commands`, { command: 'probe' }, { 'idempotency-key': 'before' });

  const { status, body: proof } = await host.call('DELETE', `/v1/connections/${connection}`);
  assert.equal(status, 200);
  assert.equal(proof.revocation, 'revoked');
  // A worker that was quicker may have forgotten the tokens already; their key it never does.
  assert.ok(proof.rows.events > 5 && proof.rows.data_keys === 1 && proof.rows.imported > 10 && proof.rows.connections === 1);
  const { digest, ...rest } = proof;
  const sorted = (value) => (value && typeof value === 'object'
    ? Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])])) : value);
  assert.equal(createHash('sha256').update(JSON.stringify(sorted(rest))).digest('hex'), digest);
  assert.equal((await host.call('GET', `/v1/deletions/${digest}`)).status, 200);
  assert.equal((await host.call('GET', `/v1/deletions/${'0'.repeat(64)}`)).status, 404);

  assert.equal((await host.call('GET', `/v1/connections/${connection}/token`)).status, 404);
  assert.equal((await host.call('DELETE', `/v1/connections/${connection}`)).status, 404);
  const dead = await fetch(`${world.sandbox}/v3/company/123/companyinfo/123`,
    { headers: { authorization: `Bearer ${token.access_token}`, accept: 'application/json' } });
  assert.equal(dead.status, 401);
  await serve.stop();
  for (const name of readdirSync(world.folder).filter((each) => each.startsWith('rekey.db'))) {
    const bytes = readFileSync(join(world.folder, name), 'latin1');
    for (const trace of [connection, 'Test Books', token.access_token])
      assert.ok(!bytes.includes(trace), `${trace.slice(0, 12)} still stands in ${name}`);
  }
});
