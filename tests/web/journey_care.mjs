// The care around the work: what is asked before, what is told truly, what helps, and what is printed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sees, until } from './support/browser.mjs';
import { scene, useBrowser, withAttempt } from './support/scene.mjs';
import * as s from './support/states.mjs';

useBrowser();

const on = (toggle) => toggle.getAttribute('aria-checked').then((value) => value === 'true');
const focused = (locator) => locator.evaluate((element) => element === document.activeElement);
const has_focus = (what, locator) => until(`${what} has the focus`, () => focused(locator));
const commands = (backend) => backend.requests.filter(([method, path]) => method === 'POST' && path === '/api/commands');
const connected = (save) => s.page(s.linked(), { import: s.done(true), ...(save ? { save } : {}) });
const there = '/#/configuration';
const few = (more = {}) => ({ configuration: s.configuration({ customers: 10 }), ...more });
const view = (page, name) => page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true });
const region = (page, name) => page.getByRole('region', { name, exact: true });

test('disconnect: with a grant that works it is asked first, and a no leaves everything as it is', () =>
  scene(connected(), { ...few(), before: (backend) => {
    backend.commands.disconnect = () => backend.step({ connect: s.connect(s.disconnecting()) });
  } }, async ({ page, backend, toggle, announced }) => {
    const question = page.getByRole('dialog', { name: 'Disconnect Fernhollow Garden Supplies from QuickBooks?' });
    for (const no of [() => page.keyboard.press('Escape'), () => question.getByRole('button', { name: 'Stay connected' }).click()]) {
      await toggle.focus();
      await page.keyboard.press('Enter');
      await sees(question);
      await has_focus('what changes nothing', question.getByRole('button', { name: 'Stay connected' }));
      await no();
      await question.waitFor({ state: 'detached' });
      await has_focus('the switch', toggle);
      assert.equal(await on(toggle), true);
      assert.deepEqual(commands(backend), []);
    }
    await toggle.click();
    await sees(question.getByRole('list', { name: 'What stops' }).getByText('Ledgerline can no longer reach'));
    await sees(question.getByRole('list', { name: 'What is kept' }).getByText('Everything you configured here'));
    await question.getByRole('button', { name: 'Disconnect', exact: true }).click();
    await announced('You are disconnected');
    assert.equal(await on(toggle), false);
    assert.deepEqual(commands(backend).map(([, , body]) => body.command), ['disconnect']);
  }));

test('disconnect: what is asked is no question any more when another tab did it', () =>
  scene(connected(), few(), async ({ page, backend, toggle }) => {
    await toggle.click();
    await sees(page.getByRole('dialog'));
    backend.step({ connect: s.connect(s.unlinked(s.company)) }, [['disconnected']]);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.equal(await on(toggle), false);
  }));

test('consent: who decided against it is told so calmly, and has Connect before them', () =>
  scene(s.page(s.authorizing('a', s.unlinked())), {
    at: '/callback?error=access_denied&state=a',
    before: async (backend, page) => {
      await withAttempt('a')(backend, page);
      backend.onCallback = () => {
        const notices = backend.step({ connect: s.connect(s.unlinked()) }, [['sign_in_failed', 'access_denied']]);
        return { notices };
      };
    },
  }, async ({ page, button, toggle, announced }) => {
    await announced('You chose not to connect');
    await sees(page.getByText('You did not give your consent at QuickBooks').first());
    assert.equal(await page.getByRole('alert').textContent(), '');
    await sees(button('Connect'));
    assert.equal(await on(toggle), true);
    assert.match(await page.locator('[aria-current="step"]').innerText(), /Connect/);
    await button('Dismiss').click();
    await until('it is closed', async () => await page.getByText('You did not give your consent').count() === 0);
    await sees(button('Connect'));
  }));

test('save: with open records it is not finished, and each place that says so leads to the first', () =>
  scene(connected(), few({ at: there }), async ({ page, tile, button }) => {
    await sees(page.getByRole('combobox', { name: 'Freight', exact: true }));
    await button('Save Configuration').click();
    const bar = region(page, 'Save');
    await sees(bar.getByText('Configuration saved.'));
    assert.equal(await page.getByRole('link', { name: /^Done/ }).count(), 0);
    const first = page.getByRole('button', { name: /^Show the first of \d+ open records$/ });
    const leads_to_it = async (place) => {
      await place.click();
      await has_focus('the first of them', region(page, 'Accounts').getByRole('combobox').first());
      await sees(region(page, 'Accounts').getByRole('radio', { name: /^To decide/, checked: true }));
      assert.equal(new URL(page.url()).hash, '#/configuration/accounts');
    };
    const count = Number((await first.innerText()).match(/\d+/)[0]);
    await sees(bar.getByText(`${count} records are not decided yet`));
    await leads_to_it(bar.getByRole('button', { name: await first.innerText() }));
    await view(page, 'Integration store').click();
    const step = page.locator('[aria-current="step"]');
    await until('the check is where the person is', async () => await step.innerText() === `Check mappings (${count} open)`);
    await sees(tile.getByText(`${count} records are not decided yet.`));
    await leads_to_it(tile.getByRole('button', { name: `Show the first of ${count} open records` }));
  }));

test('save: with nothing open it has an end, which leads back to the host', () => {
  const configuration = s.configuration({ customers: 1 });
  configuration.ours = { ...configuration.ours, accounts: configuration.ours.accounts.slice(0, 1), tax_codes: [], customers: [], suppliers: [] };
  return scene(connected(), { at: there, configuration }, async ({ page, tile, button }) => {
    await sees(page.getByRole('combobox', { name: 'Sales', exact: true }));
    await button('Save Configuration').click();
    const end = page.getByRole('link', { name: 'Done. Back to Ledgerline' });
    await sees(end);
    assert.equal(await end.getAttribute('href'), 'https://ledgerline.example/clients/7');
    await button('Dismiss').click();
    await sees(end);
    await view(page, 'Integration store').click();
    await sees(tile);
    await sees(tile.getByRole('link', { name: 'Done. Back to Ledgerline' }));
    assert.equal(await page.locator('[aria-current="step"]').count(), 0);
    assert.equal(await tile.getByText('not decided yet').count(), 0);
  });
});

test('help: it answers beside the page, by keyboard, and gives the focus back', () =>
  scene(s.page(s.legacy()), async ({ page, backend, button }) => {
    await sees(button('Help'));
    await button('Help').focus();
    await page.keyboard.press('Enter');
    const help = page.getByRole('dialog', { name: 'Help' });
    await has_focus('its heading', help.getByRole('heading', { name: 'Help', exact: true }));
    assert.equal(await button('Help').getAttribute('aria-expanded'), 'true');
    for (const name of ['What happens next?', 'What is OAuth 2.0?', 'What will be read?', 'Who can see it?',
                        'How long does it take?', 'What if I make a mistake?', 'Whom can I ask?']) {
      await sees(help.getByRole('heading', { name }));
    }
    await sees(help.getByText('Press Connect on the tile'));
    assert.equal(await help.getByRole('list', { name: 'Lists that are read' }).getByRole('listitem').count(), 12);
    await sees(help.getByText('con_1'));
    await sees(help.getByRole('link', { name: 'Back to Ledgerline' }));
    backend.step({ connect: s.connect(s.linked()), import: s.running('Account', 0) });
    await sees(help.getByText('You need not wait here'));
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    await has_focus('its button', button('Help'));
    await button('Notifications').click();
    await button('Help').click();
    await sees(help);
    assert.equal(await page.getByRole('dialog', { name: 'Notifications' }).count(), 0);
  }));

test('help: on a phone it is a sheet as wide as the screen; without a session it says where to begin', () =>
  scene(s.page(s.legacy()), {
    context: { viewport: { width: 360, height: 740 } }, before: (backend) => { backend.signedIn = false; },
  }, async ({ page, button }) => {
    await button('Help').click();
    const help = page.getByRole('dialog', { name: 'Help' });
    await sees(help.getByText('Open this page from Ledgerline.'));
    const { x, width } = await help.boundingBox();
    assert.deepEqual([x, width], [0, 360]);
    await help.getByRole('button', { name: 'Close help' }).click();
    await help.waitFor({ state: 'detached' });
  }));

test('tray: on a first visit nothing is counted that the person had no part in', () => {
  const page_state = s.page(s.legacy());
  page_state.notices = [{ seq: 1, at: Date.now() - 60_000, note: 'legacy_found', detail: s.company.name }];
  return scene(page_state, async ({ page, button }) => {
    await sees(button('Notifications'));
    assert.equal(await button('Notifications').getAttribute('aria-description'), null);
    await button('Notifications').click();
    await sees(page.getByRole('dialog').getByText('Connected with OAuth 1.0. Upgrade needed.'));
  });
});

test('tray: where nothing has happened it says what will stand there', () =>
  scene({ ...s.page(s.unlinked()), notices: [] }, async ({ page, button }) => {
    await button('Notifications').click();
    await sees(page.getByRole('dialog').getByText('Nothing has happened yet.'));
    await sees(page.getByRole('dialog').getByText(/stands here/));
  }));

const record = (id, name, more = {}) => ({ id, name, detail: '', active: true, ...more });

test('side by side: an opened line shows both records with what agrees in words, and takes one', () => {
  const configuration = s.configuration({ customers: 10 });
  configuration.ours.customers = [record('g', 'Larch Dental', { emails: ['office@larch.example.test'], city: 'Pinmoor', street: '12 High St' })];
  configuration.theirs.customers = [
    record('3', 'Larch Dental Ltd', { emails: ['Office@larch.example.test'], street: 'High Street 12' }),
    record('4', 'Larch Dentists', { city: 'Quillmere' })];
  configuration.suggested_customers = [
    { ours: 'g', theirs: '3', confidence: 0.8, apply: false, reasons: ['same_email', 'same_address', 'part_of_name'] },
    { ours: 'g', theirs: '4', confidence: 0.3, apply: false, reasons: ['similar_name'] }];
  return scene(connected(), { at: there, configuration }, async ({ page, backend }) => {
    const line = region(page, 'Customers').getByRole('listitem').filter({ hasText: 'Larch Dental' }).first();
    const opener = line.getByRole('button', { name: 'Side by side' });
    await opener.click();
    assert.equal(await opener.getAttribute('aria-expanded'), 'true');
    const table = page.getByRole('table', { name: '“Larch Dental” beside “Larch Dental Ltd”' });
    const rows = async (of) => Object.fromEntries((await of.getByRole('row').all().then((all) =>
      Promise.all(all.map((row) => row.getByRole('cell').allInnerTexts())))).filter((cells) => cells.length)
      .map(([field, ours, theirs, how]) => [field, [ours, theirs, how]]));
    assert.deepEqual(await rows(table), {
      Name: ['Larch Dental', 'Larch Dental Ltd', 'Similar'],
      'E-mail': ['office@larch.example.test', 'Office@larch.example.test', 'Same'],
      Street: ['12 High St', 'High Street 12', 'Same'],
      Town: ['Pinmoor', 'not given', 'On one side only'],
    });
    const other = page.getByRole('table', { name: '“Larch Dental” beside “Larch Dentists”' });
    assert.deepEqual((await rows(other)).Town, ['Pinmoor', 'Quillmere', 'Different']);
    await page.getByRole('group', { name: 'Beside “Larch Dentists”' }).getByRole('button', { name: 'Use this one' }).click();
    await until('it was sent', () => backend.requests.some(([method, , body]) => method === 'PATCH' && body.choices[0].theirs === '4'));
    await opener.click();
    await table.waitFor({ state: 'detached' });
  });
});

test('lists: what a filter leads to is said, and that all are shown again', () =>
  scene(connected(), few({ at: there }), async ({ page, announced }) => {
    const customers = region(page, 'Customers');
    await sees(customers);
    await customers.getByRole('radio', { name: /^To decide/ }).click();
    await announced(/\d/.exec(await customers.getByRole('radio', { name: /^To decide/ }).innerText())[0] + ' found');
    await customers.getByRole('radio', { name: /^All/ }).click();
    await announced('10 found');
  }));

test('print: the whole configuration is on paper, by the button and by the keys', () =>
  scene(connected(s.save('saved', 3)), {
    at: there, configuration: s.configuration({ saved: true }),
    before: (backend, page) => page.addInitScript(() => {
      window.papers = [];
      window.print = () => { window.papers.push([...document.getElementById('paper').querySelectorAll('tr, p, h1, h2')].map((row) => (row.cells ? [...row.cells] : [row]).map((each) => each.textContent).join('\t')).join('\n')); };
    }),
  }, async ({ page, backend, button }) => {
    await sees(page.getByRole('navigation', { name: 'Lists' }));
    const paper = (count) => until('it was printed', () =>
      page.evaluate((wanted) => window.papers.length === wanted && window.papers.at(-1), count));
    await page.keyboard.press('Control+p');
    const text = await paper(1);
    for (const list of Object.values(backend.configuration.ours)) for (const { name } of list) assert.ok(text.includes(name), name);
    assert.match(text, /Sales\tSales \(old\)\tChosen/);
    assert.match(text, /Zero rated\t\tUndecided/);
    assert.match(text, /Payment terms for new invoices\tAs set in QuickBooks/);
    assert.match(text, /Saved on/);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('#paper').isVisible(), true);
    assert.equal(await page.locator('#canvas').isVisible(), false);
    assert.equal(await page.locator('#mirror').isVisible(), false);
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    await page.emulateMedia({ media: 'screen' });
    assert.equal(await page.locator('#paper').count(), 0);
    await page.getByRole('link', { name: 'Spreadsheet', exact: true }).click();
    await button('Print').click();
    await paper(2);
  }));

test('print: where nothing is configured, the keys print what is seen', () =>
  scene(s.page(s.legacy()), async ({ page, tile }) => {
    await sees(tile);
    await page.emulateMedia({ media: 'print' });
    const words = page.getByText('Your QuickBooks connection needs an upgrade').first();
    assert.equal(await words.evaluate((element) => getComputedStyle(element).color), 'rgb(0, 0, 0)');
    const tops = await page.evaluate(() => [...document.querySelectorAll('#mirror p')].map((each) => each.getBoundingClientRect().top));
    assert.deepEqual(tops, [...tops].sort((a, b) => a - b));
    assert.equal(await page.locator('#canvas').isVisible(), false);
  }));

/** What can be pressed and is lower or narrower than a finger; not the links for the keyboard alone. */
const small = (page) => page.evaluate(() =>
  [...document.querySelectorAll('#mirror :is(button, a, input, [role="option"])')].filter((each) => {
    const { width, height } = each.getBoundingClientRect();
    return width > 1 && (height < 44 || width < 44);
  }).map((each) => `${each.getAttribute('role') ?? each.nodeName} ${each.textContent || each.getAttribute('aria-label')}`));

for (const [screen, viewport] of Object.entries({ tablet: { width: 1180, height: 820 }, phone: { width: 360, height: 740 } })) {
  test(`touch: everything that is pressed is as large as a finger, ${screen}`, () =>
    scene(connected(s.save('saved', 3)), {
      at: there, configuration: s.configuration({ customers: 12, saved: true }), context: { viewport, hasTouch: true },
    }, async ({ page, tile, button }) => {
      await sees(page.getByRole('combobox').first());
      assert.deepEqual(await small(page), []);
      await page.getByRole('combobox', { name: 'Freight', exact: true }).click();
      await sees(page.getByRole('option').first());
      assert.deepEqual(await small(page), []);
      await page.keyboard.press('Escape');
      await button('Help').click();
      await sees(page.getByRole('dialog', { name: 'Help' }));
      assert.deepEqual(await small(page), []);
      await page.keyboard.press('Escape');
      for (const [name, there] of [['Connection', region(page, 'Details')], ['Integration store', tile]]) {
        await view(page, name).click();
        await sees(there);
        assert.deepEqual(await small(page), []);
      }
    }));
}

const long = 'Fernhollow & Daughters Garden Supplies and Landscaping (Northern Counties) Limited';

test('names: one that is cut is shown whole when it is pointed at or has the focus', () => {
  const configuration = s.configuration({ customers: 10 });
  configuration.theirs.accounts = [record('12', `${long} One`), record('13', `${long} Two`)];
  configuration.configuration.accounts = [{ ours: 'a1', theirs: '12', name: `${long} One` }];
  return scene(connected(), { at: there, configuration, context: { viewport: { width: 360, height: 740 } } }, async ({ page }) => {
    const box = page.getByRole('combobox', { name: 'Sales', exact: true });
    await sees(box);
    await until('the browser knows it', async () => await box.getAttribute('title') === `${long} One`);
    const before = await page.screenshot();
    await box.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    const option = page.getByRole('option', { name: `${long} Two` });
    await until('an option, too', async () => await option.getAttribute('title') === `${long} Two`);
    assert.notEqual(Buffer.compare(before, await page.screenshot()), 0);
  });
});

/** Everything visible that reaches beyond an edge. */
const beyond = (page) => page.evaluate(() =>
  [...document.querySelectorAll('#mirror :is(button, a, input, h1, h2, h3, p, span, li)')].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.width > 0 && (box.right > window.innerWidth + 1 || box.left < -1);
  }).map((each) => each.textContent));

for (const [zoom, viewport] of Object.entries({ 200: { width: 640, height: 450 }, 400: { width: 320, height: 256 } })) {
  test(`zoom: at ${zoom} % nothing is beside the screen, and everything is reached by scrolling down`, () =>
    scene(connected(s.save('saved', 3)), {
      at: there, configuration: s.configuration({ customers: 12, saved: true }), context: { viewport, deviceScaleFactor: zoom / 100 },
    }, async ({ page, button }) => {
      await sees(page.getByRole('combobox').first());
      assert.deepEqual(await beyond(page), []);
      const wide = await page.getByRole('main').evaluate((main) => main.scrollWidth - main.clientWidth);
      assert.equal(wide, 0);
      await button('Save Configuration').scrollIntoViewIfNeeded();
      assert.equal(await button('Save Configuration').isVisible(), true);
      await button('Help').click();
      await sees(page.getByRole('dialog', { name: 'Help' }));
      assert.deepEqual(await beyond(page), []);
    }));
}
