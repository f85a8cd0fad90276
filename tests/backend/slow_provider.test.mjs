// A provider that takes its time: everybody else is answered as ever, and who waits for a token waits 30 s at most.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connected } from './support/at_provider.mjs';
import { until } from './support/program.mjs';

const call = (base, path, { key }, method = 'GET', body = undefined, headers = {}) => fetch(base + path, { method, body,
  headers: { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}), ...headers } });
const token = (world) => call(world.backend.api, `/v1/connections/${world.id}/token`, world);

/** One backend, a connection whose access token ran out, and a provider that takes `delay_ms` from here on. */
async function run_out(t, delay_ms) {
  const world = await connected(t, { life_s: 2 });
  await world.backend.stop();
  await new Promise((resolve) => setTimeout(resolve, 2200));
  world.provider.set({ delay_ms });
  world.provider.calls = 0;
  return { ...world, backend: await world.serve() };
}

test('a hundred calls that wait for a slow provider are in nobody\'s way', async (t) => {
  const world = await run_out(t, 6000);
  let waiting = 100;
  const answers = Array.from({ length: waiting }, () => token(world).finally(() => (waiting -= 1)));
  await until('the provider to be asked', () => world.provider.calls > 0);
  for (const path of ['/healthz', '/readyz', '/v1/connections', `/v1/connections/${world.id}`])
    assert.equal((await call(world.backend.api, path, world)).status, 200, path);
  assert.equal(waiting, 100, 'all of them are still waiting');
  assert.deepEqual([...new Set((await Promise.all(answers)).map(({ status }) => status))], [200]);
  assert.equal(world.provider.calls, 1);
});

test('a call for a token is answered after 30 s at the latest; the renewal goes on and is stored', async (t) => {
  const world = await run_out(t, 33_000);
  const began = Date.now();
  const head = call(world.backend.api, `/v1/connections/${world.id}/token`, world, 'HEAD');
  const post = call(world.backend.api, `/v1/connections/${world.id}/token`, world, 'POST', JSON.stringify({ rejected: '1.1' }),
    { 'idempotency-key': 'slow-1' });
  const answer = await token(world);
  assert.ok(Date.now() - began < 33_000, 'before the provider answered');
  assert.equal(answer.status, 503);
  assert.equal(answer.headers.get('retry-after'), '5');
  assert.match(answer.headers.get('ratelimit') ?? '"key"', /"key"/);
  const body = await answer.json();
  assert.equal(body.action, 'wait');
  assert.ok(!JSON.stringify(body).includes('access_token'));
  assert.equal((await head).status, 503);
  assert.equal((await post).status, 503);
  // What the provider gave is there, though nobody waited for it any more.
  const next = await until('the renewed token', async () => {
    const again = await token(world);
    return again.status === 200 && again.json();
  }, 20);
  assert.ok(world.provider.accepts(next.access_token));
  assert.equal(world.provider.calls, 1);
  // The key of the call that came to nothing is free again.
  const repeated = await call(world.backend.api, `/v1/connections/${world.id}/token`, world, 'POST', JSON.stringify({ rejected: '1.1' }),
    { 'idempotency-key': 'slow-1' });
  assert.equal(repeated.status, 200);
  assert.equal(repeated.headers.get('idempotency-replayed'), null);
});

test('a backend that ends while calls wait answers them, and stores what the provider gives', async (t) => {
  const world = await run_out(t, 4000);
  const waiting = token(world);
  await until('the provider to be asked', () => world.provider.calls > 0);
  const ended = world.backend.stop();
  const answer = await waiting;
  assert.equal(answer.status, 503);
  assert.equal(answer.headers.get('retry-after'), '1');
  assert.equal((await ended).code, 0);
  world.provider.set({});
  const backend = await world.serve();
  const next = await token({ ...world, backend });
  assert.equal(next.status, 200);
  assert.ok(world.provider.accepts((await next.json()).access_token));
  assert.equal(world.provider.calls, 1, 'the answer had been stored');
});

test('forty deletions at once, of grants that the provider takes 25 s to end, are in nobody\'s way', async (t) => {
  const world = await connected(t, {});
  const tenants = Array.from({ length: 40 }, (_, i) => `firm-${i}`);
  const lines = tenants.map((tenant, i) => JSON.stringify({ tenant, name: tenant, realm_id: String(9000 + i), ...moved_in(world.provider.grant()) }));
  const taken = await call(world.api, '/v1/grants', world, 'POST', lines.join('\n'), { 'content-type': 'application/x-ndjson' });
  assert.equal(taken.status, 200);
  for (const line of (await taken.text()).trim().split('\n').slice(0, tenants.length)) assert.equal(JSON.parse(line).outcome, 'imported');
  world.provider.set({ revoke_ms: 25_000 });
  let under_way = tenants.length;
  const answers = tenants.map((tenant) => call(world.api, `/v1/tenants/${tenant}`, world, 'DELETE').finally(() => (under_way -= 1)));
  const slow = [];
  while (under_way > 0)
    for (const path of ['/healthz', '/readyz', '/', `/v1/connections/${world.id}`]) {
      const began = Date.now();
      assert.equal((await call(world.api, path, world)).status, 200, path);
      // Deletions that each held a thread for their patience would take longer than this; a busy machine does not.
      if (Date.now() - began >= 5000) slow.push(`${path}: ${Date.now() - began} ms, with ${under_way} under way`);
    }
  assert.deepEqual(slow, []);
  for (const answer of await Promise.all(answers)) {
    assert.equal(answer.status, 202);
    const body = await answer.json();
    assert.equal(body.revocation, 'pending');
    assert.ok(body.waiting_for.includes('revocation'));
  }
  // One does not wait for the other.
  assert.equal(world.provider.revocations, tenants.length);
});

/** What the provider gave, as a line of POST /v1/grants has it. */
function moved_in({ access_token, refresh_token, expires_in, x_refresh_token_expires_in }) {
  return { access_token, refresh_token, expires_at: Date.now() + expires_in * 1000, refresh_expires_at: Date.now() + x_refresh_token_expires_in * 1000 };
}
