// A backend at the small provider of the storms, which has whatever habits a test wants.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StormProvider } from '../../bench/support/storm_provider.mjs';
import { make_master_key, new_database, rekey, start, temporary_folder } from './program.mjs';
import { connect, make_tenant } from './world.mjs';

/** A connection at a provider with these habits; `token()` asks for its token as a host does, `serve()` starts a backend. */
export async function connected(t, habits, serve_flags = []) {
  const provider = new StormProvider();
  provider.set(habits);
  await provider.start();
  t.after(() => provider.stop());
  const folder = temporary_folder(t);
  const file = (name) => join(folder, name);
  writeFileSync(file('provider.json'), JSON.stringify({ discovery: `${provider.base}/.well-known/openid-configuration`,
    accounting_base: provider.base, scopes: ['accounting'], company_in_callback: true }));
  make_master_key(file('master.key'));
  const database = new_database(folder);
  const key = execFileSync(rekey, ['api-key', 'add', 'test', '--scopes', '*', '--database', database]).toString().trim();
  const serve = (limits) => start(t, ['serve', '--json', '--listen', '127.0.0.1:0', '--provider', file('provider.json'), '--database',
    database, '--client-id', 'c', '--master-key-file', file('master.key'), '--requests-per-second', '0', ...serve_flags], { REKEY_CLIENT_SECRET: 's' }, limits);
  const backend = await serve();
  const { host, page } = await make_tenant(backend.api, key, 'acme');
  await connect(backend.api, page);
  const id = (await host.call('GET', '/v1/connections')).body.connections[0].id;
  const doctor = () => {
    try {
      return execFileSync(rekey, ['doctor', '--database', database]).toString();
    } catch (error) {
      return error.stdout.toString();
    }
  };
  return { provider, database, key_file: file('master.key'), api: backend.api, backend, serve, key, id, host, page, doctor, token: () => host.call('GET', `/v1/connections/${id}/token`),
    renew: (rejected) => host.call('POST', `/v1/connections/${id}/token`, { rejected }) };
}
