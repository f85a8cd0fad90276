// Behind nginx as Debian has it, with nothing set but where to pass requests on to.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PageClient, until } from './support/program.mjs';
import { free_port, make_tenant, make_world } from './support/world.mjs';

const nginx = ['/usr/sbin/nginx', '/usr/bin/nginx'].find((path) => existsSync(path));
// script/test has set it up, so that there it must not be passed over.
const unless_missing = { skip: !nginx && process.env.REKEY_TEST_PACKAGES !== 'all' && 'nginx is not installed' };

/** An nginx of its own on a free port of loopback, that passes everything on to `base`. */
async function start_nginx(t, folder, base, { server = '', location = '' } = {}) {
  assert.ok(nginx, 'nginx is not installed; script/setup --test does that');
  const port = await free_port();
  const place = join(folder, 'nginx');
  mkdirSync(place);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `  ${name}_temp_path ${place}/${name};`).join('\n');
  writeFileSync(join(place, 'nginx.conf'), `daemon off;
pid ${place}/pid;
error_log stderr;
${process.getuid() === 0 ? 'user root;' : ''}
events {}
http {
  access_log off;
${temporary}
  server {
    listen 127.0.0.1:${port};
    ${server}
    location / { proxy_pass ${base}; ${location} }
  }
}
`);
  const child = spawn(nginx, ['-p', place, '-c', join(place, 'nginx.conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (data) => (log += data));
  const gone = new Promise((resolve) => child.once('exit', resolve));
  t.after(async () => { child.kill('SIGTERM'); await gone; });
  const front = `http://127.0.0.1:${port}`;
  await until(`nginx to pass requests on: ${log}`, () => fetch(`${front}/healthz`).then(({ status }) => status === 200, () => false), 15);
  return front;
}

const told = 'client_max_body_size 8m;';
const who = 'proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr;';

test('the stream of events comes at once through nginx with its defaults', unless_missing, async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  await world.serve();
  const front = await start_nginx(t, world.folder, world.base);
  const { host, page } = await make_tenant(world.base, key, 'acme');
  // The same session, by way of nginx.
  const jar = page.browser.cookies.get(new URL(world.base).host);
  page.browser.cookies.set(new URL(front).host, jar);
  const through = new PageClient(front, page.browser);
  through.connection = page.connection;
  const cancel = new AbortController();
  t.after(() => cancel.abort());
  const stream = await page.browser.fetch(`${front}/api/events`, { headers: through.named(), signal: cancel.signal });
  assert.equal(stream.status, 200);
  const reader = stream.body.pipeThrough(new TextDecoderStream()).getReader();
  let got = '';
  const wait_for = async (text) => {
    while (!got.includes(text)) {
      const late = setTimeout(() => cancel.abort(), 10_000);
      const { value, done } = await reader.read();
      clearTimeout(late);
      assert.ok(!done, `the stream ended before ${text}`);
      got += value;
    }
  };
  await wait_for('retry: 2000');
  await host.call('PUT', '/v1/tenants/acme/legacy-connection', { consumer_key: 'k', consumer_secret: 's', token: 't', token_secret: 'ts',
    realm_id: '1', company_name: 'Old Books', connected_at: 1 });
  await page.command('connect');
  await wait_for('event: step');
});

test('long answers and large bodies pass through nginx, which asks by HTTP/1.0', unless_missing, async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  await world.serve();
  const front = await start_nginx(t, world.folder, world.base, { server: told });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' };
  const many = await fetch(`${front}/v1/grants`, { method: 'POST', headers, body: '1\n'.repeat(20_000) });
  const lines = (await many.text()).trim().split('\n');
  assert.equal(lines.length, 20_000);
  assert.equal(JSON.parse(lines.at(-1)).line, 20_000);
  const large = await fetch(`${front}/v1/grants`, { method: 'POST', headers, body: 'x'.repeat((8 << 20) - 10) });
  assert.equal(large.status, 200);
  assert.match(await large.text(), /longer than/);
  const whole = await fetch(`${front}/v1/openapi.json`, { headers });
  assert.equal((await whole.json()).openapi, '3.1.0');
});

// The garbage collector ends a response without a reference.
const held = [];

/** A stream of events through a proxy, as it comes from `address`: its status. */
const stream_from = async (t, front, page, address) => {
  const cancel = new AbortController();
  t.after(() => cancel.abort());
  const headers = { ...page.named(), 'x-test-address': address };
  held.push(await page.browser.fetch(`${front}/api/events`, { headers, signal: cancel.signal }));
  return held.at(-1).status;
};

test("a trusted proxy names the client's address, and streams are counted for each address", unless_missing, async (t) => {
  const world = await make_world(t, { serve_flags: ['--trusted-proxies', '127.0.0.1 ::1'] });
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  const serve = await world.serve();
  // For nginx, a client is at the address that the test gives it; what nginx says of it is its $remote_addr, as ever.
  const front = await start_nginx(t, world.folder, world.base, { server: 'set_real_ip_from 127.0.0.1; real_ip_header X-Test-Address;', location: who });
  const pages = [];
  for (let i = 0; i < 6; ++i) {
    const { page } = await make_tenant(world.base, key, `acme-${i}`);
    page.browser.cookies.set(new URL(front).host, page.browser.cookies.get(new URL(world.base).host));
    pages.push(page);
  }
  const [one, other] = ['203.0.113.7', '198.51.100.9'];
  // 64 of one address; a session has 16.
  for (let i = 0; i < 64; ++i) assert.equal(await stream_from(t, front, pages[i % 5], one), 200, `stream ${i} of one address`);
  assert.equal(await stream_from(t, front, pages[5], one), 429, 'one more of that address');
  assert.equal(await stream_from(t, front, pages[5], other), 200, 'another address has its own');

  // Who asked is in the log; what a client writes into the field itself is not believed.
  const headers = { 'x-test-address': other, 'x-forwarded-for': '192.0.2.66', authorization: 'Bearer rk_none' };
  assert.equal((await fetch(`${front}/v1/connections`, { headers })).status, 401);
  await serve.stop();
  const log = serve.log().split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  assert.deepEqual(log.filter((each) => each.event === 'security.key_refused').map((each) => each.peer), [other]);
  assert.deepEqual(log.filter((each) => each.event === 'stream.refused').map((each) => [each.bound, each.peer]), [['peer', one]]);
});

test('a setting that names no proxy is said at the start', async (t) => {
  const world = await make_world(t, { serve_flags: ['--trusted-proxies', 'proxy.example'] });
  await assert.rejects(world.serve(), /trusted-proxies must be addresses or networks/);
});
