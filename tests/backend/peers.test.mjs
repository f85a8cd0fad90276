// Who asks, as a trusted proxy says it: what is counted by address is counted for each of those behind it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { make_tenant, make_world } from './support/world.mjs';

/** A backend and the pages of some tenants; `stream()` opens one from an address and gives its status. */
async function start_world(t, { flags, tenants = 6 }) {
  const world = await make_world(t, { serve_flags: flags });
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  const serve = await world.serve();
  const pages = [];
  for (let i = 0; i < tenants; ++i) pages.push((await make_tenant(world.base, key, `acme-${i}`)).page);
  const held = []; // the garbage collector ends a response without a reference
  const stream = async (page, headers) => {
    const cancel = new AbortController();
    t.after(() => { cancel.abort(); held.length = 0; });
    held.push(await page.browser.fetch(`${world.base}/api/events`, { headers: { ...page.named(), ...headers }, signal: cancel.signal }));
    return held.at(-1).status;
  };
  const lines = () => serve.log().split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  return { ...world, key, serve, pages, stream, lines };
}

const forwarded = (text) => ({ 'x-forwarded-for': text });

test('event streams are counted for each address behind a trusted proxy', async (t) => {
  const { pages, stream, serve, lines } = await start_world(t, { flags: ['--trusted-proxies', '127.0.0.1'] });
  // A client may write what it likes in front: the last address is the proxy's word.
  for (let i = 0; i < 64; ++i) assert.equal(await stream(pages[i % 5], forwarded(`192.0.2.${i}, 203.0.113.7`)), 200, `stream ${i}`);
  assert.equal(await stream(pages[5], forwarded('203.0.113.7')), 429);
  assert.equal(await stream(pages[5], forwarded('198.51.100.9')), 200, 'another address has its own');
  assert.equal(await stream(pages[5], {}), 200, 'the proxy itself stands for many');
  await serve.stop();
  assert.deepEqual(lines().filter((each) => each.event === 'stream.refused').map((each) => [each.bound, each.peer]), [['peer', '203.0.113.7']]);
});

test('the addresses of one IPv6 network are one', async (t) => {
  const { pages, stream } = await start_world(t, { flags: ['--trusted-proxies', '127.0.0.1', '--proxy-header', 'forwarded'] });
  const from = (address) => ({ forwarded: `for="[${address}]:4711"` });
  for (let i = 0; i < 64; ++i) assert.equal(await stream(pages[i % 5], from(`2001:db8:1:2::${(i + 1).toString(16)}`)), 200, `stream ${i}`);
  assert.equal(await stream(pages[5], from('2001:db8:1:2:ffff::1')), 429);
  assert.equal(await stream(pages[5], from('2001:db8:1:3::1')), 200);
});

test("a client's address is not taken from a peer that is not a trusted proxy", async (t) => {
  const { base, pages, stream, serve, lines } = await start_world(t, { flags: ['--trusted-proxies', '192.0.2.1'] });
  for (let i = 0; i < 65; ++i) assert.equal(await stream(pages[i % 5], forwarded('203.0.113.7')), 200, `stream ${i}`);
  assert.equal((await fetch(`${base}/v1/connections`, { headers: { ...forwarded('203.0.113.7'), authorization: 'Bearer rk_none' } })).status, 401);
  await serve.stop();
  assert.deepEqual(lines().filter((each) => each.event === 'security.key_refused').map((each) => each.peer), ['127.0.0.1']);
});
