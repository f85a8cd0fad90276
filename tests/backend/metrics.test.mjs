// /metrics, the alert rules and the dashboard, by Prometheus' own checker; and the audit beside the security log.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { until } from './support/program.mjs';
import { connect, make_tenant, make_world } from './support/world.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const promtool = join(root, 'build/deps/prometheus/usr/bin/promtool');
const check = (...args) => (options) => execFileSync(promtool, ['check', ...args], { encoding: 'utf8', ...options });

/** The names of metrics that an expression or a text reads. */
const names_in = (text) => new Set(text.match(/\b(?:rekey|process)_[a-z_]+/g));
/** A histogram's series have names of their own. */
const family = (name) => name.replace(/^(rekey_http_request_seconds)_(bucket|sum|count)$/, '$1');

test('/metrics needs a key with its scope, counts what was done, and passes the checks of promtool', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test');
  const none = world.command('api-key', 'add', 'other', '--scopes', 'tokens');
  await world.serve();
  const { host, page, connection } = await make_tenant(world.base, key, 'acme');
  await connect(world.base, page);
  // What other processes change is looked for every second; until then nothing is served from memory.
  const with_key = { headers: { authorization: `Bearer ${key}` } };
  await until('a token from memory', async () => {
    await host.call('GET', `/v1/connections/${connection}/token`);
    return /^rekey_tokens_from_memory_total [1-9]/m.test(await (await fetch(`${world.base}/metrics`, with_key)).text());
  });

  assert.equal((await fetch(`${world.base}/metrics`)).status, 401);
  assert.equal((await fetch(`${world.base}/metrics`, { headers: { authorization: `Bearer ${none}` } })).status, 403);
  const answer = await fetch(`${world.base}/metrics`, with_key);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type'), /^text\/plain; version=0\.0\.4/);
  const text = await answer.text();
  check('metrics')({ input: text });
  for (const line of [
    /^rekey_connections\{standing="linked"\} 1$/m, /^rekey_connections\{standing="at_risk"\} 0$/m, /^rekey_database_up 1$/m,
    /^rekey_http_requests_total\{method="POST",route="\/v1\/page-sessions",status="201"\} 1$/m,
    /^rekey_tokens_from_memory_total [1-9]\d*$/m, /^rekey_imports_total\{outcome="finished"\} 1$/m, /^rekey_import_rows_total [1-9]\d*$/m,
    /^rekey_build_info\{version="\d+\.\d+\.\d+"\} 1$/m, /^rekey_security_events_total\{event="scope_missing"\} 1$/m,
    /^process_resident_memory_bytes \d+/m]) assert.match(text, line);
  assert.ok(!text.includes(connection) && !text.includes('acme'), 'no series for a connection or a tenant');
});

test('/metrics is open where the operator says so', async (t) => {
  const world = await make_world(t, { serve_flags: ['--metrics-open', 'true'] });
  await world.serve();
  assert.equal((await fetch(`${world.base}/metrics`)).status, 200);
});

test('the alert rules are valid, and they and the dashboard ask for metrics that are there', async (t) => {
  check('rules', join(root, 'docs/operating/alerts.yml'))();
  const dashboard = JSON.parse(readFileSync(join(root, 'docs/operating/grafana.json'), 'utf8'));
  const asked = names_in(readFileSync(join(root, 'docs/operating/alerts.yml'), 'utf8'));
  for (const panel of dashboard.panels) for (const target of panel.targets) for (const name of names_in(target.expr)) asked.add(name);
  const source = ['native/metrics/metrics.cpp', 'native/server/metrics_api.cpp'].map((file) => readFileSync(join(root, file), 'utf8')).join();
  const there = names_in(source);
  for (const name of asked) assert.ok(there.has(family(name)), `${name} is not counted anywhere`);
  const told = names_in(readFileSync(join(root, 'docs/operating.md'), 'utf8'));
  for (const name of there) assert.ok(told.has(name), `docs/operating.md does not tell of ${name}`);
});

test('what has to do with security is in the audit with its actor, and in the log without names', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test');
  const weak = world.command('api-key', 'add', 'weak', '--scopes', 'tokens');
  const service = await world.serve();
  const { host, page } = await make_tenant(world.base, key, 'acme');
  await fetch(`${world.base}/v1/connections`, { headers: { authorization: 'Bearer rk_wrong' } });
  const forged = await page.call('POST', '/api/callback', { state: 'forged-state', code: 'forged-code', realmId: '123' });
  assert.ok(forged.status >= 400, `a sign-in that nobody began: ${forged.status}`);
  await fetch(`${world.base}/v1/connections`, { headers: { authorization: `Bearer ${weak}` } });
  await host.call('POST', '/v1/grants/export', { public_key: 'none' });

  const { body } = await host.call('GET', '/v1/audit');
  const events = body.entries.map((each) => each.event);
  for (const event of ['api_key_added', 'key_refused', 'scope_missing', 'callback_refused', 'link_made', 'signed_in'])
    assert.ok(events.includes(event), `${event} is in ${events}`);
  assert.equal(body.entries.find((each) => each.event === 'api_key_added').actor.type, 'operator');
  const missing = body.entries.find((each) => each.event === 'scope_missing');
  assert.equal(missing.actor.type, 'key');
  assert.equal(missing.detail.scope, 'connections:read');
  assert.equal(body.entries.find((each) => each.event === 'callback_refused').tenant, 'acme');
  const rest = await host.call('GET', `/v1/audit?after=${body.next}`);
  assert.deepEqual(rest.body.entries, []);
  assert.equal((await host.call('GET', '/v1/audit?tenant=acme')).body.entries.every((each) => each.tenant === 'acme'), true);

  const lines = service.log().split('\n').filter((line) => line.includes('"security.')).map((line) => JSON.parse(line));
  for (const event of ['security.key_refused', 'security.scope_missing', 'security.callback_refused', 'security.signed_in'])
    assert.ok(lines.some((line) => line.event === event), `${event} is in the log`);
  assert.ok(lines.every((line) => line.level === 'info' && typeof line.actor === 'string'));
  assert.ok(!JSON.stringify(lines).includes('rk_wrong'));
  assert.ok(!/forged-(state|code)/.test(JSON.stringify(lines)));
});
