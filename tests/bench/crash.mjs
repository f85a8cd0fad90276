// At least five hundred kills of the backend; REKEY_CRASH_KILLS and REKEY_CRASH_SEED say otherwise. On PostgreSQL:
// tests/support/postgres.sh node tests/bench/crash.mjs
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CrashRun } from '../backend/support/crash.mjs';
import { about_machine } from './support/spread.mjs';

const folder = mkdtempSync(join(tmpdir(), 'rekey-crash-'));
const seed = Number(process.env.REKEY_CRASH_SEED ?? Date.now() % 2 ** 31);
const kills = Number(process.env.REKEY_CRASH_KILLS ?? 500);
const clean = [() => rmSync(folder, { recursive: true, force: true })];
console.log(about_machine());
console.log(`seed ${seed}`);
const began = performance.now();
try {
  const counts = await new CrashRun({ after: (each) => clean.unshift(each) }, folder, seed).run(kills);
  for (const [what, count] of Object.entries(counts)) console.log(`${what.padEnd(14)}${count}`);
  console.log(`Every connection works or was truly ended, no code was sent twice, no acknowledged event is missing (${
    Math.round((performance.now() - began) / 1000)} s).`);
} finally {
  for (const each of clean) await each();
}
