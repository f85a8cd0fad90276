// What the flags of `rekey sandbox` promise, and trouble that only a socket can show.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { rekey, root } from '../backend/support/program.mjs';
import { start_sandbox } from './support/sandbox.mjs';

/** What a request ends in: the answer's text, or the error under fetch's. */
const outcome = async (url) => {
  try {
    const response = await fetch(url);
    return { status: response.status, text: await response.text() };
  } catch (error) {
    return { error: (error.cause ?? error).code ?? (error.cause ?? error).message };
  }
};

test('faults from the command line: the connection is reset, ended half-way, then all is well', async (t) => {
  const { base, requests } = await start_sandbox(t, '--fault', '{"route":"jwks","kind":"cut"}',
    '--fault', '{"route":"jwks","kind":"cut_body"}', '--fault', '{"route":"discovery","kind":"content_type"}');
  assert.deepEqual(await outcome(`${base}/op/v1/jwks`), { error: 'ECONNRESET' });
  assert.ok((await outcome(`${base}/op/v1/jwks`)).error, 'half a body is no answer');
  const whole = await outcome(`${base}/op/v1/jwks`);
  assert.equal(JSON.parse(whole.text).keys.length, 1);
  assert.deepEqual((await requests()).map(({ cut }) => cut ?? false), [true, true, false]);
  const named = await fetch(`${base}/.well-known/openid_configuration`);
  assert.match(named.headers.get('content-type'), /^text\/html/);
  assert.ok((await named.json()).issuer);
});

test('the clock and the rules are as the command line says', async (t) => {
  const { control } = await start_sandbox(t, '--clock-ahead-s', '86400', '--refresh-grace-s', '60', '--kill-on-race',
    '--rotate-after-s', '0', '--access-life-s', '5', '--code-life-s', '7', '--no-pkce', '--no-replay-ends-grant',
    '--legacy-nonces');
  assert.equal((await control('clock')).ahead_s, 86400);
  assert.deepEqual(await control('rules'), {
    access_life_s: 5, code_life_s: 7, rotate_after_s: 0, refresh_grace_s: 60, rolling_life_s: 101 * 86400,
    hard_life_s: 5 * 365 * 86400, kill_on_race: true, replay_ends_grant: false, consent_ends_older: true, pkce: false,
    legacy_nonces: true,
  });
});

test('a fault that makes no sense ends the program with a sentence', () => {
  for (const bad of ['{"kind":"meteor"}', '{', '[]'])
    assert.throws(() => execFileSync(rekey, ['sandbox', '--port', '0', '--fault', bad], { stdio: 'pipe' }),
      ({ status, stderr }) => status === 1 && /^rekey sandbox: --fault .*\.\n$/.test(stderr.toString()));
});

test('every flag is in --help and in the documentation, and every rule too', async (t) => {
  const help = execFileSync(rekey, ['sandbox', '--help']).toString();
  const document = readFileSync(join(root, 'docs/sandbox.md'), 'utf8');
  const { control } = await start_sandbox(t);
  const rules = await control('rules');
  for (const name of Object.keys(rules)) {
    assert.ok(help.includes(`--${name.replaceAll('_', '-')}`), `${name} in --help`);
    assert.ok(document.includes(`| \`${name}\` |`), `${name} in the documentation`);
  }
  const flags = [...help.matchAll(/^ {2}(?:-\w,)?--([a-z-]+)/gm)].map(([, name]) => name)
    .filter((name) => name !== 'help' && !(name.replaceAll('-', '_') in rules));
  assert.ok(flags.length > 8);
  for (const name of flags) assert.ok(document.includes(`\`--${name}`), `--${name} in the documentation`);
});
