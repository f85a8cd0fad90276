// Changes that meet others on their way: another tab, a refusal, a save that is not possible, a file.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { Problem } from './support/fake_backend.mjs';
import { sees, until } from './support/browser.mjs';
import { scene, useBrowser } from './support/scene.mjs';
import * as s from './support/states.mjs';

useBrowser();

const applied = (save = s.save()) => s.page(s.linked(), { import: s.done(true), save });
const region = (page, name) => page.getByRole('region', { name, exact: true });
const box = (page, name) => page.getByRole('combobox', { name, exact: true });
const few = (more = {}) => ({ configuration: s.configuration({ customers: 8 }), ...more });
const chosen = (backend, section) =>
  Object.fromEntries(backend.configuration.configuration[section].map(({ ours, theirs }) => [ours, theirs]));
const saves = (backend) =>
  backend.requests.filter(([method, path]) => method === 'POST' && path === '/api/configuration/save').map(([, , body]) => body);

async function choose(page, name, option) {
  await box(page, name).click();
  await page.getByRole('option', { name: option }).first().click();
}

test('two tabs: what one chose is in the other, and nothing of either is lost', () =>
  scene(applied(), few(), async ({ page, backend, open }) => {
    const second = await open();
    await second.goto(backend.address);
    await sees(box(second, 'Freight'));
    await sees(box(page, 'Freight'));
    await choose(page, 'Freight', /Shipping and delivery/);
    await until('the other tab shows it', async () =>
      await box(second, 'Freight').inputValue() === 'Shipping and delivery');
    await choose(second, 'Bank charges', /No counterpart/);
    await until('both are kept', () => {
      const { a2, a3 } = chosen(backend, 'accounts');
      return a2 === '13' && a3 === '';
    });
  }));

test('two tabs: a change that comes between is said, and the choice made here is laid over it', () => {
  let between = true;
  const before = (backend) => {
    backend.onEdit = (body) => {
      if (!between) return;
      between = false;
      // Somebody else was a moment earlier; the stream has not said so yet.
      backend.configuration.configuration.accounts = [{ ours: 'a3', theirs: '', name: '' }];
      backend.page.state.save = s.save('draft', body.seen + 1);
    };
  };
  return scene(applied(), few({ before }), async ({ page, backend }) => {
    await sees(box(page, 'Freight'));
    await choose(page, 'Freight', /Shipping and delivery/);
    await sees(page.getByText('Changed in another tab or by somebody else').first());
    await until('both are kept', () => chosen(backend, 'accounts').a2 === '13');
    assert.equal(chosen(backend, 'accounts').a3, '');
    assert.equal(await box(page, 'Bank charges').inputValue(), 'No counterpart');
    assert.equal(await box(page, 'Freight').inputValue(), 'Shipping and delivery');
  });
});

test('save: when it fails nothing chosen is lost, and the reason stands beside the button', () => {
  const before = (backend) => {
    backend.onSave = () => { throw new Problem(503, 'problem.database_unavailable', { code: 'database_unavailable' }); };
  };
  return scene(applied(), few({ before }), async ({ page, backend, button }) => {
    await sees(box(page, 'Freight'));
    await choose(page, 'Freight', /Shipping and delivery/);
    await button('Save Configuration').first().click();
    await sees(page.getByText('The configuration was not saved').first());
    await sees(page.getByText('cannot read or store anything just now').first());
    assert.equal(await box(page, 'Freight').inputValue(), 'Shipping and delivery');
    backend.onSave = null;
    await button('Save Configuration').first().click();
    await sees(page.getByText('Configuration saved.').first());
  });
});

test('save: what is in the way is said at its row, and can be put right there', () => {
  const gone = few();
  gone.configuration.configuration.accounts = [{ ours: 'a2', theirs: '99', name: 'Carriage' }];
  return scene(applied(s.save('draft', 3)), gone, async ({ page, backend, button }) => {
    await sees(box(page, 'Freight'));
    await button('Save Configuration').first().click();
    await sees(page.getByText('Not saved yet.').first());
    assert.equal(await box(page, 'Freight').getAttribute('aria-invalid'), 'true');
    await choose(page, 'Freight', /Shipping and delivery/);
    await until('it is no fault any more', async () => await box(page, 'Freight').getAttribute('aria-invalid') !== 'true');
    await button('Save Configuration').first().click();
    await sees(page.getByText('Configuration saved.').first());
    assert.equal(chosen(backend, 'accounts').a2, '13');
  });
});

test('save: two records of one counterpart are asked about, and saved when that is meant', () =>
  scene(applied(), few(), async ({ page, backend, button }) => {
    await sees(region(page, 'Suppliers'));
    for (const name of ['Tallow & Wick (hello@example.test)', 'Tallow & Wick (depot@example.test)']) await choose(page, name, /Tallow and Wick/);
    await button('Save Configuration').first().click();
    const dialog = page.getByRole('dialog').or(page.getByRole('alertdialog'));
    await sees(dialog);
    await dialog.getByRole('button').last().click();
    await sees(page.getByText('Configuration saved.').first());
    assert.deepEqual(saves(backend).map((each) => each.two_to_one ?? null), [null, true]);
  }));

test('configuration: when it cannot be loaded, it says so and can be asked for again', () => {
  const before = (backend) => {
    backend.onConfiguration = () => { throw new Problem(500, 'problem.internal', { code: 'internal' }); };
  };
  return scene(applied(), few({ before }), async ({ page, backend, button }) => {
    await sees(page.getByText('Your mappings could not be loaded').first());
    backend.onConfiguration = () => {};
    await button('Try again').click();
    await sees(box(page, 'Freight'));
  });
});

test('spreadsheet: it is given as a file, and one that was filled in is taken in whatever it is written', () =>
  scene(applied(), few(), async ({ page, backend, button }) => {
    await sees(box(page, 'Freight'));
    await page.getByRole('button', { name: 'Spreadsheet', exact: true }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), button('Download as a file').click()]);
    assert.equal(download.suggestedFilename(), 'mappings.csv');
    assert.match(await readFile(await download.path(), 'utf8'), /accounts.*Freight/);
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
