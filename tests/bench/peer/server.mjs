// The peer of the hot path: a route that hands out a connection's access token, as a team writes it today with
// fastify and better-sqlite3. Tokens are sealed with AES-256-GCM, the caller's key is compared by its hash.
//
//   node server.mjs seed COUNT   makes the database
//   node server.mjs              serves; prints one line of JSON when ready
import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import Database from 'better-sqlite3';

const { PEER_DATABASE, PEER_MASTER_KEY, PEER_API_KEY } = process.env;
const master_key = Buffer.from(PEER_MASTER_KEY, 'hex');
const database = new Database(PEER_DATABASE);
database.pragma('journal_mode = WAL');
database.exec(`create table if not exists connections (
  id text primary key, realm_id text not null, nonce blob not null, sealed blob not null, tag blob not null,
  expires_at integer not null)`);

function seal(id, text) {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', master_key, nonce).setAAD(Buffer.from(id));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return [nonce, sealed, cipher.getAuthTag()];
}

function unseal({ id, nonce, sealed, tag }) {
  const cipher = createDecipheriv('aes-256-gcm', master_key, nonce).setAAD(Buffer.from(id)).setAuthTag(tag);
  return Buffer.concat([cipher.update(sealed), cipher.final()]).toString('utf8');
}

if (process.argv[2] === 'seed') {
  const insert = database.prepare('insert into connections values (?, ?, ?, ?, ?, ?)');
  database.transaction(() => {
    for (let i = 0; i < Number(process.argv[3]); ++i) {
      const id = `con_${i}`;
      insert.run(id, `${9130000000 + i}`, ...seal(id, randomBytes(700).toString('base64url')), Date.now() + 86_400_000);
    }
  })();
} else {
  const { default: fastify } = await import('fastify');
  const hash = (text) => createHash('sha256').update(text).digest();
  const expected = hash(PEER_API_KEY);
  const find = database.prepare('select * from connections where id = ?');
  const server = fastify();
  server.get('/v1/connections/:id/token', (request, reply) => {
    const [scheme, key] = (request.headers.authorization ?? '').split(' ');
    if (scheme !== 'Bearer' || !timingSafeEqual(hash(key ?? ''), expected)) return reply.code(401).send({ error: 'unauthorized' });
    const row = find.get(request.params.id);
    if (!row || row.expires_at < Date.now() + 300_000) return reply.code(409).send({ error: 'no_token' });
    return reply.header('cache-control', 'no-store').send({
      access_token: unseal(row), token_type: 'Bearer', expires_at: row.expires_at, connection: row.id,
      company: { realm_id: row.realm_id } });
  });
  const address = await server.listen({ port: 0, host: '127.0.0.1' });
  console.log(JSON.stringify({ api: address }));
}
