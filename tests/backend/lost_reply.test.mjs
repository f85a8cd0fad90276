// Providers with other habits than Intuit's, and a reply that is lost once: the backend as a host sees it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connected } from './support/at_provider.mjs';
import { until } from './support/program.mjs';
import { connect } from './support/world.mjs';

test('refresh tokens that work once, and one lost reply: served to the end, asked for in time, then the true reason', async (t) => {
  const { provider, api, page, doctor, token } = await connected(t, { habit: 'single_use', life_s: 12 });
  provider.set({ habit: 'single_use', life_s: 12, lose: 1 });
  provider.calls = 0;
  // In use, so that it is renewed before its end; the answer is cut off.
  await until('the renewal', async () => (await token()).status === 200 && provider.calls >= 2);
  const asked = await until('the customer to be asked', async () =>
    (await page.page()).notices.find(({ note }) => note === 'grant_at_risk'));
  assert.equal(asked.detail, 'reply_lost');
  const meanwhile = await token();
  assert.equal(meanwhile.status, 200);
  assert.ok(provider.accepts(meanwhile.body.access_token));
  assert.match(doctor(), /at_risk: reply_lost, since .*, works until/);
  const broken = await page.until_phase('broken');
  assert.equal(broken.state.connect.phase.reason, 'reply_lost');
  const after = await token();
  assert.deepEqual([after.status, after.body.action, after.body.reason], [409, 'ask_customer', 'reply_lost']);
  assert.match(doctor(), /broken: reply_lost/);
  // Signing in again mends it.
  provider.set({});
  await connect(api, page);
  assert.equal((await token()).status, 200);
});

test('one lost reply at a provider that repeats itself costs one more call', async (t) => {
  const { provider, page, token, renew } = await connected(t, { life_s: 3600 });
  const first = await token();
  provider.set({ lose: 1 });
  provider.calls = 0;
  const second = await renew(first.body.token_id);
  assert.equal(second.status, 200, JSON.stringify(second.body));
  assert.notEqual(second.body.access_token, first.body.access_token);
  assert.equal(provider.calls, 2);
  assert.equal((await page.page()).state.connect.phase.type, 'linked');
});

test('renewals without a refresh token in the answer, and without lifetimes, go on with the one there is', async (t) => {
  const { provider, token, renew } = await connected(t, { life_s: 2, plain: true });
  await new Promise((resolve) => setTimeout(resolve, 2100));
  const first = await token();
  const second = await renew(first.body.token_id);
  for (const { status, body } of [first, second]) {
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(body.scopes, ['read']);
  }
  assert.notEqual(first.body.access_token, second.body.access_token);
  assert.equal(provider.refused, 0);
});
