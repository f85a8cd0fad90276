// The tables of docs/security.md: each test that they name is there, and so is each title that they quote.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './support/program.mjs';

const text = readFileSync(join(root, 'docs/security.md'), 'utf8');
const folders = ['core', 'native', 'web/model', 'backend', 'web', 'sandbox'].map((name) => `tests/${name}`);

/** The rows of the table beneath a heading, cell by cell. */
function rows(heading) {
  const part = text.split(/^## /m).find((each) => each.startsWith(heading));
  assert.ok(part, `there is no part "${heading}"`);
  return part.split('\n').filter((line) => line.startsWith('| ')).slice(1).map((line) => line.slice(2, -2).split(' | '));
}

/** The files that a row may mean: at a path from the root, or by the name of a test. */
function places(name) {
  const file = name.endsWith('_test') ? `${name}.cpp` : name;
  const all = name.includes('/') ? [join(root, name)] : folders.map((folder) => join(root, folder, file));
  return all.filter((each) => existsSync(each));
}

// C++ writes a long title as several texts in a row; JavaScript writes ' as \'.
const plain = (source) => source.replace(/"\s*\n\s*"/g, '').replaceAll("\\'", "'");

for (const [heading, at] of [['RFC 9700', 3], ['OWASP ASVS', 2]])
  test(`docs/security.md: what the table "${heading}" calls a proof is there`, () => {
    const table = rows(heading);
    assert.ok(table.length > 10);
    for (const row of table) {
      const shown = row[at];
      assert.ok(shown, row.join(' | '));
      let source = '';
      for (const [, name, title] of shown.matchAll(/`([^`]+)`|"([^"]+)"/g)) {
        if (name) {
          const files = places(name);
          assert.ok(files.length > 0, `row ${row[0]}: there is no ${name}`);
          source = files.filter((each) => /\.(cpp|mjs)$/.test(each)).map((each) => plain(readFileSync(each, 'utf8'))).join('\n');
        } else {
          assert.ok(source.includes(title), `row ${row[0]}: no test is called "${title}"`);
        }
      }
    }
  });

test('docs/operating.md: each event of the security log is explained', () => {
  const description = JSON.parse(readFileSync(join(root, 'native/server/openapi.json'), 'utf8'));
  const told = readFileSync(join(root, 'docs/operating.md'), 'utf8');
  const events = description.components.schemas.AuditEntry.properties.event.enum;
  assert.ok(events.length >= 25);
  assert.deepEqual(events.filter((each) => !told.includes(`\`${each}\``)), []);
});
