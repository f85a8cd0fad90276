// A backend at an authorization server that is not ours, and the small accounting API behind that server's access tokens.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { HostClient, PageClient, make_master_key, rekey, start, temporary_folder } from './program.mjs';
import { free_port } from './world.mjs';

export const client_id = 'rekey-test';
export const scopes = ['openid', 'offline_access', 'accounting'];

/** An HTTP server on a free port of loopback; `answer(request, response)` may be set later. */
export async function listen(t) {
  const at = { answer: null };
  const server = createServer((request, response) => at.answer(request, response));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.closeAllConnections() ?? server.close());
  return Object.assign(at, { base: `http://127.0.0.1:${server.address().port}` });
}

export function send_json(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** Answers as the accounting API: one record of each kind, to who has a token that `is_good`. */
export async function accounting(request, response, is_good) {
  const token = (request.headers.authorization ?? '').replace('Bearer ', '');
  if (!(await is_good(token)))
    return send_json(response, 401, { fault: { error: [{ message: 'no', code: '3200' }], type: 'AUTHENTICATION' } });
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname.includes('/companyinfo/'))
    return send_json(response, 200, { CompanyInfo: { Id: '1', CompanyName: 'Foreign Books' } });
  const query = url.searchParams.get('query');
  const [, entity] = /from (\w+)/.exec(query);
  if (/count\(\*\)/.test(query)) return send_json(response, 200, { QueryResponse: { totalCount: 1 } });
  return send_json(response, 200, { QueryResponse: { [entity]: [{ Id: '1', Name: `${entity} one`, DisplayName: `${entity} one` }] } });
}

/** Where a backend will be: the redirect URI must be known to the server before the backend starts. */
export async function place_for_backend() {
  const port = await free_port();
  return { port, redirect_uri: `http://127.0.0.1:${port}/callback` };
}

/** A backend with `provider` as its provider file, and a tenant that is signed in to its page. */
export async function backend_at(t, { port }, provider, client_secret) {
  const folder = temporary_folder(t);
  const file = (name) => join(folder, name);
  writeFileSync(file('provider.json'), JSON.stringify({ name: 'Foreign Books', company_in_callback: false, scopes, ...provider }));
  const database = file('rekey.db');
  make_master_key(file('master.key'));
  const key = execFileSync(rekey, ['api-key', 'add', 'test', '--scopes', '*', '--database', database]).toString().trim();
  const serve = await start(t, ['serve', '--json', '--listen', `127.0.0.1:${port}`, '--provider', file('provider.json'),
    '--database', database, '--client-id', client_id, '--master-key-file', file('master.key')], { REKEY_CLIENT_SECRET: client_secret });
  const host = new HostClient(serve.api, key);
  const { body: tenant } = await host.call('PUT', '/v1/tenants/acme', { name: 'A tenant' });
  const { body: session } = await host.call('POST', '/v1/page-sessions', { tenant: 'acme' });
  const page = new PageClient(serve.api);
  await page.sign_in(session.url);
  return { folder, serve, host, page, connection: tenant.connection };
}
