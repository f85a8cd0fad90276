// Access tokens over the host API: fresh ones from memory, what another process did seen in time, and errors that
// say what to do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostClient, PageClient, until } from './support/program.mjs';
import { connect, make_tenant, make_world } from './support/world.mjs';

const token_path = (connection) => `/v1/connections/${connection}/token`;

const ask = (base, key, path) => new HostClient(base, key).call('GET', path);
const renew = (base, key, connection, rejected) => new HostClient(base, key).call('POST', token_path(connection), { rejected });

const read_company = (sandbox, token) => fetch(`${sandbox}/v3/company/123/companyinfo/123`,
  { headers: { authorization: `Bearer ${token}`, accept: 'application/json' } });

async function token_calls(sandbox) {
  const { requests } = await (await fetch(`${sandbox}/sandbox/requests`)).json();
  return requests.filter((each) => each.path === '/oauth2/v1/tokens/bearer').length;
}

test('a token is handed out, renewed when it was refused, and gone after disconnect, also for the other process', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test');
  await world.serve();
  const other = (await world.serve('127.0.0.1:0')).api;
  const { page, connection } = await make_tenant(world.base, key, 'acme');

  const nothing_yet = await ask(world.base, key, token_path(connection));
  assert.equal(nothing_yet.status, 409);
  assert.equal(nothing_yet.body.action, 'ask_customer');
  assert.equal(nothing_yet.body.reason, 'not_connected');
  assert.equal(nothing_yet.headers.get('content-type'), 'application/problem+json');
  assert.equal((await ask(world.base, key, token_path('con_none'))).status, 404);

  await connect(world.base, page);
  const first = await ask(world.base, key, token_path(connection));
  assert.equal(first.status, 200);
  assert.equal(first.headers.get('cache-control'), 'no-store');
  assert.equal(first.body.company.realm_id, '123');
  assert.equal(first.body.connection, connection);
  assert.equal(first.body.tenant, 'acme');
  assert.equal(first.body.token_type, 'Bearer');
  assert.deepEqual(first.body.scopes, ['com.intuit.quickbooks.accounting']);
  assert.ok(first.body.expires_at > Date.now() + 50 * 60_000 && first.body.expires_at <= Date.now() + 60 * 60_000);
  assert.equal((await read_company(world.sandbox, first.body.access_token)).status, 200);

  // The same one, to everybody, without asking the provider.
  const calls = await token_calls(world.sandbox);
  for (let i = 0; i < 20; ++i)
    for (const base of [world.base, other]) assert.deepEqual((await ask(base, key, token_path(connection))).body, first.body);
  assert.equal((await ask(world.base, key, `${token_path(connection)}?min_validity_s=1800`)).body.token_id, first.body.token_id);
  assert.equal((await ask(world.base, key, `${token_path(connection)}?min_validity_s=soon`)).status, 400);
  assert.equal(await token_calls(world.sandbox), calls);

  // One that was refused is renewed once, however many callers say so, and the other process serves the new one within a second.
  const renewed = await renew(world.base, key, connection, first.body.token_id);
  assert.equal(renewed.status, 200);
  assert.notEqual(renewed.body.access_token, first.body.access_token);
  assert.notEqual(renewed.body.token_id, first.body.token_id);
  assert.equal((await renew(other, key, connection, first.body.token_id)).body.token_id, renewed.body.token_id);
  assert.equal(await token_calls(world.sandbox), calls + 1);
  await until('the other process to serve the new token', async () =>
    (await ask(other, key, token_path(connection))).body.token_id === renewed.body.token_id, 5);
  const too_soon = await renew(world.base, key, connection, renewed.body.token_id);
  assert.equal(too_soon.status, 429);
  assert.equal(too_soon.body.action, 'wait');
  assert.ok(Number(too_soon.headers.get('retry-after')) > 0);
  assert.equal((await renew(world.base, key, connection, 'eyJhbGciOi')).status, 400);

  // Turned off here: not one more here, and none there as soon as it can know.
  assert.equal((await ask(other, key, token_path(connection))).status, 200);
  assert.equal((await page.command('disconnect')).status, 200);
  assert.equal((await ask(world.base, key, token_path(connection))).status, 409);
  await until('the other process to hand out no token', async () => (await ask(other, key, token_path(connection))).status === 409, 5);
});

test('a page hears of the steps that another process takes', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test');
  await world.serve();
  const other = (await world.serve('127.0.0.1:0')).api;
  const { host, page } = await make_tenant(world.base, key, 'acme');
  const watcher = new PageClient(other);
  await watcher.sign_in((await host.call('POST', '/v1/page-sessions', { tenant: 'acme' })).body.url);
  const before = (await watcher.page()).seq;
  const stream = await watcher.stream();
  await connect(world.base, page);
  const { seq } = await page.page();
  assert.ok(seq > before + 3);
  const late = setTimeout(() => stream.stop(), 5000);
  for (let step = before + 1; step <= seq; ++step) assert.equal(await stream.next(), step);
  clearTimeout(late);
  stream.stop();
});

test('keys: scopes, limits and revocation hold, also for tokens from memory', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'all');
  const reader = world.command('api-key', 'add', 'reader', '--scopes', 'connections:read');
  const slow = world.command('api-key', 'add', 'slow', '--scopes', 'tokens', '--rate', '1', '--burst', '3');
  await world.serve();
  const { page, connection } = await make_tenant(world.base, key, 'acme');
  await connect(world.base, page);
  assert.equal((await ask(world.base, key, token_path(connection))).status, 200);

  const lacks = await ask(world.base, reader, token_path(connection));
  assert.equal(lacks.status, 403);
  assert.equal(lacks.body.scope, 'tokens');
  assert.equal((await ask(world.base, reader, `/v1/connections/${connection}`)).status, 200);
  assert.equal((await ask(world.base, slow, `/v1/connections/${connection}`)).status, 403);
  assert.equal((await ask(world.base, 'rk_unknown', token_path(connection))).status, 401);
  assert.equal((await fetch(world.base + token_path(connection))).status, 401);

  // A bucket of three that fills once a second: of twenty at once, some are told to wait.
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(world.base, slow, token_path(connection))));
  const limited = answers.filter((each) => each.status === 429);
  assert.ok(limited.length >= 10, `${limited.length} were limited`);
  assert.ok(answers.some((each) => each.status === 200));
  assert.equal(limited[0].headers.get('retry-after'), '1');
  assert.match(limited[0].headers.get('ratelimit'), /^"key";r=0;t=1$/);
  assert.match(limited[0].headers.get('ratelimit-policy'), /^"key";q=3;w=3$/);

  const keys = world.command('api-key', 'list').split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(keys.map((each) => each.name), ['all', 'reader', 'slow']);
  assert.ok(!JSON.stringify(keys).includes(key));
  world.command('api-key', 'revoke', keys[0].id);
  await until('the revoked key to be refused', async () => (await ask(world.base, key, token_path(connection))).status === 401, 5);
  assert.throws(() => world.command('api-key', 'revoke', keys[0].id));
  assert.throws(() => world.command('api-key', 'add', 'odd', '--scopes', 'everything'));
});
