// The host API as a developer meets it: a client made from the description, npm openapi-fetch.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import create_client from 'openapi-fetch';
import { check_answer, description } from '../support/description.mjs';
import { connect, make_tenant, make_world } from './support/world.mjs';

test('a client made from the description walks through the API', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  await world.serve();
  const { page } = await make_tenant(world.base, key, 'acme');
  await connect(world.base, page);

  const served = await (await fetch(`${world.base}/v1/openapi.json`)).json();
  assert.deepEqual(served, description);
  const client = create_client({ baseUrl: world.base, headers: { authorization: `Bearer ${key}` } });
  client.use({
    async onResponse({ request, response }) {
      const copy = response.clone();
      check_answer(request.method, request.url, copy.status, copy.headers.get('content-type'), await copy.text());
    },
  });
  const list = await client.GET('/v1/connections', { params: { query: { status: 'linked' } } });
  const [{ id }] = list.data.connections;
  const path = { connection: id };
  const token = await client.GET('/v1/connections/{connection}/token', { params: { path, query: { min_validity_s: 60 } } });
  assert.ok(token.data.access_token.length > 10);
  const probe = await client.POST('/v1/connections/{connection}/commands', {
    params: { path, header: { 'Idempotency-Key': 'once' } }, body: { command: 'probe' } });
  assert.equal(probe.data.works, true);
  const missing = await client.GET('/v1/connections/{connection}', { params: { path: { connection: 'con_none' } } });
  assert.equal(missing.error.code, 'not_found');
  const hook = await client.POST('/v1/webhooks', { body: { url: 'https://hooks.example.com/', types: ['connection.broken'] } });
  const secret = await client.GET('/v1/webhooks/{webhook}/secret', { params: { path: { webhook: hook.data.id } } });
  assert.match(secret.data.secret, /^whsec_/);
  const deleted = await client.DELETE('/v1/connections/{connection}', { params: { path } });
  const confirmed = await client.GET('/v1/deletions/{digest}', { params: { path: { digest: deleted.data.digest } } });
  assert.equal(confirmed.data.deleted_at, deleted.data.deleted_at);
});
