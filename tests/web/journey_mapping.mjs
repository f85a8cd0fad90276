// The configuration: choosing, looking, keeping, saving, and what happens when two people do it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from './support/fake_backend.mjs';
import { sees, until } from './support/browser.mjs';
import { scene, useBrowser } from './support/scene.mjs';
import * as s from './support/states.mjs';

useBrowser();

const applied = (save = s.save()) => s.page(s.linked(), { import: s.done(true), save });
const region = (page, name) => page.getByRole('region', { name, exact: true });
const box = (page, name) => page.getByRole('combobox', { name, exact: true });
const edits = (backend) => backend.requests.filter(([method, path]) => method === 'PATCH' && path === '/api/configuration');
/** What the choices sent so far come to, by the host's record. */
const chosen = (backend) => Object.fromEntries(edits(backend).flatMap(([, , body]) => body.choices)
  .map(({ ours, theirs = null, create = null, undecided = null }) => [ours, create ? '+' : undecided ? '?' : theirs]));
const saves = (backend) =>
  backend.requests.filter(([method, path]) => method === 'POST' && path === '/api/configuration/save').map(([, , body]) => body);
const there = '/#/configuration';
const ready = { at: there, configuration: s.configuration() };
/** A configuration of few lines: all lists are drawn below each other. */
const few = (more = {}) => ({ at: there, configuration: s.configuration({ customers: 10, ...more }) });
const entry = (page, name) => page.getByRole('navigation', { name: 'Lists' }).getByRole('link', { name, exact: true });
const other = (page, name) => page.getByRole('navigation', { name: 'More' }).getByRole('link', { name, exact: true });

async function choose(page, name, option) {
  await box(page, name).click();
  await page.getByRole('option', { name: option }).first().click();
}

test('mapping: sure suggestions are put in and marked, weaker ones only offered first', () =>
  scene(applied(), few(), async ({ page }) => {
    await sees(region(page, 'Accounts'));
    assert.equal(await box(page, 'Sales').inputValue(), 'Sales');
    await sees(region(page, 'Accounts').getByText('Almost certain: same name'));
    assert.equal(await box(page, 'Standard rate 20 %').inputValue(), '');
    await box(page, 'Standard rate 20 %').click();
    assert.match(await page.getByRole('option').first().innerText(), /20\.0% S/);
    for (const name of ['Accounts', 'Tax codes', 'Customers', 'Suppliers', 'Other settings']) {
      await sees(region(page, name));
    }
  }));

test('mapping: of many lines one list is shown at a time, with what waits in each beside it', () =>
  scene(applied(), ready, async ({ page }) => {
    await sees(region(page, 'Accounts'));
    assert.equal(await region(page, 'Customers').count(), 0);
    assert.match(await entry(page, 'Customers').getAttribute('aria-description'), /^0 of 60 decided, 60 to check$/);
    await entry(page, 'Customers').click();
    await sees(region(page, 'Customers'));
    await until('the other is gone', async () => await region(page, 'Accounts').count() === 0);
    assert.equal(await entry(page, 'Customers').getAttribute('aria-current'), 'page');
    const heading = page.getByRole('heading', { name: 'Customers', exact: true });
    assert.equal(await heading.evaluate((element) => element === document.activeElement), true);
  }));

test('mapping: what is suggested is taken by choosing it, by Accept, and by the keyboard', () =>
  scene(applied(), few(), async ({ page, backend }) => {
    await sees(box(page, 'Sales'));
    await box(page, 'Sales').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await until('it was sent', () => chosen(backend).a1 === '12');
    await region(page, 'Suppliers').getByRole('button', { name: 'Accept' }).first().click();
    await until('this, too', () => chosen(backend).s1 === '301');
    await sees(region(page, 'Accounts').getByText('Chosen', { exact: true }));
  }));

test('mapping: clearing a box decides nothing, and Enter takes only what was gone to', () =>
  scene(applied(), few(), async ({ page, backend }) => {
    await sees(box(page, 'Freight'));
    await box(page, 'Freight').fill('sh');
    await page.getByRole('option', { name: /Shipping/ }).waitFor();
    await page.keyboard.press('Enter');
    await box(page, 'Freight').fill('');
    await page.keyboard.press('Tab');
    await until('the list is closed', async () => await page.getByRole('listbox').count() === 0);
    assert.equal(await box(page, 'Freight').inputValue(), '');
    assert.deepEqual(edits(backend), []);
  }));

test('mapping: every choice can be taken back, done again, and made undecided', () =>
  scene(applied(), few(), async ({ page, backend, button }) => {
    await sees(box(page, 'Freight'));
    assert.equal(await button('Undo').getAttribute('aria-disabled'), 'true');
    await choose(page, 'Freight', /Shipping and delivery/);
    await until('it was sent', () => chosen(backend).a2 === '13');
    assert.equal(await button('Undo').getAttribute('aria-description'), 'Undo “Shipping and delivery” for Freight');
    await button('Undo').click();
    await until('it was taken back', () => chosen(backend).a2 === '?');
    await until('it shows', async () => await box(page, 'Freight').inputValue() === '');
    await button('Redo').click();
    await until('it is there again', () => chosen(backend).a2 === '13');
    await choose(page, 'Freight', 'Undecided');
    await until('nothing is decided', () => chosen(backend).a2 === '?');
    assert.equal(await box(page, 'Freight').inputValue(), '');
  }));

const record = (id, name, more = {}) => ({ id, name, detail: '', active: true, ...more });

test('mapping: the lists that the host has mapped are shown in their order, and no others', () => {
  const configuration = s.configuration({ customers: 10 });
  for (const [name, ours, theirs] of [['items', 'Lamp', 'Desk Lamp'], ['classes', 'Trade', 'Trade'], ['locations', 'Depot', 'Warehouse']]) {
    configuration.ours[name] = [record(`${name}1`, ours)];
    configuration.theirs[name] = [record('1', theirs)];
  }
  configuration.suggested_classes = [{ ours: 'classes1', theirs: '1', confidence: 0.99, apply: true, reasons: ['same_name'] }];
  const lists = ['accounts', 'items', 'customers', 'classes', 'locations'];
  return scene({ ...applied(), lists }, { at: there, configuration }, async ({ page, backend, button }) => {
    await sees(region(page, 'Items'));
    const shown = await page.getByRole('region').evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')));
    const sections = ['Accounts', 'Tax codes', 'Items', 'Customers', 'Suppliers', 'Classes', 'Locations', 'Other settings'];
    assert.deepEqual(shown.filter((each) => sections.includes(each)), ['Accounts', 'Items', 'Customers', 'Classes', 'Locations', 'Other settings']);
    assert.equal(await page.getByRole('checkbox', { name: /supplier/i }).count(), 0);
    assert.equal(await box(page, 'Trade').inputValue(), 'Trade');
    await choose(page, 'Lamp', /Desk Lamp/);
    await choose(page, 'Depot', /Warehouse/);
    await button('Save Configuration').click();
    await until('it was saved', () => saves(backend).length > 0);
    assert.deepEqual([chosen(backend).items1, chosen(backend).locations1], ['1', '1']);
    assert.equal(saves(backend)[0].suggestions, true, 'what is suggested is saved as it is shown');
  });
});

test('mapping: two customers of one name show their parents, and neither is put in', () => {
  const configuration = s.configuration({ customers: 10 });
  configuration.ours.customers = [record('g', 'Garage', { detail: 'tariq@example.test' })];
  configuration.theirs.customers = [record('3', 'Garage', { parent: 'Imke' }), record('4', 'Garage', { parent: 'Tariq' })];
  configuration.suggested_customers = ['3', '4'].map((theirs) => ({ ours: 'g', theirs, confidence: 0.5, apply: false, reasons: ['same_name'] }));
  return scene(applied(), { at: there, configuration }, async ({ page, backend }) => {
    await sees(box(page, 'Garage'));
    assert.equal(await box(page, 'Garage').inputValue(), '');
    await box(page, 'Garage').click();
    const options = await page.getByRole('option').allInnerTexts();
    assert.match(options[0], /Imke:Garage/);
    assert.match(options[1], /Tariq:Garage/);
    await page.getByRole('option', { name: /Tariq/ }).first().click();
    await until('it was sent', () => chosen(backend).g === '4');
    // Its name alone does not say which one it is.
    await sees(region(page, 'Customers').getByText('Tariq:Garage'));
  });
});

test('mapping: names that occur twice are told apart by their detail', () =>
  scene(applied(), few(), async ({ page }) => {
    await sees(box(page, 'Tallow & Wick (hello@example.test)'));
    await sees(box(page, 'Tallow & Wick (depot@example.test)'));
  }));

test('mapping: what is typed is looked for in all records, and how many fit is said', () =>
  scene(applied(), ready, async ({ page, backend, announced }) => {
    await sees(region(page, 'Accounts'));
    await entry(page, 'Customers').click();
    const first = region(page, 'Customers').getByRole('combobox').first();
    await first.fill('alder print');
    await page.getByRole('option', { name: /Alder Print/ }).first().waitFor();
    await announced('found');
    const asked = backend.requests.filter(([, path]) => path === '/api/records/customers').length;
    assert.ok(asked > 0 && asked < 6, `it asked ${asked} times for one word`);
    await first.fill('nobody of this name');
    await page.getByRole('option', { name: 'Nothing in QuickBooks fits' }).waitFor();
  }));

test('mapping: a choice is kept as a draft by itself, several at once', () =>
  scene(applied(), few(), async ({ page, backend }) => {
    await sees(box(page, 'Freight'));
    await choose(page, 'Freight', /Shipping and delivery/);
    await choose(page, 'Bank charges', /No counterpart/);
    await until('both were sent', () => chosen(backend).a2 === '13' && chosen(backend).a3 === '');
    await sees(page.getByText('Your choices are kept here, but not saved yet.'));
    await page.reload();
    await sees(box(page, 'Freight'));
    assert.equal(await box(page, 'Freight').inputValue(), 'Shipping and delivery');
    assert.equal(await box(page, 'Bank charges').inputValue(), 'No counterpart');
  }));

test('save: success is said, and honestly what is still open', () =>
  scene(applied(), few(), async ({ page, backend, button, announced }) => {
    await sees(box(page, 'Freight'));
    await choose(page, 'Freight', /Shipping and delivery/);
    await button('Save Configuration').click();
    await announced('Configuration saved.');
    await sees(page.getByText('Configuration saved.').first());
    await sees(page.getByText(/records are not decided yet/).first());
    assert.equal(saves(backend)[0].suggestions, true);
    await sees(page.getByRole('link', { name: 'Back to Ledgerline' }).first());
  }));

test('save: when it fails nothing chosen is lost, and the reason stands beside the button', () =>
  scene(applied(), { ...few(), before: (backend) => {
    backend.onSave = () => { throw new Problem(503, 'problem.database_unavailable', { code: 'database_unavailable' }); };
  } }, async ({ page, backend, button }) => {
    await sees(box(page, 'Freight'));
    await choose(page, 'Freight', /Shipping and delivery/);
    await button('Save Configuration').click();
    const bar = page.getByRole('region', { name: 'Save', exact: true });
    await sees(bar.getByText('The configuration was not saved'));
    await sees(bar.getByText('cannot read or store anything just now'));
    assert.equal(await box(page, 'Freight').inputValue(), 'Shipping and delivery');
    backend.onSave = null;
    await button('Save Configuration').click();
    await sees(page.getByText('Configuration saved.').first());
  }));

test('save: what is in the way is listed, marked in its row, and led to', () => {
  const options = few();
  options.configuration.required = ['tax_codes'];
  return scene(applied(), options, async ({ page, backend, button }) => {
    await sees(box(page, 'Freight'));
    await sees(region(page, 'Tax codes').getByText('Needed before you can save'));
    await button('Save Configuration').click();
    const problems = page.getByRole('region', { name: '2 things to put right before it can be saved' });
    await sees(problems);
    const focused = (locator) => locator.evaluate((element) => element === document.activeElement);
    await until('it has the focus', () => focused(problems.getByRole('heading')));
    await sees(problems.getByText('Tax codes: “Zero rated” has to be decided.'));
    assert.equal(await box(page, 'Zero rated').getAttribute('aria-invalid'), 'true');
    await problems.getByRole('listitem').filter({ hasText: 'Zero rated' }).getByRole('button', { name: 'Show' }).click();
    await until('its box has the focus', () => focused(box(page, 'Zero rated')));
    await choose(page, 'Zero rated', /0\.0% Z/);
    await choose(page, 'Standard rate 20 %', /20\.0% S/);
    await button('Save Configuration').click();
    await sees(page.getByText('Configuration saved.').first());
    assert.equal(await page.getByRole('region', { name: /to put right/ }).count(), 0);
  });
});

test('save: two records with one counterpart are asked about before', () =>
  scene(applied(), few(), async ({ page, backend, button }) => {
    await sees(box(page, 'Freight'));
    for (const name of ['hello', 'depot']) await choose(page, `Tallow & Wick (${name}@example.test)`, /Tallow and Wick/);
    await until('both were sent', () => chosen(backend).s2 === '302' && chosen(backend).s3 === '302');
    await button('Save Configuration').click();
    const question = page.getByRole('alertdialog', { name: 'Is the same one meant twice?' });
    await sees(question);
    await question.getByRole('button', { name: 'Look again' }).click();
    await question.waitFor({ state: 'detached' });
    await button('Save Configuration').click();
    await question.getByRole('button', { name: 'Save anyway' }).click();
    await sees(page.getByText('Configuration saved.').first());
    assert.deepEqual(saves(backend).map((each) => each.two_to_one ?? false), [false, false, true]);
  }));

test('two tabs: what one chose is in the other, and nothing of either is lost', () =>
  scene(applied(), few(), async ({ page, backend, open }) => {
    const second = await open();
    await second.goto(backend.address + there);
    await sees(box(second, 'Freight'));
    await sees(box(page, 'Freight'));
    await choose(page, 'Freight', /Shipping and delivery/);
    await until('the other tab shows it', async () =>
      await box(second, 'Freight').inputValue() === 'Shipping and delivery');
    await choose(second, 'Bank charges', /No counterpart/);
    await until('both are kept', () => backend.configuration.configuration.accounts.length === 2);
  }));

test('two tabs: a change that comes between is said, and the choice made here is laid over it', () =>
  scene(applied(), { ...few(), before: (backend) => {
    let first = true;
    backend.onEdit = (body) => {
      if (!first) return;
      first = false;
      // Somebody else was a moment earlier; the stream has not said so yet.
      backend.configuration.configuration.accounts = [{ ours: 'a3', theirs: '', name: '' }];
      backend.page.state.save = s.save('draft', body.seen + 1);
    };
  } }, async ({ page, backend }) => {
    await sees(box(page, 'Freight'));
    await choose(page, 'Freight', /Shipping and delivery/);
    await sees(page.getByText('Changed in another tab or by somebody else').first());
    await until('both are kept', () => backend.configuration.configuration.accounts.length === 2);
    assert.equal(await box(page, 'Bank charges').inputValue(), 'No counterpart');
    assert.equal(await box(page, 'Freight').inputValue(), 'Shipping and delivery');
  }));

test('versions: they are listed, compared with now, and gone back to', () =>
  scene(applied(s.save('saved', 5)), few({ saved: true }), async ({ page, backend, button }) => {
    await sees(box(page, 'Freight'));
    await choose(page, 'Freight', /Shipping and delivery/);
    await until('it was sent', () => edits(backend).length === 1);
    await other(page, 'Earlier versions').click();
    const versions = region(page, 'Earlier versions');
    await versions.getByRole('button', { name: 'Compare with now' }).first().click();
    await sees(versions.getByRole('row').filter({ hasText: 'Freight' }).filter({ hasText: 'Shipping and delivery' }));
    await versions.getByRole('link', { name: 'All versions' }).click();
    await versions.getByRole('button', { name: 'Go back to this' }).first().click();
    await until('it went back', () => backend.requests.some(([, path, body]) => path === '/api/configuration/back' && body.revision === 5));
  }));

test('company and what was left out: read beside the lists', () => {
  const options = few();
  Object.assign(options.configuration, {
    facts: { name: 'Fernhollow Garden Supplies', home_currency: 'GBP', fiscal_year_starts: 4 },
    set_aside: [{ entity: 'Customer', count: 1 }],
    set_aside_records: [{ entity: 'Customer', id: '', name: 'Half a name', why: 'no_id' }],
  });
  return scene(applied(), options, async ({ page }) => {
    await sees(box(page, 'Freight'));
    await other(page, 'Your company').click();
    await sees(region(page, 'Your company').getByText('GBP'));
    await sees(region(page, 'Your company').getByText('April'));
    await other(page, 'Records that could not be read').click();
    await sees(region(page, 'Records that could not be read').getByText('Half a name'));
    await entry(page, 'Customers').click();
    await sees(region(page, 'Customers'));
  });
});

test('spreadsheet: the mappings are given as a file, and faults of one that comes back are told by row', () =>
  scene(applied(), few(), async ({ page, backend, button }) => {
    await sees(box(page, 'Freight'));
    await other(page, 'Spreadsheet').click();
    const [file] = await Promise.all([page.waitForEvent('download'), button('Download as a file').click()]);
    assert.match(file.suggestedFilename(), /\.csv$/);
    backend.onEdit = () => ({ outcome: null, changed: 0, faults: [{ row: 4, column: 'counterpart' }] });
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button('Upload a changed file').click()]);
    await chooser.setFiles({ name: 'mappings.csv', mimeType: 'text/csv', buffer: Buffer.from('section,name\r\n') });
    await sees(page.getByText('The file was not taken, and nothing was changed').first());
    await sees(page.getByText('Row 5, column “counterpart”'));
  }));

test('save: the bar for it stays in sight, and shows how much is decided', () =>
  scene(applied(), ready, async ({ page }) => {
    const bar = page.getByRole('region', { name: 'Save', exact: true });
    await sees(bar);
    await sees(bar.getByRole('img', { name: /^All lists: .*suggested.*to decide/ }));
    for (const top of [0, 1e6]) {
      await page.getByRole('main').evaluate((main, to) => { main.scrollTop = to; }, top);
      const box = await bar.boundingBox();
      assert.equal(Math.round(box.y + box.height), 900);
    }
  }));

test('lists: 25 at a time, filtered, sorted and searched by the server', () =>
  scene(applied(), ready, async ({ page, backend }) => {
    await sees(region(page, 'Accounts'));
    await entry(page, 'Customers').click();
    const customers = region(page, 'Customers');
    const shown = () => customers.getByRole('combobox').count();
    await until('the first page is there', async () => await shown() === 25);
    await sees(customers.getByText('1 to 25 of 60'));
    const first = await customers.getByRole('combobox').first().getAttribute('aria-label');
    await customers.getByRole('button', { name: 'Next' }).click();
    await sees(customers.getByText('26 to 50 of 60'));
    assert.equal(await box(page, first).count(), 0);
    await customers.getByRole('searchbox', { name: 'Search customers' }).fill('foods');
    await until('only what fits is left', async () => await shown() > 0 && await shown() < 25);
    await sees(box(page, 'Alder Foods'));
    await customers.getByRole('searchbox', { name: 'Search customers' }).fill('');
    await until('all are back', async () => await shown() === 25);
    await customers.getByRole('button', { name: 'Sort from Z to A' }).click();
    await until('the last is first', async () => await customers.getByRole('combobox').first().getAttribute('aria-label') !== first);
    await customers.getByRole('radio', { name: /To decide/ }).click();
    await until('what is to be decided', async () => await shown() > 0 && await shown() < 25);
    assert.ok(backend.requests.some(([, path]) => path === '/api/configuration/customers'));
  }));

test('lists: all that is sure is accepted at once, and taken back at once', () =>
  scene(applied(), ready, async ({ page, backend, announced }) => {
    await sees(region(page, 'Accounts'));
    await entry(page, 'Customers').click();
    await region(page, 'Customers').getByRole('button', { name: /^Accept all \d+ suggestions/ }).click();
    await announced('suggestions accepted.');
    await until('it was sent', () => backend.requests.some(([, path, body]) => path === '/api/configuration/accept' && !body.count_only));
    const accepted = backend.requests.filter(([, path, body]) => path === '/api/configuration/accept' && !body.count_only);
    assert.deepEqual(accepted.map(([, , body]) => [body.section, body.confidence]), [['customers', 0.99]]);
    await page.getByRole('region', { name: /suggestions accepted/ }).getByRole('button', { name: 'Undo' }).click();
    await until('it goes back', () => backend.requests.some(([, path]) => path === '/api/configuration/back'));
  }));

test('changes: they are told by kind, marked in their rows, and can be kept or chosen anew', () =>
  scene(applied(s.save('saved', 5)), few({ saved: true }), async ({ page, backend }) => {
    const told = region(page, 'What changed since you saved');
    await sees(told.getByText('Accounts: 1 was renamed in QuickBooks'));
    await sees(told.getByText('Tax codes: 1 is no longer in QuickBooks'));
    const accounts = region(page, 'Accounts');
    await sees(accounts.getByText('Changed: renamed'));
    await sees(accounts.getByText('It was called “Sales (old)” when you chose it.'));
    await sees(region(page, 'Tax codes').getByText('“17.5% S” is no longer in QuickBooks.'));
    await accounts.getByRole('button', { name: 'Keep' }).first().click();
    await until('it is dealt with', async () => await accounts.getByText('Changed: renamed').count() === 0);
    await until('it was sent', () => chosen(backend).a1 === '12');
  }));

test('settings: terms and switches are kept too', () =>
  scene(applied(), few(), async ({ page, backend }) => {
    const settings = region(page, 'Other settings');
    await sees(settings);
    await settings.getByRole('checkbox', { name: /Create a supplier/ }).click();
    await box(page, 'Payment terms for new invoices').click();
    await page.getByRole('option', { name: 'Net 30' }).click();
    await until('they are kept', () => {
      const kept = edits(backend).map(([, , body]) => body.settings).filter(Boolean).at(-1);
      return kept?.create_suppliers && kept.terms === '1';
    });
  }));

test('configuration: while nothing is connected it is kept, and said to be', () =>
  scene(s.page(s.unlinked(s.company), { save: s.save('saved', 3) }), { at: there }, async ({ page }) => {
    await sees(page.getByText('Your configuration is kept.').first());
    assert.equal(await page.getByRole('combobox').count(), 0);
  }));

test('configuration: when it cannot be loaded, it says so and can be asked for again', () =>
  scene(applied(), { ...few(), before: (backend) => {
    backend.onConfiguration = () => { throw new Problem(500, 'problem.internal', { code: 'internal' }); };
  } }, async ({ page, backend, button }) => {
    await sees(page.getByText('Your mappings could not be loaded').first());
    backend.onConfiguration = () => {};
    await button('Try again').click();
    await sees(box(page, 'Freight'));
  }));
