// How a grant comes to its end, or does not: a lost right, a long wait, and an end that was wrong and is undone.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { connected } from './support/at_provider.mjs';
import { rekey, until } from './support/program.mjs';
import { start_receiver } from './support/receiver.mjs';
import { connect, make_tenant, make_world } from './support/world.mjs';

/** `rekey grants revive` beside the service. */
const revive = ({ database, key_file }, ...more) =>
  spawnSync(rekey, ['grants', 'revive', '--database', database, '--master-key-file', key_file, ...more], { encoding: 'utf8' });

const connection_of = async (host, id) => (await host.call('GET', `/v1/connections/${id}`)).body;
const token_of = (host, id) => host.call('GET', `/v1/connections/${id}/token`);

/** The provider ends every grant; gives what makes it take them again. */
async function end_all({ provider, host }, ids) {
  const good = new Set(provider.taken);
  provider.taken.clear();
  await until('the ends', async () => {
    await Promise.all(ids.map((id) => token_of(host, id)));
    const all = await Promise.all(ids.map((id) => connection_of(host, id)));
    return all.every((each) => each.health.standing === 'broken');
  });
  return () => good.forEach((each) => provider.taken.add(each));
}

test('a lost administrator is told to host, operator and customer, ends nothing, and is over when the right is back', async (t) => {
  const world = await make_world(t, { serve_flags: ['--webhook-allow', '127.0.0.1'] });
  const key = world.command('api-key', 'add', 'test');
  await world.serve();
  const receiver = await start_receiver(t);
  const { host, page, connection } = await make_tenant(world.base, key, 'acme');
  await connect(world.base, page);
  await host.call('POST', '/v1/webhooks', { url: receiver.url });
  const probe = async () => (await host.call('POST', `/v1/connections/${connection}/commands`, { command: 'probe' })).body;
  const faults = (method, body) => fetch(`${world.sandbox}/sandbox/faults`, { method, body: body && JSON.stringify(body) });
  await faults('POST', { route: 'api', realm: '123', kind: 'admin_lost', count: -1 });

  const refused = await probe();
  assert.equal(refused.works, false);
  assert.equal(refused.reason, 'rights_lost');
  const { health } = await connection_of(host, connection);
  assert.equal(health.standing, 'at_risk');
  assert.equal(health.reason, 'rights_lost');
  assert.match(health.what_to_do, /administrator/);
  const state = (await page.page()).state.connect.phase;
  assert.equal(state.type, 'linked');
  assert.equal(state.trouble.reason, 'rights_lost');
  const doctor = spawnSync(rekey, ['doctor', '--database', world.database], { encoding: 'utf8' });
  assert.equal(doctor.status, 1);
  assert.match(doctor.stdout, new RegExp(`${connection} +at_risk: rights_lost.*administrator`));
  const told = (type) => receiver.told().filter((each) => each.type === type);
  await until('the message', () => told('connection.at_risk').length > 0);
  assert.equal(told('connection.at_risk')[0].data.reason, 'rights_lost');
  // Once, however often it is met.
  await probe();
  const metrics = async () => (await fetch(`${world.base}/metrics`, { headers: { authorization: `Bearer ${key}` } })).text();
  const counted = /^rekey_connections_at_risk\{reason="rights_lost"\} 1$/m;
  assert.match(await metrics(), counted);

  // (Here a new consent leaves older grants alone.)
  await fetch(`${world.sandbox}/sandbox/rules`, { method: 'POST', body: JSON.stringify({ consent_ends_older: false }) });
  // The same person signs in again: it comes to nothing, after half a minute, and the live grant is what counts.
  const { body } = await page.command('connect');
  await page.callback((await page.browser.open(body.redirect, {}, `${world.base}/callback`)).url);
  await until('the end of the sign-in', async () => (await page.page()).state.connect.phase.type === 'linked', 90);
  const { phase } = (await page.page()).state.connect;
  assert.equal(phase.version, state.version);
  assert.equal(phase.trouble.reason, 'rights_lost');
  assert.match(await metrics(), counted);

  await faults('DELETE');
  const again = await probe();
  assert.equal(again.works, true, JSON.stringify(again));
  assert.equal((await connection_of(host, connection)).health.standing, 'linked');
  await until('that it is over', () => told('connection.recovered').length > 0);
  assert.equal(told('connection.at_risk').length, 1);
  assert.equal((await token_of(host, connection)).status, 200);
});

test('what the provider asks to wait is what the host hears, in seconds and as a time', async (t) => {
  const world = await connected(t, { life_s: 2 });
  world.provider.set({ wait_s: 600 });
  await new Promise((resolve) => setTimeout(resolve, 2200));
  const answer = await until('a refusal', async () => {
    const one = await world.token();
    return one.status !== 200 && one;
  });
  assert.equal(answer.status, 503);
  assert.equal(answer.body.action, 'wait');
  const seconds = Number(answer.headers.get('retry-after'));
  assert.equal(answer.body.retry_after_s, seconds);
  assert.ok(seconds > 560 && seconds <= 600, `${seconds} s`);
  assert.ok(Math.abs(answer.body.until - (Date.now() + seconds * 1000)) < 2000);
  const probed = (await world.host.call('POST', `/v1/connections/${world.id}/commands`, { command: 'probe' })).body;
  assert.equal(probed.works, false);
  assert.ok(probed.retry_after_s > 550 && probed.retry_after_s <= 600, `${probed.retry_after_s} s`);
  assert.ok(Math.abs(probed.until - answer.body.until) < 2000);
});

test('an end that was wrong is undone for one connection, then for all; without one there is nothing to undo', async (t) => {
  const world = await connected(t, { life_s: 2 });
  const second = await make_tenant(world.api, world.key, 'birch');
  await connect(world.api, second.page);
  const ids = [world.id, second.connection];
  const none = revive(world);
  assert.equal(none.status, 1);
  assert.match(none.stderr, /^0 revived/m);

  const first = await until('a token', async () => {
    const one = await world.token();
    return one.status === 200 && one;
  });
  const renewed = await world.renew(first.body.token_id);
  assert.equal(renewed.status, 200);
  const take_again = await end_all(world, ids);
  // The state comes before what is remembered of the last renewal.
  const after = await world.renew(renewed.body.token_id);
  assert.equal(after.status, 409);
  assert.equal(after.body.action, 'ask_customer');
  assert.equal(after.headers.get('retry-after'), null);

  take_again();
  const one = revive(world, '--connection', world.id);
  assert.equal(one.status, 0, one.stderr);
  assert.match(one.stdout, new RegExp(`${world.id} +is connected again`));
  await until('its token', async () => (await world.token()).status === 200);
  assert.equal((await token_of(world.host, second.connection)).status, 409);
  const all = revive(world);
  assert.equal(all.status, 0, all.stderr);
  assert.match(all.stderr, /^1 revived/m);
  await until('the other token', async () => (await token_of(world.host, second.connection)).status === 200);
  assert.equal(revive(world).status, 1);
  const unknown = revive(world, '--connection', 'con_none');
  assert.equal(unknown.status, 1);
  assert.match(unknown.stderr, /con_none/);
});

test('after the time they are kept, the tokens of an ended grant are gone and nothing is undone', async (t) => {
  const world = await connected(t, { life_s: 2 }, ['--keep-ended', '2s']);
  const take_again = await end_all(world, [world.id]);
  take_again();
  const kept = async () => (await connection_of(world.host, world.id)).state.connect.phase.kept;
  await until('the tokens to be forgotten', async () => !(await kept()));
  const run = revive(world, '--connection', world.id);
  assert.equal(run.status, 1);
  assert.match(run.stderr, /^0 revived/m);
  assert.equal((await token_of(world.host, world.id)).status, 409);
});
