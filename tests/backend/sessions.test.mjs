// Sessions of the page: several tenants side by side in one browser, links that ask first, and every way a session ends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { page_sentence } from './support/page_problem.mjs';
import { Browser, HostClient, PageClient, until } from './support/program.mjs';
import { connect, make_world } from './support/world.mjs';

/** A backend with these tenants; `open()` opens a tab of a browser on one of them, as following a link does. */
async function start_world(t, { tenants = ['larch', 'maple'], flags = [], sandbox_flags = [] } = {}) {
  const world = await make_world(t, { serve_flags: flags, sandbox_flags });
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  const serve = await world.serve();
  const host = new HostClient(world.base, key);
  const ids = {};
  for (const tenant of tenants)
    ids[tenant] = (await host.call('PUT', `/v1/tenants/${tenant}`, { name: `Firm ${tenant}` })).body.connection;
  const link = async (tenant, more = {}, by = host) => {
    const made = await by.call('POST', '/v1/page-sessions', { tenant, ...more });
    assert.equal(made.status, 201, made.text);
    return made.body.url;
  };
  const open = async (tenant, browser = new Browser(), more = {}) => {
    const tab = new PageClient(world.base, browser);
    const answer = await tab.sign_in(await link(tenant, more), { confirmed: true });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.equal(tab.connection, ids[tenant]);
    return tab;
  };
  const status = async (tenant) => (await host.call('GET', `/v1/connections/${ids[tenant]}`)).body.status;
  return { ...world, serve, key, host, ids, link, open, status };
}

const names = (browser) => [...browser.cookies.values()].flatMap((jar) => [...jar.keys()]).sort();
const copy = (browser) => {
  const other = new Browser();
  for (const [host, jar] of browser.cookies) other.cookies.set(host, new Map(jar));
  return other;
};
/** A tab as it was, on the cookies that its browser has now. */
const again = (tab) => Object.assign(new PageClient(tab.base, copy(tab.browser)), { connection: tab.connection });
const ends = (stream, seconds = 12) => Promise.race([stream.ended(), new Promise((resolve) => { setTimeout(() => resolve(false), seconds * 1000).unref(); })]);

test('two tenants are open side by side in one browser, and each tab acts for its own', async (t) => {
  const w = await start_world(t);
  const browser = new Browser();
  const larch = await w.open('larch', browser);
  const maple = await w.open('maple', browser);
  assert.deepEqual(names(browser), [w.ids.larch, w.ids.maple].map((id) => `rekey_${id}`).sort());
  assert.equal((await larch.page()).tenant, 'Firm larch');
  assert.equal((await maple.page()).tenant, 'Firm maple');
  assert.equal((await larch.page()).connection, w.ids.larch);

  // A consent under way in one survives whatever happens in the other.
  const { body } = await larch.command('connect');
  const back = await browser.open(body.redirect, {}, `${w.base}/callback`);
  await w.open('maple', browser);
  assert.equal((await maple.call('DELETE', '/api/session')).status, 200);
  assert.equal((await larch.callback(back.url)).status, 200);
  await larch.until_phase('linked');
  assert.equal(await w.status('maple'), 'unlinked');
  const open = (await larch.call('GET', '/api/sessions')).body;
  assert.deepEqual(open.sessions, [{ connection: w.ids.larch, firm: 'Firm larch', user: '' }]);
});

test('a request for another connection than its session is of changes nothing, and says so', async (t) => {
  const w = await start_world(t, { tenants: ['larch', 'maple', 'elm'], flags: ['--host-url', 'https://app.example.com/'] });
  const browser = new Browser();
  const larch = await w.open('larch', browser);
  await w.open('maple', browser);
  const secret = (id) => [...browser.cookies.values()][0].get(`rekey_${id}`);
  const raw = (method, path, cookie, connection, body = { command: 'connect' }) => fetch(w.base + path, {
    method, body: method === 'GET' ? undefined : JSON.stringify(body),
    headers: { cookie, 'content-type': 'application/json', 'x-rekey': '1', ...(connection ? { 'x-rekey-connection': connection } : {}) },
  });
  const both = `rekey_${w.ids.larch}=${secret(w.ids.larch)}; rekey_${w.ids.maple}=${secret(w.ids.maple)}`;
  const one = `rekey_${w.ids.larch}=${secret(w.ids.larch)}`;
  const swapped = `rekey_${w.ids.maple}=${secret(w.ids.larch)}`;
  for (const [cookie, connection] of [[both, w.ids.elm], [both, undefined], [one, undefined], [one, w.ids.maple], [swapped, w.ids.maple]])
    for (const [method, path] of [['POST', '/api/commands'], ['POST', '/api/callback'], ['POST', '/api/configuration/save'], ['PATCH', '/api/configuration'], ['DELETE', '/api/session']]) {
      const answer = await raw(method, path, cookie, connection);
      const body = await answer.json();
      assert.equal(answer.status, 409, `${method} ${path} for ${connection}`);
      assert.equal(body.code, 'other_page');
      assert.equal(body.status, 409);
      assert.match(page_sentence(body), /another firm|several firms/);
      assert.equal(body.return_url, 'https://app.example.com/');
    }
  for (const path of ['/api/page', '/api/events', '/api/configuration/summary']) {
    assert.equal((await raw('GET', path, both, undefined)).status, 409, path);
    assert.equal((await raw('GET', path, both, w.ids.elm)).status, 409, path);
    assert.equal((await raw('GET', path, 'x=y', w.ids.elm)).status, 401, path);
  }
  // A fresh tab, which knows nothing yet, is given the only one there is.
  assert.equal((await (await raw('GET', '/api/page', one)).json()).connection, w.ids.larch);
  for (const tenant of ['larch', 'maple', 'elm'])
    assert.equal((await w.host.call('GET', `/v1/connections/${w.ids[tenant]}`)).body.seq, 0, tenant);
  assert.equal((await larch.command('connect')).status, 200);
});

test('a link for another tenant asks first, and nothing has happened before the answer', async (t) => {
  const w = await start_world(t);
  const browser = new Browser();
  const larch = await w.open('larch', browser, { user: { id: 'u-1', name: 'Ida Brook' } });
  const link = await w.link('maple', { user: { id: 'u-2', name: 'Ole Marsh' } });
  const tab = new PageClient(w.base, browser);
  for (let i = 0; i < 2; ++i) {
    const asked = await tab.sign_in(link);
    assert.equal(asked.status, 409);
    assert.equal(asked.body.code, 'confirm_link');
    assert.equal(asked.body.firm, 'Firm maple');
    assert.equal(asked.body.user, 'Ole Marsh');
    assert.deepEqual(asked.body.open, [{ connection: w.ids.larch, firm: 'Firm larch', user: 'Ida Brook' }]);
    assert.equal(asked.headers.get('set-cookie'), null);
  }
  assert.equal((await tab.sign_in(link, { confirmed: true })).status, 200);
  assert.deepEqual((await tab.page()).user, { id: 'u-2', name: 'Ole Marsh' });
  assert.equal((await larch.page()).tenant, 'Firm larch');
  const used = await new PageClient(w.base).sign_in(link);
  assert.equal(used.status, 401);
  assert.equal(used.body.host, 'your application');

  // The same tenant again needs no question, also where others are open: its session is replaced.
  const first = again(tab);
  assert.equal((await tab.sign_in(await w.link('maple', { user: { id: 'u-3', name: 'Tilde Lund' } }))).status, 200);
  assert.equal((await tab.page()).user.name, 'Tilde Lund');
  assert.equal((await first.call('GET', '/api/page')).status, 401, 'the old one is over');
  assert.equal((await larch.page()).tenant, 'Firm larch');
  const before = again(tab);
  const own = await w.open('maple');
  const old = again(own);
  assert.equal((await own.sign_in(await w.link('maple'))).status, 200);
  assert.equal((await own.call('GET', '/api/page')).status, 200);
  assert.equal((await old.call('GET', '/api/page')).status, 401, 'the old one is over');
  assert.equal((await before.call('GET', '/api/page')).status, 200, "another browser's goes on");
});

test('a callback belongs to the browser that began the attempt, also after it signed in anew', async (t) => {
  const w = await start_world(t);
  const larch = await w.open('larch');
  const { body } = await larch.command('connect');
  const back = await larch.browser.open(body.redirect, {}, `${w.base}/callback`);
  const stranger = await w.open('larch');
  assert.equal((await stranger.callback(back.url)).body.refusal, 'foreign_state');
  const other = await w.open('maple', larch.browser);
  assert.equal((await other.callback(back.url)).body.refusal, 'foreign_state');
  assert.equal((await larch.sign_in(await w.link('larch'), { confirmed: true })).status, 200);
  assert.equal((await larch.callback(back.url)).status, 200);
  await larch.until_phase('linked');
});

test('signing out ends the session, its stream and its cookie', async (t) => {
  const w = await start_world(t);
  const larch = await w.open('larch');
  const kept = again(larch);
  const stream = await larch.stream();
  assert.equal(stream.headers.get('x-accel-buffering'), 'no');
  assert.equal((await larch.call('DELETE', '/api/session')).status, 200);
  assert.deepEqual(names(larch.browser), []);
  assert.equal((await kept.call('GET', '/api/page')).status, 401);
  assert.equal((await kept.command('connect')).status, 401);
  assert.ok(await ends(stream));
});

test('the host sees who is signed in, and ends one session or all of a tenant', async (t) => {
  const w = await start_world(t, { flags: ['--return-hosts', 'app.example.com'] });
  const browser = new Browser();
  const one = await w.open('larch', browser, { user: { id: 'u-1', name: 'Ida Brook' }, return_url: 'https://app.example.com/books?tab=2' });
  const two = await w.open('larch');
  const maple = await w.open('maple', browser);
  assert.equal((await one.page()).return_url, 'https://app.example.com/books?tab=2');
  assert.equal((await two.page()).return_url, '');
  const all = (await w.host.call('GET', '/v1/page-sessions')).body;
  assert.equal(all.page_sessions.length, 3);
  assert.equal(all.next, null);
  const secrets = [...browser.cookies.values()].flatMap((jar) => [...jar.values()]);
  for (const secret of secrets) assert.ok(!JSON.stringify(all).includes(secret));
  const ida = all.page_sessions.find((each) => each.user.id === 'u-1');
  assert.equal(ida.tenant, 'larch');
  assert.equal(ida.user.name, 'Ida Brook');
  assert.match(ida.key, /^key_/);
  assert.ok(ida.created_at <= ida.seen_at && ida.seen_at < ida.expires_at);

  const stream = await one.stream();
  assert.equal((await w.host.call('DELETE', `/v1/page-sessions/${ida.id}`)).body.ended, 1);
  assert.equal((await one.call('GET', '/api/page')).status, 401);
  assert.ok(await ends(stream));
  assert.equal((await w.host.call('DELETE', `/v1/page-sessions/${ida.id}`)).status, 404);
  assert.equal((await two.call('GET', '/api/page')).status, 200);

  const unused = await w.link('larch');
  assert.equal((await w.host.call('DELETE', '/v1/page-sessions')).status, 400);
  assert.equal((await w.host.call('DELETE', '/v1/page-sessions?tenant=nobody')).status, 404);
  assert.equal((await w.host.call('DELETE', '/v1/page-sessions?tenant=larch')).body.ended, 1);
  assert.equal((await two.call('GET', '/api/page')).status, 401);
  assert.equal((await new PageClient(w.base).sign_in(unused)).status, 401, 'links from before are over too');
  assert.equal((await maple.call('GET', '/api/page')).status, 200);
  assert.deepEqual((await w.host.call('GET', '/v1/page-sessions?tenant=larch')).body.page_sessions, []);
});

test('a page session is for a user and leads back where the operator allows', async (t) => {
  const w = await start_world(t, { flags: ['--return-hosts', 'App.Example.com 127.0.0.1 books.example.com:8443'] });
  const mint = (more) => w.host.call('POST', '/v1/page-sessions', { tenant: 'larch', ...more });
  for (const url of ['https://app.example.com', 'https://app.example.com:444/x?y#z', 'http://127.0.0.1:3000/', 'https://books.example.com:8443/'])
    assert.equal((await mint({ return_url: url })).status, 201, url);
  for (const url of ['http://app.example.com/', 'https://evil.example/', 'https://app.example.com.evil.example/', 'https://app.example.com@evil.example/',
    'javascript:alert(1)', '//app.example.com', 'https:/app.example.com', 'https://evil.example\\.app.example.com/', 'https://app.example.com /', 'https://books.example.com/', 'app.example.com',
    'http://127.0.0.1.evil.example/', `https://app.example.com/${'x'.repeat(3000)}`]) {
    const answer = await mint({ return_url: url });
    assert.equal(answer.status, 400, url);
    assert.match(answer.body.detail, /return_url/);
  }
  for (const user of [{ id: '' }, { id: 'x'.repeat(200) }, { id: 'u', name: 'x'.repeat(400) }, { id: 'u', name: 'a\nb' }, { name: 'only' }])
    assert.equal((await mint({ user })).status, 400, JSON.stringify(user).slice(0, 40));
  assert.equal((await mint({ user: { id: 'u-1' } })).status, 201);
  assert.equal((await w.host.call('POST', '/v1/page-sessions', { tenant: 'nobody' })).status, 404);
});

test('sessions end with the key that minted them, also when another process revokes it', async (t) => {
  const w = await start_world(t);
  const other = new HostClient(w.base, w.command('api-key', 'add', 'other'));
  const larch = await w.open('larch');
  const tab = new PageClient(w.base);
  assert.equal((await tab.sign_in(await w.link('larch', {}, other))).status, 200);
  const unused = await w.link('larch', {}, other);
  const stream = await tab.stream();
  const { key } = (await w.host.call('GET', '/v1/page-sessions')).body.page_sessions.find((each) => each.connection === w.ids.larch
    && w.command('api-key', 'list').split('\n').some((line) => line.includes(each.key) && line.includes('other')));
  w.command('api-key', 'revoke', key);
  assert.equal((await tab.call('GET', '/api/page')).status, 401);
  assert.equal((await new PageClient(w.base).sign_in(unused)).status, 401);
  assert.ok(await ends(stream));
  assert.equal((await larch.call('GET', '/api/page')).status, 200);
});

test('a session goes with its connection, and nothing of the page brings that back', async (t) => {
  const w = await start_world(t);
  const browser = new Browser();
  const larch = await w.open('larch', browser);
  await w.open('maple', browser);
  const unused = await w.link('larch');
  const stream = await larch.stream();
  assert.equal((await w.host.call('DELETE', `/v1/connections/${w.ids.larch}`)).status, 200);
  assert.ok(await ends(stream));
  const tries = [['GET', '/api/page'], ['GET', '/api/events'], ['GET', '/api/configuration/summary'], ['POST', '/api/commands', { command: 'connect' }],
    ['POST', '/api/callback', { state: 'x', code: 'y' }], ['DELETE', '/api/session']];
  for (const [method, path, body] of tries) assert.equal((await larch.call(method, path, body)).status, 401, path);
  assert.equal((await new PageClient(w.base).sign_in(unused)).status, 401);
  assert.deepEqual((await w.host.call('GET', '/v1/connections')).body.connections.map((each) => each.id), [w.ids.maple]);
  // The dead cookie is taken away at the next sign-in.
  assert.equal(names(browser).length, 2);
  await w.open('maple', browser);
  assert.deepEqual(names(browser), [`rekey_${w.ids.maple}`]);
});

test('a session ends after resting for long, and streams do not keep it', async (t) => {
  const w = await start_world(t, { flags: ['--session-idle', '4s'] });
  const resting = await w.open('larch');
  const busy = await w.open('larch');
  const stream = await resting.stream();
  const kept = setInterval(() => { busy.call('GET', '/api/page').catch(() => {}); }, 700);
  t.after(() => clearInterval(kept));
  assert.ok(await ends(stream, 20));
  assert.equal((await resting.call('GET', '/api/page')).status, 401);
  assert.equal((await busy.call('GET', '/api/page')).status, 200);
});

test('a session ends at its time at the latest', async (t) => {
  const w = await start_world(t, { flags: ['--session-life', '5s'] });
  const tab = await w.open('larch');
  const stream = await tab.stream();
  assert.equal((await tab.call('GET', '/api/page')).status, 200);
  assert.ok(await ends(stream, 20));
  assert.equal((await tab.call('GET', '/api/page')).status, 401);
  assert.deepEqual((await w.host.call('GET', '/v1/page-sessions')).body.page_sessions, []);
});

test('what happens carries its actor', async (t) => {
  const w = await start_world(t);
  const larch = await w.open('larch', new Browser(), { user: { id: 'u-1', name: 'Ida Brook' } });
  await connect(w.base, larch);
  await w.host.call('POST', `/v1/connections/${w.ids.larch}/commands`, { command: 'disconnect' });
  const { events } = (await w.host.call('GET', `/v1/connections/${w.ids.larch}/events`)).body;
  const actor = (type) => events.find((each) => each.event.type === type).actor;
  assert.deepEqual(actor('connect_pressed'), { type: 'user', id: 'u-1', name: 'Ida Brook' });
  assert.deepEqual(actor('callback_arrived'), { type: 'user', id: 'u-1', name: 'Ida Brook' });
  assert.equal(actor('grant_received').type, 'provider');
  assert.equal(actor('disconnect_pressed').type, 'key');
});

test('what a session may do in a minute is bounded, and so are its streams', async (t) => {
  const w = await start_world(t);
  const larch = await w.open('larch');
  const stranger = await w.open('larch');
  const answers = await Promise.all(Array.from({ length: 150 }, () => larch.command('cancel')));
  const refused = answers.filter((each) => each.status === 429);
  assert.ok(refused.length >= 10 && refused.length <= 90, `${refused.length} of 150`);
  for (const each of refused) {
    assert.ok(Number(each.headers.get('retry-after')) >= 1);
    assert.match(page_sentence(each.body), /wait \d+ s/);
  }
  assert.equal((await larch.call('GET', '/api/page')).status, 200, 'reading goes on');
  assert.equal((await stranger.command('cancel')).status, 409, 'another session is not held up');
  assert.match(w.serve.log(), /page_session\.too_much/);

  const streams = [];
  t.after(() => streams.forEach((each) => each.stop()));
  await assert.rejects(async () => {
    for (let i = 0; i < 70; ++i) streams.push(await larch.stream());
  }, /429/);
  assert.ok(streams.length >= 8 && streams.length <= 64, `${streams.length}`);
  streams.push(await stranger.stream());
});

test('a tenant has so many sessions, and the one that rested longest makes room', async (t) => {
  const w = await start_world(t, { flags: ['--page-sessions-per-tenant', '3'] });
  const tabs = [];
  for (let i = 0; i < 3; ++i) tabs.push(await w.open('larch'));
  const maple = await w.open('maple');
  tabs.push(await w.open('larch'));
  const alive = await Promise.all(tabs.map(async (tab) => (await tab.call('GET', '/api/page')).status));
  assert.deepEqual(alive, [401, 200, 200, 200]);
  assert.equal((await maple.call('GET', '/api/page')).status, 200);
});

test('requests of other sites are refused, whatever they bring along', async (t) => {
  const w = await start_world(t);
  const larch = await w.open('larch');
  for (const headers of [{ origin: 'https://evil.example' }, { 'x-rekey': '0' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }])
    for (const [method, path, body] of [['POST', '/api/commands', { command: 'connect' }], ['DELETE', '/api/session', undefined],
      ['POST', '/api/session', { token: 'x', confirmed: true }]]) {
      const answer = await larch.call(method, path, body, headers);
      assert.deepEqual([answer.status, answer.body.code], [403, 'forged_request'], `${path} ${JSON.stringify(headers)}`);
    }
  assert.equal((await larch.call('GET', '/api/page')).status, 200);
  assert.equal(await w.status('larch'), 'unlinked');
});

test('an ended session and a stale link lead back to where they came from, and never to where another client came from', async (t) => {
  const w = await start_world(t, { tenants: ['larch', 'maple', 'elm'], flags: ['--return-hosts', 'app.example.com'] });
  const at = (tenant) => ({ return_url: `https://app.example.com/clients/${tenant}` });
  const browser = new Browser();
  const larch = await w.open('larch', browser, at('larch'));
  const { page_sessions } = (await w.host.call('GET', '/v1/page-sessions?tenant=larch')).body;
  const stale = await w.link('larch', at('larch'));
  assert.equal((await w.host.call('DELETE', `/v1/page-sessions/${page_sessions[0].id}`)).status, 200);
  // A tab that was loaded anew, with and without knowing which client's it is.
  for (const tab of [again(larch), Object.assign(again(larch), { connection: null })]) {
    const over = await tab.call('GET', '/api/page');
    assert.deepEqual([over.status, over.body.code, over.body.return_url], [401, 'session_ended', at('larch').return_url]);
  }
  assert.equal((await w.host.call('DELETE', '/v1/page-sessions?tenant=larch')).status, 200);
  const spent = await new PageClient(w.base).sign_in(stale);
  assert.deepEqual([spent.status, spent.body.code, spent.body.return_url], [401, 'link_spent', at('larch').return_url]);
  const { entries } = (await w.host.call('GET', '/v1/audit?tenant=larch')).body;
  assert.ok(entries.some((each) => each.event === 'signed_out' && each.detail.session === page_sessions[0].id), 'the audit of the tenant says who was signed out');

  // Another client's page opens in this browser: the ended one keeps its own way back.
  const maple = await w.open('maple', browser, at('maple'));
  assert.equal((await larch.call('GET', '/api/page')).body.return_url, at('larch').return_url);
  const elm = Object.assign(again(maple), { connection: w.ids.elm });
  const mixed = await elm.call('POST', '/api/commands', { command: 'connect' });
  assert.deepEqual([mixed.status, mixed.body.code, mixed.body.return_url], [409, 'other_page', undefined]);
});

test('old cookies of one session for everything are taken away', async (t) => {
  const w = await start_world(t);
  const browser = new Browser();
  browser.cookies.set(new URL(w.base).host, new Map([['rekey_session', 'old']]));
  await w.open('larch', browser);
  await until('the cookie to be gone', () => !names(browser).includes('rekey_session'));
});
