// The whole code flow against an authorization server that is certified and not ours: npm oidc-provider, with
// PKCE, `iss` in the callback, refresh tokens that rotate with every use, and access tokens that live so short
// that every read has to refresh.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Provider from 'oidc-provider';
import { accounting, backend_at, client_id, listen, place_for_backend, scopes } from './support/foreign.mjs';
import { until } from './support/program.mjs';

const client_secret = 'only: for/this+test';  // characters that client_secret_basic has to encode

/** The server, with a small accounting API behind its access tokens. */
async function start_provider(t, redirect_uri) {
  const seen = { grants: [], tokens: new Set() };
  const server = await listen(t);
  const issuer = server.base;
  const provider = new Provider(issuer, {
    clients: [{
      client_id, client_secret, redirect_uris: [redirect_uri], response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: 'client_secret_basic',
    }],
    scopes,
    features: { devInteractions: { enabled: true }, revocation: { enabled: true } },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async () => true,
    ttl: { AccessToken: 1, RefreshToken: 3600, Grant: 3600, Session: 3600, Interaction: 600, IdToken: 600 },
    findAccount: async (_ctx, sub) => ({ accountId: sub, claims: async () => ({ sub }) }),
    cookies: { keys: ['only for this test'] },
  });
  provider.on('grant.success', (ctx) => {
    seen.grants.push(ctx.oidc.params.grant_type);
    for (const name of ['access_token', 'refresh_token']) if (ctx.body[name]) seen.tokens.add(ctx.body[name]);
  });
  provider.on('grant.error', (ctx, error) => seen.grants.push(`error: ${error.error} ${error.error_detail ?? ''}`));

  server.answer = (request, response) => request.url.startsWith('/v3/company/')
    ? accounting(request, response, (token) => provider.AccessToken.find(token))
    : provider.callback()(request, response);
  return { issuer, seen };
}

/** Walks through the server's own sign-in and consent pages. */
async function consent(browser, url, redirect_uri) {
  let page = await browser.open(url, {}, redirect_uri);
  for (let i = 0; i < 3 && page.text; ++i)
    page = await browser.submit(page, { login: 'bookkeeper', password: 'x' }, redirect_uri);
  assert.ok(page.url.startsWith(redirect_uri), `came to ${page.url}`);
  return page.url;
}

test('a certified server: code, PKCE, iss, rotation, revocation', async (t) => {
  const place = await place_for_backend();
  const { redirect_uri } = place;
  const { issuer, seen } = await start_provider(t, redirect_uri);
  const { folder, serve, page } = await backend_at(t, place, {
    discovery: `${issuer}/.well-known/openid-configuration`, accounting_base: issuer }, client_secret);

  const connect = await page.command('connect');
  assert.equal(connect.status, 200);
  const sent = new URL(connect.body.redirect).searchParams;
  assert.equal(sent.get('code_challenge_method'), 'S256');
  const came_back = await consent(page.browser, `${connect.body.redirect}&prompt=consent`, redirect_uri);
  assert.equal(new URL(came_back).searchParams.get('iss'), issuer);

  // An answer of another issuer is not used, and ends the attempt; so is one without.
  const forged = new URL(came_back);
  forged.searchParams.set('iss', 'https://somebody.else.example');
  const refused = await page.callback(forged.href);
  assert.equal(refused.body.notices.at(-1).detail, 'wrong_issuer');
  const again = await page.command('connect');
  const good = await consent(page.browser, `${again.body.redirect}&prompt=consent`, redirect_uri);
  assert.equal((await page.callback(good)).status, 200);
  assert.equal((await page.callback(good)).body.refusal, 'attempt_spent');

  const linked = await page.until_phase('linked');
  assert.equal(linked.state.connect.phase.company.name, 'Foreign Books');
  await until('the import', async () => (await page.page()).state.import.phase.type === 'done', 60);
  // Each import finds an access token that is over, and renews it; each renewal brings another refresh token.
  for (let i = 0; i < 3; ++i) {
    await new Promise((resolve) => setTimeout(resolve, 1100));
    assert.equal((await page.command('import')).status, 200);
    await until('the import', async () => (await page.page()).state.import.phase.type === 'done', 60);
  }
  assert.ok(seen.grants.filter((each) => each === 'refresh_token').length >= 3, 'every import refreshed');
  assert.deepEqual(seen.grants.filter((each) => each.startsWith('error')), []);
  assert.equal(seen.grants.filter((each) => each === 'authorization_code').length, 1);

  // Nothing secret stands in the clear: not in the database, not in the log.
  assert.ok(seen.tokens.size >= 8);
  const secrets = [...seen.tokens, client_secret, new URL(good).searchParams.get('code'),
    new URL(good).searchParams.get('state')];
  for (const name of readdirSync(folder).filter((each) => each.startsWith('rekey.db'))) {
    const bytes = readFileSync(join(folder, name), 'latin1');
    for (const secret of secrets) assert.ok(!bytes.includes(secret), `a secret stands in ${name}`);
  }
  for (const secret of secrets) assert.ok(!serve.log().includes(secret), 'a secret stands in the log');

  assert.equal((await page.command('disconnect')).status, 200);
  await page.until_phase('unlinked');
  assert.deepEqual(await serve.stop().then(({ code }) => code), 0);
});
