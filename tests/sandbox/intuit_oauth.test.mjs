// Intuit's own client, npm intuit-oauth, from the authorization address to the end of the grant. It is pointed
// here by setAuthorizeURLs and by the two addresses that it keeps as properties of its class.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import OAuthClient from 'intuit-oauth';
import { client_id, client_secret, consent, other_realm, realm, redirect_uri, start_sandbox }
  from './support/sandbox.mjs';

const { Accounting, OpenId, Profile, Email } = OAuthClient.scopes;

function client_of(base, more = {}) {
  const client = new OAuthClient({
    clientId: client_id, clientSecret: client_secret, environment: 'sandbox', redirectUri: redirect_uri, ...more,
  });
  client.setAuthorizeURLs({
    authorizeEndpoint: `${base}/connect/oauth2`,
    tokenEndpoint: `${base}/oauth2/v1/tokens/bearer`,
    revokeEndpoint: `${base}/v2/oauth2/tokens/revoke`,
    userInfoEndpoint: `${base}/v1/openid_connect/userinfo`,
  });
  OAuthClient.jwks_uri = `${base}/op/v1/jwks`;
  OAuthClient.environment.sandbox = `${base}/`;
  OAuthClient.retryConfig.retryDelay = 1;
  return client;
}

async function connected(base, more = {}, scope = [Accounting, OpenId, Profile, Email]) {
  const client = client_of(base, more);
  const came_back = await consent(client.authorizeUri({ scope, state: 'state 1' }));
  const answer = await client.createToken(came_back);
  return { client, answer, came_back };
}

/** The error that a promise ends in. */
const error_of = (promise) => promise.then(() => assert.fail('it went well'), (error) => error);

test('intuit-oauth: connects, reads, refreshes, knows who signed in, and disconnects', async (t) => {
  const { base, control, requests } = await start_sandbox(t);
  const { client, answer, came_back } = await connected(base, { includeRefreshTokenHardExpiresIn: true });
  assert.equal(new URL(came_back).searchParams.get('state'), 'state 1');
  assert.equal(answer.status(), 200);
  assert.match(answer.getIntuitTid(), /^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
  assert.equal(client.getToken().realmId, realm);
  assert.equal(answer.json.expires_in, 3600);
  assert.equal(answer.json.x_refresh_token_expires_in, 101 * 86400);
  // Counted from the consent, a moment ago.
  const hard = answer.json.x_refresh_token_hard_expires_in;
  assert.ok(hard <= 5 * 365 * 86400 && hard > 5 * 365 * 86400 - 600, String(hard));

  assert.equal(await client.validateIdToken(), true);
  const person = (await client.getUserInfo()).json;
  assert.equal(person.email, 'robin@mail.example');
  assert.equal(person.emailVerified, true);
  assert.equal(person.givenName, 'Robin');

  const info = await client.makeApiCall({ url: `v3/company/${realm}/companyinfo/${realm}` });
  assert.equal(info.json.CompanyInfo.CompanyName, 'Marlowe Lantern Supply');
  const count = await client.makeApiCall({
    url: `/v3/company/${realm}/query`, params: { query: 'select count(*) from Customer where Active in (true, false)' },
  });
  assert.equal(count.json.QueryResponse.totalCount, 1200);
  const page = await client.makeApiCall({
    url: `${base}/v3/company/${realm}/query?minorversion=75`, method: 'POST',
    headers: { 'Content-Type': 'application/text' }, body: 'SELECT * FROM Customer STARTPOSITION 11 MAXRESULTS 5',
  });
  assert.equal(page.json.QueryResponse.Customer.length, 5);
  assert.equal(page.json.QueryResponse.startPosition, 11);
  const xml = await client.makeApiCall({
    url: `v3/company/${realm}/preferences`, headers: { Accept: 'application/xml' }, responseType: 'text',
  });
  assert.match(xml.body, /^<\?xml[^>]*\?>\s*<IntuitResponse /);

  // For a day the refresh token stays the same text, then it is another one.
  const first = client.getToken().refresh_token;
  const old_access = client.getToken().access_token;
  await client.refresh();
  assert.equal(client.getToken().refresh_token, first);
  assert.notEqual(client.getToken().access_token, old_access);
  await control('clock', { advance_s: 86400 });
  await client.refresh();
  const second = client.getToken().refresh_token;
  assert.notEqual(second, first);
  const late = await error_of(client_of(base).refreshUsingToken(first));
  assert.equal(late.error, 'invalid_grant');

  const access = client.getToken().access_token;
  const revoked = await client.revoke({ refresh_token: second });
  assert.equal(revoked.status(), 200);
  client.setToken({ access_token: access, refresh_token: second, x_refresh_token_expires_in: 1000 });
  const ended = await error_of(client.makeApiCall({ url: `v3/company/${realm}/companyinfo/${realm}` }));
  assert.equal(ended.code, '401');
  const again = await error_of(client.revoke({ refresh_token: second }));
  assert.match(again.intuit_tid, /^1-/);
  assert.equal(again.authResponse.response.status, 400);

  // What went over the wire in its own words is known to the ledger.
  const seen = await requests();
  assert.ok(seen.some((each) => each.user_agent.startsWith('Intuit-OAuthClient-JS_')));
});

test('intuit-oauth: every scope that it has a name for is asked for and given', async (t) => {
  const { base } = await start_sandbox(t, '--auto-consent');
  for (const scope of Object.values(OAuthClient.scopes)) {
    const url = client_of(base).authorizeUri({ scope: [Accounting, scope], state: 's' });
    const answer = await fetch(url, { redirect: 'manual' });
    const back = new URL(answer.headers.get('location'));
    assert.ok(back.searchParams.get('code'), `${scope}: ${back.searchParams.get('error')}`);
  }
});

test('intuit-oauth: what goes wrong reaches the application as it does from Intuit', async (t) => {
  const { base, control } = await start_sandbox(t);
  const denied = await consent(client_of(base).authorizeUri({ scope: Accounting, state: 'x' }), { decision: 'deny' });
  assert.equal(new URL(denied).search, '?error=access_denied&state=x');

  const wrong = await error_of(client_of(base, { clientSecret: 'no' }).createToken(`${redirect_uri}?code=c&state=s`));
  assert.equal(wrong.error, 'invalid_client');
  assert.match(wrong.intuit_tid, /^1-/);
  const no_code = await error_of(client_of(base).createToken(`${redirect_uri}?code=made-up&state=s&realmId=1`));
  assert.equal(no_code.error, 'invalid_grant');
  assert.ok(no_code.error_description);

  const { client, came_back } = await connected(base, {}, [Accounting]);
  const fault = await error_of(client.makeApiCall({
    url: `v3/company/${realm}/query`, params: { query: 'select * form Customer' } }));
  assert.equal(fault.code, '4000');
  assert.equal(fault.fault.type, 'ValidationFault');
  assert.match(fault.intuitTid ?? fault.intuit_tid, /^1-/);
  const missing = await error_of(client.makeApiCall({ url: `v3/company/${realm}/customer/999999` }));
  assert.equal(missing.code, '610');
  const mixed = await error_of(client.makeApiCall({ url: `v3/company/${other_realm}/preferences` }));
  assert.equal(mixed.code, '403');

  await control('faults', { route: 'api', status: 429 });
  const limited = await error_of(client.makeApiCall({ url: `v3/company/${realm}/preferences` }));
  assert.equal(limited.code, 'RATE_LIMIT_EXCEEDED');
  // Token requests are tried again by themselves; what was lost on the way is spent all the same.
  await control('faults', { route: 'token', status: 503, count: 2 });
  await client.refresh();
  const code = await consent(client.authorizeUri({ scope: Accounting, state: 'y' }), { company: other_realm });
  await control('faults', { route: 'token', status: 500, when: 'after' });
  const lost = await error_of(client_of(base).createToken(code));
  assert.equal(lost.error, 'invalid_grant');

  // A code presented twice ends what came of it.
  const twice = await error_of(client_of(base).createToken(came_back));
  assert.equal(twice.error, 'invalid_grant');
  assert.equal((await error_of(client.refresh())).error, 'invalid_grant');
});
