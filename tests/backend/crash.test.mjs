// Kill -9 while a customer is on the way: the next start goes on from what is stored, no code is sent twice, and
// the customer gets there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { HostClient, PageClient, rekey, start, temporary_folder, until } from './support/program.mjs';

async function free_port() {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

test('kill -9 in the middle of the way loses nothing', async (t) => {
  const folder = temporary_folder(t);
  const port = await free_port();
  const base = `http://127.0.0.1:${port}`;
  const sandbox = await start(t, ['sandbox', '--port', '0', '--json', '--client-id', 'c', '--client-secret', 's',
    '--redirect-uri', `${base}/callback`, '--company', '123:Crash Test Books:600', '--auto-consent', '--latency-ms', '10']);
  const database = join(folder, 'rekey.db');
  const key_file = join(folder, 'master.key');
  const provider = join(folder, 'provider.json');
  writeFileSync(provider, JSON.stringify({
    discovery: `${sandbox.sandbox}/.well-known/openid_sandbox_configuration`, accounting_base: sandbox.sandbox,
    scopes: ['com.intuit.quickbooks.accounting'] }));
  execFileSync(rekey, ['master-key', key_file]);
  const key = execFileSync(rekey, ['api-key', 'add', 'test', '--database', database]).toString().trim();
  const begin = () => start(t, ['serve', '--json', '--listen', `127.0.0.1:${port}`, '--provider', provider, '--database', database,
    '--client-id', 'c', '--master-key-file', key_file, '--import-page-size', '50'], { REKEY_CLIENT_SECRET: 's' });

  let kills = 0;
  const rounds = Number(process.env.REKEY_CRASH_ROUNDS ?? 6);
  for (let round = 0; round < rounds; ++round) {
    let serve = await begin();
    const host = new HostClient(base, key);
    const tenant = `tenant-${round}`;
    await host.call('PUT', `/v1/tenants/${tenant}`, { name: tenant });
    const page = new PageClient(base);
    await page.sign_in((await host.call('POST', '/v1/page-sessions', { tenant })).body.url);
    const { body } = await page.command('connect');
    const back = await page.browser.open(body.redirect, {}, `${base}/callback`);
    // The moment moves from before the callback was stored to deep in the import.
    const answered = page.callback(back.url).catch(() => null);
    await new Promise((resolve) => setTimeout(resolve, round * 40));
    await serve.stop('SIGKILL');
    kills += 1;
    await answered;
    serve = await begin();
    const there = await until(`round ${round} to come to an end`, async () => {
      const now = await page.page();
      const { type } = now.state.connect.phase;
      if (type === 'linked') return now.state.import.phase.type === 'done' ? now : null;
      return type === 'authorizing' || type === 'unlinked' ? now : null;
    }, 90);
    if (there.state.connect.phase.type !== 'linked') {
      // The callback was lost, or the exchange was cut off: the customer is told, and connects again.
      const again = await page.command('connect');
      assert.equal(again.status, 200);
      const url = (await page.browser.open(again.body.redirect, {}, `${base}/callback`)).url;
      assert.equal((await page.callback(url)).status, 200);
      await page.until_phase('linked');
    }
    await until('the import', async () => (await page.page()).state.import.phase.type === 'done', 90);
    await serve.stop();
  }
  assert.equal(kills, rounds);

  // What the sandbox saw: each code once.
  const { requests } = await (await fetch(`${sandbox.sandbox}/sandbox/requests`)).json();
  const codes = requests.filter((each) => JSON.stringify(each).includes('authorization_code'));
  assert.ok(codes.length >= rounds);
  const failures = codes.filter((each) => each.status >= 400);
  assert.deepEqual(failures, [], 'no code was refused, so none was sent twice');
});
