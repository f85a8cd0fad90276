// `rekey serve`: from start to ready, and its resident memory then.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { about_machine, root, spread } from './support/spread.mjs';

const program = join(root, 'build/rekey');
const folder = mkdtempSync(join(tmpdir(), 'rekey-bench-'));
execFileSync(program, ['keys', 'add', join(folder, 'master.key')]);
const rounds = 15;
const times = [];
const memory = [];
for (let i = 0; i < rounds; ++i) {
  const began = performance.now();
  const child = spawn(program, ['serve', '--json', '--listen', '127.0.0.1:0', '--provider', 'intuit-sandbox', '--client-id', 'c',
    '--database', join(folder, 'rekey.db'), '--master-key-file', join(folder, 'master.key')],
    { env: { ...process.env, REKEY_CLIENT_SECRET: 's' }, stdio: ['ignore', 'pipe', 'ignore'] });
  const line = await new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  const { api } = JSON.parse(line);
  if (!(await fetch(`${api}/readyz`)).ok) throw new Error('not ready');
  times.push(performance.now() - began);
  memory.push(Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}
rmSync(folder, { recursive: true });
console.log(about_machine());
console.log(`rekey serve, start of the process to the answer of /readyz, ms: ${spread(times)}`);
console.log(`resident memory then, MiB: ${spread(memory, 1)}`);
