// Master keys that change under a running service, the key of the embedded default, and what the doctor says.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect, make_tenant, make_world } from './support/world.mjs';
import { rekey, start, temporary_folder, until } from './support/program.mjs';

const run = (...args) => {
  const { status, stdout, stderr } = spawnSync(rekey, args, { encoding: 'utf8', env: { PATH: process.env.PATH } });
  return { status, out: stdout, error: stderr };
};

const listed = (text) => text.trim().split('\n').map((line) => line.split(/\s+/)).map(([id, what, count, more]) =>
  (what === 'in' ? { id, what: 'in use', count: Number(more) } : { id, what, count: Number(count) }));

test('keys are added, rotated and retired while the service runs', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  const serve = await world.serve();
  const { host, page } = await make_tenant(world.base, key, 'acme');
  await connect(world.base, page);
  const keys = (...args) => run('keys', ...args, world.key_file, '--database', world.database);

  const [old] = listed(keys('list').out);
  assert.deepEqual([old.what, old.count], ['in use', 1]);
  assert.equal(keys('add').status, 0);
  assert.deepEqual(listed(keys('list').out).map(({ what, count }) => [what, count]), [['in use', 1], ['known', 0]]);
  assert.equal(keys('rotate').status, 0);
  const now = await until('the data key to be moved', () => {
    const [first, second] = listed(keys('list').out);
    return first.count === 1 && second.count === 0 ? first : null;
  });
  assert.notEqual(now.id, old.id);

  // Right after a change of the file, a server may still use the old key; later it can go; the one in use cannot.
  assert.match(run('keys', 'retire', old.id, world.key_file, '--database', world.database).error, /a moment ago/);
  const a_minute_ago = Date.now() / 1000 - 60;
  utimesSync(world.key_file, a_minute_ago, a_minute_ago);
  assert.match(run('keys', 'retire', now.id, world.key_file, '--database', world.database).error, /still needed: 1 data keys/);
  assert.equal(run('keys', 'retire', old.id, world.key_file, '--database', world.database).status, 0);
  assert.deepEqual(listed(keys('list').out).map(({ id }) => id), [now.id]);

  const id = (await host.call('GET', '/v1/connections')).body.connections[0].id;
  assert.equal((await host.call('GET', `/v1/connections/${id}/token`)).status, 200);
  await serve.stop();
  const again = await world.serve();
  assert.equal((await host.call('GET', `/v1/connections/${id}/token`)).status, 200);

  // The doctor: all is well; the wrong key; the company is gone.
  const settings = ['--database', world.database, '--master-key-file', world.key_file];
  const well = run('doctor', ...settings);
  assert.equal(well.status, 0, well.out + well.error);
  assert.match(well.out, /1 linked/);
  const wrong = join(world.folder, 'wrong.key');
  assert.equal(run('keys', 'add', wrong).status, 0);
  const missing = run('doctor', '--database', world.database, '--master-key-file', wrong);
  assert.equal(missing.status, 1);
  assert.match(missing.out, new RegExp(`sealed under the master key ${now.id}, and this program was given another one`));
  await fetch(`${world.sandbox}/sandbox/disconnect`, { method: 'POST', body: JSON.stringify({ realm: '123' }) });
  const probe = spawnSync(rekey, ['doctor', '--probe', ...settings, '--client-id', 'c', '--provider', join(world.folder, 'provider.json')],
    { encoding: 'utf8', env: { ...process.env, REKEY_CLIENT_SECRET: 's' } });
  assert.equal(probe.status, 1, probe.stderr);
  assert.match(probe.stdout, /broken: (refused|revoked_outside), since .* Ask the customer/);
  await again.stop();
});

test('a master key is made for the embedded default only, and never anew for credentials that need another', async (t) => {
  const world = await make_world(t);
  const database = join(temporary_folder(t), 'embedded.db');
  const flags = ['serve', '--json', '--provider', join(world.folder, 'provider.json'), '--database', database, '--client-id', 'c'];
  const deployed = spawnSync(rekey, [...flags, '--listen', '127.0.0.1:0', '--public-url', 'https://connect.example.com'],
    { encoding: 'utf8', env: { ...process.env, REKEY_CLIENT_SECRET: 's' } });
  assert.equal(deployed.status, 1);
  assert.match(deployed.stderr, /No master key is set/);
  assert.ok(!existsSync(`${database}.key`));
  const local = await start(t, [...flags, '--listen', new URL(world.base).host], { REKEY_CLIENT_SECRET: 's' });
  assert.equal(statSync(`${database}.key`).mode & 0o777, 0o600);
  assert.match(local.log(), /keys\.made/);
  const key = execFileSync(rekey, ['api-key', 'add', 'test', '--database', database]).toString().trim();
  const { page } = await make_tenant(local.api, key, 'acme');
  await connect(local.api, page);
  await local.stop();
  renameSync(`${database}.key`, `${database}.elsewhere`);
  const without = spawnSync(rekey, [...flags, '--listen', '127.0.0.1:0'], { encoding: 'utf8', env: { ...process.env, REKEY_CLIENT_SECRET: 's' } });
  assert.equal(without.status, 1);
  assert.match(without.stderr, /Put it back/);
  rmSync(`${database}.elsewhere`);
});

test('a master key that is not the database\'s is noticed at the start, by commands, and when the file changes', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  const serve = await world.serve();
  const { host, page } = await make_tenant(world.base, key, 'acme');
  await connect(world.base, page);
  const id = (await host.call('GET', '/v1/connections')).body.connections[0].id;
  const other = join(world.folder, 'other.key');
  run('keys', 'add', other);

  for (const args of [['webhook', 'add', 'https://hooks.example.com/x', '--master-key-file', other], ['grants', 'import', '/dev/null', '--master-key-file', other],
    ['keys', 'rotate', other], ['keys', 'add', other], ['keys', 'list', other]]) {
    const said = run(...args, '--database', world.database);
    assert.equal(said.status, 1, args.join(' '));
    assert.match(said.error, /master key/);
  }

  // The file is replaced under the running service: not ready, but what is there is served.
  copyFileSync(world.key_file, `${world.key_file}.right`);
  copyFileSync(other, `${world.key_file}.wrong`);
  renameSync(`${world.key_file}.wrong`, world.key_file);
  const ready = async () => { const answer = await fetch(`${world.base}/readyz`); return { status: answer.status, body: await answer.json() }; };
  const not = await until('the service not to be ready', async () => { const now = await ready(); return now.status === 503 ? now : null; });
  assert.match(not.body.detail, /master key/);
  assert.match(serve.log(), /"level":"error".*master key/);
  assert.equal((await host.call('GET', `/v1/connections/${id}/token`)).status, 200);
  renameSync(`${world.key_file}.right`, world.key_file);
  await until('the service to be ready', async () => (await ready()).status === 200);
  await serve.stop();

  renameSync(other, world.key_file);
  const refused = spawnSync(rekey, ['serve', '--listen', '127.0.0.1:0', '--provider', join(world.folder, 'provider.json'), '--database', world.database,
    '--client-id', 'c', '--master-key-file', world.key_file], { encoding: 'utf8', env: { ...process.env, REKEY_CLIENT_SECRET: 's' }, timeout: 30000 });
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /master key/);
});
