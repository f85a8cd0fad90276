// Debian's PgBouncer between the backend and PostgreSQL. Run by tests/support/postgres.sh.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { rekey, start, temporary_folder, until } from './support/program.mjs';
import { connect, free_port, make_tenant, make_world } from './support/world.mjs';

const server = process.env.REKEY_TEST_POSTGRES;
assert.ok(server, 'there is no PostgreSQL server: run this by tests/support/postgres.sh');
const skip = spawnSync('pgbouncer', ['--version']).error && 'PgBouncer is not installed';

/** A database of its own, reached through a pooler of this mode. */
async function pooled(t, mode) {
  const folder = temporary_folder(t);
  chmodSync(folder, 0o777);
  const name = `pooled_${mode}`;
  const psql = (url, command) => spawnSync('psql', ['--quiet', '--no-align', '--tuples-only', '--command', command, url], { encoding: 'utf8' });
  psql(server, `drop database if exists ${name}`);
  assert.equal(psql(server, `create database ${name}`).status, 0);
  const { hostname, port, username } = new URL(server);
  const listen = await free_port();
  const settings = join(folder, 'pgbouncer.ini');
  writeFileSync(settings, `[databases]\n* = user=${username} host=${hostname} port=${port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n` +
    `listen_port = ${listen}\nunix_socket_dir =\nauth_type = any\npool_mode = ${mode}\nlogfile = ${join(folder, 'log')}\n` +
    'ignore_startup_parameters = extra_float_digits,options\n');
  // It refuses to run as root.
  const as_user = process.getuid() === 0 ? ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups'] : [];
  const [program, ...args] = [...as_user, 'pgbouncer', settings];
  const child = spawn(program, args, { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  t.after(async () => {
    child.kill('SIGKILL'); // asked to end, it waits for its clients
    await ended;
  });
  const url = `postgresql://${username}@127.0.0.1:${listen}/${name}`;
  await until('PgBouncer', () => psql(url, 'select 1').status === 0, 10);
  return url;
}

test('a pooler that gives each transaction another session is recognised, and told by name', { skip }, async (t) => {
  const database = await pooled(t, 'transaction');
  const world = await make_world(t);
  const told = /pool_mode = session/;
  for (const args of [['api-key', 'add', 'x'], ['doctor']]) {
    const { status, stdout, stderr } = spawnSync(rekey, [...args, '--database', database], { encoding: 'utf8' });
    assert.equal(status, 1, args.join(' '));
    assert.match(stdout + stderr, told, args.join(' '));
  }
  const starting = start(t, ['serve', '--json', '--listen', '127.0.0.1:0', '--provider', join(world.folder, 'provider.json'), '--database', database,
    '--client-id', 'c', '--master-key-file', world.key_file], { REKEY_CLIENT_SECRET: 's' });
  const said = await starting.then(() => assert.fail('it started'), (error) => error.message);
  assert.match(said, /through a pooler/);
  assert.match(said, told);
});

test('a pooler that keeps sessions together is as good as none', { skip }, async (t) => {
  const database = await pooled(t, 'session');
  const world = await make_world(t, { database });
  const key = world.command('api-key', 'add', 'test');
  await world.serve();
  const { host, page, connection } = await make_tenant(world.base, key, 'acme');
  await connect(world.base, page);
  assert.equal((await host.call('GET', `/v1/connections/${connection}/token`)).status, 200);
});
