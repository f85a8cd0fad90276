// A running sandbox, and a person who signs in and consents at it.
import assert from 'node:assert/strict';
import { Browser, start } from '../../backend/support/program.mjs';

export const client_id = 'app-1-of-tests';
export const client_secret = 'only/for+this=test';
export const redirect_uri = 'http://localhost:3999/quickbooks/callback';
export const realm = '9130347712345678';
export const other_realm = '4620816365000001';

/** Starts `rekey sandbox`; `control` posts to /sandbox/…, `requests` reads the ledger. */
export async function start_sandbox(t, ...flags) {
  const sandbox = await start(t, ['sandbox', '--port', '0', '--json', '--client-id', client_id,
    '--client-secret', client_secret, '--redirect-uri', redirect_uri, '--user', 'robin:pass word',
    '--company', `${realm}:Marlowe Lantern Supply:1200`, '--company', `${other_realm}:Fen & Sons:20`,
    ...flags]);
  const base = sandbox.sandbox;
  const control = async (path, body) => {
    const response = await fetch(`${base}/sandbox/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const answer = await response.json();
    assert.equal(response.status, 200, JSON.stringify(answer));
    return answer;
  };
  return { ...sandbox, base, control, requests: async () => (await control('requests')).requests };
}

/** Walks through sign-in, choice of company and consent; gives the address it was sent back to. */
export async function consent(url, { company = realm, decision = 'allow' } = {}) {
  const browser = new Browser();
  let page = await browser.open(url, {}, redirect_uri);
  page = await browser.submit(page, { username: 'robin', password: 'pass word' }, redirect_uri);
  if (page.text?.includes('name="company"'))
    page = await browser.submit(page, { company }, redirect_uri);
  page = await browser.submit(page, {}, redirect_uri, decision);
  assert.ok(page.url.startsWith(`${redirect_uri}?`), `came to ${page.url}`);
  return page.url;
}
