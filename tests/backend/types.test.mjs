// What a TypeScript developer gets from the description: openapi-typescript makes the types, and a program that tells
// states and events apart by their `type` compiles; one that is wrong does not.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import openapi, { astToString } from 'openapi-typescript';
import { description } from '../support/description.mjs';
import { temporary_folder } from './support/program.mjs';

const modules = new URL('../node_modules', import.meta.url).pathname;

/** What the compiler says of a program; empty: nothing. */
function compiled(folder, name, text) {
  writeFileSync(join(folder, `${name}.ts`), text);
  try {
    execFileSync(process.execPath, [join(modules, 'typescript/bin/tsc'), '--noEmit', '--strict', '--target', 'es2022', '--module',
      'nodenext', '--moduleResolution', 'nodenext', '--skipLibCheck', `${name}.ts`], { cwd: folder });
    return '';
  } catch (error) {
    return error.stdout.toString();
  }
}

test('a TypeScript client tells states and events apart by their type', async (t) => {
  const folder = temporary_folder(t);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  symlinkSync(modules, join(folder, 'node_modules'));
  writeFileSync(join(folder, 'rekey.d.ts'), astToString(await openapi(description)));
  const begin = `import type { components, paths } from './rekey.js';
    import createClient from 'openapi-fetch';
    type Schemas = components['schemas'];
    const client = createClient<paths>({ baseUrl: 'https://connect.example.com' });\n`;

  assert.equal(compiled(folder, 'good', `${begin}
    export function until(state: Schemas['State']): number | null {
      const phase = state.connect.phase;
      switch (phase.type) {
        case 'linked': return phase.refresh_expires;
        case 'broken': { const why: 'refused' | 'expired' | 'revoked_outside' | string = phase.reason; return why ? phase.since : null; }
        case 'authorizing': return phase.from.type === 'linked' ? phase.from.access_expires : phase.expires;
        default: return null;
      }
    }
    export function told(event: Schemas['Event']): string {
      if (event.type === 'grant_ended') return event.reason;
      if (event.type === 'company_proved') return event.company.name;
      return event.type;
    }
    export async function walk(id: string): Promise<string> {
      const { data, error } = await client.GET('/v1/connections/{connection}/events', { params: { path: { connection: id } } });
      if (error) return error.code === 'key_missing' ? 'no key' : error.detail;
      for (const each of data.events) if (each.actor?.type === 'key') return told(each.event) + each.notices.length;
      const one = await client.GET('/v1/connections/{connection}', { params: { path: { connection: id } } });
      return one.data ? String(until(one.data.state)) : '';
    }`), '');

  const wrong = compiled(folder, 'wrong', `${begin}
    export const a = (state: Schemas['State']) => state.connect.phase.refresh_expires;
    export const b = (state: Schemas['State']) => state.connect.phase.type === 'lined';
    export const c = (event: Schemas['Event']) => event.type === 'grant_ended' ? event.company : null;
    export const d = (problem: Schemas['Problem']) => problem.code === 'not_a_code';`);
  for (const line of [6, 7, 8, 9]) assert.match(wrong, new RegExp(`wrong\\.ts\\(${line},`), wrong);
});
