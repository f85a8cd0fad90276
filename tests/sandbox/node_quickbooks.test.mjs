// The most used QuickBooks client of Node.js, npm node-quickbooks, with a grant and with a legacy connection. It
// is pointed here by the addresses that it keeps as properties of its class.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promisify } from 'node:util';
import QuickBooks from 'node-quickbooks';
import { client_id, client_secret, consent, realm, redirect_uri, start_sandbox } from './support/sandbox.mjs';

function point_at(base) {
  QuickBooks.V3_ENDPOINT_BASE_URL = `${base}/v3/company/`;
  QuickBooks.APP_CENTER_BASE = base;
  QuickBooks.setOauthVersion('1.0a');
  QuickBooks.TOKEN_URL = `${base}/oauth2/v1/tokens/bearer`;
  QuickBooks.REVOKE_URL = `${base}/v2/oauth2/tokens/revoke`;
  QuickBooks.USER_INFO_URL = `${base}/v1/openid_connect/userinfo`;
}

async function tokens_of(base) {
  const query = new URLSearchParams({ client_id, redirect_uri, response_type: 'code', state: 's',
    scope: 'com.intuit.quickbooks.accounting openid email' });
  const code = new URL(await consent(`${base}/connect/oauth2?${query}`)).searchParams.get('code');
  const answer = await fetch(`${base}/oauth2/v1/tokens/bearer`, { method: 'POST',
    body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri, client_id, client_secret }) });
  return answer.json();
}

/** Its methods as promises of the answer. */
const asking = (books) => new Proxy(books, {
  get: (target, name) => (...args) => new Promise((resolve, reject) => {
    target[name](...args, (error, body) => (error ? reject(error) : resolve(body)));
  }),
});

/** What both kinds of connection can read. */
async function read_everything(books) {
  const ask = asking(books);
  assert.equal((await ask.getCompanyInfo(realm)).CompanyName, 'Marlowe Lantern Supply');
  assert.ok((await ask.getPreferences()).CurrencyPrefs.HomeCurrency.value);

  const customers = (await ask.findCustomers({ fetchAll: true })).QueryResponse.Customer;
  const counted = (await ask.findCustomers({ count: true })).QueryResponse.totalCount;
  assert.equal(customers.length, counted);
  assert.ok(counted > 1000, 'it takes more than one page');
  assert.equal(new Set(customers.map(({ Id }) => Id)).size, counted);
  const one = customers[7];
  assert.equal((await ask.getCustomer(one.Id)).DisplayName, one.DisplayName);

  // Its two ways to write criteria, with characters that have to be encoded.
  const named = await ask.findCustomers([{ field: 'DisplayName', value: one.DisplayName.replaceAll("'", "\\'") }]);
  assert.deepEqual(named.QueryResponse.Customer.map(({ Id }) => Id), [one.Id]);
  const like = await ask.findVendors([{ field: 'DisplayName', value: '%a%', operator: 'LIKE' },
    { field: 'limit', value: 5 }, { field: 'desc', value: 'DisplayName' }]);
  const names = like.QueryResponse.Vendor.map(({ DisplayName }) => DisplayName);
  assert.equal(names.length, 5);
  assert.ok(names.every((name) => /a/i.test(name)), names.join());
  const some = await ask.findCustomers({ Id: [customers[0].Id, customers[1].Id] });
  assert.equal(some.QueryResponse.Customer.length, 2);
  for (const find of ['findAccounts', 'findTaxCodes', 'findTaxRates', 'findItems', 'findClasses', 'findDepartments',
    'findTerms', 'findPaymentMethods'])
    assert.ok((await ask[find]({ limit: 3 })).QueryResponse, find);
}

test('node-quickbooks: reads with a grant, refreshes and ends it', async (t) => {
  const { base, control } = await start_sandbox(t);
  point_at(base);
  const tokens = await tokens_of(base);
  const books = new QuickBooks(client_id, client_secret, tokens.access_token, false, realm, true, false, null, '2.0',
    tokens.refresh_token);
  await read_everything(books);
  assert.equal((await asking(books).getUserInfo()).email, 'robin@mail.example');

  await control('clock', { advance_s: 3600 });
  const expired = await asking(books).getPreferences().catch((error) => error);
  assert.equal(expired.response.status, 401);
  assert.equal(expired.response.data.fault.error[0].code, '3200');
  await promisify(books.refreshAccessToken.bind(books))();
  assert.notEqual(books.token, tokens.access_token);
  assert.ok(await asking(books).getPreferences());
  const bad = await asking(books).findCustomers([{ field: 'Colour', value: 'red' }]).catch((error) => error);
  assert.equal(bad.response.data.Fault.Error[0].code, '4001');

  await promisify(books.revokeAccess.bind(books))(true);
  books.realmId = realm;
  books.token = tokens.access_token;
  assert.equal((await asking(books).getPreferences().catch((error) => error)).response.status, 401);
});

test('node-quickbooks: reads with a legacy connection, renews it and ends it', async (t) => {
  const { base, control } = await start_sandbox(t);
  point_at(base);
  const books_of = ({ token, token_secret }, made) => new QuickBooks(made.consumer_key, made.consumer_secret, token,
    token_secret, realm, true, false, null, '1.0a');
  const young = await control('legacy', { realm, age_days: 10 });
  await read_everything(books_of(young, young));
  const too_early = await asking(books_of(young, young)).reconnect().catch((error) => error);
  assert.equal(too_early.ErrorCode, 212);

  const old = await control('legacy', { realm, age_days: 160 });
  const renewed = await asking(books_of(old, old)).reconnect();
  assert.equal(renewed.ErrorCode, 0);
  assert.equal((await asking(books_of(old, old)).reconnect().catch((error) => error)).ErrorCode, 270);
  const books = books_of({ token: renewed.OAuthToken, token_secret: renewed.OAuthTokenSecret }, old);
  assert.equal((await asking(books).getCompanyInfo(realm)).CompanyName, 'Marlowe Lantern Supply');
  await asking(books).disconnect();
  assert.equal((await asking(books).disconnect().catch((error) => error)).ErrorCode, 270);
  assert.equal((await asking(books).getPreferences().catch((error) => error)).response.status, 401);

  const forged = await asking(books_of({ ...young, token_secret: 'x' }, young)).getPreferences()
    .catch((error) => error);
  assert.equal(forged.response.status, 401);
});
