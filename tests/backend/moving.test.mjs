// Moving in with grants that were obtained elsewhere, and out again sealed for a key of one's own.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compactDecrypt } from 'jose';
import { HostClient, rekey, until } from './support/program.mjs';
import { connect, make_tenant, make_world } from './support/world.mjs';

const lines = (list) => list.map((each) => JSON.stringify(each)).join('\n') + '\n';
const ndjson = { 'content-type': 'application/x-ndjson' };
const open = async (jwe, key) => JSON.parse(new TextDecoder().decode((await compactDecrypt(jwe, key)).plaintext));

function key_pair(folder) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const file = join(folder, 'public.pem');
  writeFileSync(file, publicKey.export({ type: 'spki', format: 'pem' }));
  return { file, pem: readFileSync(file, 'utf8'), private_key: privateKey };
}

test('a grant moves out of one backend and into another, and works there', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test', '--scopes', '*');
  const plain = world.command('api-key', 'add', 'plain');
  const serve = await world.serve();
  const { host, page, connection } = await make_tenant(world.base, key, 'acme');
  await connect(world.base, page);
  const { pem, private_key } = key_pair(world.folder);

  assert.equal((await new HostClient(world.base, plain).call('POST', '/v1/grants/export', { public_key: pem })).status, 403);
  assert.equal((await host.call('POST', '/v1/grants/export', { public_key: 'no key' })).status, 400);
  const sealed = await host.call('POST', '/v1/grants/export', { public_key: pem });
  assert.equal(sealed.body.grants.length, 1);
  assert.equal(sealed.body.next, null);
  const grant = await open(sealed.body.grants[0], private_key);
  const token = (await host.call('GET', `/v1/connections/${connection}/token`)).body;
  assert.equal(grant.access_token, token.access_token);
  assert.equal(grant.tenant, 'acme');
  assert.equal(grant.realm_id, '123');
  const from_command = execFileSync(rekey, ['grants', 'export', '--public-key', join(world.folder, 'public.pem'),
    '--database', world.database, '--master-key-file', world.key_file]).toString().trim();
  assert.deepEqual(await open(from_command, private_key), grant);
  await serve.stop();

  // The other: a database of its own, the same provider. It has no access token any more, and gets one.
  const there = await make_world(t, { sandbox: world.sandbox });
  const there_key = there.command('api-key', 'add', 'test');
  await there.serve();
  const moved = new HostClient(there.base, there_key);
  const { access_token, expires_at, company_name, ...line } = grant;
  const answer = await moved.call('POST', '/v1/grants', lines([line]), ndjson);
  const [outcome] = answer.text.trim().split('\n').map((each) => JSON.parse(each));
  assert.equal(outcome.outcome, 'imported');
  const now = (await moved.call('GET', `/v1/connections/${outcome.connection}`)).body;
  assert.equal(now.status, 'linked');
  assert.equal(now.company.name, '');
  const fresh = await moved.call('GET', `/v1/connections/${outcome.connection}/token`);
  assert.equal(fresh.status, 200);
  const read = await fetch(`${there.sandbox}/v3/company/123/companyinfo/123`,
    { headers: { authorization: `Bearer ${fresh.body.access_token}`, accept: 'application/json' } });
  assert.equal(read.status, 200);
  const probe = await moved.call('POST', `/v1/connections/${outcome.connection}/commands`, { command: 'probe' });
  assert.equal(probe.body.works, true);
  assert.equal(probe.body.connection.company.name, company_name);

  // The same again is harmless, though the refresh token has been used since; another grant is not taken.
  const again = (await moved.call('POST', '/v1/grants', lines([line]), ndjson)).text.trim();
  assert.equal(JSON.parse(again).outcome, 'unchanged');
  const other = JSON.parse((await moved.call('POST', '/v1/grants', lines([{ ...line, refresh_token: 'RT1-other' }]), ndjson)).text);
  assert.equal(other.accepted, false);
  assert.match(other.reason, /disconnect it first/);
});

test('a file of grants in another encoding is refused with a word of UTF-8, readable by others or not', async (t) => {
  const world = await make_world(t);
  const file = join(world.folder, 'grants.jsonl');
  const line = `${JSON.stringify({ tenant: 'firm', name: 'Caf\u00e9', realm_id: '1', refresh_token: 'a-refresh-token' })}\n`;
  for (const encoding of ['latin1', 'utf16le']) {
    for (const mode of [0o644, 0o600]) {
      writeFileSync(file, Buffer.from(line, encoding));
      chmodSync(file, mode);
      const run = spawnSync(rekey, ['grants', 'import', file, '--database', world.database, '--master-key-file', world.key_file], { encoding: 'utf8' });
      assert.equal(run.status, 1);
      assert.match(run.stderr, /UTF-8/);
      assert.equal(run.stdout, '');
    }
  }
});

test('ten thousand grants move in, each line accepted or refused by itself, and no secret is left in the clear', async (t) => {
  const world = await make_world(t);
  const count = 10_000;
  const grants = Array.from({ length: count }, (_, i) => ({
    tenant: `firm-${i}`, realm_id: `${9_130_000_000 + i}`, access_token: `access-token-in-the-clear-${i}`.padEnd(1000, 'x'),
    expires_at: Date.now() + 3_000_000, refresh_token: `refresh-token-in-the-clear-${i}`, refresh_expires_at: Date.now() + 8e9 }));
  const file = join(world.folder, 'grants.jsonl');
  const bad = [{ ...grants[0], tenant: 'no tenant' }, { tenant: 'x', realm_id: '1' }, { ...grants[1], expires_at: 1_700_000_000 },
    { ...grants[2], tenant: 'late', refresh_expires_at: Date.now() - 1000 },
    { ...grants[3], tenant: 'odd-1', name: 'zero \u0000' }, { ...grants[3], tenant: 'odd-2', scopes: ['zero\u0000'] },
    { ...grants[3], tenant: 'odd-3', company_name: 'zero \u0000' }];
  writeFileSync(file, `${lines([...grants, ...bad])}not json\n`);
  const run = () => spawnSync(rekey, ['grants', 'import', file, '--database', world.database, '--master-key-file', world.key_file],
    { encoding: 'utf8', maxBuffer: 1 << 26 });
  chmodSync(file, 0o644);
  const open = run();
  assert.equal(open.status, 1);
  assert.match(open.stderr, new RegExp(`chmod 600 ${file}`));
  assert.equal(open.stdout, '');
  chmodSync(file, 0o600);
  const first = run();
  assert.equal(first.status, 1);
  assert.match(first.stderr, /10000 imported, 0 were here already, 8 refused/);
  const refused = first.stdout.trim().split('\n').map((each) => JSON.parse(each));
  assert.deepEqual(refused.map((each) => each.line), [10001, 10002, 10003, 10004, 10005, 10006, 10007, 10008]);
  for (const each of refused) assert.ok(each.reason.length > 10 && !each.reason.includes('in-the-clear'));
  assert.match(run().stderr, /0 imported, 10000 were here already, 8 refused/);

  const key = world.command('api-key', 'add', 'test');
  await world.serve();
  const host = new HostClient(world.base, key);
  const page = await host.call('GET', '/v1/connections?tenant=firm-42');
  const token = await host.call('GET', `/v1/connections/${page.body.connections[0].id}/token`);
  assert.equal(token.body.access_token, grants[42].access_token);
  for (const name of readdirSync(world.folder).filter((each) => each.startsWith('rekey.db')))
    assert.ok(!readFileSync(join(world.folder, name), 'latin1').includes('in-the-clear'), `a token stands in ${name}`);
});
