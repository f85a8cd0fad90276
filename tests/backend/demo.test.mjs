// The demo over HTTP: what a host and a page do, without a page.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { page_sentence } from './support/page_problem.mjs';
import { HostClient, PageClient, root, start, temporary_folder, until } from './support/program.mjs';
import { summary_of } from './support/world.mjs';

/** Signs in at the sandbox, chooses a company and answers its question. */
async function at_the_sandbox(page, redirect, callback, { deny = false, company = '9130347712345678' } = {}) {
  let at = await page.browser.open(redirect, {}, callback);
  for (let i = 0; i < 4 && at.text; ++i) {
    const values = /name="company"/.test(at.text) ? { company } : {};
    const press = /value="deny"/.test(at.text) ? (deny ? 'deny' : 'allow') : null;
    at = await page.browser.submit(at, values, callback, press);
  }
  assert.ok(at.url.startsWith(callback), `came to ${at.url}`);
  return at.url;
}

async function start_demo(t) {
  const demo = await start(t, ['demo', '--port', '0', '--json', '--latency-ms', '0']);
  const page = new PageClient(demo.api);
  const link = await page.browser.fetch(demo.page);
  assert.equal(link.status, 303);
  assert.equal((await page.sign_in(link.headers.get('location'))).status, 200);
  return { demo, page, host: new HostClient(demo.api, demo.api_key), callback: `${demo.api}/callback` };
}

async function connect(page, callback, how) {
  const { body } = await page.command('connect');
  return page.callback(await at_the_sandbox(page, body.redirect, callback, how));
}

test('the whole way: disconnect, connect, import, apply, save', async (t) => {
  const { demo, page, host, callback } = await start_demo(t);
  const before = await page.page();
  assert.equal(before.state.connect.phase.type, 'legacy');
  assert.equal((await page.command('disconnect')).status, 200);
  await page.until_phase('unlinked');
  assert.equal((await connect(page, callback)).status, 200);
  await page.until_phase('linked');
  const done = await until('the import', async () => {
    const now = await page.page();
    return now.state.import.phase.type === 'done' ? now : null;
  }, 60);
  const counts = Object.fromEntries(done.state.import.phase.progress.map((each) => [each.entity, each.done]));
  assert.equal(counts.Customer, 1200);
  assert.equal(counts.Vendor, 300);
  assert.equal((await page.command('apply', { run: done.state.import.run })).status, 200);
  assert.equal((await page.command('apply', { run: done.state.import.run })).body.refusal, 'already_applied');

  const there = await summary_of(page);
  const customers = there.sections.find((each) => each.section === 'customers');
  assert.ok(customers.total > 100 && customers.suggested > 50);
  assert.equal(there.facts.fiscal_year_starts >= 1 && typeof there.facts.home_currency, 'string');
  const { body: { lines: [first] } } = await page.call('GET', '/api/configuration/customers?filter=suggested');
  const { record } = first.candidates[0];
  const drafted = await page.call('PATCH', '/api/configuration',
    { seen: there.revision, choices: [{ section: 'customers', ours: first.ours.id, theirs: record.id }] });
  assert.equal(drafted.status, 200);
  // Another tab, which has not seen the draft.
  const late = await page.call('POST', '/api/configuration/save', { seen: there.revision });
  assert.equal(late.body.refusal, 'changed_elsewhere');
  const [connection] = (await host.call('GET', `/v1/connections?tenant=${demo.tenant}`)).body.connections;
  assert.equal((await host.call('GET', `/v1/connections/${connection.id}/configuration`)).status, 404);
  await page.call('POST', '/api/configuration/save', { seen: there.revision + 1 });
  const saved = await until('the configuration', async () => {
    const answer = await host.call('GET', `/v1/connections/${connection.id}/configuration`);
    return answer.status === 200 ? answer.body : null;
  });
  assert.deepEqual(saved.configuration.customers, [{ ours: first.ours.id, theirs: record.id, name: record.name }]);
  assert.equal((await page.page()).state.save.phase.type, 'saved');

  // The OAuth 1.0a connection and its credential are gone, and the history says all of it.
  const { body: { events } } = await host.call('GET', `/v1/connections/${connection.id}/events`);
  const types = events.map((each) => each.event.type);
  for (const type of ['legacy_loaded', 'disconnect_pressed', 'disconnected', 'connect_pressed', 'callback_arrived',
    'grant_received', 'company_proved', 'page_imported', 'apply_pressed', 'edited', 'save_pressed', 'configuration_stored'])
    assert.ok(types.includes(type), `${type} is in the history`);
  // Offline, the stored history gives the same state.
  const folder = temporary_folder(t);
  const file = join(folder, 'history.jsonl');
  writeFileSync(file, events.map(({ at, event, seq }) => JSON.stringify({ seq, at, event })).join('\n') + '\n');
  const replayed = execFileSync(join(root, 'build/rekey'), ['replay', file, '--json']).toString().trim().split('\n');
  assert.deepEqual(JSON.parse(replayed.at(-1)).state, (await page.page()).state);
});

test('upgrade in place: the old connection works until the new one is proved', async (t) => {
  const { demo, page, host, callback } = await start_demo(t);
  const { body } = await page.command('connect');
  const usable = async () => (await host.call('GET', `/v1/connections?tenant=${demo.tenant}`)).body.connections[0].usable;
  assert.equal(await usable(), true);
  const back = await at_the_sandbox(page, body.redirect, callback, { deny: true });
  const denied = await page.callback(back);
  assert.equal(denied.body.notices.at(-1).detail, 'access_denied');
  assert.equal(denied.body.state.connect.phase.type, 'legacy');
  assert.equal(await usable(), true);
  await connect(page, callback);
  const linked = await page.until_phase('linked');
  assert.ok(linked.notices.some((each) => each.note === 'upgraded'));
  assert.equal(await usable(), true);
});

test('another company is asked about, and can be declined or confirmed', async (t) => {
  const { page, callback } = await start_demo(t);
  const other = '9130347798765432';
  await connect(page, callback, { company: other });
  const asked = await page.until_phase('confirming');
  assert.equal(asked.state.connect.phase.found.realm_id, other);
  const { version } = asked.state.connect.phase;
  assert.equal((await page.command('decline_company', { version })).body.state.connect.phase.type, 'legacy');
  await connect(page, callback, { company: other });
  const again = await page.until_phase('confirming');
  await page.command('confirm_company', { version: again.state.connect.phase.version });
  const linked = await page.until_phase('linked');
  assert.equal(linked.state.connect.phase.company.realm_id, other);
});

test('a callback is used once, by the session that began it, and only with its own state', async (t) => {
  const { demo, page, callback } = await start_demo(t);
  const { body } = await page.command('connect');
  const url = new URL(await at_the_sandbox(page, body.redirect, callback));
  const wrong = new URL(url);
  wrong.searchParams.set('state', 'somebody-elses');
  assert.equal((await page.callback(wrong.href)).body.refusal, 'foreign_state');
  const none = new URL(url);
  none.searchParams.delete('state');
  assert.equal((await page.callback(none.href)).body.refusal, 'malformed');
  // The same customer in another browser has another session.
  const elsewhere = new PageClient(demo.api);
  await elsewhere.sign_in((await elsewhere.browser.fetch(demo.page)).headers.get('location'));
  assert.equal((await elsewhere.callback(url.href)).body.refusal, 'foreign_state');
  assert.equal((await page.callback(url.href)).status, 200);
  assert.equal((await page.callback(url.href)).body.refusal, 'attempt_spent');
  await page.until_phase('linked');
});

test('nobody acts without a session, a key, or from another site', async (t) => {
  const { demo, page } = await start_demo(t);
  const stranger = await new PageClient(demo.api).call('GET', '/api/page');
  assert.deepEqual([stranger.status, stranger.body.code], [401, 'session_ended']);
  assert.equal((await new HostClient(demo.api, 'wrong').call('GET', '/v1/connections')).status, 401);
  const link = (await page.browser.fetch(demo.page)).headers.get('location');
  assert.equal((await page.sign_in(link)).status, 200);
  const again = await page.sign_in(link);
  assert.deepEqual([again.status, again.body.code], [401, 'link_spent'], 'a link works once');
  const forged = await page.call('POST', '/api/commands', { command: 'disconnect' }, { origin: 'https://evil.example' });
  assert.deepEqual([forged.status, forged.body.code], [403, 'forged_request']);
  const plain = await page.browser.fetch(`${demo.api}/api/commands`, { method: 'POST', body: '{"command":"disconnect"}' });
  assert.equal(plain.status, 403, 'a form of another site cannot set the header');
  assert.equal((await page.page()).state.connect.phase.type, 'legacy');
});

test('wrong input of every kind gets a problem document and changes nothing', async (t) => {
  const { demo, page, host } = await start_demo(t);
  const before = (await page.page()).seq;
  for (const [method, path, body] of [
    ['POST', '/api/commands', { command: 'explode' }], ['POST', '/api/commands', []],
    ['POST', '/api/configuration/save', { seen: 'x' }], ['PATCH', '/api/configuration', { seen: 0, choices: { accounts: 1 } }],
    ['POST', '/api/callback', { state: 5 }], ['POST', '/api/configuration/accept', null]]) {
    const answer = await page.call(method, path, body);
    assert.ok(answer.status >= 400 && answer.status < 500, `${path} ${JSON.stringify(body)}`);
    assert.match(answer.headers.get('content-type'), /problem\+json/);
    assert.ok(page_sentence(answer.body).length > 10);
  }
  const deep = await page.browser.fetch(`${demo.api}/api/commands`, {
    method: 'POST', body: '['.repeat(50_000), headers: { ...page.named(), 'content-type': 'application/json', 'x-rekey': '1' } });
  assert.equal(deep.status, 400);
  const long = await page.call('POST', '/api/commands', { command: 'x'.repeat(200_000) });
  assert.deepEqual([long.status, long.body.code], [413, 'too_large']);
  assert.equal((await host.call('PUT', '/v1/tenants/demo/directory', { customers: [{ id: 'a', name: 'x' }, { id: 'a', name: 'y' }] })).status, 400);
  assert.equal((await host.call('PUT', '/v1/tenants/nobody/directory', {})).status, 404);
  assert.equal((await host.call('GET', '/v1/connections/con_none')).status, 404);
  assert.equal((await host.call('DELETE', '/v1/connections')).status, 405);
  assert.equal((await page.page()).seq, before);
});

test('the stream of steps resumes after the last one that arrived', async (t) => {
  const { page } = await start_demo(t);
  const read_steps = async (headers, most) => {
    const stream = await page.stream(headers);
    const ids = [];
    while (ids.length < most) ids.push(await stream.next());
    stream.stop();
    return ids;
  };
  const { seq } = await page.page();
  await page.command('disconnect');
  await page.until_phase('unlinked');
  const all = await read_steps({ 'last-event-id': String(seq) }, 2);
  assert.deepEqual(all, [seq + 1, seq + 2]);
  assert.deepEqual(await read_steps({ 'last-event-id': String(seq + 1) }, 1), [seq + 2]);
});

/** Fails when the linter of OpenAPI documents finds a fault. */
function lint(file) {
  execFileSync(process.execPath, [join(root, 'tests/node_modules/@redocly/cli/bin/cli.js'), 'lint', file, '--extends', 'recommended'],
    { stdio: 'pipe', env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } });
}

test('the host API is described in a document that a linter accepts', async (t) => {
  const { demo } = await start_demo(t);
  const document = await (await fetch(`${demo.api}/v1/openapi.json`)).text();
  assert.equal(JSON.parse(document).openapi, '3.1.0');
  const file = join(temporary_folder(t), 'openapi.json');
  writeFileSync(file, document);
  lint(file);
});

test('the page surface is described in a document that a linter accepts', () => lint(join(root, 'native/server/page_api.json')));

test('every answer carries the headers that keep the page safe', async (t) => {
  const { demo } = await start_demo(t);
  for (const path of ['/', '/callback?code=x&state=y', '/api/page', '/v1/connections', '/nothing']) {
    const { headers } = await fetch(demo.api + path);
    assert.match(headers.get('content-security-policy'), /default-src 'none'; script-src 'self' 'wasm-unsafe-eval';.* frame-ancestors 'none'/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
  }
  const { headers } = await fetch(`${demo.api}/callback?code=x&state=y`);
  assert.equal(headers.get('cache-control'), 'no-store');
});
