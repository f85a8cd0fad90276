// Two backends on one PostgreSQL server: what is PostgreSQL's alone, and how soon one knows what the other did. Run by
// tests/support/postgres.sh.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { connected } from './support/at_provider.mjs';
import { HostClient, rekey, until } from './support/program.mjs';
import { connect, make_tenant, make_world } from './support/world.mjs';

const server = process.env.REKEY_TEST_POSTGRES;
assert.ok(server, 'there is no PostgreSQL server: run this by tests/support/postgres.sh');
const control = (what) => execFileSync('sh', ['-c', `${process.env.REKEY_TEST_POSTGRES_CTL} ${what}`], { stdio: 'ignore' });

const ask = (base, key, id) => new HostClient(base, key).call('GET', `/v1/connections/${id}/token`);

async function token_calls(sandbox) {
  const { requests } = await (await fetch(`${sandbox}/sandbox/requests`)).json();
  return requests.filter((each) => each.routes.includes('token.refresh_token')).length;
}

test('fifty callers of two backends want a token that ran out: the provider is asked once', async (t) => {
  const world = await make_world(t, { sandbox_flags: ['--access-life-s', '4'] });
  const key = world.command('api-key', 'add', 'test');
  const first = await world.serve();
  const { page, connection } = await make_tenant(world.base, key, 'acme');
  await connect(world.base, page);
  await first.stop();
  const calls = await token_calls(world.sandbox);
  await new Promise((resolve) => setTimeout(resolve, 4500)); // the life of the token, while nobody renews it
  assert.equal(await token_calls(world.sandbox), calls);
  const bases = [(await world.serve('127.0.0.1:0')).api, (await world.serve('127.0.0.1:0')).api];
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => ask(bases[i % 2], key, connection)));
  assert.deepEqual(answers.map(({ status }) => status), Array(50).fill(200));
  assert.equal(new Set(answers.map(({ body }) => body.access_token)).size, 1);
  assert.equal(await token_calls(world.sandbox), calls + 1);
});

test('a disconnect is known to the other backend within a second', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test');
  await world.serve();
  const other = (await world.serve('127.0.0.1:0')).api;
  const { page, connection } = await make_tenant(world.base, key, 'acme');
  await connect(world.base, page);
  for (let i = 0; i < 3; ++i) assert.equal((await ask(other, key, connection)).status, 200);
  const command = page.command('disconnect').then(() => Date.now());
  assert.equal((await ask(other, key, connection)).status, 200, 'it is in memory until then');
  const since = await command;
  await until('the other backend to know', async () => (await ask(other, key, connection)).status === 409, 5);
  assert.ok(Date.now() - since <= 1000, `it took ${Date.now() - since} ms`);
});

test('a restart of the server is survived: said while it lasts, healed by itself, and no step was lost', async (t) => {
  const world = await connected(t, {});
  const { token, renew, api } = world;
  const before = (await token()).body;
  assert.equal((await fetch(`${api}/readyz`)).status, 200);
  control('--mode fast stop');
  try {
    const down = await fetch(`${api}/readyz`);
    assert.equal(down.status, 503);
    assert.equal(down.headers.get('retry-after'), '1');
    assert.equal((await fetch(`${api}/healthz`)).status, 200);
    assert.equal((await renew(before.token_id)).status, 503);
    assert.equal(world.provider.refused, 0);
  } finally {
    control('start');
  }
  await until('the backend to be ready', async () => (await fetch(`${api}/readyz`)).status === 200, 10);
  // Not one of its connections is one of before.
  const statuses = await Promise.all(Array.from({ length: 40 }, () => fetch(`${api}/readyz`).then(({ status }) => status)));
  assert.deepEqual(statuses, Array(40).fill(200));
  const after = await until('a new token', async () => {
    const answer = await renew(before.token_id);
    return answer.status === 200 && answer.body;
  }, 15);
  assert.ok(world.provider.accepts(after.access_token));
  assert.notEqual(after.token_id, before.token_id);
  assert.ok(world.backend.log().includes('does not answer'));
});

test('a job that was in hand when the server went away is done when it is back', async (t) => {
  const { provider, page } = await connected(t, {});
  provider.set({ revoke_ms: 1500 });
  await page.command('disconnect');
  await until('the provider to be told', () => provider.revocations > 0, 10);
  control('--mode fast stop');
  try {
    await new Promise((resolve) => setTimeout(resolve, 2500)); // until the answer has come in vain
  } finally {
    control('start');
  }
  await until('the job to be done by one of the processes', async () => {
    const { status, body } = await page.call('GET', '/api/page');
    return status === 200 && body.state.connect.phase.type === 'unlinked';
  }, 40);
  assert.ok(provider.revocations > 1, 'what may not have been stored is done again');
});

test('commands work on a server too; a password is never taken from a flag', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test');
  assert.match(key, /^rk_/);
  assert.equal(world.command('api-key', 'list').split('\n').length, 1);
  assert.match(execFileSync(rekey, ['keys', 'list', world.key_file, '--database', world.database]).toString(), /in use +0 data keys/);
  await world.serve();
  const { page } = await make_tenant(world.base, key, 'acme');
  await connect(world.base, page);
  assert.match(execFileSync(rekey, ['keys', 'list', world.key_file, '--database', world.database]).toString(), /in use +1 data keys/);
  assert.match(execFileSync(rekey, ['doctor', '--database', world.database]).toString(), /Nothing needs your care/);
  const open = spawnSync(rekey, ['doctor', '--database', 'postgresql://a:pass-word@127.0.0.1/b'], { encoding: 'utf8' });
  assert.equal(open.status, 2, 'a command line that is none');
  assert.match(open.stderr, /has a password in it/);
  assert.ok(!open.stderr.includes('pass-word'));
});
