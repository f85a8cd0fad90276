// Two backends on one database: a token is renewed once, however slow the provider is, and the death of the one that
// renews costs nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, free_port, make_tenant, make_world } from './support/world.mjs';
import { until } from './support/program.mjs';

const ask = (base, key, id) => fetch(`${base}/v1/connections/${id}/token`, { headers: { authorization: `Bearer ${key}` } })
  .then(async (response) => ({ status: response.status, body: await response.json() }));

async function refreshes(world) {
  const { requests } = await (await fetch(`${world.sandbox}/sandbox/requests`)).json();
  return requests.filter(({ routes }) => routes.includes('token.refresh_token'));
}

const fault = (world, rule) => fetch(`${world.sandbox}/sandbox/faults`, { method: 'POST', body: JSON.stringify(rule) });
const forget_requests = (world) => fetch(`${world.sandbox}/sandbox/requests`, { method: 'DELETE' });

/** Two backends, and a connection whose access token ran out while nobody used it, at a provider with this fault. */
async function two_backends(t, rule) {
  const world = await make_world(t, { sandbox_flags: ['--access-life-s', '4'] });
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  const first = await world.serve();
  const { host, page } = await make_tenant(world.base, key, 'acme');
  await connect(world.base, page);
  const id = (await host.call('GET', '/v1/connections')).body.connections[0].id;
  await first.stop();
  await new Promise((resolve) => setTimeout(resolve, 4500));
  await forget_requests(world);
  await fault(world, rule);
  const backends = [await world.serve(), await world.serve(`127.0.0.1:${await free_port()}`)];
  return { world, key, id, page, host, backends };
}

test('a provider slower than a turn lasts is asked once by two backends, and all callers are served', async (t) => {
  const { world, key, id, backends } = await two_backends(t,
    { route: 'token.refresh_token', kind: 'slow', delay_ms: 12_500, count: -1 });
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(backends[i % 2].api, key, id)));
  assert.deepEqual(answers.map(({ status }) => status), Array(20).fill(200));
  assert.equal(new Set(answers.map(({ body }) => body.access_token)).size, 1);
  assert.equal((await refreshes(world)).length, 1);
  await Promise.all(backends.map((each) => each.stop()));
});

test('a backend that dies while it renews leaves its turn to the other', async (t) => {
  const { world, key, id, page, backends } = await two_backends(t,
    { route: 'token.refresh_token', kind: 'slow', delay_ms: 3000, count: 1 });
  const lost = ask(backends[0].api, key, id).catch(() => null);
  await until('the provider to be asked', async () => (await (await fetch(`${world.sandbox}/sandbox/faults`)).json()).faults.length === 0);
  await backends[0].stop('SIGKILL');
  assert.equal(await lost, null);
  const answer = await ask(backends[1].api, key, id);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  assert.ok((await refreshes(world)).every(({ status }) => status === 200));
  await backends[1].stop();
  const again = await world.serve();
  assert.equal((await page.page()).state.connect.phase.type, 'linked');
  await again.stop();
});
