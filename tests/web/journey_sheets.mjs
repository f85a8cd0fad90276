// Mappings as a file: given to the person, and taken back as spreadsheets write it.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { sees, until } from './support/browser.mjs';
import { scene, useBrowser } from './support/scene.mjs';
import * as s from './support/states.mjs';

useBrowser();

const applied = () => s.page(s.linked(), { import: s.done(true), save: s.save() });

test('spreadsheet: it is given as a file, and one that was filled in is taken in whatever it is written', () =>
  scene(applied(), { at: '/#/configuration/spreadsheet', configuration: s.configuration({ customers: 10 }) }, async ({ page, backend, button }) => {
    await sees(page.getByRole('heading', { name: 'Spreadsheet', exact: true }));
    const [download] = await Promise.all([page.waitForEvent('download'), button('Download as a file').click()]);
    assert.equal(download.suggestedFilename(), 'mappings.csv');
    const file = path.join(await mkdtemp(path.join(tmpdir(), 'rekey-')), 'mappings.csv');
    await download.saveAs(file);
    assert.match(await readFile(file, 'utf8'), /accounts.*Freight/);
    await rm(path.dirname(file), { recursive: true });
    const upload = async (bytes) => {
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button('Upload a changed file').click()]);
      await chooser.setFiles({ name: 'mappings.csv', mimeType: 'text/csv', buffer: bytes });
    };
    const table = 'section;name;id;decision\r\ncustomers;Café;c1;none\r\n';
    const uploads = () => backend.requests.filter(([method]) => method === 'PUT').map(([, , text]) => text);
    await upload(Buffer.from(`\uFEFF${table}`, 'utf16le'));
    await until('UTF-16 was sent', () => uploads().length === 1);
    await upload(Buffer.from(table, 'latin1'));
    await until('the code page of Windows was sent', () => uploads().length === 2);
    for (const text of uploads()) assert.match(text, /Café/);
    backend.onEdit = () => ({ outcome: null, changed: 0, faults: [{ row: 2, column: 'decision' }] });
    await upload(Buffer.from(table));
    await sees(page.getByText('The file was not taken, and nothing was changed').first());
  }));
