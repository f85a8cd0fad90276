// What a team writes today: fastify, intuit-oauth, SQLite, tokens sealed with AES-256-GCM, one route that hands
// out a connection's access token and renews it when it is due. Not ours to be proud of: it is what storms are
// measured beside. Everything is set by one JSON text in the variable PEER.
import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createRequire } from 'node:module';
import Database from 'better-sqlite3';

const require = createRequire(import.meta.url);
const OAuthClient = require('intuit-oauth');
const settings = JSON.parse(process.env.PEER); // port, file, key, api_key, token_endpoint, single_flight, seed
const key = Buffer.from(settings.key, 'base64');
const due_before_ms = 15 * 60 * 1000;

const db = new Database(settings.file);
db.exec('pragma busy_timeout = 5000; pragma journal_mode = wal');
db.exec('create table if not exists tokens (id text primary key, sealed blob not null, expires integer not null, state text not null)');

function seal(id, value) {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(id));
  const body = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

function open(id, bytes) {
  const sealed = Buffer.from(bytes);
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAAD(Buffer.from(id)).setAuthTag(sealed.subarray(12, 28));
  return JSON.parse(Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]));
}

const read = (id) => db.prepare('select * from tokens where id = ?').get(id);
const write = (id, value, expires, state) => db.prepare('replace into tokens values (?, ?, ?, ?)').run(id, seal(id, value), expires, state);

async function renew(id) {
  const row = read(id);
  const tokens = open(id, row.sealed);
  const client = new OAuthClient({ clientId: 'c', clientSecret: 's', environment: 'sandbox', redirectUri: 'http://localhost/callback' });
  client.setAuthorizeURLs({ authorizeEndpoint: settings.token_endpoint, tokenEndpoint: settings.token_endpoint,
    revokeEndpoint: settings.token_endpoint, userInfoEndpoint: settings.token_endpoint });
  try {
    const answer = (await client.refreshUsingToken(tokens.refresh)).getJson();
    write(id, { access: answer.access_token, refresh: answer.refresh_token }, Date.now() + answer.expires_in * 1000, 'connected');
  } catch (error) {
    write(id, tokens, row.expires, 'reconnect');
    throw error;
  }
}

const under_way = new Map();
function renew_once(id) {
  if (!settings.single_flight) return renew(id);
  if (!under_way.has(id)) under_way.set(id, renew(id).finally(() => under_way.delete(id)));
  return under_way.get(id);
}

if (settings.seed) write(settings.seed.id, { access: settings.seed.access, refresh: settings.seed.refresh }, settings.seed.expires, 'connected');

const digest = (text) => createHash('sha256').update(text).digest();
const api_key = digest(settings.api_key);
const server = require('fastify')();
server.get('/connections/:id/token', async (request, reply) => {
  const given = digest((request.headers.authorization ?? '').replace(/^Bearer /, ''));
  if (!timingSafeEqual(given, api_key)) return reply.code(401).send({ error: 'unauthorized' });
  const { id } = request.params;
  if (!read(id)) return reply.code(404).send({ error: 'not_found' });
  if (read(id).expires - Date.now() < due_before_ms) {
    try {
      await renew_once(id);
    } catch {
      return reply.code(424).send({ error: 'reconnect' });
    }
  }
  const row = read(id);
  return { access_token: open(id, row.sealed).access, expires_at: row.expires, state: row.state };
});
// So that the next renewal can be had without waiting for an hour.
server.post('/connections/:id/expire', async (request) => db.prepare('update tokens set expires = 0 where id = ?').run(request.params.id));
await server.listen({ port: settings.port, host: '127.0.0.1' });
console.log('{}');
