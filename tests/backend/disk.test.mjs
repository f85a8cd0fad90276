// A disk that takes no more, for a real process: a limit on the size of its files stands for it (setrlimit, RLIMIT_FSIZE).
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { until } from './support/program.mjs';
import { connect, make_tenant, make_world } from './support/world.mjs';

const limit_files = (pid, bytes) => execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
const skip = spawnSync('prlimit', ['--version']).error && 'there is no prlimit here';

test('a full disk is named, good tokens are handed out, and with room again everything goes on', { skip }, async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  const serve = await world.serve();
  const { host, page, connection } = await make_tenant(world.base, key, 'acme');
  await connect(world.base, page);
  const token = () => host.call('GET', `/v1/connections/${connection}/token`);
  const before = (await token()).body;
  const ready = async () => {
    const response = await fetch(`${world.base}/readyz`);
    return { status: response.status, detail: (await response.json()).detail };
  };
  assert.equal((await ready()).status, 200);

  // Neither the database nor its log may grow any more.
  limit_files(serve.pid, 32768);
  let writes = 0; // the log may begin anew, and take some
  const refused = await until('a write to be refused', async () => {
    const answer = await host.call('PUT', `/v1/tenants/birch-${++writes}`, { name: 'Birch' });
    return answer.status === 503 && answer;
  }, 10);
  assert.equal(refused.body.code, 'database_unavailable');
  assert.match(refused.body.detail, /no room left/);
  const not = await until('the service not to be ready', async () => {
    const now = await ready();
    return now.status === 503 && now;
  }, 10);
  assert.match(not.detail, /no room left on the disk/);
  assert.equal((await fetch(`${world.base}/healthz`)).status, 200);
  for (let i = 0; i < 5; ++i) {
    const answer = await token();
    assert.equal(answer.status, 200);
    assert.equal(answer.body.access_token, before.access_token);
  }
  // Nothing is begun at the provider whose outcome could not be kept.
  assert.notEqual((await page.command('connect')).status, 200);
  const logged = serve.log().split('\n').filter((line) => line.includes('no room left')).map((line) => JSON.parse(line));
  assert.ok(logged.some(({ what = '', detail = '' }) => (what + detail).includes(world.database)), serve.log());

  limit_files(serve.pid, 'unlimited');
  await until('the service to be ready', async () => (await ready()).status === 200, 10);
  assert.equal((await host.call('PUT', '/v1/tenants/birch', { name: 'Birch' })).status, 200);
  const renewed = await host.call('POST', `/v1/connections/${connection}/token`, { rejected: before.token_id });
  assert.equal(renewed.status, 200, 'the grant lives');
  assert.notEqual(renewed.body.access_token, before.access_token);
  await serve.stop();
});
