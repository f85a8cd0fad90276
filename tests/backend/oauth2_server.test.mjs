// Authorization servers with other habits than Intuit's, made of npm @node-oauth/oauth2-server: no lifetime of the refresh token
// is told, the errors have other words, a narrower scope is granted than was asked for, there is no revocation endpoint; and a
// renewal brings either no refresh token at all or each time another one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import OAuth2Server from '@node-oauth/oauth2-server';
import { accounting, backend_at, client_id, listen, place_for_backend, send_json } from './support/foreign.mjs';
import { until } from './support/program.mjs';

const { Request, Response } = OAuth2Server;
const client_secret = 'only-for-this-test';  // this server does not decode what client_secret_basic encodes
const granted = ['accounting'];
const token_life_s = 301;  // a renewal is due when less than five minutes are left

/** A server that keeps what it gave in memory. */
async function start_server(t, redirect_uri, { rotates }) {
  const client = { id: client_id, grants: ['authorization_code', 'refresh_token'], redirectUris: [redirect_uri] };
  const seen = { codes: new Map(), access: new Map(), refresh: new Map(), calls: [], failed: [] };
  const model = {
    getClient: async (id, secret) => (id === client_id && (secret === null || secret === client_secret) ? client : null),
    saveAuthorizationCode: async (code, _client, user) => {
      const kept = { ...code, client, user };
      seen.codes.set(code.authorizationCode, kept);
      return kept;
    },
    getAuthorizationCode: async (code) => seen.codes.get(code),
    revokeAuthorizationCode: async ({ authorizationCode }) => seen.codes.delete(authorizationCode),
    validateScope: async () => granted,
    saveToken: async (token, _client, user) => {
      const kept = { ...token, client, user };
      seen.access.set(token.accessToken, kept);
      if (token.refreshToken) seen.refresh.set(token.refreshToken, kept);
      return kept;
    },
    getAccessToken: async (token) => seen.access.get(token),
    getRefreshToken: async (token) => seen.refresh.get(token),
    revokeToken: async ({ refreshToken }) => seen.refresh.delete(refreshToken),
  };
  const oauth = new OAuth2Server({ model });
  const server = await listen(t);
  const body_of = async (request) => {
    let text = '';
    for await (const part of request) text += part;
    return Object.fromEntries(new URLSearchParams(text));
  };
  server.answer = async (request, response) => {
    if (request.url.startsWith('/v3/company/'))
      return accounting(request, response, (token) => seen.access.get(token)?.accessTokenExpiresAt > new Date());
    const url = new URL(request.url, server.base);
    const asked = new Request({ method: request.method, headers: request.headers, query: Object.fromEntries(url.searchParams),
      body: await body_of(request) });
    const answer = new Response({});
    try {
      if (url.pathname === '/authorize') {
        await oauth.authorize(asked, answer, { authenticateHandler: { handle: () => ({ id: 'bookkeeper' }) } });
      } else if (url.pathname === '/userinfo') {
        answer.status = 200;
        answer.body = { sub: (await oauth.authenticate(asked, answer)).user.id };
      } else {
        seen.calls.push(asked.body.grant_type);
        // The first exchange always brings a refresh token, as with servers that keep it.
        const first = asked.body.grant_type === 'authorization_code';
        await oauth.token(asked, answer, { accessTokenLifetime: token_life_s, alwaysIssueNewRefreshToken: first || rotates });
      }
    } catch (error) {
      seen.failed.push(error.name);
      answer.status ??= error.code;
      if (!answer.body || Object.keys(answer.body).length === 0) answer.body = { error: error.name, error_description: error.message };
    }
    if (answer.get('location')) {
      response.writeHead(302, { location: answer.get('location') });
      return response.end();
    }
    return send_json(response, answer.status, answer.body);
  };
  return { base: server.base, seen };
}

async function connected(t, habits) {
  const place = await place_for_backend();
  const server = await start_server(t, place.redirect_uri, habits);
  const backend = await backend_at(t, place, {
    accounting_base: server.base, issuer: server.base, authorization_endpoint: `${server.base}/authorize`,
    token_endpoint: `${server.base}/token`, userinfo_endpoint: `${server.base}/userinfo`, pkce: true,
  }, client_secret);
  const { page, host, connection } = backend;
  const { body } = await page.command('connect');
  const back = await page.browser.open(body.redirect, {}, place.redirect_uri);
  assert.equal((await page.callback(back.url)).status, 200);
  await page.until_phase('linked');
  await until('the import', async () => (await page.page()).state.import.phase.type === 'done', 60);
  const token = () => host.call('GET', `/v1/connections/${connection}/token`);
  /** Tells that the newest token was refused, so that another has to be made. */
  const renew = async () => host.call('POST', `/v1/connections/${connection}/token`, { rejected: (await token()).body.token_id });
  return { ...backend, server, token, renew };
}

for (const rotates of [false, true])
  test(`another server: ${rotates ? 'every renewal brings another refresh token' : 'a renewal brings no refresh token'}`, async (t) => {
    const { server, token, renew, page } = await connected(t, { rotates });
    const { seen } = server;
    const first = await token();
    assert.equal(first.status, 200);
    assert.deepEqual(first.body.scopes, granted, 'the scope that was granted, not the one asked for');

    // Renewed again and again, with whatever refresh token there is by now.
    const different = new Set([first.body.access_token]);
    for (let i = 0; i < 3; ++i) {
      const next = await renew();
      if (next.status === 429) break;
      assert.equal(next.status, 200);
      different.add(next.body.access_token);
    }
    assert.ok(different.size >= 2);
    assert.equal(seen.calls.filter((each) => each === 'refresh_token').length, different.size - 1);
    assert.equal(seen.refresh.size, 1, 'of those given, one still works');
    assert.deepEqual(seen.failed, []);

    // Ended at the server: its words are others than Intuit's, and mean the same.
    seen.refresh.clear();
    seen.access.clear();
    assert.equal((await page.command('import')).status, 200);
    const broken = await page.until_phase('broken');
    assert.ok(broken.state.connect.phase.reason);
    const none = await token();
    assert.equal(none.status, 409);
    assert.equal(none.body.action, 'ask_customer');
    // Where tokens rotate, the one before is tried too: the last answer might have been lost.
    assert.deepEqual(seen.failed, rotates ? ['invalid_grant', 'invalid_grant'] : ['invalid_grant']);
  });

test('another server: without a revocation endpoint, disconnecting works', async (t) => {
  const { page, token } = await connected(t, { rotates: true });
  assert.equal((await page.command('disconnect')).status, 200);
  await page.until_phase('unlinked');
  assert.equal((await token()).status, 409);
});
