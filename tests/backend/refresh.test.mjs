// Two backends on one database: a token is renewed once, however slow the provider is, and the death of the one that
// renews costs nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connected } from './support/at_provider.mjs';
import { until } from './support/program.mjs';

const ask = (base, { key, id }) => fetch(`${base}/v1/connections/${id}/token`, { headers: { authorization: `Bearer ${key}` } })
  .then(async (response) => ({ status: response.status, body: await response.json() }));

/** Two backends, and a connection whose access token ran out while nobody used it; the provider takes `delay_ms`. */
async function two_backends(t, delay_ms) {
  const world = await connected(t, { life_s: 2 });
  await world.backend.stop();
  await new Promise((resolve) => setTimeout(resolve, 2200));
  world.provider.set({ delay_ms });
  world.provider.calls = 0;
  return { ...world, backends: [await world.serve(), await world.serve()] };
}

test('a provider slower than a turn lasts is asked once by two backends, and all callers are served', async (t) => {
  const world = await two_backends(t, 12_500);
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(world.backends[i % 2].api, world)));
  assert.deepEqual(answers.map(({ status }) => status), Array(20).fill(200));
  assert.equal(new Set(answers.map(({ body }) => body.access_token)).size, 1);
  assert.equal(world.provider.calls, 1);
});

test('a backend that dies while it renews leaves its turn to the other', async (t) => {
  const world = await two_backends(t, 3000);
  const answers = [0, 1].map((i) => ask(world.backends[i].api, world).catch(() => null));
  await until('the provider to be asked', () => world.provider.calls > 0);
  world.provider.set({});
  await world.backends[0].stop('SIGKILL');
  const [, served] = await Promise.all(answers);
  assert.equal(served.status, 200, JSON.stringify(served.body));
  assert.ok(world.provider.accepts(served.body.access_token));
  assert.equal(world.provider.refused, 0);
});
