// The widgets in a real Chromium: what a person finds by role and name, by mouse and by keyboard.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { launch, screenshot, until } from './support/browser.mjs';
import { closeTabs, Tabs } from './support/tabs.mjs';
import { open, rest, serve } from './widgets_page.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let browser, tabs, server;

before(async () => {
  browser = await launch();
  tabs = new Tabs(browser);
  server = await serve();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

// One page, closed again, that must not have complained.
async function on(options, act) {
  const { page, complaints } = await open(tabs, server.address, options);
  try {
    await act(page);
    assert.deepEqual(complaints, []);
  } finally {
    await closeTabs([page]);
  }
}

const check = (name, act, options = {}) => test(name, () => on(options, act));
const presses = (page) => page.getByText(/^Pressed \d+ times$/).textContent()
  .then((words) => Number(words.match(/\d+/)[0]));
const pressed = (page, count) => until(`it was pressed ${count} times`, async () => (await presses(page)) === count);
const isFocused = (locator) => locator.evaluate((element) => element === document.activeElement);

check('widgets: every kind is found by its role and name', async (page) => {
  const found = {
    banner: '', main: '', heading: 'Integration store', link: 'What changes?', switch: 'QuickBooks Online switch',
    article: 'QuickBooks Online', checkbox: 'Show inactive', radiogroup: 'Filter', radio: 'Not mapped',
    progressbar: 'Customers', textbox: 'Display name', searchbox: 'Search customers', combobox: 'Payment term',
    table: 'Customer mappings', navigation: 'Pages of customers', region: 'Fields', list: 'Steps',
  };
  for (const [role, name] of Object.entries(found)) {
    const exact = name ? { name, exact: true } : {};
    assert.equal(await page.getByRole(role, exact).count(), 1, `${role} “${name}”`);
  }
  assert.equal(await page.title(), 'Gallery of widgets');
  const bar = page.getByRole('progressbar', { name: 'Customers' });
  assert.deepEqual(await bar.evaluate((e) => [e.ariaValueNow, e.ariaValueMax, e.ariaValueText]),
    ['412', '1200', '412 of 1,200']);
  const step = page.getByRole('list', { name: 'Steps' }).getByRole('listitem').nth(1);
  assert.equal(await step.getAttribute('aria-current'), 'step');
  assert.equal(await page.getByRole('table').getByRole('row').count(), 13);
  assert.equal(await page.getByRole('columnheader').count(), 3);
});

check('button: mouse, Enter, Space and a script press it exactly once each', async (page) => {
  const button = page.getByRole('button', { name: 'Primary' });
  await button.click();
  await pressed(page, 1);
  await button.press('Enter');
  await button.press(' ');
  await button.evaluate((element) => element.click());
  await button.dispatchEvent('click');
  await pressed(page, 5);
  for (let i = 0; i < 10; ++i) await button.evaluate((element) => element.click());
  await pressed(page, 15);
});

check('button: disabled or busy it takes no press, and says why', async (page) => {
  const button = page.getByRole('button', { name: 'Save nothing' });
  assert.equal(await button.isDisabled(), true);
  await button.evaluate((element) => element.click());
  await page.getByRole('button', { name: 'Saving' }).evaluate((element) => element.click());
  assert.equal(await presses(page), 0);
  const id = await button.getAttribute('aria-describedby');
  assert.equal(await page.locator(`#${id}`).textContent(), 'Map at least one customer first.');
});

check('switch, checkbox and choice: the state is there when the press returns', async (page) => {
  const box = page.getByRole('checkbox', { name: 'Show inactive' });
  await box.check();
  assert.equal(await box.isChecked(), true);
  await box.uncheck();
  await page.getByRole('radio', { name: 'Suggested' }).click();
  assert.equal(await page.getByRole('radio', { name: 'Suggested' }).isChecked(), true);
  await page.keyboard.press('ArrowLeft');
  const middle = page.getByRole('radio', { name: 'Not mapped' });
  assert.equal(await middle.isChecked(), true);
  assert.equal(await isFocused(middle), true);
  const toggle = page.getByRole('switch', { name: 'QuickBooks Online switch' });
  assert.equal(await toggle.isChecked(), true);
});

check('dialog: keeps the focus inside, and gives it back when Escape closes it', async (page) => {
  const opener = page.getByRole('button', { name: 'Disconnect', exact: true });
  await opener.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('alertdialog', { name: 'Disconnect from QuickBooks Online?' });
  await dialog.waitFor();
  assert.equal(await isFocused(dialog.getByRole('button', { name: 'Keep the connection' })), true);
  assert.equal(await page.getByRole('main').evaluate((main) => main.inert), true);
  for (let i = 0; i < 5; ++i) {
    await page.keyboard.press('Tab');
    const outside = await page.evaluate(() =>
      document.activeElement !== document.body && !document.activeElement.closest('[role=alertdialog]'));
    assert.equal(outside, false);
  }
  await dialog.getByRole('button', { name: 'Disconnect now' }).focus();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await isFocused(opener), true);
});

check('switch: off by way of the dialog, and announced', async (page) => {
  const toggle = page.getByRole('switch', { name: 'QuickBooks Online switch' });
  await toggle.click();
  await page.getByRole('button', { name: 'Disconnect now' }).click();
  assert.equal(await toggle.isChecked(), false);
  await until('it is said', async () =>
    (await page.getByRole('status').textContent()) === 'You are disconnected');
});

check('tray: opens with the focus inside; Escape, its button and a press outside close it', async (page) => {
  const bell = page.getByRole('button', { name: 'Notifications' });
  const tray = page.getByRole('dialog', { name: 'Notifications' });
  await bell.click();
  await tray.waitFor();
  assert.equal(await bell.getAttribute('aria-expanded'), 'true');
  assert.equal(await isFocused(tray.getByRole('heading', { name: 'Notifications' })), true);
  await page.keyboard.press('Escape');
  await tray.waitFor({ state: 'detached' });
  assert.equal(await isFocused(bell), true);
  await bell.click();
  await tray.getByRole('button', { name: 'Close' }).click();
  await tray.waitFor({ state: 'detached' });
  await bell.click();
  await bell.click();
  await tray.waitFor({ state: 'detached' });
  await bell.click();
  await page.getByRole('heading', { name: 'Integration store' }).click();
  await tray.waitFor({ state: 'detached' });
});

check('text field: what is typed, pasted and put in by a script is what C++ holds', async (page) => {
  const field = page.getByRole('searchbox', { name: 'Search customers' });
  await field.fill('Zoë');
  await page.getByText('Searching for Zoë', { exact: true }).waitFor();
  await field.press('End');
  await field.pressSequentially(' & 商');
  await page.getByText('Searching for Zoë & 商', { exact: true }).waitFor();
  await field.selectText();
  await page.keyboard.press('Delete');
  assert.equal(await page.getByText(/^Searching/).count(), 0);
  await page.getByText('Display name').click();
  assert.equal(await isFocused(page.getByRole('textbox', { name: 'Display name' })), true);
});

check('text field: an input method composes in it', async (page) => {
  const field = page.getByRole('searchbox', { name: 'Search customers' });
  await field.focus();
  const tools = await page.context().newCDPSession(page);
  await tools.send('Input.imeSetComposition', { text: 'せか', selectionStart: 2, selectionEnd: 2 });
  await tools.send('Input.imeSetComposition', { text: '世界', selectionStart: 2, selectionEnd: 2 });
  await tools.send('Input.insertText', { text: '世界' });
  assert.equal(await field.inputValue(), '世界');
  await page.getByText('Searching for 世界', { exact: true }).waitFor();
});

check('combobox: filters 1,200 options while typing; Enter takes the first', async (page) => {
  const box = page.getByRole('combobox', { name: 'Amber Bakery 0' });
  await box.fill('peñon œuvre');
  assert.equal(await page.getByRole('option').count(), 1, 'nothing has that name');
  await page.getByRole('option', { name: 'Nothing found' }).waitFor();
  await box.fill('jorg oeuvre');
  await box.fill('JORG');
  const first = page.getByRole('option').first();
  assert.match(await first.textContent(), /^Jörg /);
  assert.equal(Number(await first.getAttribute('aria-setsize')), 57);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  const active = await box.getAttribute('aria-activedescendant');
  assert.equal(active, await first.getAttribute('id'));
  const name = (await first.textContent()).split(',')[0];
  await page.keyboard.press('Enter');
  assert.equal(await page.getByRole('listbox').count(), 0);
  assert.equal(await box.inputValue(), name);
  assert.equal(await page.getByRole('row').nth(1).getByText('Mapped', { exact: true }).count(), 1);
});

check('combobox: suggestions first, by arrows and by mouse; Escape leaves all as it was', async (page) => {
  const box = page.getByRole('combobox', { name: 'Łąka GmbH 74' });
  await box.click();
  const options = page.getByRole('option');
  assert.match(await options.nth(0).textContent(), /^Not mapped/);
  assert.match(await options.nth(1).textContent(), /No\. 1007/);
  assert.equal(await options.nth(0).getAttribute('aria-selected'), 'true');
  await page.keyboard.press('End');
  const active = page.locator(`#${await box.getAttribute('aria-activedescendant')}`);
  assert.equal(await active.getAttribute('aria-posinset'), '1201');
  await page.keyboard.press('Escape');
  assert.equal(await box.getAttribute('aria-expanded'), 'false');
  assert.equal(await box.inputValue(), '');
  await box.click();
  await options.nth(2).click();
  assert.equal(await box.getAttribute('aria-expanded'), 'false');
  assert.equal(await isFocused(box), true, 'a press on an option leaves the focus');
  assert.match(await box.inputValue(), / 21$/);
  await box.click();
  await page.getByRole('option', { name: /^Not mapped/ }).click();
  assert.equal(await box.inputValue(), '');
});

check('combobox: a wheel scrolls its list, and an option far down can be pressed', async (page) => {
  const box = page.getByRole('combobox', { name: 'Amber Bakery 0' });
  await box.click();
  const list = page.getByRole('listbox');
  await list.hover();
  await page.mouse.wheel(0, 6000);
  await until('it was scrolled', async () => (await list.evaluate((e) => e.scrollTop)) > 5000);
  const far = page.getByRole('option').nth(5);
  await until('other options are there', async () => Number(await far.getAttribute('aria-posinset')) > 100);
  const name = (await far.textContent()).split(',')[0];
  await far.click();
  assert.equal(await box.inputValue(), name);
});

check('combobox: leaving it closes it; the select-only one opens by keys', async (page) => {
  const box = page.getByRole('combobox', { name: 'Payment term' });
  await box.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  assert.equal(await box.inputValue(), 'Net 30');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await until('it is closed', async () => (await page.getByRole('listbox').count()) === 0);
  assert.equal(await box.inputValue(), 'Net 30');
});

check('combobox: what was looked up is listed as given; nothing is taken that nobody went to', async (page) => {
  const box = page.getByRole('combobox', { name: 'Looked up elsewhere' });
  assert.equal(await box.inputValue(), 'Dunes 1003', 'what is chosen is not among the options');
  await box.fill('Fjord');
  const options = page.getByRole('option');
  await until('only what was found is there', async () => (await options.count()) === 4);
  assert.equal(await box.getAttribute('aria-activedescendant'), null);
  await page.keyboard.press('Enter');
  assert.equal(await page.getByRole('listbox').count(), 1, 'Enter took what nobody went to');
  assert.equal(await presses(page), 0);
  await until('it is said', () => page.getByRole('status').textContent().then((words) => words === '3 found'));
  await box.fill('slow');
  await page.getByRole('option', { name: 'Searching…' }).waitFor();
  assert.equal(await page.getByRole('listbox').getAttribute('aria-busy'), 'true');
  await box.fill('');
  await page.keyboard.press('Escape');
  assert.equal(await box.inputValue(), 'Dunes 1003', 'clearing decides nothing');
  await box.fill('Fjord');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await pressed(page, 1);
  const chosen = await box.inputValue();
  await box.fill(chosen.replace('Dunes ', ''));
  await page.keyboard.press('Escape');
  await box.press('ArrowUp');
  await page.keyboard.press('Enter');
  await pressed(page, 2);
  assert.equal(await box.inputValue(), 'No counterpart');
});

check('combobox: to choose what is proposed is a choice', async (page) => {
  const box = page.getByRole('combobox', { name: 'Looked up elsewhere' });
  await box.fill('Dunes');
  await page.getByRole('option').first().click();
  await pressed(page, 1);
  await box.click();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await pressed(page, 2);
});

check('navigation, pills and the bar at the bottom: pressed, read, and in sight', async (page) => {
  const list = page.getByRole('navigation', { name: 'Lists' });
  await list.getByRole('button', { name: 'Suppliers' }).click();
  assert.equal(await list.locator('[aria-current="true"]').textContent(), 'Suppliers');
  await page.getByRole('radio', { name: 'Proposed 61' }).click();
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.getByRole('radio', { name: 'Changed 2' }).isChecked(), true);
  assert.equal(await page.getByRole('img', { name: 'All lists: 1,100 chosen, 61 suggested, 43 to decide' }).count(), 1);
  await page.getByRole('main').evaluate((main) => { main.scrollTop = main.scrollHeight; });
  await rest(page);
  const { height } = page.viewportSize();
  const bar = await page.getByRole('region', { name: 'Keeping' }).boundingBox();
  assert.equal(bar.y + bar.height, height);
  const main = await page.getByRole('main').boundingBox();
  assert.equal(main.y + main.height, bar.y, 'nothing is hidden behind it');
  const beside = await list.boundingBox();
  assert.ok(beside.y >= main.y && beside.y + beside.height <= bar.y, 'the navigation stays in sight');
}, { reducedMotion: 'reduce' });

check('toast: said, acted on, and gone after its time unless it is held', async (page) => {
  await page.getByRole('button', { name: 'Accept all' }).click();
  await until('it is said', async () =>
    (await page.getByRole('status').textContent()) === '61 suggestions were accepted');
  const toast = page.getByRole('region', { name: '61 suggestions were accepted' });
  await toast.getByRole('button', { name: 'Take back' }).click();
  await toast.waitFor({ state: 'detached' });
  await pressed(page, 1);
  await page.getByRole('button', { name: 'Accept all' }).click();
  await toast.waitFor();
  await toast.waitFor({ state: 'detached' });
});

check('scrolling: a control far below is found, scrolled to and pressed', async (page) => {
  await page.getByRole('button', { name: 'Save Configuration' }).click();
  await until('it is said', async () =>
    (await page.getByRole('status').textContent()) === 'The configuration is saved');
  assert.ok(await page.getByRole('main').evaluate((main) => main.scrollTop) > 300);
  await page.mouse.move(600, 500);
  await page.mouse.wheel(0, -5000);
  await until('the wheel scrolled back', async () =>
    (await page.getByRole('main').evaluate((main) => main.scrollTop)) === 0);
});

check('live region: messages that come together are each said', async (page) => {
  await page.evaluate(() => {
    window.heard = [];
    const region = document.querySelector('[role=status]');
    new MutationObserver(() => region.textContent && window.heard.push(region.textContent))
      .observe(region, { childList: true });
  });
  const save = page.getByRole('button', { name: 'Save Configuration' });
  await save.evaluate((element) => element.click());
  await save.evaluate((element) => element.click());
  await until('both were said', () => page.evaluate(() =>
    window.heard.filter((text) => text === 'The configuration is saved').length === 2));
});

check('motion: what is busy turns by itself, and stands still for a person who wants less of it', async (page) => {
  const frames = () => page.evaluate(() => window.rekey.frames());
  const before = await frames();
  await until('it was painted again and again', async () => await frames() > before + 5);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await rest(page);
}, { reducedMotion: 'no-preference' });

// The gallery has things that move for ever; without motion they stand still.
check('idle: nothing is painted in five seconds with the focus in a field', async (page) => {
  await page.getByRole('textbox', { name: 'Display name' }).focus();
  await rest(page);
  const before = await page.evaluate(() => window.rekey.frames());
  await new Promise((done) => setTimeout(done, 5000));
  assert.equal(await page.evaluate(() => window.rekey.frames()) - before, 0);
});

for (const [name, act] of Object.entries({
  'as it opens': async () => {},
  'with the tray': (page) => page.getByRole('button', { name: 'Notifications' }).click(),
  'with a list of options': (page) => page.getByRole('combobox', { name: 'Amber Bakery 0' }).click(),
  'with the dialog': (page) => page.getByRole('button', { name: 'Disconnect', exact: true }).click(),
})) {
  for (const width of [1200, 360]) {
    check(`accessibility: axe finds no violation ${name} at ${width} px`, async (page) => {
      await act(page);
      await page.evaluate(`${axe}; undefined`);
      const found = await page.evaluate(() => window.axe.run());
      const said = found.violations.map((each) =>
        `${each.id}: ${each.help} (${each.nodes.map((node) => node.html).join(' ').slice(0, 400)})`);
      assert.deepEqual(said, []);
    }, { viewport: { width, height: 800 }, bypassCSP: true });
  }
}

check('palette: text has a contrast of 4.5 and shapes of 3 on all they stand on, light and dark', async (page) => {
  for (const dark of [0, 1]) {
    const pairs = await page.evaluate((which) =>
      JSON.parse(UTF8ToString(Module._gallery_contrasts(which))), dark);
    assert.ok(Object.keys(pairs).length > 40);
    for (const [pair, contrast] of Object.entries(pairs)) {
      const least = pair.startsWith('text') ? 4.5 : 3;
      assert.ok(contrast >= least, `${dark ? 'dark' : 'light'}: ${pair} is ${contrast.toFixed(2)}`);
    }
  }
});

check('density: the canvas has a pixel for every pixel of the screen', async (page) => {
  const canvas = page.locator('#canvas');
  assert.deepEqual(await canvas.evaluate((e) => [e.width, e.height]), [2400, 1800]);
  await page.setViewportSize({ width: 700, height: 500 });
  await until('it followed', async () => (await canvas.evaluate((e) => e.width)) === 1400);
}, { deviceScaleFactor: 2 });

// The colours in a part of the picture, to see that something is painted there.
async function colours(page, clip) {
  const png = (await page.screenshot({ clip })).toString('base64');
  return page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height).data;
    const seen = new Set();
    for (let i = 0; i < pixels.length; i += 4) seen.add((pixels[i] << 16) | (pixels[i + 1] << 8) | pixels[i + 2]);
    return seen.size;
  }, png);
}

check('graphics: a lost context is drawn anew when it comes back', async (page) => {
  const clip = { x: 0, y: 0, width: 1200, height: 400 };
  await rest(page);
  const before = await page.screenshot({ clip });
  const extension = await page.evaluateHandle(() =>
    document.getElementById('canvas').getContext('webgl2').getExtension('WEBGL_lose_context'));
  await extension.evaluate((lose) => lose.loseContext());
  await page.getByRole('button', { name: 'Primary' }).click();
  await pressed(page, 1);
  await page.getByRole('main').evaluate((main) => { main.scrollTop = 0; });
  await page.mouse.move(600, 890);
  await page.evaluate(() => document.activeElement.blur());
  await extension.evaluate((lose) => lose.restoreContext());
  await until('the picture is the same again', async () =>
    Buffer.compare(before, await page.screenshot({ clip })) === 0);
});

check('scripts: Arabic, Japanese and Korean names are painted, not boxes', async (page) => {
  const cells = ['سحاب Оптика 37', '한빛 Оптика 185', 'Мост 商事 222'];
  const pictures = [];
  for (const name of cells) {
    const cell = page.getByRole('cell').getByText(name, { exact: true });
    await cell.scrollIntoViewIfNeeded();
    await rest(page);
    const box = await cell.boundingBox();
    pictures.push(await page.screenshot({ clip: { ...box, width: 40 } }));
    assert.ok(await colours(page, { ...box, width: 40 }) > 8, name);
  }
  assert.notEqual(Buffer.compare(pictures[0], pictures[1]), 0);
});

for (const [name, options] of Object.entries({
  light: {}, dark: { colorScheme: 'dark' }, narrow: { viewport: { width: 360, height: 780 } },
  dense: { deviceScaleFactor: 2 }, 'forced-colors': { forcedColors: 'active' },
  'zoom-200': { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 },
})) {
  check(`picture: ${name} is painted from top to bottom`, async (page) => {
    await rest(page);
    const { width, height } = page.viewportSize();
    assert.ok(await colours(page, { x: 0, y: 0, width, height }) > 20);
    await screenshot(page, `widgets-${name}`);
    await page.getByRole('main').evaluate((main) => { main.scrollTop = main.scrollHeight; });
    await rest(page);
    await screenshot(page, `widgets-${name}-end`);
    assert.ok(await colours(page, { x: 0, y: 100, width, height: height - 100 }) > 10);
    const wide = await page.getByRole('main').evaluate((main) => main.scrollWidth - main.clientWidth);
    assert.equal(wide, 0, 'nothing is wider than the page');
  }, options);
}
