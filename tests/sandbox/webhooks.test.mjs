// The sandbox's webhooks over a socket, as an application that is not ours would take them.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { until } from '../backend/support/program.mjs';
import { other_realm, realm, start_sandbox } from './support/sandbox.mjs';

/** An application; `answer` says with what status, or null for not at all. */
async function start_application(t, answer = () => 200) {
  const received = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    received.push({ body, signature: request.headers['intuit-signature'], at: performance.now() });
    const status = answer(received.length);
    if (status !== null) response.writeHead(status).end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => { server.closeAllConnections(); server.close(); });
  return { received, url: `http://127.0.0.1:${server.address().port}/hooks` };
}

const is_signed = ({ body, signature }, token) => signature === createHmac('sha256', token).update(body).digest('base64');

test('changes in two companies are one delivery, as CloudEvents unless the flag says otherwise', async (t) => {
  for (const flags of [[], ['--webhook-form', 'notifications']]) {
    const { received, url } = await start_application(t);
    const { control } = await start_sandbox(t, '--webhook-url', url, '--webhook-verifier-token', 'v-1', ...flags);
    await control('webhooks', { gather_ms: 500 });
    for (const each of [realm, other_realm]) await control('changes', { realm: each, entity: 'Customer', id: '2' });
    await until('the delivery', () => received.length > 0);
    assert.equal(received.length, 1);
    assert.ok(is_signed(received[0], 'v-1'));
    const body = JSON.parse(received[0].body);
    const realms = flags.length > 0 ? body.eventNotifications.map(({ realmId }) => realmId) : body.map(({ intuitaccountid }) => intuitaccountid);
    assert.deepEqual(realms.sort(), [other_realm, realm].sort());
    if (flags.length === 0) assert.equal(body[0].type, 'qbo.customer.updated.v1');
  }
});

test('what is not answered with 200 within three seconds comes again', async (t) => {
  const { received, url } = await start_application(t, (count) => (count > 4 ? 200 : [null, 500, 202, 200][count - 1]));
  const { control } = await start_sandbox(t, '--webhook-url', url);
  await control('webhooks', { retry_ms: 10, gather_ms: 10 });
  await control('changes', { realm, entity: 'Vendor', what: 'insert' });
  await until('four attempts', async () => (await control('webhooks')).attempts.length === 4);
  assert.equal(new Set(received.map(({ body }) => body)).size, 1);
  assert.ok(received[1].at - received[0].at > 2900);
  assert.deepEqual((await control('webhooks')).attempts.map(({ status }) => status), [0, 500, 202, 200]);
});
