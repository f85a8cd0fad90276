// What one client can take: of connections, of streams, of memory. Everybody else is served all the same.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import http from 'node:http';
import { connect as tcp } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { connected } from './support/at_provider.mjs';
import { Browser, PageClient, rekey, root, start, until } from './support/program.mjs';
import { make_tenant, make_world } from './support/world.mjs';

const ndjson = { 'content-type': 'application/x-ndjson' };
const memory = (pid, what) => Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

/** A backend that may open `files` files; with a tenant that is signed in. */
async function small_backend(t, files, flags = []) {
  const world = await make_world(t, { serve_flags: flags });
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  const backend = await start(t, ['serve', '--json', '--listen', new URL(world.base).host, '--provider', join(world.folder, 'provider.json'),
    '--database', world.database, '--client-id', 'c', '--master-key-file', world.key_file, ...flags], { REKEY_CLIENT_SECRET: 's' }, { files });
  return { world, key, pid: backend.pid, log: backend.log, ...(await make_tenant(world.base, key, 'acme')) };
}

/** How often each limit was met, as /metrics says. */
async function limits_met(base, key) {
  const text = await (await fetch(`${base}/metrics`, { headers: { authorization: `Bearer ${key}` } })).text();
  return Object.fromEntries([...text.matchAll(/^rekey_limits_total\{limit="([a-z_]+)"\} (\d+)$/gm)].map(([, limit, times]) => [limit, Number(times)]));
}

/** Headers with which the page's requests are repeated without a page. */
function headers_of(page, base) {
  const jar = page.browser.cookies.get(new URL(base).host);
  return { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '), ...page.named() };
}

/** A stream of events, held open: {status, headers, close()}. */
const open_stream = (base, headers) => new Promise((done) => {
  const request = http.get(`${base}/api/events`, { agent: false, headers }, (response) => {
    response.resume();
    response.on('error', () => {});
    done({ status: response.statusCode, headers: response.headers, close: () => request.destroy() });
  });
  request.on('error', () => done({ status: 0, headers: {}, close() {} }));
});

/** A connection that sends these bytes and nothing more. */
const hold = (base, bytes) => new Promise((done) => {
  const { port } = new URL(base);
  const socket = tcp({ port, host: '127.0.0.1' }, () => { socket.write(bytes); done(socket); });
  socket.on('error', () => done(socket));
});

/** The status of a newcomer's request: over a connection of its own, since one that fetch() has kept may be closed for others. */
const newcomer = (base, path, headers = {}) => new Promise((done, fail) => {
  http.get(base + path, { agent: false, headers, timeout: 5000 }, (response) => {
    response.resume();
    done(response.statusCode);
  }).on('timeout', () => fail(new Error(`${path} was not answered`))).on('error', fail);
});

async function everybody_is_answered({ world, key }, other) {
  assert.equal(await newcomer(world.base, '/healthz'), 200);
  assert.equal(await newcomer(world.base, '/readyz'), 200);
  assert.equal(await newcomer(world.base, '/v1/connections', { authorization: `Bearer ${key}` }), 200);
  assert.equal((await other.call('GET', '/api/page')).status, 200);
}

/** Sends a body and reads the lines of the answer. */
const post_lines = (base, key, body) => new Promise((done, fail) => {
  const request = http.request(`${base}/v1/grants`, { method: 'POST', agent: false,
    headers: { authorization: `Bearer ${key}`, ...ndjson, 'content-length': body.length } }, (response) => {
    let text = '';
    response.on('data', (data) => (text += data));
    response.on('end', () => done({ status: response.statusCode, headers: response.headers, lines: text.trim().split('\n') }));
    response.on('error', fail);
  });
  request.on('error', fail);
  request.end(body);
});

test('one session holds at most sixteen streams of events, and everybody else is served', async (t) => {
  const backend = await small_backend(t, 512);
  const { page: other } = await make_tenant(backend.world.base, backend.key, 'other');
  const mine = headers_of(backend.page, backend.world.base);
  const streams = [];
  for (let i = 0; i < 40; ++i) streams.push(await open_stream(backend.world.base, mine));
  const open = streams.filter(({ status }) => status === 200);
  assert.equal(open.length, 16);
  const refused = streams.find(({ status }) => status !== 200);
  assert.equal(refused.status, 429);
  assert.equal(refused.headers['retry-after'], '10');
  assert.match(backend.log(), /"event":"stream.refused"/);
  assert.equal(backend.log().match(/stream.refused/g).length, 1, 'one line, however often');
  assert.equal((await limits_met(backend.world.base, backend.key)).streams_per_session, 24);
  await everybody_is_answered(backend, other);
  assert.equal((await open_stream(backend.world.base, headers_of(other, backend.world.base))).status, 200, 'another session has its own');
  open[0].close();
  await until('a place for another stream', async () => {
    const stream = await open_stream(backend.world.base, mine);
    return stream.status === 200;
  }, 10);
  for (const stream of streams) stream.close();
});

for (const [what, bytes] of [['idle connections', ''], ['half a header', 'GET /healthz HTTP/1.1\r\nHo'],
  ['half a body', 'POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf']])
  test(`a thousand clients that send ${what} keep no other out`, async (t) => {
    const backend = await small_backend(t, 256);
    const held = [];
    t.after(() => held.forEach((socket) => socket.destroy()));
    for (let i = 0; i < 1000; ++i) held.push(await hold(backend.world.base, bytes));
    await everybody_is_answered(backend, backend.page);
    assert.match(backend.log(), /"event":"http.made_room"/);
  });

test('clients that ask much and read nothing keep no other out', async (t) => {
  const backend = await small_backend(t, 256);
  const asks = `GET /v1/openapi.json HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${backend.key}\r\n\r\n`.repeat(100);
  const { port } = new URL(backend.world.base);
  const greedy = spawn('python3', [join(root, 'tests/backend/support/reads_nothing.py'), port, '400'], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => greedy.kill());
  greedy.stdin.end(asks);
  await once(greedy.stdout, 'data'); // all of them have asked
  // They count as waiting when they have taken nothing for two seconds.
  await until('an answer', () => newcomer(backend.world.base, '/v1/connections', { authorization: `Bearer ${backend.key}` })
    .then((status) => status === 200, () => false), 20);
  await everybody_is_answered(backend, backend.page);
});

test('millions of tiny lines take no memory, and the last line says what was not read', async (t) => {
  const backend = await small_backend(t, 512);
  const before = memory(backend.pid, 'VmRSS');
  const answer = await post_lines(backend.world.base, backend.key, Buffer.alloc((8 << 20) - 20, '1\n'));
  const more = memory(backend.pid, 'VmHWM') - before;
  assert.equal(answer.status, 200);
  assert.equal(answer.lines.length, 100_001);
  const last = JSON.parse(answer.lines.at(-1));
  assert.deepEqual([last.line, last.outcome, last.accepted], [100_001, 'not_read', false]);
  assert.match(last.reason, /at most 100000 lines/);
  assert.ok(more < 60, `it took ${more.toFixed(0)} MiB more`);
  assert.match(backend.log(), /grants.too_many_lines/);
});

test('a hundred MiB of lines for a directory take no memory', async (t) => {
  const backend = await small_backend(t, 512);
  const before = memory(backend.pid, 'VmRSS');
  // A street is 1,024 bytes at most, so each line is read and refused.
  const line = `${JSON.stringify({ section: 'customers', id: 'c', name: 'C', street: 'x'.repeat(100_000) })}\n`;
  const send = (method, body) => fetch(`${backend.world.base}/v1/tenants/acme/directory`, { method, body,
    headers: { authorization: `Bearer ${backend.key}`, 'content-type': 'application/x-ndjson' } });
  const answer = await send('PATCH', Buffer.from(line.repeat(1_000)));
  assert.equal(answer.status, 200);
  assert.equal((await answer.json()).refused, 1_000);
  const more = memory(backend.pid, 'VmHWM') - before;
  assert.ok(more < 60, `it took ${more.toFixed(0)} MiB more`);
  // The limit that is left, which a caller learns before the body is read.
  const socket = tcp({ port: new URL(backend.world.base).port, host: '127.0.0.1' });
  t.after(() => socket.destroy());
  socket.write(`PUT /v1/tenants/acme/directory HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nContent-Length: ${(256 << 20) + 1}\r\n\r\n`);
  const [head] = await once(socket, 'data');
  assert.match(head.toString(), /^HTTP\/1.1 413 /);
});

test('one line as long as the request is refused, and those after it are taken', async (t) => {
  const backend = await small_backend(t, 512);
  const before = memory(backend.pid, 'VmRSS');
  const good = { tenant: 'firm', realm_id: '9130', refresh_token: 'RT1' };
  const body = Buffer.from(`{"tenant":"${'x'.repeat((8 << 20) - 500)}"}\n${JSON.stringify(good)}\n`);
  const { lines } = await post_lines(backend.world.base, backend.key, body);
  assert.match(JSON.parse(lines[0]).reason, /longer than 131072 bytes/);
  assert.equal(JSON.parse(lines[1]).outcome, 'imported');
  assert.ok(memory(backend.pid, 'VmHWM') - before < 60);
});

test('a long answer comes in pieces, a short one whole; an HTTP/1.0 client gets either', async (t) => {
  const backend = await small_backend(t, 512);
  const lines = (count) => Buffer.from(Array.from({ length: count }, (_, i) => JSON.stringify({ tenant: `t-${i}`, realm_id: `9${i}`, refresh_token: `RT-${i}` })).join('\n'));
  const short = await post_lines(backend.world.base, backend.key, lines(20));
  assert.ok(short.headers['content-length']);
  const long = await post_lines(backend.world.base, backend.key, lines(600));
  assert.equal(long.headers['transfer-encoding'], 'chunked');
  assert.equal(long.lines.length, 600);
  assert.equal(JSON.parse(long.lines[599]).line, 600);
  const body = lines(600);
  const text = await new Promise((done) => {
    let got = '';
    const socket = tcp({ port: new URL(backend.world.base).port, host: '127.0.0.1' }, () => {
      socket.write(`POST /v1/grants HTTP/1.0\r\nAuthorization: Bearer ${backend.key}\r\nContent-Type: application/x-ndjson\r\nContent-Length: ${body.length}\r\n\r\n`);
      socket.write(body);
    });
    socket.on('data', (data) => (got += data));
    socket.on('close', () => done(got));
  });
  const [head, rest] = [text.slice(0, text.indexOf('\r\n\r\n')), text.slice(text.indexOf('\r\n\r\n') + 4)];
  assert.doesNotMatch(head, /transfer-encoding|content-length/i);
  assert.equal(rest.trim().split('\n').filter((line) => JSON.parse(line).outcome === 'unchanged').length, 600);
});

test('rekey grants import takes a file of any length with the memory of a small one', async (t) => {
  const world = await make_world(t);
  const file = join(world.folder, 'grants.jsonl');
  writeFileSync(file, Buffer.alloc(2 << 20, '1\n'), { mode: 0o600 }); // a million lines
  const script = 'exec /usr/bin/env bash -c \'"$@" > /dev/null & pid=$!; most=0; while read -r _ kib _ < <(grep VmHWM /proc/$pid/status 2>/dev/null); do most=$kib; sleep 0.05; done; echo $most; wait $pid\' x "$@"';
  const most = await new Promise((done) => {
    const child = spawn('bash', ['-c', script, 'bash', rekey, 'grants', 'import', file, '--database', world.database, '--master-key-file', world.key_file]);
    let out = '';
    child.stdout.on('data', (data) => (out += data));
    child.on('exit', () => done(Number(out) / 1024));
  });
  assert.ok(most > 1 && most < 100, `it took ${most.toFixed(0)} MiB`);
});

test('each route says how large a body it takes', async (t) => {
  const backend = await small_backend(t, 512);
  const send = (method, path, size) => fetch(backend.world.base + path, { method, body: ' '.repeat(size),
    headers: { authorization: `Bearer ${backend.key}`, 'content-type': 'application/json' } });
  const refused = await send('POST', '/v1/page-sessions', 70_000);
  assert.equal(refused.status, 413);
  assert.match((await refused.json()).detail, /at most 65536 bytes/);
  assert.equal((await send('PUT', '/v1/tenants/acme/directory', 5 << 20)).status, 400, 'a directory may be large');
  assert.match(backend.log(), /"event":"http.body_too_large"/);
});

test('where all connections are busy, how things are is answered: health, and the metrics', async (t) => {
  const world = await connected(t, { life_s: 2 });
  const { expires_at } = (await world.token()).body;
  await world.backend.stop(); // so that the token is not renewed before it runs out
  await until('the token to run out', () => Date.now() > expires_at, 5);
  world.provider.set({ delay_ms: 20_000 });
  const { api } = await world.serve({ files: 256 });
  const ask = (path) => fetch(api + path, { headers: { connection: 'close', authorization: `Bearer ${world.key}` }, signal: AbortSignal.timeout(5000) });
  const waiting = Array.from({ length: 260 }, () => http.get(`${api}/v1/connections/${world.id}/token`,
    { agent: false, headers: { authorization: `Bearer ${world.key}` } }).on('error', () => {}));
  t.after(() => waiting.forEach((request) => request.destroy()));
  const refused = await until('the server to be full', async () => {
    const answer = await ask('/v1/connections');
    return answer.status === 503 && answer;
  }, 10);
  assert.equal(refused.headers.get('retry-after'), '1');
  assert.equal((await refused.json()).code, 'overloaded');
  for (const path of ['/healthz', '/readyz', '/metrics']) assert.equal((await ask(path)).status, 200, path);
  assert.ok((await limits_met(api, world.key)).connections >= 1);
});

test('each limit that is met is counted by its name, and has a line in the log', async (t) => {
  const { world, key, host, page, log } = await small_backend(t, 512, ['--page-sessions-per-tenant', '2']);
  const { base } = world;
  const send = (path, body, headers = {}) => fetch(base + path, { method: 'POST', body,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers } }).then((answer) => answer.text());
  await send('/v1/page-sessions', ' '.repeat(70_000));
  await fetch(`${base}/healthz`, { headers: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`x-${i}`, 'y'])) });
  await send('/v1/grants', Buffer.alloc(200_020, '1\n'), ndjson);
  await send('/v1/grants', 'x'.repeat(200_000), ndjson);
  for (let i = 0; i < 21; ++i) await host.call('POST', '/v1/webhooks', { url: `https://hooks.example.com/${i}` });
  const slow = world.command('api-key', 'add', 'slow', '--scopes', '*', '--rate', '1', '--burst', '1');
  await Promise.all([1, 2, 3].map(() => fetch(`${base}/v1/connections`, { headers: { authorization: `Bearer ${slow}` } })));
  await Promise.all(Array.from({ length: 70 }, () => page.command('cancel')));
  await Promise.all(Array.from({ length: 130 }, () => page.call('PATCH', '/api/configuration', {})));
  const link = async (tenant) => (await host.call('POST', '/v1/page-sessions', { tenant })).body.url;
  for (let i = 0; i < 2; ++i) await new PageClient(base).sign_in(await link('acme'));
  const browser = new Browser();
  for (let i = 0; i < 41; ++i) {
    await host.call('PUT', `/v1/tenants/firm-${i}`, { name: `Firm ${i}` });
    assert.equal((await new PageClient(base, browser).sign_in(await link(`firm-${i}`), { confirmed: true })).status, 200);
  }
  const met = await limits_met(base, key);
  const lines = { body: 'http.body_too_large', header: 'http.header_too_large', lines: 'grants.too_many_lines', line: 'grants.line_too_long',
    webhooks: 'webhook.too_many', key_requests: 'key.too_often', commands: 'page_session.too_much', choices: 'page_session.too_much',
    page_sessions_per_tenant: 'page_session.too_many_of_tenant', page_sessions_per_browser: 'page_session.too_many_of_browser' };
  for (const [limit, event] of Object.entries(lines)) {
    assert.ok(met[limit] >= 1, `${limit} is counted: ${JSON.stringify(met)}`);
    assert.ok(log().includes(`"event":"${event}"`), event);
  }
});

test('the names of all limits are in the documentation', () => {
  const said = readFileSync(join(root, 'docs/operating.md'), 'utf8');
  const source = execFileSync('grep', ['-rhzoE', 'limit_met\\(\\s*"[a-z_]+"|"(streams[a-z_]*|commands|choices)"', join(root, 'native')], { encoding: 'utf8' });
  const names = new Set([...source.matchAll(/"([a-z_]+)"/g)].map(([, name]) => name));
  assert.ok(names.size > 15, [...names].join());
  for (const name of names) assert.ok(said.includes(`\`${name}\``), `docs/operating.md does not tell of ${name}`);
});
