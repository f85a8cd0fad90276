// The real thing: `rekey demo`, started for a test and ended with it.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
export const program = process.env.REKEY ?? path.join(root, 'build/rekey');

/** Starts a demo; gives its addresses and `stop`. `more`: further arguments. */
export async function startDemo(...more) {
  const child = spawn(program, ['demo', '--port', '0', '--json', ...more],
                      { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (chunk) => { complaints += chunk; });
  const ended = new Promise((done) => child.on('exit', done));
  const first = await Promise.race([
    new Promise((done) => createInterface({ input: child.stdout }).once('line', done)),
    ended.then((code) => { throw new Error(`rekey demo ended with ${code}: ${complaints}`); }),
  ]);
  return {
    ...JSON.parse(first),
    complaints: () => complaints,
    async stop() {
      child.kill('SIGINT');
      await ended;
    },
  };
}

/** Through the pages of the sandbox: sign-in, company, consent. */
export async function consent(page, { company = null, allow = true } = {}) {
  await page.getByRole('button', { name: 'Sign in' }).click();
  if (company) await page.getByRole('radio', { name: company }).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: allow ? 'Allow' : 'Deny', exact: allow }).click();
}
