// Errors: every one is a problem document with the same members, one code for one meaning, and the status it says.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect as dial } from 'node:net';
import { test } from 'node:test';
import { page_sentence } from './support/page_problem.mjs';
import { HostClient, PageClient } from './support/program.mjs';
import { make_tenant, make_world } from './support/world.mjs';

const table = new Map([...readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
  .matchAll(/^\| `(\w+)` \| (\d+) \|/gm)].map(([, code, status]) => [code, Number(status)]));

/** Checks a problem document; gives its body. */
function check_problem(status, type, text, code) {
  assert.equal(type?.split(';')[0], 'application/problem+json', text);
  const body = JSON.parse(text);
  for (const member of ['type', 'title', 'detail', 'code']) assert.equal(typeof body[member], 'string', `${member} of ${text}`);
  assert.equal(body.status, status, text);
  assert.equal(table.get(body.code), status, `${body.code} is told to be ${table.get(body.code)}`);
  assert.ok(body.detail.length > 10);
  assert.ok('refusal' in body, text);
  assert.equal(body.code, code, text);
  return body;
}

/** What a server answers to bytes that no client library sends. */
function answer_to(base, bytes) {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = dial(Number(port), hostname, () => socket.write(bytes));
    let text = '';
    socket.setTimeout(20_000, () => socket.destroy(new Error(`no answer to ${bytes.slice(0, 40)}`)));
    socket.on('data', (data) => {
      text += data;
      const [head, body] = text.split('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
      if (body === undefined || Buffer.byteLength(body) < length) return;
      socket.destroy();
      resolve({ status: Number(head.split(' ')[1]), type: /content-type: ([^\r]+)/i.exec(head)?.[1], text: body });
    });
    socket.on('error', reject);
  });
}

test('every error of the API says its status and a code of its own', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  const narrow = world.command('api-key', 'add', 'narrow', '--scopes', 'tokens');
  const slow = world.command('api-key', 'add', 'slow', '--rate', '1', '--burst', '1');
  await world.serve();
  const { host, connection } = await make_tenant(world.base, key, 'acme');
  const problem = async (method, path, body, code, { headers = {}, as = key } = {}) => {
    const answer = await new HostClient(world.base, as).call(method, path, body, headers);
    return check_problem(answer.status, answer.headers.get('content-type'), answer.text, code);
  };
  const plain = async (path, code, init = {}) => {
    const answer = await fetch(world.base + path, init);
    return check_problem(answer.status, answer.headers.get('content-type'), await answer.text(), code);
  };
  await plain('/v1/connections', 'key_missing');
  await problem('GET', '/v1/connections', undefined, 'key_unknown', { as: 'rk_none' });
  await problem('GET', '/v1/connections', undefined, 'scope_missing', { as: narrow });
  await new HostClient(world.base, slow).call('GET', '/v1/connections');
  await problem('GET', '/v1/connections', undefined, 'exhausted', { as: slow });

  assert.match((await problem('GET', '/v1/connections?statsu=linked', undefined, 'unknown_parameter')).detail, /"statsu": did you mean "status"\?/);
  await problem('GET', `/v1/connections/${connection}?after=1`, undefined, 'unknown_parameter');
  assert.match((await problem('GET', '/v1/connections?status=linked&status=broken', undefined, 'bad_input')).detail, /"status" more than once/);
  await problem('GET', `/v1/connections/${connection}/token?min_validity=1`, undefined, 'unknown_parameter');
  await problem('GET', '/v1/connections?status=odd', undefined, 'bad_input');
  await problem('GET', '/v1/connections/con_none', undefined, 'not_found');
  await problem('GET', '/v1/none', undefined, 'no_such_address');
  await problem('GET', `/v1/connections/${connection}/configuration`, undefined, 'nothing_saved');
  await problem('DELETE', '/v1/connections', undefined, 'method_not_allowed');
  await problem('GET', `/v1/connections/${connection}/token`, undefined, 'no_grant');
  await problem('POST', `/v1/connections/${connection}/commands`, { command: 'disconnect' }, 'not_possible');

  await problem('PUT', '/v1/tenants/acme', '{', 'bad_input');
  await problem('PUT', '/v1/tenants/acme', '{"name":"x"}', 'unsupported_type', { headers: { 'content-type': 'text/plain' } });
  assert.match((await problem('PUT', '/v1/tenants/acme', '{"name":"x"}', 'unsupported_type',
    { headers: { 'content-type': 'application/json; charset=iso-8859-1' } })).detail, /UTF-8/);
  await problem('POST', '/v1/grants', { tenant: 'acme' }, 'unsupported_type');
  assert.match((await problem('PUT', '/v1/tenants/acme', { name: 'x', nmae: 'y' }, 'unknown_member')).detail, /"nmae": did you mean "name"\?/);
  const vendors = await problem('PUT', '/v1/tenants/acme/directory', { vendors: [{ id: '1', name: 'V' }] }, 'unknown_member');
  assert.match(vendors.detail, /"vendors": did you mean "suppliers"\?/);
  assert.match((await problem('PUT', '/v1/tenants/acme/directory', { customers: [{ id: '1', name: 'V', emial: '' }] }, 'unknown_member')).detail,
    /"customers\[0\]\.emial": did you mean "emails"\?/);
  await problem('POST', '/v1/page-sessions', { tenant: 'acme', userid: '1' }, 'unknown_member');
  await problem('POST', `/v1/connections/${connection}/commands`, { command: 'probe', force: true }, 'unknown_member');
  await problem('POST', `/v1/connections/${connection}/token`, { rejected: '1.1', token: 'x' }, 'unknown_member');
  await problem('POST', '/v1/webhooks', { url: 'https://hooks.example.com/', events: [] }, 'unknown_member');
  await problem('POST', '/v1/grants/export', { public_key: 'x', key: 'y' }, 'unknown_member');
  const line = await host.call('POST', '/v1/grants', JSON.stringify({ tenant: 'new', realm_id: '9', refresh_token: 'RT1-x', company: 'X' }),
    { 'content-type': 'application/x-ndjson' });
  assert.equal(JSON.parse(line.text).accepted, false);
  assert.match(JSON.parse(line.text).reason, /"company": did you mean "company_name"\?/);

  const once = { headers: { 'idempotency-key': 'one' } };
  await host.call('PUT', '/v1/tenants/a', { name: 'A' }, once.headers);
  await problem('PUT', '/v1/tenants/a', { name: 'B' }, 'idempotency_reused', once);
});

test('what the page sends may have members of another version', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test');
  await world.serve();
  const { page } = await make_tenant(world.base, key, 'acme');
  const begun = await page.command('connect', { from_next_year: { deep: true } });
  assert.equal(begun.status, 200);
  const stranger = new PageClient(world.base);
  const nobody = await stranger.call('GET', '/api/page');
  assert.equal(nobody.status, 401);
  assert.equal(nobody.body.code, 'session_ended');
});

test('what is no request for a handler is answered with a problem document too', async (t) => {
  const world = await make_world(t);
  await world.serve();
  const ask = async (bytes, status, code) => {
    const answer = await answer_to(world.base, bytes);
    assert.equal(answer.status, status, answer.text);
    check_problem(status, answer.type, answer.text, code);
  };
  const host = 'Host: 127.0.0.1\r\n';
  await ask('NONSENSE\r\n\r\n', 400, 'malformed_request');
  await ask('GET /v1/connections HTTP/1.1\r\n\r\n', 400, 'malformed_request');
  await ask(`GET / HTTP/1.1\r\n${host}X-Long: ${'a'.repeat(70_000)}\r\n\r\n`, 431, 'header_too_large');
  await ask(`POST /v1/grants HTTP/1.1\r\n${host}Content-Length: 999999999\r\n\r\n`, 413, 'too_large');
  await ask(`GET / HTTP/1.1\r\n${host}Expect: a miracle\r\n\r\n`, 417, 'expectation_failed');
  await ask(`POST / HTTP/1.1\r\n${host}Transfer-Encoding: gzip\r\n\r\n`, 501, 'coding_unknown');
  await ask(`GET /none/at/all HTTP/1.1\r\n${host}\r\n`, 404, 'no_such_address');
});

test('every error of the page is an id of its catalogue, in whatever part of the program it arises', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test');
  await world.serve();
  const { page } = await make_tenant(world.base, key, 'acme');
  const ask = async (method, path, code, { body, headers = {} } = {}) => {
    const answer = await page.call(method, path, body, headers); // which checks the document
    assert.deepEqual([answer.status, answer.body.code], [table.get(code), code], `${method} ${path}`);
    assert.equal(answer.headers.get('content-type'), 'application/problem+json');
    return page_sentence(answer.body);
  };
  await ask('GET', '/api/none', 'no_such_address');
  await ask('GET', '/api/', 'no_such_address');
  await ask('PUT', '/api/page', 'method_not_allowed', { body: {} });
  await ask('POST', '/api/commands', 'bad_input', { body: { command: 'explode' } });
  await ask('POST', '/api/commands', 'bad_input', { body: { command: 'a\u0000b' } });
  await ask('POST', '/api/commands', 'unsupported_type', { body: {}, headers: { 'content-type': 'text/plain' } });
  await ask('POST', '/api/commands', 'forged_request', { body: {}, headers: { origin: 'https://evil.example' } });
  await ask('POST', '/api/commands', 'too_large', { body: 'x'.repeat(70_000) });
  await ask('POST', '/api/commands', 'not_possible', { body: { command: 'cancel' } });
  await ask('POST', '/api/session', 'link_spent', { body: { token: 'none' } });
  await ask('POST', '/api/callback', 'callback_unusable', { body: { state: 'another', code: 'c', realmId: '1' } });
  const stranger = new PageClient(world.base);
  assert.match(page_sentence((await stranger.call('GET', '/api/page')).body), /^Go back to /);

  const host = 'Host: 127.0.0.1\r\n';
  for (const [bytes, code] of [
    [`GET /api/page HTTP/1.1\r\n${host}X-Long: ${'a'.repeat(70_000)}\r\n\r\n`, 'header_too_large'],
    [`POST /api/commands HTTP/1.1\r\n${host}Content-Length: 999999999\r\n\r\n`, 'too_large'],
    [`GET /api/page HTTP/1.1\r\n${host}Expect: a miracle\r\n\r\n`, 'expectation_failed'],
    [`POST /api/commands HTTP/1.1\r\n${host}Transfer-Encoding: gzip\r\n\r\n`, 'coding_unknown']]) {
    const answer = await answer_to(world.base, bytes);
    assert.deepEqual([answer.status, JSON.parse(answer.text).code], [table.get(code), code]);
    page_sentence(JSON.parse(answer.text));
  }
});
