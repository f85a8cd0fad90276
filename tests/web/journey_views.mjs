// The views of the page: their addresses and titles, Back and Forward, the focus after each change, and
// scrolling by keys.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sees, until } from './support/browser.mjs';
import { scene, useBrowser, withAttempt } from './support/scene.mjs';
import * as s from './support/states.mjs';
import { wording } from './support/wording.mjs';

useBrowser();

const attempt = 'attempt-value-1';
const applied = (save = s.save()) => s.page(s.linked(), { import: s.done(true), save });
/** Many lines: one list is shown at a time. */
const many = (more = {}) => ({ configuration: s.configuration(), ...more });
const behind = (page) => new URL(page.url()).hash;
const view = (page, name) => page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true });
const list = (page, name) => page.getByRole('navigation', { name: 'Lists' }).getByRole('link', { name, exact: true });
const more = (page, name) => page.getByRole('navigation', { name: 'More' }).getByRole('link', { name, exact: true });
const heading = (page, name) => page.getByRole('heading', { name, exact: true });
const has_focus = (locator) => locator.evaluate((element) => element === document.activeElement);
const focused = (what, locator) => until(`${what} has the focus`, () => has_focus(locator));
const button_of = (page, name) => page.getByRole('button', { name, exact: true });
const top = (page) => page.getByRole('main').evaluate((main) => main.scrollTop);

test('views: each has an address, a title and a heading, and is marked as the current one', () =>
  scene(applied(), many(), async ({ page }) => {
    await sees(heading(page, 'Integration store'));
    assert.equal(behind(page), '');
    assert.equal(await page.title(), 'Integration store');
    for (const [name, hash, title] of [
      ['Connection', '#/connection', 'Connection to QuickBooks Online'],
      ['Configuration', '#/configuration', 'Configuration'],
      ['Integration store', '#/', 'Integration store'],
    ]) {
      assert.equal(await view(page, name).getAttribute('href'), hash);
      await view(page, name).click();
      await focused(title, heading(page, title));
      assert.equal(behind(page), hash);
      assert.equal(await page.title(), title);
      assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1);
      assert.deepEqual(await page.locator('nav[aria-label="Pages"] [aria-current="page"]').allInnerTexts(), [name]);
    }
  }));

test('views: every part of the configuration has an address, a title, and its heading the focus', () => {
  const options = many({ at: '/#/configuration' });
  Object.assign(options.configuration, { set_aside: [{ entity: 'Customer', count: 1 }],
    set_aside_records: [{ entity: 'Customer', id: '', name: 'Half a name', why: 'no_id' }] });
  return scene(applied(), options, async ({ page }) => {
    await sees(list(page, 'Customers'));
    for (const [where, name, hash] of [
      [list, 'Tax codes', 'tax-codes'], [list, 'Customers', 'customers'], [more, 'Other settings', 'settings'],
      [more, 'Your company', 'company'], [more, 'Records that could not be read', 'left-out'],
      [more, 'Earlier versions', 'versions'], [more, 'Spreadsheet', 'spreadsheet'],
    ]) {
      await where(page, name).click();
      await focused(name, heading(page, name));
      assert.equal(behind(page), `#/configuration/${hash}`);
      assert.equal(await page.title(), `${name} · Configuration`);
      assert.equal(await where(page, name).getAttribute('aria-current'), 'page');
      assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Configuration');
    }
    assert.equal(await page.locator('nav:not([aria-label="Pages"]) [aria-current="page"]').count(), 1);
  });
});

test('views: Back and Forward lead through them, with the focus and the place that each had', () =>
  scene(applied(), many({ at: '/#/configuration/customers' }), async ({ page }) => {
    await sees(heading(page, 'Customers'));
    await until('its rows are there', async () => await page.getByRole('combobox').count() >= 25);
    // So far that the link can be seen still: one that cannot is scrolled to when it has the focus.
    await page.mouse.move(640, 500);
    await page.mouse.wheel(0, 120);
    const before = 120;
    await until('it is scrolled', async () => await top(page) === before);
    await list(page, 'Suppliers').focus();
    await page.keyboard.press('Enter');
    await focused('the list', heading(page, 'Suppliers'));
    assert.ok(await top(page) < before);
    await view(page, 'Connection').click();
    await focused('the view', heading(page, 'Connection to QuickBooks Online'));

    await page.goBack();
    await until('the suppliers are back', async () => behind(page) === '#/configuration/suppliers');
    await focused('what was pressed there', view(page, 'Connection'));
    await page.goBack();
    await focused('the link that led on', list(page, 'Suppliers'));
    await until('it is as far down as it was', async () => Math.abs(await top(page) - before) < 2);
    assert.equal(await page.title(), 'Customers · Configuration');
    await page.goForward();
    await page.goForward();
    await sees(heading(page, 'Connection to QuickBooks Online'));
    assert.equal(behind(page), '#/connection');
  }));

test('views: where the browser sets text larger, Back leads as far down, too', () =>
  scene(applied(), many({
    at: '/#/configuration/customers',
    before: async (backend, page) => {
      const session = await page.context().newCDPSession(page);
      await session.send('Page.setFontSizes', { fontSizes: { standard: 24 } });
    },
  }), async ({ page }) => {
    await until('its rows are there', async () => await page.getByRole('combobox').count() >= 25);
    await page.getByRole('main').evaluate((main) => { main.scrollTop = 900; });
    await until('it was drawn', async () => await top(page) === 900);
    await button_of(page, 'Save Configuration').focus();
    await view(page, 'Connection').evaluate((link) => link.click());  // which leaves the focus where it is
    await focused('the view', heading(page, 'Connection to QuickBooks Online'));
    await page.goBack();
    await focused('what had it', button_of(page, 'Save Configuration'));
    await until('it is as far down as it was', async () => Math.abs(await top(page) - 900) < 2);
  }));

test('views: a reload stays at the address, as far down as it was', () =>
  scene(applied(), many({ at: '/#/configuration/customers' }), async ({ page, backend }) => {
    await until('its rows are there', async () => await page.getByRole('combobox').count() >= 25);
    await page.getByRole('main').evaluate((main) => { main.scrollTop = 900; });
    await until('it was drawn', async () => await top(page) === 900);
    const asked = () => backend.requests.filter(([, path]) => path === '/api/configuration/accounts').length;
    const before = asked();
    await page.reload();
    await sees(heading(page, 'Customers'));
    assert.equal(behind(page), '#/configuration/customers');
    await until('it is where it was', async () => await top(page) === 900);
    assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
    assert.equal(asked(), before, 'another list was read first');
  }));

test('views: an address opens its view in a tab of its own; what is none opens the store', () =>
  scene(applied(), many({ at: '/#/configuration/versions' }), async ({ page, backend, open, toggle }) => {
    await sees(heading(page, 'Earlier versions'));
    await sees(page.getByText('There are no versions yet'));
    const second = await open();
    await second.goto(`${backend.address}/#/connection`);
    await sees(heading(second, 'Connection to QuickBooks Online'));
    const [third] = await Promise.all([
      page.context().waitForEvent('page'),
      list(page, 'Customers').click({ modifiers: ['ControlOrMeta'] }),
    ]);
    await sees(heading(third, 'Customers'));
    assert.equal(behind(third), '#/configuration/customers');
    assert.equal(behind(page), '#/configuration/versions');
    await third.close();
    for (const none of ['/#/nowhere', '/#/configuration/nothing', '/#anything']) {
      await page.goto('about:blank');
      await page.goto(backend.address + none);
      await sees(toggle);
      assert.equal(behind(page), '#/');
    }
    // Typed over the open page.
    await page.evaluate(() => { window.location.hash = '#/connection'; });
    await focused('the view', heading(page, 'Connection to QuickBooks Online'));
    await page.evaluate(() => { window.location.hash = '#nonsense'; });
    await sees(toggle);
    await until('the address is one', () => behind(page) === '#/');
  }));

test('views: the configuration says when there is nothing to configure yet, and leads on', () =>
  scene(s.page(s.legacy()), { at: '/#/configuration/customers' }, async ({ page, toggle }) => {
    await sees(heading(page, 'Configuration'));
    await sees(page.getByText('There is nothing to configure yet'));
    assert.equal(await page.getByRole('combobox').count(), 0);
    await page.getByRole('link', { name: 'Go to the Integration store' }).click();
    await sees(toggle);
    assert.equal(behind(page), '#/');
  }));

test('views: the store leads to the mappings and to all about the connection', () =>
  scene(applied(), many(), async ({ page, tile }) => {
    await page.getByRole('link', { name: 'Check your mappings', exact: true }).click();
    await focused('the view', heading(page, 'Configuration'));
    await page.goBack();
    await page.getByRole('list', { name: 'Steps' }).getByRole('link', { name: 'Check mappings' }).click();
    await focused('the view again', heading(page, 'Configuration'));
    await page.goBack();
    await tile.getByRole('link', { name: 'More about this connection' }).click();
    await focused('the connection', heading(page, 'Connection to QuickBooks Online'));
  }));

test('views: what is not saved is said elsewhere with the way to it, and the bar for Save is there alone', () =>
  scene(s.page(s.at_risk(), { import: s.done(true), save: s.save('draft', 3) }), many(), async ({ page, button }) => {
    await sees(page.getByText('Your configuration has changes that are not saved yet.'));
    assert.equal(await button('Save Configuration').count(), 0);
    await view(page, 'Connection').click();
    await page.getByRole('link', { name: 'Check and save them' }).click();
    await sees(button('Save Configuration'));
    assert.equal(await page.getByText('has changes that are not saved yet').count(), 0);
  }));

test('views: after the callback the address is that of the view where Connect was pressed', () =>
  scene(s.page(s.legacy()), {
    at: '/#/connection',
    before: (backend) => {
      backend.commands.connect = () => {
        backend.step({ connect: s.connect(s.authorizing(attempt)) });
        return { redirect: `${backend.address}/fonts/`, attempt_state: attempt };
      };
      backend.onCallback = () => { backend.step({ connect: s.connect(s.linked()) }); };
    },
  }, async ({ page, backend, button }) => {
    await button('Connect').click();
    await page.waitForURL('**/fonts/');
    await page.goto(`${backend.address}/callback?code=a-code&state=${attempt}&realmId=1`);
    await sees(heading(page, 'Connection to QuickBooks Online'));
    assert.equal(page.url(), `${backend.address}/#/connection`);
    await page.reload();
    await sees(heading(page, 'Connection to QuickBooks Online'));
  }));

test('views: one that this tab did not ask for leaves the address of the store', () =>
  scene(s.page(s.legacy()), {
    at: `/callback?code=a-code&state=${attempt}&realmId=1`, before: withAttempt('another'),
  }, async ({ page, backend, toggle }) => {
    await sees(toggle);
    assert.match(page.url(), new RegExp(`^${backend.address}/(#/)?$`));
  }));

test('views: a comparison of versions is left by Back', () => {
  const configuration = s.configuration({ customers: 10, saved: true });
  return scene(applied(s.save('saved', 5)), { at: '/#/configuration', configuration }, async ({ page }) => {
    const box = page.getByRole('combobox', { name: 'Freight', exact: true });
    await box.click();
    await page.getByRole('option', { name: /Shipping and delivery/ }).first().click();
    await sees(page.getByText('Your choices are kept here, but not saved yet.'));
    await more(page, 'Earlier versions').click();
    await page.getByRole('button', { name: 'Compare with now' }).first().click();
    await focused('the comparison', heading(page, 'What is different now'));
    assert.match(behind(page), /^#\/configuration\/versions\/\d+$/);
    await page.goBack();
    await sees(page.getByRole('button', { name: 'Compare with now' }));
    assert.equal(behind(page), '#/configuration/versions');
  });
});

test('views: the keys print all of it in the configuration alone', () =>
  scene(applied(), many({
    before: (backend, page) => page.addInitScript(() => { window.papers = 0; window.print = () => { window.papers += 1; }; }),
  }), async ({ page, tile }) => {
    await sees(tile);
    const taken = () => page.evaluate(() => Boolean(Module._rk_print_asked()));
    assert.equal(await taken(), false);
    await view(page, 'Configuration').click();
    await sees(list(page, 'Customers'));
    await page.keyboard.press('Control+p');
    await until('it was printed', () => page.evaluate(() => window.papers === 1));
  }));

test('views: another language changes the title and the links, and the place stays', () =>
  scene(applied(), many({ at: '/#/configuration/customers' }), async ({ page, shot }) => {
    await until('its rows are there', async () => await page.getByRole('combobox').count() >= 25);
    const ar = wording('ar');
    await page.getByRole('button', { name: 'Language', exact: true }).click();
    await page.getByRole('button', { name: 'العربية', exact: true }).click();
    const part = ar('section.customers.title');
    await until('the title is Arabic', async () => (await page.title()).includes(part));
    assert.equal((await page.title()).replace(/[\u2068\u2069]/g, ''), ar('title.part', { part }));
    assert.equal(behind(page), '#/configuration/customers');
    const pages = page.getByRole('navigation', { name: ar('nav.views') });
    const boxes = await Promise.all(['page.heading', 'nav.connection', 'configuration.heading'].map((id) =>
      pages.getByRole('link', { name: ar(id), exact: true }).boundingBox()));
    assert.ok(boxes[0].x > boxes[1].x && boxes[1].x > boxes[2].x, 'they run from the right');
    await page.reload();
    await sees(heading(page, part));
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: ar('skip.content'), exact: true });
    await until('it is seen', async () => (await skip.boundingBox()).width > 40);
    assert.ok((await skip.boundingBox()).x > 640, 'it is at the right');
    await shot('skip-link-arabic');
  }));

test('keys: the content scrolls from the first moment', () =>
  scene(applied(), many({ at: '/#/configuration/customers' }), async ({ page }) => {
    await until('its rows are there', async () => await page.getByRole('combobox').count() >= 25);
    await page.keyboard.press('PageDown');
    await until('it scrolled', async () => await top(page) > 200);
    const page_down = await top(page);
    await page.keyboard.press('PageUp');
    await until('it is back', async () => await top(page) === 0);
    await page.keyboard.press(' ');
    await until('by Space, too', async () => await top(page) === page_down);
    await page.keyboard.press('Home');
    await until('it is at the beginning', async () => await top(page) === 0);
    await page.keyboard.press('End');
    await until('it is at the end', async () => await top(page) > 400);
  }));

test('keys: it scrolls by pages from the bar and the footer, too', () =>
  scene(applied(), many({ at: '/#/configuration/customers' }), async ({ page, button }) => {
    await until('its rows are there', async () => await page.getByRole('combobox').count() >= 25);
    for (const name of ['Notifications', 'Save Configuration']) {
      await button(name).focus();
      await page.keyboard.press('PageDown');
      await until('it scrolled', async () => await top(page) > 200);
      await page.keyboard.press('Home');
      await until('it is back', async () => await top(page) === 0);
      assert.equal(await has_focus(button(name)), true);
    }
  }));

test('skip links: the first two stops, seen while they have the focus', () =>
  scene(applied(), many({ at: '/#/configuration/customers' }), async ({ page, button, shot }) => {
    await until('its rows are there', async () => await page.getByRole('combobox').count() >= 25);
    const skip = (name) => page.getByRole('link', { name, exact: true });
    const entries = () => page.evaluate(() => window.history.length);
    const before = await entries();
    await page.keyboard.press('Tab');
    assert.equal(await has_focus(skip('Skip to the content')), true);
    await until('it is seen', async () => (await skip('Skip to the content').boundingBox()).width > 40);
    await shot('skip-link');
    await page.keyboard.press('Enter');
    await focused('the list', heading(page, 'Customers'));
    assert.equal(behind(page), '#/configuration/customers');
    await skip('Skip to Save Configuration').focus();
    await page.keyboard.press('Enter');
    await focused('the button', button('Save Configuration'));
    assert.equal(await entries(), before, 'skipping is no new entry of the history');
  }));
