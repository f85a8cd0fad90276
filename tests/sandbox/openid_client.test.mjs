// A certified OpenID Connect client, npm openid-client, as strict as it comes.
//
// Intuit departs from the standard in ways that have to be said to such a client, here as there:
// - the issuer is a constant that is not the address of discovery, so discovery is given by its whole
//   address (a `/.well-known/` in it makes the client take the document's word for the issuer);
// - the document says nothing of PKCE, so the client is not told that it is supported, and sends it unasked;
// - this sandbox is http, which the client takes when allowInsecureRequests says so.
// The list that `aud` is needs no option: the standard allows it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as openid from 'openid-client';
import { client_id, client_secret, consent, realm, redirect_uri, start_sandbox } from './support/sandbox.mjs';

const scope = 'com.intuit.quickbooks.accounting openid profile email phone address';

async function discover(base, authentication = openid.ClientSecretPost(client_secret), slash = '') {
  return openid.discovery(new URL(`${base}/.well-known/openid_sandbox_configuration${slash}`), client_id,
    client_secret, authentication, { execute: [openid.allowInsecureRequests], algorithm: 'oidc' });
}

/** An authorization request as such a client makes it, and what must hold of its answer. */
async function request(config, more = {}) {
  const verifier = openid.randomPKCECodeVerifier();
  const state = openid.randomState();
  const nonce = openid.randomNonce();
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri, scope, state, nonce, code_challenge_method: 'S256',
    code_challenge: await openid.calculatePKCECodeChallenge(verifier), ...more,
  });
  return { url: url.href, checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce,
    idTokenExpected: true } };
}

async function connect(config) {
  const { url, checks } = await request(config);
  const back = new URL(await consent(url));
  return { back, checks, tokens: await openid.authorizationCodeGrant(config, back, checks) };
}

const error_of = (promise) => promise.then(() => assert.fail('it went well'), (error) => error);

for (const [name, authentication] of [['in the form', openid.ClientSecretPost(client_secret)],
  ['in the header, encoded as the standard has it', openid.ClientSecretBasic(client_secret)]]) {
  test(`openid-client: the whole life of a grant, with the secret ${name}`, async (t) => {
    const { base, control } = await start_sandbox(t);
    const config = await discover(base, authentication);
    assert.equal(config.serverMetadata().issuer, 'https://oauth.platform.intuit.com/op/v1');
    const { back, tokens } = await connect(config);
    assert.equal(back.searchParams.get('realmId'), realm);
    assert.equal(tokens.expires_in, 3600);
    const claims = tokens.claims();
    assert.deepEqual(claims.aud, [client_id]);
    assert.equal(claims.realmid, realm);

    const person = await openid.fetchUserInfo(config, tokens.access_token, claims.sub);
    assert.equal(person.phoneNumber, '+1 555 0100');
    const info = await openid.fetchProtectedResource(config, tokens.access_token,
      new URL(`${base}/v3/company/${realm}/companyinfo/${realm}`), 'GET', null,
      new Headers({ accept: 'application/json' }));
    assert.equal((await info.json()).CompanyInfo.CompanyName, 'Marlowe Lantern Supply');

    // A day later the refresh token is another one, and its id token still says the same person.
    await control('clock', { advance_s: 86400 });
    const stale = await error_of(openid.fetchUserInfo(config, tokens.access_token, claims.sub));
    assert.equal(stale.code, 'OAUTH_WWW_AUTHENTICATE_CHALLENGE');
    assert.equal(stale.cause[0].parameters.error, 'invalid_token');
    const { refresh_token } = await openid.refreshTokenGrant(config, tokens.refresh_token);
    assert.notEqual(refresh_token, tokens.refresh_token);

    await openid.tokenRevocation(config, refresh_token);
    const dead = await error_of(openid.refreshTokenGrant(config, refresh_token));
    assert.equal(dead.error, 'invalid_grant');
    assert.equal(dead.status, 400);
  });
}

test('openid-client: both discovery documents, with and without a final slash', async (t) => {
  const { base } = await start_sandbox(t);
  for (const name of ['openid_configuration', 'openid_sandbox_configuration'])
    for (const slash of ['', '/']) {
      const config = await openid.discovery(new URL(`${base}/.well-known/${name}${slash}`), client_id, client_secret,
        undefined, { execute: [openid.allowInsecureRequests] });
      assert.equal(config.serverMetadata().token_endpoint, `${base}/oauth2/v1/tokens/bearer`);
    }
});

test('openid-client: refusal, another verifier, a spent code and a wrong secret are told apart', async (t) => {
  const { base } = await start_sandbox(t);
  const config = await discover(base);
  const asked = await request(config);
  const refused = new URL(await consent(asked.url, { decision: 'deny' }));
  const refusal = await error_of(openid.authorizationCodeGrant(config, refused, asked.checks));
  assert.equal(refusal.error, 'access_denied');

  const other = await request(config);
  const back = new URL(await consent(other.url));
  const unproved = await error_of(openid.authorizationCodeGrant(config, back,
    { ...other.checks, pkceCodeVerifier: openid.randomPKCECodeVerifier() }));
  assert.equal(unproved.error, 'invalid_grant');
  const foreign = await error_of(openid.authorizationCodeGrant(config, back,
    { ...other.checks, expectedState: openid.randomState() }));
  assert.equal(foreign.code, 'OAUTH_INVALID_RESPONSE');

  const { back: spent, checks } = await connect(config);
  assert.equal((await error_of(openid.authorizationCodeGrant(config, spent, checks))).error, 'invalid_grant');
  const stranger = await discover(base, openid.ClientSecretBasic('not the secret'));
  assert.equal((await error_of(openid.refreshTokenGrant(stranger, 'x'))).error, 'invalid_client');
});
