// The same company for two tenants, the same refresh token twice, and PKCE: what keeps one grant from ending another.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { HostClient, until } from './support/program.mjs';
import { connect, make_tenant, make_world } from './support/world.mjs';

async function two_tenants(t, flags = []) {
  const world = await make_world(t, { serve_flags: ['--webhook-allow', '127.0.0.1', ...flags] });
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  await world.serve();
  const one = await make_tenant(world.base, key, 'larch');
  const two = await make_tenant(world.base, key, 'maple');
  // Nobody answers there: what is queued can be read all the same.
  const hook = (await one.host.call('POST', '/v1/webhooks', { url: 'http://127.0.0.1:9/', types: ['connection.company_shared'] })).body;
  const told = async () => (await one.host.call('GET', `/v1/webhooks/${hook.id}/deliveries`)).body.deliveries;
  return { ...world, key, one, two, told };
}

const begin = async (world, page) => {
  const { body } = await page.command('connect');
  return (await page.browser.open(body.redirect, {}, `${world.base}/callback`)).url;
};

test('a company that another tenant has connected is asked about before anything is spent', async (t) => {
  const world = await two_tenants(t, ['--shared-company', 'ask']);
  const { one, two } = world;
  await connect(world.base, one.page);
  const { body: token } = await one.host.call('GET', `/v1/connections/${one.connection}/token`);
  const url = await begin(world, two.page);
  for (let i = 0; i < 3; ++i) {
    const asked = await two.page.callback(url);
    assert.equal(asked.status, 409);
    assert.equal(asked.body.code, 'company_elsewhere');
    for (const word of ['larch', one.connection]) assert.ok(!JSON.stringify(asked.body).includes(word), word);
  }
  assert.equal((await two.page.page()).state.connect.phase.type, 'authorizing');
  const told = await until('the host to be told', async () => (await world.told()).length && world.told());
  assert.equal(told.length, 1, 'once for an attempt');
  assert.equal(told[0].message.type ?? told[0].type, 'connection.company_shared');
  assert.equal((await one.host.call('GET', `/v1/connections/${one.connection}/token`)).body.access_token, token.access_token);

  // No: it is cancelled. Yes, the next time: it goes on.
  assert.equal((await two.page.command('cancel')).status, 200);
  assert.equal((await two.page.callback(url, { company_confirmed: true })).status, 409);
  const second = await begin(world, two.page);
  assert.equal((await two.page.callback(second)).body.code, 'company_elsewhere');
  assert.equal((await two.page.callback(second, { company_confirmed: true })).status, 200);
  await two.page.until_phase('linked');
  assert.equal((await world.told()).length, 2);

  // The tenant's own company is never another's.
  await one.page.command('disconnect');
  await one.page.until_phase('unlinked');
  await connect(world.base, two.page);
});

/** The sandbox's exchanges of codes. */
const exchanges = async ({ sandbox }) => (await (await fetch(`${sandbox}/sandbox/requests`)).json()).requests
  .filter(({ routes }) => routes.includes('token.authorization_code')).length;

/** A company that the first tenant has connected is chosen by the second, and nothing is spent yet. */
async function told_of_it(t) {
  const world = await two_tenants(t);
  await connect(world.base, world.one.page);
  const url = await begin(world, world.two.page);
  const before = await exchanges(world);
  const taken = await world.two.page.callback(url);
  assert.equal(taken.status, 200);
  assert.equal(taken.body.company_shared, true);
  const { phase } = taken.body.state.connect;
  assert.equal(phase.type, 'exchanging');
  assert.ok(phase.begins > Date.now(), 'the code waits');
  assert.ok(phase.begins <= Date.now() + 5000, 'not long');
  for (const word of ['larch', world.one.connection]) assert.ok(!JSON.stringify(taken.body).includes(word), word);
  assert.equal(await exchanges(world), before, 'nothing is spent before the customer was told');
  const told = await until('the host to be told', async () => (await world.told()).length && world.told());
  assert.equal(told.length, 1);
  assert.equal(told[0].message.type ?? told[0].type, 'connection.company_shared');
  return { ...world, url, phase, before };
}

test('unless the host wants a question, customer and host are told before the code is used, and time itself goes on', async (t) => {
  const world = await told_of_it(t);
  const { two, phase } = world;
  // Nobody looks: the tab is closed.
  const { events } = await until('the code to be used', async () => {
    const { body } = await two.host.call('GET', `/v1/connections/${two.connection}/events`);
    return body.events.some(({ event }) => event.type === 'grant_received') ? body : null;
  }, 30);
  const on = events.find(({ event }) => event.type === 'time_reached');
  assert.equal(on.actor.type, 'time');
  assert.ok(on.at >= phase.begins, 'not before its time');
  await two.page.until_phase('linked');
  assert.equal(await exchanges(world), world.before + 1);
  assert.equal((await two.page.callback(world.url)).body.refusal, 'attempt_spent');
  assert.equal((await world.told()).length, 1);
});

test('told that another tenant has the company, the customer goes on at once', async (t) => {
  const world = await told_of_it(t);
  const { two, phase } = world;
  assert.equal((await two.page.command('confirm_company', { version: phase.version + 1 })).body.refusal, 'stale_answer');
  assert.equal((await two.page.command('confirm_company', { version: phase.version })).status, 200);
  assert.equal((await two.page.command('confirm_company', { version: phase.version })).body.refusal, 'nothing_to_confirm');
  await two.page.until_phase('linked');
  const { events } = (await two.host.call('GET', `/v1/connections/${two.connection}/events`)).body;
  assert.ok(!events.some(({ event }) => event.type === 'time_reached'), 'without waiting');
  assert.equal(await exchanges(world), world.before + 1);
});

test('told that another tenant has the company, the customer stops it and nothing was spent', async (t) => {
  const world = await told_of_it(t);
  const { one, two } = world;
  const { body: token } = await one.host.call('GET', `/v1/connections/${one.connection}/token`);
  assert.equal((await two.page.command('cancel')).body.state.connect.phase.type, 'unlinked');
  assert.equal((await two.page.callback(world.url)).status, 409);
  assert.equal((await two.page.callback(world.url, { company_confirmed: true })).status, 409);
  assert.equal(await exchanges(world), world.before);
  assert.equal((await one.host.call('GET', `/v1/connections/${one.connection}/token`)).body.access_token, token.access_token);
  // The next sign-in tells it anew; of the stopped one nothing is exchanged, also after its time.
  const next = await two.page.callback(await begin(world, two.page));
  assert.ok(next.body.state.connect.phase.begins > Date.now());
  await two.page.until_phase('linked');
  assert.equal(await exchanges(world), world.before + 1);
});

test('the host can forbid one company for two tenants', async (t) => {
  const world = await two_tenants(t, ['--shared-company', 'forbid']);
  const { one, two } = world;
  await connect(world.base, one.page);
  const url = await begin(world, two.page);
  const refused = await two.page.callback(url, { company_confirmed: true });
  assert.equal(refused.status, 200);
  assert.equal(refused.body.state.connect.phase.type, 'unlinked');
  assert.deepEqual(refused.body.notices.map((each) => [each.note, each.detail]), [['sign_in_failed', 'company_elsewhere']]);
  assert.equal((await two.page.callback(url)).body.refusal, 'attempt_spent');
  assert.equal((await world.told()).length, 1);
  assert.equal((await one.host.call('GET', `/v1/connections/${one.connection}`)).body.status, 'linked');

  // A grant from elsewhere is no way around it, over the host API and on the server itself.
  const line = `${JSON.stringify({ tenant: 'maple', realm_id: '123', refresh_token: 'RT1-from-elsewhere' })}\n`;
  const moved = await one.host.call('POST', '/v1/grants', line, { 'content-type': 'application/x-ndjson' });
  assert.equal(JSON.parse(moved.text).outcome, 'refused');
  assert.match(JSON.parse(moved.text).reason, /shared-company/);
  const file = join(world.folder, 'grants.jsonl');
  writeFileSync(file, line, { mode: 0o600 });
  assert.throws(() => world.command('grants', 'import', file, '--shared-company', 'forbid', '--master-key-file', world.key_file),
    (error) => /shared-company/.test(error.stdout.toString()));
});

test('a refresh token is not taken for a second tenant, and the sentence names neither', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  await world.serve();
  const host = new HostClient(world.base, key);
  const grant = (tenant, realm_id = '123') => JSON.stringify({ tenant, realm_id, refresh_token: 'RT1-the-same-token', access_token: 'at', expires_at: Date.now() + 3_000_000 });
  const take = async (...lines) => (await host.call('POST', '/v1/grants', `${lines.join('\n')}\n`, { 'content-type': 'application/x-ndjson' })).text
    .trim().split('\n').map((line) => JSON.parse(line));
  const outcomes = await take(grant('larch'), grant('maple'), grant('larch'), grant('elm', '456'));
  assert.deepEqual(outcomes.map((each) => each.outcome), ['imported', 'refused', 'unchanged', 'refused']);
  for (const each of [outcomes[1], outcomes[3]]) {
    assert.match(each.reason, /refresh token/);
    for (const word of ['larch', 'maple', 'elm']) assert.ok(!each.reason.includes(word));
  }
  assert.equal((await take(grant('maple')))[0].outcome, 'refused', 'also later');
  assert.deepEqual((await host.call('GET', '/v1/connections')).body.connections.map((each) => each.tenant), ['larch']);
});

test('PKCE goes with every authorization, unless it is turned off', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test');
  const serve = await world.serve();
  const { page } = await make_tenant(world.base, key, 'larch');
  const asked = new URL((await page.command('connect')).body.redirect).searchParams;
  assert.equal(asked.get('code_challenge_method'), 'S256');
  assert.match(asked.get('code_challenge'), /^[A-Za-z0-9_-]{43}$/);
  await connect(world.base, page); // the sandbox checks the verifier where there was a challenge
  const other = new URL((await page.command('connect')).body.redirect).searchParams;
  assert.notEqual(other.get('code_challenge'), asked.get('code_challenge'));
  await serve.stop();

  const off = await make_world(t, { serve_flags: ['--pkce', 'off'] });
  const off_key = off.command('api-key', 'add', 'test');
  await off.serve();
  const tenant = await make_tenant(off.base, off_key, 'larch');
  assert.equal(new URL((await tenant.page.command('connect')).body.redirect).searchParams.get('code_challenge'), null);
  await connect(off.base, tenant.page);
});

test('a provider file turns PKCE off for its provider', async (t) => {
  const world = await make_world(t);
  const file = join(world.folder, 'provider.json');
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), pkce: false }));
  const key = world.command('api-key', 'add', 'test');
  await world.serve();
  const { page } = await make_tenant(world.base, key, 'larch');
  assert.ok(!(await page.command('connect')).body.redirect.includes('code_challenge'));
  await connect(world.base, page);
});

test('a verifier that is lost on the way is noticed by the provider', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test');
  await world.serve();
  const { page } = await make_tenant(world.base, key, 'larch');
  const redirect = new URL((await page.command('connect')).body.redirect);
  redirect.searchParams.set('code_challenge', createHash('sha256').update('another').digest('base64url'));
  const back = await page.browser.open(redirect.href, {}, `${world.base}/callback`);
  await page.callback(back.url);
  const ended = await page.until_phase('unlinked');
  assert.ok(ended.notices.some((each) => each.note === 'sign_in_failed' && each.detail === 'code_expired'));
});
