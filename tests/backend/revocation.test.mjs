// A provider that does not confirm the end of a grant, or refuses us: what the state says, and what the host is told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connected } from './support/at_provider.mjs';
import { until } from './support/program.mjs';
import { start_receiver } from './support/receiver.mjs';

const hears = async (t, host, types) => {
  const receiver = await start_receiver(t);
  assert.equal((await host.call('POST', '/v1/webhooks', { url: receiver.url, types })).status, 201);
  return receiver;
};

test('an end that the provider does not confirm is told, told again to the provider, and its late yes is told too', async (t) => {
  const { provider, host, page, id, doctor } = await connected(t, {}, ['--webhook-allow', '127.0.0.1']);
  const receiver = await hears(t, host, ['connection.disconnected', 'connection.revocation_pending', 'connection.revocation_confirmed']);
  provider.set({ revoke_down: true });
  await page.command('disconnect');
  await until('a second try', async () => provider.revocations >= 2);
  assert.equal((await page.page()).state.connect.phase.type, 'disconnecting');

  // After two minutes it is over for the customer, and nobody says that it is over at the provider.
  const { state, notices } = await page.until_phase('unlinked', 180);
  assert.equal(state.connect.revocations.length, 1);
  assert.equal(state.connect.revocations[0].company.realm_id, '123');
  assert.deepEqual(notices.slice(0, 2).map(({ note }) => note).sort(), ['disconnected', 'revocation_pending']);
  const { body } = await host.call('GET', `/v1/connections/${id}`);
  assert.equal(body.health.reason, 'revocation_pending');
  assert.match(doctor(), /not confirmed yet by the provider/);

  provider.set({});
  await until('the late yes', async () => !(await page.page()).state.connect.revocations, 60);
  await until('all messages', async () => receiver.messages.length >= 3);
  const told = receiver.told();
  assert.deepEqual(told.map(({ type }) => type).sort(),
    ['connection.disconnected', 'connection.revocation_confirmed', 'connection.revocation_pending']);
  assert.equal(told.at(-1).type, 'connection.revocation_confirmed');
  assert.equal(told.at(-1).data.revocation.company.realm_id, '123');
  assert.doesNotMatch(doctor(), /confirmed/);
});

test('credentials that the provider refuses are told as ours, and that they are good again', async (t) => {
  const { provider, host, page, token } = await connected(t, { life_s: 5 }, ['--webhook-allow', '127.0.0.1']);
  const receiver = await hears(t, host, ['connection.at_risk', 'connection.recovered', 'connection.broken']);
  provider.set({ life_s: 5, refuse_us: true });
  await until('the trouble', async () => receiver.messages.length >= 1, 60);
  assert.equal(receiver.told()[0].data.reason, 'misconfigured');
  assert.equal(receiver.told()[0].data.actor.type, 'provider');
  assert.equal((await page.page()).state.connect.phase.trouble.reason, 'misconfigured');
  provider.set({ life_s: 3600 });
  await until('its end', async () => (await token()).status === 200 && receiver.messages.length >= 2, 90);
  assert.deepEqual(receiver.told().map(({ type }) => type), ['connection.at_risk', 'connection.recovered']);
  assert.equal((await page.page()).state.connect.phase.trouble, undefined);
});
