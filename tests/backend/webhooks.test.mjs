// Webhooks as a host receives them, checked by the specification's own library.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { HostClient, until } from './support/program.mjs';
import { schema } from '../support/description.mjs';
import { start_receiver } from './support/receiver.mjs';
import { connect, make_tenant, make_world, press_save } from './support/world.mjs';

test('what happens is told once for each thing, signed, and nothing secret is in it', async (t) => {
  const world = await make_world(t, { serve_flags: ['--webhook-allow', '127.0.0.1'] });
  const key = world.command('api-key', 'add', 'test');
  await world.serve();
  const receiver = await start_receiver(t);
  const { host, page, connection } = await make_tenant(world.base, key, 'acme');
  const made = await host.call('POST', '/v1/webhooks', { url: receiver.url });
  assert.equal(made.status, 201);
  const { secret } = (await host.call('GET', `/v1/webhooks/${made.body.id}/secret`)).body;

  await connect(world.base, page);
  const { body: token } = await host.call('GET', `/v1/connections/${connection}/token`);
  await page.command('disconnect');
  await page.until_phase('unlinked');
  const wanted = ['connection.made', 'import.finished', 'connection.disconnected'];
  await until('three messages', async () => receiver.messages.length >= wanted.length);
  const library = new Webhook(secret);
  const told = receiver.messages.map(({ headers, body }) => library.verify(body, headers));
  assert.deepEqual(told.map((each) => each.type).sort(), [...wanted].sort());
  assert.equal(new Set(receiver.messages.map((each) => each.headers['webhook-id'])).size, wanted.length);
  for (const each of told) {
    assert.ok(schema('WebhookMessage')(each), JSON.stringify(schema('WebhookMessage').errors));
    assert.equal(each.data.connection, connection);
    assert.equal(each.data.tenant, 'acme');
    assert.equal(each.data.company.realm_id, '123');
    assert.ok(!JSON.stringify(each).includes(token.access_token));
  }
  assert.throws(() => library.verify(receiver.messages[0].body.replace('acme', 'evil'), receiver.messages[0].headers));

  // Sent again on request: one, and all of a time; the same id, so that the host can tell.
  const [first] = receiver.messages;
  assert.equal((await host.call('POST', `/v1/webhooks/${made.body.id}/replay`, { message: first.headers['webhook-id'] })).body.queued, 1);
  await until('the repeat', async () => receiver.messages.length >= 4);
  assert.equal(receiver.messages[3].headers['webhook-id'], first.headers['webhook-id']);
  assert.equal(receiver.messages[3].body, first.body);
  assert.equal((await host.call('POST', `/v1/webhooks/${made.body.id}/replay`, { from: Date.now() - 3_600_000 })).body.queued, 3);
  await until('all of them again', async () => receiver.messages.length >= 7);
  assert.equal((await host.call('POST', `/v1/webhooks/${made.body.id}/replay`, { message: 'msg_none' })).status, 404);
  assert.equal((await host.call('POST', `/v1/webhooks/${made.body.id}/replay`, {})).status, 400);
});

test('a grant near its five years is told at risk, what is saved and what ends are told too', async (t) => {
  const world = await make_world(t, { serve_flags: ['--webhook-allow', '127.0.0.1'],
    sandbox_flags: ['--hard-life-s', String(20 * 86400)] });
  const key = world.command('api-key', 'add', 'test');
  await world.serve();
  const receiver = await start_receiver(t);
  const { host, page, connection } = await make_tenant(world.base, key, 'acme');
  await host.call('POST', '/v1/webhooks', { url: receiver.url });
  const told = (type) => until(type, async () =>
    receiver.messages.map(({ body }) => JSON.parse(body)).find((each) => each.type === type), 30);
  await connect(world.base, page);
  const { data } = await told('connection.at_risk');
  assert.equal(data.connection, connection);
  assert.equal(data.note, 'grant_at_risk');
  const { body: { health } } = await host.call('GET', `/v1/connections/${connection}`);
  assert.equal(health.standing, 'at_risk');
  assert.equal(health.reason, data.reason);
  assert.ok(Math.abs(health.until - Date.now() - 20 * 86_400_000) < 600_000, 'until the end of the grant');

  // It is the customer who saved, and not the provider.
  const { url } = (await host.call('POST', '/v1/page-sessions', { tenant: 'acme', user: { id: 'u-1', name: 'Ida Brook' } })).body;
  assert.equal((await page.sign_in(url)).status, 200);
  await press_save(page);
  const saved = await told('configuration.saved');
  assert.equal(saved.data.tenant, 'acme');
  const ida = { type: 'user', id: 'u-1', name: 'Ida Brook' };
  assert.deepEqual(saved.data.actor, ida);
  const { events } = (await host.call('GET', `/v1/connections/${connection}/events`)).body;
  const happened = (type) => events.find((each) => each.event.type === type);
  assert.deepEqual(happened('configuration_stored').actor, ida);
  const { body: read } = await host.call('GET', `/v1/connections/${connection}/configuration`);
  assert.deepEqual(read.saved_by, ida);
  assert.ok(happened('save_pressed').at <= read.saved_at && read.saved_at <= happened('configuration_stored').at, 'when Save was pressed');

  const { body: token } = await host.call('GET', `/v1/connections/${connection}/token`);
  await fetch(`${world.sandbox}/sandbox/disconnect`, { method: 'POST', body: '{}' });
  await host.call('POST', `/v1/connections/${connection}/token`, { rejected: token.token_id });
  assert.ok((await told('connection.broken')).data.reason);
  assert.equal((await page.page()).state.connect.phase.type, 'broken');
  assert.equal(receiver.messages.filter(({ body }) => JSON.parse(body).type === 'connection.at_risk').length, 1);
});

test('a host that is down is told later, one that is gone is not, and another hears only what it asked for', async (t) => {
  const world = await make_world(t, { serve_flags: ['--webhook-allow', '127.0.0.1'] });
  const key = world.command('api-key', 'add', 'test');
  await world.serve();
  const [down, gone, picky] = [await start_receiver(t), await start_receiver(t), await start_receiver(t)];
  down.answer = (count) => (count === 1 ? 503 : 200);
  gone.answer = () => 410;
  const { host, page } = await make_tenant(world.base, key, 'acme');
  const add = async (url, types) => (await host.call('POST', '/v1/webhooks', { url, types })).body.id;
  const [down_id, gone_id] = [await add(down.url, ['connection.made']), await add(gone.url, ['connection.made', 'import.finished'])];
  await add(picky.url, ['connection.disconnected']);
  await connect(world.base, page);
  await until('the second try', async () => down.messages.length === 2, 30);
  assert.equal(down.messages[0].headers['webhook-id'], down.messages[1].headers['webhook-id']);
  const sent = await until('it to count as delivered', async () => {
    const { body } = await host.call('GET', `/v1/webhooks/${down_id}/deliveries`);
    return body.deliveries[0].delivered ? body : null;
  });
  assert.equal(sent.deliveries[0].attempts, 2);
  assert.equal(sent.deliveries[0].last_status, 200);

  await until('the one that is gone to be turned off', async () =>
    (await host.call('GET', `/v1/webhooks/${gone_id}`)).body.disabled_since !== null);
  assert.equal((await host.call('PATCH', `/v1/webhooks/${gone_id}`, { enabled: true })).body.disabled_since, null);
  assert.equal((await host.call('DELETE', `/v1/webhooks/${gone_id}`)).status, 204);
  assert.equal((await host.call('GET', `/v1/webhooks/${gone_id}`)).status, 404);
  await page.command('disconnect');
  await page.until_phase('unlinked');
  await until('what it asked for', async () => picky.messages.length === 1);
  assert.equal(JSON.parse(picky.messages[0].body).type, 'connection.disconnected');
  assert.equal(down.messages.length, 2);
});

test('webhooks do not reach inside', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test');
  await world.serve();
  const host = new HostClient(world.base, key);
  for (const url of ['http://example.com/', 'https://127.0.0.1/', 'https://[::1]/', 'https://10.1.2.3/x', 'https://localhost/',
    'https://169.254.169.254/latest/meta-data', 'https://[::ffff:192.168.0.1]/', 'https://user:pass@example.com/', 'ftp://example.com/', 'nothing'])
    assert.equal((await host.call('POST', '/v1/webhooks', { url })).status, 400, url);
  assert.equal((await host.call('POST', '/v1/webhooks', { url: 'https://hooks.example.com/rekey' })).status, 201);
  assert.equal((await host.call('POST', '/v1/webhooks', { url: 'https://hooks.example.com/', types: ['odd'] })).status, 400);
});
