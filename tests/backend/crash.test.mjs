// Kill -9 at random and at held points of the way: the next start goes on from what is stored, no code is sent twice,
// no grant and no event is lost. `script/bench crash` does the same with more kills.
import { test } from 'node:test';
import { CrashRun } from './support/crash.mjs';
import { temporary_folder } from './support/program.mjs';

test('kill -9 at any moment loses nothing', async (t) => {
  const seed = Number(process.env.REKEY_CRASH_SEED ?? Date.now() % 2 ** 31);
  const counts = await new CrashRun(t, temporary_folder(t), seed).run(Number(process.env.REKEY_CRASH_KILLS ?? 40));
  t.diagnostic(`seed ${seed}: ${JSON.stringify(counts)}`);
});
