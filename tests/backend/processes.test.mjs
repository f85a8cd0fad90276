// What a process shows of its secrets, which files it takes them from, and where it listens.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { HostClient, rekey, start, until } from './support/program.mjs';
import { make_world } from './support/world.mjs';

const flags_of = (world) => ['serve', '--json', '--listen', '127.0.0.1:0', '--provider', join(world.folder, 'provider.json'),
  '--database', world.database, '--client-id', 'c'];

const refused = (args, env = {}) => {
  const { status, stderr } = spawnSync(rekey, args, { encoding: 'utf8', env: { PATH: process.env.PATH, REKEY_CLIENT_SECRET: 's', ...env }, timeout: 30000 });
  assert.notEqual(status, 0, `${args.join(' ')} was not refused`);
  return stderr;
};

test('secrets from the environment are not in /proc once they were read, and no core file has them', async (t) => {
  const world = await make_world(t);
  const master = readFileSync(world.key_file, 'utf8').split('\n').find((line) => line && !line.startsWith('#'));
  const serve = await start(t, flags_of(world), { REKEY_CLIENT_SECRET: 'made-up-secret', REKEY_MASTER_KEY: master });
  const root = process.getuid() === 0;
  if (root) {
    const shown = readFileSync(`/proc/${serve.pid}/environ`, 'latin1');
    for (const secret of ['REKEY_CLIENT_SECRET', 'made-up-secret', 'REKEY_MASTER_KEY', master])
      assert.ok(!shown.includes(secret), `/proc/<pid>/environ shows ${secret}`);
  } else {
    assert.throws(() => readFileSync(`/proc/${serve.pid}/environ`), /EACCES|EPERM/);
  }
  const limits = readFileSync(`/proc/${serve.pid}/limits`, 'utf8');
  assert.match(limits, /Max core file size\s+0\s+0/);
  // Others see that it lives, and that is all they need to see.
  process.kill(serve.pid, 0);
  assert.match(readFileSync(`/proc/${serve.pid}/status`, 'utf8'), /State:/);
  assert.equal((await serve.stop()).code, 0);
});

test('a command that holds tokens leaves no core file either', async (t) => {
  const world = await make_world(t);
  // It reads its lines from what stays open.
  const child = spawn(rekey, ['grants', 'import', '-', ...flags_of(world).slice(4), '--master-key-file', world.key_file],
    { env: { PATH: process.env.PATH, REKEY_CLIENT_SECRET: 's' }, stdio: ['pipe', 'ignore', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (data) => (said += data));
  await until('its limits', async () => {
    assert.equal(child.exitCode, null, said);
    return /Max core file size\s+0\s+0/.test(readFileSync(`/proc/${child.pid}/limits`, 'utf8'));
  }, 10);
  // What it reads from is a socket here.
  child.stdin.end(JSON.stringify({ tenant: 'firm', realm_id: '9130', access_token: 'made-up', refresh_token: 'made-up',
    expires_at: Date.now() + 3_000_000, refresh_expires_at: Date.now() + 8e9 }));
  const [status] = await once(child, 'close');
  assert.equal(status, 0, said);
  assert.match(said, /1 imported, 0 were here already, 0 refused/);
});

test('files with secrets that others can read are refused, with the chmod to run', async (t) => {
  const world = await make_world(t);
  const file = (name, text, mode) => {
    const path = join(world.folder, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };
  const flags = [...flags_of(world), '--master-key-file', world.key_file];
  const secret = file('client-secret', 's', 0o644);
  assert.match(refused([...flags, '--client-secret-file', secret], { REKEY_CLIENT_SECRET: '' }), new RegExp(`chmod 6[04]0 ${secret}`));
  const settings = file('rekey.toml', 'database = "postgresql://rekey:made-up@127.0.0.1/rekey"\n', 0o644);
  const said = refused(['serve', '--config', settings]);
  assert.match(said, new RegExp(`chmod 600 ${settings}`));
  assert.doesNotMatch(said, /made-up/);
  chmodSync(world.key_file, 0o644);
  assert.match(refused(flags), new RegExp(`chmod 600 ${world.key_file}`));
});

test('a password in an argument is refused by every command, and not repeated', () => {
  for (const args of [['serve', '--database', 'postgresql://rekey:made-up@127.0.0.1/rekey'],
    ['serve', '--databse=postgresql://rekey:made-up@127.0.0.1/rekey'], ['api-key', 'list', '--database', "host=db password = 'made-up'"],
    ['doctor', '--database=postgresql://rekey@db/rekey?pass%77ord=made-up'], ['nonsense', 'postgres://a:made-up@b']]) {
    const said = refused(args);
    assert.match(said, /password/);
    assert.doesNotMatch(said, /made-up/);
  }
});

test('a secret under a misspelt flag, or one that the command does not have, is not repeated', () => {
  for (const args of [['serve', '--client_secret=not-to-be-shown'], ['serve', '--client_secret', 'not-to-be-shown'], ['serve', '--client-secretnot-to-be-shown'],
    ['serve', '-client-secret=not-to-be-shown'], ['serve', '--Client-Secret=not-to-be-shown'], ['serve', '--client-secret=not-to-be-shown'], ['serve', '--master-key', 'not-to-be-shown'],
    ['api-key', 'list', '--master-key=not-to-be-shown'], ['api-key', 'list', '--master-key', 'not-to-be-shown'], ['keys', 'list', 'not-to-be-shown', '--masterkey=not-to-be-shown', 'not-to-be-shown'],
    ['doctor', '--password', 'not-to-be-shown'], ['grants', 'export', '--public-key', 'x', '--refresh-token=not-to-be-shown'], ['replay', '-', '--token=not-to-be-shown'],
    ['graph', '--api-key=not-to-be-shown'], ['--client-secret=not-to-be-shown', 'serve'], ['client-secret=not-to-be-shown'], ['webhook', 'list', '--secret=not-to-be-shown'],
    ['sandbox', '--client_secret=not-to-be-shown'], ['demo', '--client-secret=not-to-be-shown']]) {
    const { status, stdout, stderr } = spawnSync(rekey, args, { encoding: 'utf8', env: { PATH: process.env.PATH }, timeout: 30000 });
    assert.notEqual(status, 0, args.join(' '));
    assert.doesNotMatch(stdout + stderr, /not-to-be-shown/, args.join(' '));
    assert.notEqual(stderr, '', args.join(' '));
  }
  // What is no secret is named, so that it can be mended.
  assert.match(refused(['serve', '--databse=x.db']), /argument 2 \(--databse\)/);
  assert.match(refused(['serve', '--client_secret=not-to-be-shown']), /\(--client_secret\).*change that secret/);
});

test('a provider file without scopes or accounting_base stops the start, and not the customer', async (t) => {
  const world = await make_world(t);
  const file = join(world.folder, 'provider.json');
  const provider = JSON.parse(readFileSync(file, 'utf8'));
  const flags = [...flags_of(world), '--master-key-file', world.key_file];
  for (const name of ['scopes', 'accounting_base']) {
    const { [name]: left_out, ...rest } = provider;
    writeFileSync(file, JSON.stringify(rest));
    assert.match(refused(flags), new RegExp(`^rekey serve: .*does not state ${name}`), name);
    assert.ok(left_out);
  }
  // The setting stands in for the file's scopes.
  const { scopes, ...rest } = provider;
  writeFileSync(file, JSON.stringify(rest));
  const serve = await start(t, [...flags, '--scopes', scopes.join(' ')], { REKEY_CLIENT_SECRET: 's' });
  assert.equal((await serve.stop()).code, 0);
});

test('plain http over a network is refused unless it is said on purpose', async (t) => {
  const world = await make_world(t);
  const flags = [...flags_of(world), '--master-key-file', world.key_file];
  assert.match(refused([...flags, '--public-url', 'http://connect.example.com']), /allow-http/);
  for (const place of ['0.0.0.0:0', '[::]:0']) {
    const said = refused([...flags, '--public-url', 'https://connect.example.com', '--api-listen', place]);
    assert.match(said, /api-listen.*allow-http/);
  }
  const serve = await start(t, [...flags, '--public-url', 'HTTP://Connect.Example.COM:80/', '--allow-http', 'on'], { REKEY_CLIENT_SECRET: 's' });
  assert.equal(serve.api, 'http://connect.example.com');
  await serve.stop();
});

test('the page names the way back to the host application before it has started', async (t) => {
  const world = await make_world(t, { serve_flags: ['--host-url', 'https://app.example.com/?a=1&b=2', '--host-name', 'Bolt & Sons'] });
  const serve = await world.serve();
  const text = await (await fetch(`${serve.api}/callback`, { headers: { 'accept-encoding': 'br' } })).text();
  const links = text.match(/<a href="https:\/\/app\.example\.com\/\?a=1&amp;b=2">go back to Bolt &amp; Sons<\/a>/g) ?? [];
  assert.equal(links.length, 2, 'without JavaScript, and where the page cannot be drawn');
});

test('the host API listens apart from the page', async (t) => {
  const world = await make_world(t, { serve_flags: ['--api-listen', '127.0.0.1:0'] });
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  const serve = await world.serve();
  assert.notEqual(serve.host_api, serve.api);
  const status = async (base, path) => (await fetch(base + path, { headers: { authorization: `Bearer ${key}` } })).status;
  assert.equal(await status(serve.host_api, '/v1/connections'), 200);
  assert.equal(await status(serve.host_api, '/readyz'), 200);
  assert.equal(await status(serve.host_api, '/healthz'), 200);
  const nothing_at = async (base, path) => {
    const answer = await fetch(base + path, { headers: { authorization: `Bearer ${key}` } });
    assert.deepEqual([answer.status, (await answer.json()).code], [404, 'no_such_address'], path);
  };
  for (const path of ['/', '/api/page', '/callback', '/index.html']) await nothing_at(serve.host_api, path);
  for (const path of ['/v1/connections', '/v1/openapi.json', '/v1', '/metrics']) await nothing_at(serve.api, path);
  assert.equal(await status(serve.api, '/readyz'), 200);
  assert.equal(await status(serve.api, '/'), 200);
  const host = new HostClient(serve.host_api, key);
  assert.equal((await host.call('PUT', '/v1/tenants/acme', { name: 'acme' })).status, 200);
  await serve.stop();
});

test('TLS: what has no ephemeral key exchange or no authenticated encryption is refused', async (t) => {
  const world = await make_world(t);
  const [certificate, private_key] = ['tls.pem', 'tls.key'].map((name) => join(world.folder, name));
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-days', '2',
    '-keyout', private_key, '-out', certificate], { encoding: 'utf8' });
  if (made.error) return t.skip('there is no openssl here');
  chmodSync(private_key, 0o600);
  const serve = await start(t, [...flags_of(world), '--master-key-file', world.key_file, '--tls-certificate', certificate,
    '--tls-key', private_key], { REKEY_CLIENT_SECRET: 's' });
  const { port } = new URL(serve.api);
  const shake = (options) => new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: Number(port), rejectUnauthorized: false, ...options }, () => {
      resolve(`${socket.getProtocol()} ${socket.getCipher().name}`);
      socket.destroy();
    });
    socket.on('error', (error) => resolve(`refused ${error.code}`));
  });
  const old = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' };
  const headers = await new Promise((resolve, reject) => {
    get(`${serve.api}/`, { rejectUnauthorized: false }, (response) => resolve(response.resume().headers)).on('error', reject);
  });
  assert.match(headers['strict-transport-security'] ?? '', /^max-age=31536000/);
  assert.match(await shake({}), /^TLSv1.3 /);
  assert.match(await shake({ ...old, ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' }), /^TLSv1.2 ECDHE-RSA-AES128-GCM/);
  for (const ciphers of ['AES128-GCM-SHA256', 'AES256-SHA256', 'AES128-SHA', 'ECDHE-RSA-AES128-SHA256', 'ECDHE-RSA-AES256-SHA'])
    assert.match(await shake({ ...old, ciphers }), /^refused/, ciphers);
  assert.match(await shake({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }), /^refused/);
  await serve.stop();
});
