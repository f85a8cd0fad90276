// Two processes on one database whose master keys differ: one of them serves, and nothing is sealed under the other's key.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { HostClient, make_master_key, rekey, start, until } from './support/program.mjs';
import { connect, make_tenant, make_world } from './support/world.mjs';

const keys_of = (world, file) => execFileSync(rekey, ['keys', 'list', file, '--database', world.database]).toString();

const backend = (t, world, key_file) => start(t, ['serve', '--json', '--listen', '127.0.0.1:0', '--provider', join(world.folder, 'provider.json'),
  '--database', world.database, '--client-id', 'c', '--master-key-file', key_file], { REKEY_CLIENT_SECRET: 's' });

const ready = async ({ api }) => {
  const response = await fetch(`${api}/readyz`);
  return { status: response.status, detail: (await response.json()).detail };
};

/** What a backend says that does not start. */
const refused = (starting) => starting.then(() => assert.fail('it started'), (error) => error.message);

test('of two nodes that begin at once with different master keys one serves, and the other says why not', async (t) => {
  const world = await make_world(t);
  const files = [world.key_file, join(world.folder, 'second.key')];
  make_master_key(files[1]);
  world.command('api-key', 'list');
  const begun = await Promise.allSettled(files.map((file) => backend(t, world, file)));
  assert.deepEqual(begun.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  const mine = begun.findIndex(({ status }) => status === 'fulfilled');
  const said = begun[1 - mine].reason.message;
  assert.match(said, /sealed under the master key \S+, and this program was given another one \(\S+\)\. Give it the master key that was used before/);
  assert.equal((await ready(begun[mine].value)).status, 200);
  assert.match(keys_of(world, files[mine]), /^\S+ +in use/);
});

test('a second node with another master key does not serve, and seals nothing under it', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  const first = await world.serve();
  const { host, page, connection } = await make_tenant(world.base, key, 'acme');
  await connect(world.base, page);
  const other = join(world.folder, 'other.key');
  make_master_key(other);

  const said = await refused(backend(t, world, other));
  assert.equal(said.split('\n').filter((line) => /master key/.test(line) && !line.startsWith('{')).length, 1, said);

  // One that runs, and is given the other key: not ready, one sentence, and what it stores opens under the first.
  const own = join(world.folder, 'own.key');
  cpSync(world.key_file, own);
  const second = await backend(t, world, own);
  assert.equal((await ready(second)).status, 200);
  renameSync(other, own);
  const not = await until('the second node not to be ready', async () => {
    const now = await ready(second);
    return now.status === 503 && now;
  });
  assert.match(not.detail, /^What is in the database was sealed under the master key [^.]+\. [^.]+\. The service goes on with the master keys that it had before\.$/);
  assert.equal((await ready(first)).status, 200);
  const at_second = await make_tenant(second.api, key, 'birch');
  const asked = await at_second.page.command('connect');
  assert.equal(asked.status, 200);
  assert.equal((await new HostClient(second.api, key).call('POST', '/v1/webhooks', { url: 'https://hooks.example.com/x' })).status, 201);
  const lines = keys_of(world, world.key_file).trim().split('\n');
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.match(lines[0], /in use +\d+ data keys/);
  assert.equal((await host.call('GET', `/v1/connections/${connection}/token`)).status, 200);

  // The audit says who gave what.
  const { entries } = (await host.call('GET', '/v1/audit')).body;
  const about_keys = entries.filter(({ event }) => event.startsWith('master_key_'));
  assert.deepEqual(about_keys.map(({ event, actor }) => [event, actor.type]),
    [['master_key_added', 'operator'], ['master_key_refused', 'operator']]);
  assert.deepEqual(about_keys[1].detail.reason, 'other_key');
});
