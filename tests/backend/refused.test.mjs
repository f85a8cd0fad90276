// What the page asks for and is refused: callbacks without a sign-in, and what is not there to be turned off.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { description } from '../support/description.mjs';
import { HostClient, PageClient } from './support/program.mjs';
import { connect, make_tenant, make_world } from './support/world.mjs';

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

test('a token in place of a code is no sign-in (RFC 9700 4.6)', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  await world.serve();
  const { page } = await make_tenant(world.base, key, 'larch');
  const begun = await page.command('connect');
  const state = new URL(begun.body.redirect).searchParams.get('state');
  const answer = await page.call('POST', '/api/callback', { state, realmId: '123', access_token: 'injected-token', token_type: 'Bearer', refresh_token: 'injected-refresh' });
  assert.deepEqual([answer.status, answer.body.code], [400, 'callback_unusable']);
  assert.equal((await page.page()).state.connect.phase.type, 'authorizing');
  await connect(world.base, page);
  const { requests } = await (await fetch(`${world.sandbox}/sandbox/requests?since=0`)).json();
  assert.ok(requests.length > 0 && !JSON.stringify(requests).includes('injected'));
});

test('the page is given no token, whatever it asks for', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  await world.serve();
  const { host, page, connection } = await make_tenant(world.base, key, 'larch');
  await connect(world.base, page);
  const { access_token } = (await host.call('GET', `/v1/connections/${connection}/token`)).body;
  assert.ok(access_token.length > 10);
  for (const path of ['/api/page', '/api/configuration/summary', '/api/configuration/customers', '/api/sessions'])
    assert.ok(!JSON.stringify((await page.call('GET', path)).body).includes(access_token), path);
  assert.equal((await page.call('GET', `/v1/connections/${connection}/token`)).status, 401, 'a session of the page is no key');
});

test('no route of the host API is without a key', async (t) => {
  const world = await make_world(t);
  await world.serve();
  for (const [path, item] of Object.entries(description.paths))
    for (const method of ['get', 'put', 'post', 'patch', 'delete'].filter((each) => item[each])) {
      if (item[method].security?.length === 0) continue;
      const answer = await fetch(world.base + path.replace(/\{\w+\}/g, 'x'), { method: method.toUpperCase() });
      assert.deepEqual([answer.status, (await answer.json()).code], [401, 'key_missing'], `${method} ${path}`);
    }
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
