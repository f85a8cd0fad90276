// What the page asks for and is refused: callbacks without a sign-in, and what is not there to be turned off.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostClient, PageClient } from './support/program.mjs';
import { make_world } from './support/world.mjs';

test('callbacks: one without an attempt is refused, whatever its state says', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  await world.serve();
  const host = new HostClient(world.base, key);
  await host.call('PUT', '/v1/tenants/larch', { name: 'Firm larch' });
  const page = new PageClient(world.base);
  await page.sign_in((await host.call('POST', '/v1/page-sessions', { tenant: 'larch' })).body.url);
  for (const state of ['-', '', 'x', '0'.repeat(43)])
    for (const outcome of [{ code: 'a code', realmId: '123' }, { error: 'access_denied' }, { code: 'a code', iss: 'https://elsewhere.example' }]) {
      const answer = await page.call('POST', '/api/callback', { state, ...outcome });
      assert.equal(answer.status, 400, `${JSON.stringify(state)}: ${JSON.stringify(answer.body)}`);
      assert.equal(answer.body.refusal, state === '' ? 'malformed' : 'foreign_state');
      assert.equal(answer.body.code, 'callback_unusable');
      assert.equal(answer.body.status, 400);
      assert.match(answer.headers.get('content-type'), /^application\/problem\+json/);
    }
  assert.equal((await page.page()).state.connect.phase.type, 'unlinked');
});

test('audit: who changed a directory in part, loaded an old connection, and signed whom out', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  await world.serve();
  const host = new HostClient(world.base, key);
  const { connection } = (await host.call('PUT', '/v1/tenants/larch', { name: 'Firm larch' })).body;
  const path = '/v1/tenants/larch/directory';
  assert.equal((await host.call('PATCH', path, { customers: { put: [{ id: '1', name: 'One' }, { id: '2', name: 'Two' }] } })).status, 200);
  assert.equal((await host.call('PATCH', path, { customers: { put: [{ id: '1', name: 'One' }] } })).status, 200, 'which changes nothing');
  assert.equal((await host.call('PATCH', path, `${JSON.stringify({ section: 'customers', id: '2', removed: true })}\n`, { 'content-type': 'application/x-ndjson' })).status, 200);
  assert.equal((await host.call('PUT', '/v1/tenants/larch/legacy-connection', { realm_id: '1', company_name: 'Old Books', consumer_key: 'ck',
    consumer_secret: 'cs', token: 'made-up-token', token_secret: 'made-up-secret' })).status, 200);
  await new PageClient(world.base).sign_in((await host.call('POST', '/v1/page-sessions', { tenant: 'larch' })).body.url);
  const { id } = (await host.call('GET', '/v1/page-sessions')).body.page_sessions[0];
  assert.equal((await host.call('DELETE', `/v1/page-sessions/${id}`)).status, 200);
  const { entries } = (await host.call('GET', '/v1/audit?tenant=larch')).body;
  const of = (event) => entries.filter((each) => each.event === event);
  assert.deepEqual(of('directory_replaced').map((each) => each.detail), [{ added: 2, changed: 0, removed: 0 }, { added: 0, changed: 0, removed: 1 }]);
  assert.deepEqual(of('legacy_loaded').map((each) => each.connection), [connection]);
  assert.deepEqual(of('signed_out').map((each) => [each.connection, each.detail]), [[connection, { session: id }]]);
  for (const event of ['directory_replaced', 'legacy_loaded', 'signed_out'])
    for (const each of of(event)) assert.deepEqual([each.actor.type, each.tenant], ['key', 'larch'], event);
  assert.ok(!JSON.stringify(entries).includes('made-up'));
});

test('audit: a disconnect that was refused is not said to have happened', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  await world.serve();
  const host = new HostClient(world.base, key);
  const { connection } = (await host.call('PUT', '/v1/tenants/larch', { name: 'Firm larch' })).body;
  const page = new PageClient(world.base);
  await page.sign_in((await host.call('POST', '/v1/page-sessions', { tenant: 'larch' })).body.url);
  assert.equal((await page.command('disconnect')).status, 409);
  assert.equal((await host.call('POST', `/v1/connections/${connection}/commands`, { command: 'disconnect' })).status, 409);
  const { entries } = (await host.call('GET', '/v1/audit')).body;
  assert.ok(entries.some((each) => each.event === 'signed_in'));
  assert.deepEqual(entries.filter((each) => each.event === 'disconnected'), []);
});
