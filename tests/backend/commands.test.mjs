// What a person sees at a terminal, and what a program sees that runs the same commands.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { HostClient, rekey, temporary_folder } from './support/program.mjs';
import { make_world } from './support/world.mjs';

/** What a command prints on a terminal of its own (util-linux: script). */
const at_terminal = (folder, ...args) => {
  const { status, stdout, error } = spawnSync('script', ['--quiet', '--return', '--command', [rekey, ...args].join(' '), '/dev/null'],
    { encoding: 'utf8', cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  return error ? null : { status, shown: stdout.replaceAll('\r', '').trim().split('\n') };
};

test('at a terminal a command shows its answer and no log; into a pipe the log goes to stderr', async (t) => {
  const folder = temporary_folder(t);
  const database = join(folder, 'rekey.db');
  const made = at_terminal(folder, 'api-key', 'add', 'test', '--database', database);
  if (!made) return t.skip('there is no `script` here');
  assert.equal(made.status, 0);
  assert.equal(made.shown.length, 1, made.shown.join('\n'));
  assert.match(made.shown[0], /^rk_\S+$/);
  const piped = spawnSync(rekey, ['api-key', 'add', 'test', '--database', database], { encoding: 'utf8' });
  assert.match(piped.stdout, /^rk_\S+\n$/);
  assert.equal(JSON.parse(piped.stderr).event, 'security.api_key_added');
  // A complaint is for a person too.
  const none = at_terminal(folder, 'api-key', 'revoke', 'key_none', '--database', database);
  assert.equal(none.status, 1);
  assert.deepEqual(none.shown, ['rekey api-key: There is no key "key_none". `rekey api-key list` shows them.']);
});

test('what an operator does by a command is in the audit', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  const master = ['--master-key-file', world.key_file];
  const spare = JSON.parse(world.command('api-key', 'list').split('\n')[0]);
  const webhook = world.command('webhook', 'add', 'https://hooks.example.com/x', ...master);
  world.command('webhook', 'secret', webhook, ...master);
  world.command('webhook', 'remove', webhook, ...master);
  world.command('grants', 'import', '/dev/null', ...master);
  const added = world.command('keys', 'add', world.key_file).split(' ')[0];
  const serve = await world.serve();
  const { entries } = (await new HostClient(world.base, key).call('GET', '/v1/audit')).body;
  assert.deepEqual(entries.map(({ event }) => event), ['api_key_added', 'master_key_added', 'webhook_added', 'webhook_secret_read', 'webhook_removed',
    'grants_imported', 'master_key_added']);
  assert.ok(entries.every(({ actor }) => actor.type === 'operator'));
  assert.deepEqual(entries[0].detail.key, spare.id);
  assert.deepEqual(entries.at(-1).detail, { master_key: added });
  await serve.stop();
});
