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
