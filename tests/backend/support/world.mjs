// A backend (or two, on one database) beside the sandbox, and tenants that walk the whole way.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { HostClient, PageClient, new_database, rekey, start, temporary_folder, until } from './program.mjs';

export async function free_port() {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Sandbox (or the one that is given), database and master key; `serve()` starts a backend on them, `rekey()` runs a command. */
export async function make_world(t, { sandbox_flags = [], serve_flags = [], sandbox = null, database = null } = {}) {
  const folder = temporary_folder(t);
  const port = await free_port();
  const base = `http://127.0.0.1:${port}`;
  if (!sandbox) ({ sandbox } = await start(t, ['sandbox', '--port', '0', '--json', '--client-id', 'c', '--client-secret', 's',
    '--redirect-uri', `${base}/callback`, '--company', '123:Test Books:20', '--auto-consent', ...sandbox_flags]));
  database ??= new_database(folder);
  const key_file = join(folder, 'master.key');
  const provider = join(folder, 'provider.json');
  writeFileSync(provider, JSON.stringify({
    discovery: `${sandbox}/.well-known/openid_sandbox_configuration`, accounting_base: sandbox,
    scopes: ['com.intuit.quickbooks.accounting'] }));
  execFileSync(rekey, ['keys', 'add', key_file]);
  const command = (...args) => execFileSync(rekey, [...args, '--database', database]).toString().trim();
  // The sandbox is asked as fast as it answers, unless a test is about that.
  const serve = (listen = `127.0.0.1:${port}`, more_flags = []) => start(t, ['serve', '--json', '--listen', listen, '--provider', provider,
    '--database', database, '--client-id', 'c', '--master-key-file', key_file, '--requests-per-second', '0', '--requests-per-minute', '0',
    ...serve_flags, ...more_flags], { REKEY_CLIENT_SECRET: 's' });
  return { folder, base, sandbox, database, key_file, command, serve };
}

/** A tenant of a running backend, signed in to its page. */
export async function make_tenant(base, key, tenant) {
  const host = new HostClient(base, key);
  const made = await host.call('PUT', `/v1/tenants/${tenant}`, { name: tenant });
  const page = new PageClient(base);
  await page.sign_in((await host.call('POST', '/v1/page-sessions', { tenant })).body.url);
  return { host, page, connection: made.body.connection };
}

/** "Refresh to apply settings", of the newest import. */
export async function apply_import(page) {
  const { status } = await page.command('apply', { run: (await page.page()).state.import.run });
  if (status !== 200) throw new Error(`the import was not applied: ${status}`);
}

/** How the configuration stands, once its lines are made. */
export const summary_of = (page) => until('the lines', async () => {
  const { body } = await page.call('GET', '/api/configuration/summary');
  return body.matching ? null : body;
}, 60);

/** Presses Save, as the page does: with what one click would apply. */
export const press_save = async (page, more = {}) => page.call('POST', '/api/configuration/save',
  { seen: (await summary_of(page)).revision, suggestions: true, ...more });

/** Walks to a connection that works and whose settings are imported. */
export async function connect(base, page) {
  const { body } = await page.command('connect');
  const back = await page.browser.open(body.redirect, {}, `${base}/callback`);
  await page.callback(back.url);
  await page.until_phase('linked');
  await until('the import', async () => (await page.page()).state.import.phase.type === 'done', 60);
}
