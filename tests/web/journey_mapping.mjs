// The configuration: choosing, looking, keeping, saving, and what happens when two people do it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem, Refused } from './support/fake_backend.mjs';
import { sees, until } from './support/browser.mjs';
import { scene, useBrowser } from './support/scene.mjs';
import * as s from './support/states.mjs';

useBrowser();

const applied = (save = s.save()) => s.page(s.linked(), { import: s.done(true), save });
const region = (page, name) => page.getByRole('region', { name, exact: true });
const box = (page, name) => page.getByRole('combobox', { name, exact: true });
const drafts = (backend) => backend.requests.filter(([method]) => method === 'PUT');
const saves = (backend) =>
  backend.requests.filter(([method, path]) => method === 'POST' && path === '/api/configuration');

/** A backend that keeps and saves as the real one does. */
const keeping = (backend) => {
  const write = (type) => (body) => {
    if (body.seen !== backend.page.state.save.revision) {
      throw new Refused('changed_elsewhere');
    }
    backend.configuration.configuration = body.configuration;
    backend.step({ save: s.save(type, body.seen + 1) });
  };
  backend.onDraft = write('draft');
  backend.onSave = (body) => {
    write('saving')(body);
    setImmediate(() => backend.step({ save: s.save('saved', body.seen + 1) }, [['configuration_saved']]));
  };
};
const ready = { configuration: s.configuration(), before: keeping };

async function choose(page, name, option) {
  await box(page, name).click();
  await page.getByRole('option', { name: option }).first().click();
}

test('mapping: sure suggestions are put in and marked, weaker ones only offered first', () =>
  scene(applied(), ready, async ({ page }) => {
    await sees(region(page, 'Accounts'));
    assert.equal(await box(page, 'Sales').inputValue(), 'Sales');
    await sees(region(page, 'Accounts').getByText('Suggested: same name'));
    assert.equal(await box(page, 'Standard rate 20 %').inputValue(), '');
    await box(page, 'Standard rate 20 %').click();
    assert.match(await page.getByRole('option').first().innerText(), /20\.0% S/);
    for (const name of ['Accounts', 'Tax codes', 'Customers', 'Suppliers', 'Other settings']) {
      await sees(region(page, name));
    }
  }));

const record = (id, name, more = {}) => ({ id, name, detail: '', active: true, ...more });

test('mapping: the lists that the host has mapped are shown in their order, and no others', () => {
  const configuration = s.configuration();
  for (const [name, ours, theirs] of [['items', 'Lamp', 'Desk Lamp'], ['classes', 'Trade', 'Trade'], ['locations', 'Depot', 'Warehouse']]) {
    configuration.ours[name] = [record(`${name}1`, ours)];
    configuration.theirs[name] = [record('1', theirs)];
  }
  configuration.suggested_classes = [{ ours: 'classes1', theirs: '1', confidence: 0.99, apply: true, reasons: ['same_name'] }];
  const lists = ['accounts', 'items', 'customers', 'classes', 'locations'];
  return scene({ ...applied(), lists }, { configuration, before: keeping }, async ({ page, backend, button }) => {
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
    const sent = saves(backend)[0][2].configuration;
    assert.deepEqual([sent.items, sent.classes, sent.locations], [[{ ours: 'items1', theirs: '1', name: 'Desk Lamp' }],
      [{ ours: 'classes1', theirs: '1', name: 'Trade' }], [{ ours: 'locations1', theirs: '1', name: 'Warehouse' }]]);
  });
});

test('mapping: two customers of one name show their parents, and neither is put in', () => {
  const configuration = s.configuration();
  configuration.ours.customers = [record('g', 'Garage', { detail: 'tariq@example.test' })];
  configuration.theirs.customers = [record('3', 'Garage', { parent: 'Imke' }), record('4', 'Garage', { parent: 'Tariq' })];
  configuration.suggested_customers = ['3', '4'].map((theirs) => ({ ours: 'g', theirs, confidence: 0.5, apply: false, reasons: ['same_name'] }));
  return scene(applied(), { configuration, before: keeping }, async ({ page, backend }) => {
    await sees(box(page, 'Garage'));
    assert.equal(await box(page, 'Garage').inputValue(), '');
    await box(page, 'Garage').click();
    const options = await page.getByRole('option').allInnerTexts();
    assert.deepEqual(options.slice(0, 2), ['Garage, Imke:Garage', 'Garage, Tariq:Garage']);
    await page.getByRole('option', { name: /Tariq/ }).first().click();
    await until('the draft was kept', () => drafts(backend).length > 0);
    assert.deepEqual(backend.configuration.configuration.customers, [{ ours: 'g', theirs: '4', name: 'Garage' }]);
    // Its name alone does not say which one it is.
    await sees(region(page, 'Customers').getByText('Tariq:Garage'));
  });
});

test('mapping: names that occur twice are told apart by their detail', () =>
  scene(applied(), ready, async ({ page }) => {
    await sees(box(page, 'Tallow & Wick (hello@example.test)'));
    await sees(box(page, 'Tallow & Wick (depot@example.test)'));
    // One supplier in QuickBooks is put in for one of ours only.
    assert.equal(await box(page, 'Tallow & Wick (depot@example.test)').inputValue(), '');
  }));

test('mapping: a choice is kept as a draft by itself, several at once', () =>
  scene(applied(), ready, async ({ page, backend }) => {
    await sees(box(page, 'Freight'));
    await choose(page, 'Freight', /Shipping and delivery/);
    await choose(page, 'Bank charges', 'No counterpart');
    await until('the draft was kept', () => drafts(backend).length > 0 &&
      backend.configuration.configuration.accounts.length === 2);
    assert.deepEqual(backend.configuration.configuration.accounts, [
      { ours: 'a2', theirs: '13', name: 'Shipping and delivery' },
      { ours: 'a3', theirs: '', name: '' }]);
    await sees(page.getByText('Your choices are kept here, but not saved yet.'));
    await page.reload();
    await sees(box(page, 'Freight'));
    assert.equal(await box(page, 'Freight').inputValue(), 'Shipping and delivery');
    assert.equal(await box(page, 'Bank charges').inputValue(), 'No counterpart');
  }));

test('save: the suggestions that were left as they are go with it, and success is said', () =>
  scene(applied(), ready, async ({ page, backend, button, announced }) => {
    await sees(box(page, 'Freight'));
    await choose(page, 'Freight', /Shipping and delivery/);
    await button('Save Configuration').click();
    await announced('Configuration saved.');
    await sees(page.getByText('Configuration saved.').first());
    const sent = saves(backend)[0][2].configuration;
    assert.deepEqual(sent.accounts.find((each) => each.ours === 'a1'),
                     { ours: 'a1', theirs: '12', name: 'Sales' });
    assert.ok(sent.customers.length > 20);
    assert.equal(await page.locator('[aria-current="step"]').count(), 0);
    await sees(region(page, 'Accounts').getByText('Chosen').first());
  }));

test('save: when it fails nothing chosen is lost, and the reason stands beside the button', () =>
  scene(applied(), { ...ready, before: (backend) => {
    keeping(backend);
    backend.onSave = () => { throw new Problem(503, 'problem.database_unavailable', { code: 'database_unavailable' }); };
  } }, async ({ page, backend, button }) => {
    await sees(box(page, 'Freight'));
    await choose(page, 'Freight', /Shipping and delivery/);
    await button('Save Configuration').click();
    await sees(page.getByText('The configuration was not saved').first());
    await sees(page.getByText('cannot read or store anything just now').first());
    assert.equal(await box(page, 'Freight').inputValue(), 'Shipping and delivery');
    keeping(backend);
    await button('Save Configuration').click();
    await sees(page.getByText('Configuration saved.').first());
  }));

test('two tabs: what one chose is in the other, and nothing of either is lost', () =>
  scene(applied(), ready, async ({ page, backend, open }) => {
    const second = await open();
    await second.goto(backend.address);
    await sees(box(second, 'Freight'));
    await sees(box(page, 'Freight'));
    await choose(page, 'Freight', /Shipping and delivery/);
    await until('the other tab shows it', async () =>
      await box(second, 'Freight').inputValue() === 'Shipping and delivery');
    await choose(second, 'Bank charges', 'No counterpart');
    await until('both are kept', () => backend.configuration.configuration.accounts.length === 2);
  }));

test('two tabs: a change that comes between is said, and the choice made here is laid over it', () =>
  scene(applied(), { ...ready, before: (backend) => {
    keeping(backend);
    const keep = backend.onDraft;
    backend.onDraft = (body) => {
      if (drafts(backend).length === 1) {
        // Somebody else was a moment earlier; the stream has not said so yet.
        backend.configuration.configuration.accounts = [{ ours: 'a3', theirs: '', name: '' }];
        backend.page.state.save = s.save('draft', body.seen + 1);
      }
      keep(body);
    };
  } }, async ({ page, backend }) => {
    await sees(box(page, 'Freight'));
    await choose(page, 'Freight', /Shipping and delivery/);
    await sees(page.getByText('Changed in another tab or by somebody else').first());
    await until('both are kept', () => backend.configuration.configuration.accounts.length === 2);
    assert.equal(await box(page, 'Bank charges').inputValue(), 'No counterpart');
    assert.equal(await box(page, 'Freight').inputValue(), 'Shipping and delivery');
  }));

test('changes: what is not as it was is marked, and can be kept or chosen anew', () =>
  scene(applied(s.save('saved', 5)), { configuration: s.configuration({ saved: true }), before: keeping },
        async ({ page, backend }) => {
    const accounts = region(page, 'Accounts');
    await sees(accounts.getByText('Changed: renamed'));
    await sees(accounts.getByText('It was called “Sales (old)” when you chose it.'));
    await sees(region(page, 'Tax codes').getByText('“17.5% S” is no longer in QuickBooks.'));
    await accounts.getByRole('button', { name: 'Keep' }).first().click();
    await until('it is dealt with', async () => await accounts.getByText('Changed: renamed').count() === 0);
    await until('with its new name', () =>
      backend.configuration.configuration.accounts.some((each) => each.ours === 'a1' && each.name === 'Sales'));
  }));

test('lists: 25 at a time, filtered and searched', () =>
  scene(applied(), ready, async ({ page }) => {
    const customers = region(page, 'Customers');
    const shown = () => customers.getByRole('combobox').count();
    await sees(customers);
    assert.equal(await shown(), 25);
    await customers.getByRole('button', { name: 'Next' }).click();
    await until('the second page is there', async () => await box(page, 'Alder Joinery').count() === 0);
    await customers.getByRole('searchbox', { name: 'Search customers' }).fill('foods');
    await until('only what fits is left', async () => await shown() > 0 && await shown() < 25);
    await sees(box(page, 'Alder Foods'));
    await customers.getByRole('searchbox', { name: 'Search customers' }).fill('');
    await customers.getByRole('radio', { name: /To check/ }).click();
    await until('what is to be checked', async () => await shown() > 0);
    await customers.getByRole('radio', { name: /Changed/ }).click();
    await sees(customers.getByText('Nothing here fits what you are looking for'));
  }));

test('settings: terms and switches are kept too', () =>
  scene(applied(), ready, async ({ page, backend }) => {
    const settings = region(page, 'Other settings');
    await sees(settings);
    await settings.getByRole('checkbox', { name: /Create a supplier/ }).click();
    await box(page, 'Payment terms for new invoices').click();
    await page.getByRole('option', { name: 'Net 30' }).click();
    await until('they are kept', () => {
      const kept = backend.configuration.configuration.settings;
      return kept.create_suppliers && kept.terms === '1';
    });
  }));

test('configuration: while nothing is connected it is kept, and said to be', () =>
  scene(s.page(s.unlinked(s.company), { save: s.save('saved', 3) }), async ({ page }) => {
    await sees(page.getByText('Your configuration is kept.').first());
    assert.equal(await page.getByRole('combobox').count(), 0);
  }));

test('configuration: when it cannot be loaded, it says so and can be asked for again', () =>
  scene(applied(), { ...ready, before: (backend) => {
    backend.onConfiguration = () => { throw new Problem(500, 'problem.internal', { code: 'internal' }); };
  } }, async ({ page, backend, button }) => {
    await sees(page.getByText('Your mappings could not be loaded').first());
    backend.onConfiguration = null;
    await button('Try again').click();
    await sees(box(page, 'Freight'));
  }));
