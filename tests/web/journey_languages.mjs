// The page in the languages of people: chosen from the browser or on the page, remembered, from right to
// left, and whole at every width. What it should say is read from the files that it reads itself.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { sees, until } from './support/browser.mjs';
import { consent, startDemo } from './support/demo.mjs';
import { newContext, scene, useBrowser } from './support/scene.mjs';
import * as s from './support/states.mjs';
import { wording } from './support/wording.mjs';

useBrowser();

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong; as DevTools would, since the page's own policy forbids scripts from elsewhere. */
async function faults(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe });
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run().then((found) => JSON.stringify(found.violations.map((each) =>
      each.id + ': ' + each.nodes.map((node) => node.html).slice(0, 3).join(' '))))`,
    awaitPromise: true, returnByValue: true,
  });
  return JSON.parse(result.value);
}

const inLanguage = (page, tag) => until(`the page is in ${tag}`, () =>
  page.evaluate((wanted) => document.documentElement.lang === wanted, tag));
const linked = () => s.page(s.linked(), { import: s.done(true), save: s.save('saved', 3) });
const mapped = { configuration: s.configuration({ saved: true }) };
const whole = { ...mapped, at: '/#/configuration' };

for (const tag of ['fr-CA', 'ja']) {
  const say = wording(tag);
  test(`languages: the whole way in ${tag}, as the browser asks for it`, async () => {
    const demo = await startDemo('--latency-ms', '0');
    const context = await newContext({ locale: tag });
    const page = await context.newPage();
    const button = (id) => page.getByRole('button', { name: say(id), exact: true });
    const reads = (id) => sees(page.getByText(say(id), { exact: true }).first());
    const toggle = page.getByRole('switch', { name: 'QuickBooks Online' });
    try {
      await page.goto(demo.page);
      await reads('chip.legacy');
      await inLanguage(page, tag);
      assert.equal(await page.title(), say('page.title'));
      await toggle.click();
      await reads('disconnected.title');
      await until('it can be turned on again', async () => await toggle.getAttribute('aria-disabled') === null);
      await toggle.click();
      await button('button.connect').click();
      await consent(page);
      await sees(button('button.apply'), 60_000);
      await button('button.apply').click();
      await sees(page.getByRole('heading', { name: say('configuration.heading'), exact: true }));
      const lists = page.getByRole('navigation', { name: say('nav.lists') });
      await lists.getByRole('link', { name: say('section.customers.title'), exact: true }).click();
      await sees(page.getByRole('region', { name: say('section.customers.title'), exact: true }));
      await button('button.save').click();
      await reads('save.done_title');
      await inLanguage(page, tag);
    } finally {
      await context.close();
      await demo.stop();
    }
  });
}

test('languages: chosen on the page by the keyboard, at once, and nothing that was being done is lost', () =>
  scene(linked(), whole, async ({ page, backend, button, shot }) => {
    const [en, ja] = [wording('en'), wording('ja')];
    const lists = page.getByRole('navigation', { name: en('nav.lists') });
    await lists.getByRole('link', { name: en('section.customers.title'), exact: true }).click();
    const search = page.getByRole('searchbox');
    await search.fill('Bramble');
    await button(en('bar.language')).focus();
    await page.keyboard.press('Enter');
    const panel = page.getByRole('dialog', { name: en('bar.language') });
    await sees(panel);
    const names = await panel.getByRole('navigation').getByRole('button').evaluateAll((all) =>
      all.map((each) => [each.textContent, each.lang, each.getAttribute('aria-current')]));
    assert.deepEqual(names.map(([name]) => name),
                     ['Deutsch', 'English', 'Español', 'Français (Canada)', 'العربية', '日本語']);
    assert.deepEqual(names.map(([, lang]) => lang), ['de', 'en', 'es', 'fr-CA', 'ar', 'ja']);
    assert.deepEqual(names.filter(([, , current]) => current).map(([name]) => name), ['English']);
    await sees(panel.getByText(en('bar.language_note')));
    assert.deepEqual(await faults(page), []);
    await shot('languages');
    const asked = backend.requests.length;
    const focused = () => page.evaluate(() => document.activeElement.textContent);
    for (let i = 0; i < 12 && await focused() !== '日本語'; ++i) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await inLanguage(page, 'ja');
    await sees(page.getByRole('heading', { name: ja('configuration.heading'), exact: true }));
    assert.equal(await page.title(), ja('title.part', { part: ja('section.customers.title') }));
    assert.equal(await search.inputValue(), 'Bramble');
    assert.equal(await page.getByText(en('configuration.heading'), { exact: true }).count(), 0);
    await until('the focus is where the choice began', async () => await focused() === ja('bar.language'));
    assert.equal(backend.requests.length, asked, 'the backend was asked for nothing');
    assert.deepEqual(await faults(page), []);
    await shot('japanese');
    await page.reload();
    await sees(page.getByRole('heading', { name: ja('configuration.heading'), exact: true }));
    assert.equal(await page.evaluate(() => localStorage.getItem('rekey.language')), 'ja');
  }));

/** Chooses a language by its own name, whatever the page's is. */
async function choose(page, from, name) {
  await page.getByRole('button', { name: wording(from)('bar.language'), exact: true }).click();
  await page.getByRole('button', { name, exact: true }).click();
}

test('languages: without storage the choice holds for the visit', () =>
  scene(linked(), {
    ...whole,
    before: (backend, page) => page.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage'])
        Object.defineProperty(window, name, { get() { throw new DOMException('shut', 'SecurityError'); } });
    }),
  }, async ({ page }) => {
    const de = wording('de');
    await choose(page, 'en', 'Deutsch');
    await sees(page.getByRole('heading', { name: de('configuration.heading'), exact: true }));
    await inLanguage(page, 'de');
  }));

test('languages: one that cannot be loaded is told, and the page stays as it is', () =>
  scene(linked(), whole, async ({ page }) => {
    const en = wording('en');
    await page.route('**/lang/de*', (route) => route.abort());
    await choose(page, 'en', 'Deutsch');
    await sees(page.getByText(en('language_failed.title')).first());
    await inLanguage(page, 'en');
  }));

test('languages: only the one that is read is loaded', async () => {
  const files = [];
  await scene(linked(), {
    ...whole, context: { locale: 'es-MX' },
    before: (backend, page) => page.on('request', (request) => files.push(new URL(request.url()).pathname)),
  }, async ({ page }) => {
    const es = wording('es');
    await page.getByRole('link', { name: es('section.customers.title'), exact: true }).click();
    await sees(page.getByRole('region', { name: es('section.customers.title'), exact: true }));
    assert.deepEqual(files.filter((each) => each.startsWith('/lang/')).map((each) => each.slice(6, 8)), ['es']);
    const more = () => files.filter((each) => /inter-\d+-more/.test(each)).length;
    assert.equal(more(), 0, 'letters that nobody reads are not asked for');
    // One customer's name is Cyrillic.
    await page.getByRole('searchbox').fill('Рябина');
    await until('the letters of a name were fetched', () => more() > 0);
  });
});

test('languages: numbers and dates are those of the page, not of the browser', () =>
  scene(linked(), { ...whole, context: { locale: 'de-DE' } }, async ({ page }) => {
    const written = () => page.evaluate(() => [
      rkBrowser.formatNumber(1234567.5), rkBrowser.formatDate(Date.UTC(2026, 4, 3, 12), false),
      rkBrowser.formatList(['A', 'B', 'C'])]);
    await sees(page.getByRole('heading', { name: wording('de')('configuration.heading'), exact: true }));
    assert.deepEqual(await written(), ['1.234.567,5', '3. Mai 2026', 'A, B und C']);
    await choose(page, 'de', 'Français (Canada)');
    await inLanguage(page, 'fr-CA');
    assert.deepEqual(await written(), ['1\u00a0234\u00a0567,5', '3 mai 2026', 'A, B et C']);
    await choose(page, 'fr-CA', '日本語');
    await inLanguage(page, 'ja');
    assert.deepEqual(await written(), ['1,234,567.5', '2026年5月3日', 'A、B、C']);
  }));

test('languages: what is read before the page runs is in its language, with the way back', () =>
  scene(linked(), {
    context: { locale: 'de-DE' },
    before: async (backend, page) => {
      await page.addInitScript(() => {
        HTMLCanvasElement.prototype.getContext = ((original) => function get(kind, how) {
          return kind === 'webgl2' ? null : original.call(this, kind, how);
        })(HTMLCanvasElement.prototype.getContext);
      });
      // As the backend serves it where the host has an address.
      await page.route(`${backend.address}/`, async (route) => {
        const response = await route.fetch();
        const body = (await response.text()).replaceAll('<!--way-back-->', '<span data-text="shell.way_back" ' +
          'data-url="https://ledgerline.example/" data-host="Ledger &amp; Line">You can also go back.</span>');
        await route.fulfill({ response, body });
      });
    },
  }, async ({ page }) => {
    const de = wording('de');
    await sees(page.getByRole('heading', { name: de('shell.webgl.title') }));
    await sees(page.getByText(de('shell.webgl.text')));
    await sees(page.getByRole('link', { name: de('shell.again') }));
    const [, name] = /<a [^>]*>(.*)<\/a>/.exec(de('shell.way_back', { host: 'Ledger & Line' }));
    const back = page.getByRole('link', { name }).first();
    await sees(back);
    assert.equal(await back.getAttribute('href'), 'https://ledgerline.example/');
  }));

test('languages: a name that runs the other way does not turn its sentence around', () => {
  const state = linked();
  state.tenant = 'شركة الندى';
  return scene(state, mapped, async ({ page }) => {
    const said = wording('en')('page.sentence', { tenant: '\u2068شركة الندى\u2069', host: '\u2068Ledgerline\u2069' });
    await sees(page.getByText(said));
  });
});

/** Where things are, by what they are and not by what they say: their ids are the same in each language. */
const places = (page) => page.evaluate(() => Object.fromEntries(
  [...document.querySelectorAll('#mirror *')].filter((each) => each.offsetWidth > 0).map((each) => {
    const { left, right, top, width } = each.getBoundingClientRect();
    return [each.id, { left, right, top, width, tag: each.tagName, role: each.getAttribute('role') }];
  })));

for (const [screen, viewport] of Object.entries({ laptop: { width: 1280, height: 900 }, phone: { width: 360, height: 740 } })) {
  test(`languages: right to left, the page is mirrored, ${screen}`, () =>
    scene(s.page(s.linked(), { import: s.running('Customer', 600) }), { context: { viewport } },
          async ({ page, shot, toggle }) => {
      const ar = wording('ar');
      // The same words in both directions: then everything is as wide as it was.
      const english = readFileSync(new URL('../../public/lang/en.json', import.meta.url));
      await page.route('**/lang/ar*', (route) => route.fulfill({ contentType: 'application/json', body: english }));
      await sees(toggle);
      const before = await places(page);
      await choose(page, 'en', 'العربية');
      await inLanguage(page, 'ar');
      await sees(toggle);
      await until('the panel is closed', async () => await page.getByRole('dialog').count() === 0);
      assert.equal(await page.evaluate(() => document.documentElement.dir), 'rtl');
      const after = await places(page);
      const same = Object.keys(before).filter((id) => after[id]);
      const wrong = same.filter((id) => Math.abs(viewport.width - after[id].right - before[id].left) > 1.5);
      assert.ok(same.length >= 30, `only ${same.length} can be compared`);
      assert.deepEqual(wrong.map((id) => [before[id], after[id]]), []);
      await page.unroute('**/lang/ar*');
      await page.reload();
      await sees(page.getByRole('heading', { name: ar('page.heading') }));
      const name = page.getByRole('button', { name: ar('bar.notifications') });
      await name.click();
      const panel = await page.getByRole('dialog', { name: ar('bar.notifications') }).boundingBox();
      assert.ok(panel.x < 20, 'the tray is at the left');
      await sees(page.getByRole('progressbar', { name: ar('import.overall') }).first());
      await shot(`right-to-left-${screen}`);
      assert.deepEqual(await faults(page), []);
    }));
}

test('languages: right to left, bars fill from the right and the keys follow the eye', () =>
  scene(linked(), { ...whole, at: '/?language=ar#/configuration' }, async ({ page, shot }) => {
    const ar = wording('ar');
    await sees(page.getByRole('heading', { name: ar('configuration.heading'), exact: true }));
    await sees(page.getByRole('combobox').first());
    await shot('right-to-left-configuration');
    assert.deepEqual(await faults(page), []);
    const radios = page.getByRole('radio');
    await radios.first().focus();
    await page.keyboard.press('ArrowLeft');
    await until('the next one is chosen', async () => await radios.nth(1).getAttribute('aria-checked') === 'true');
    const main = page.getByRole('main');
    const bars = await main.evaluate((each) => each.offsetWidth - each.clientWidth);
    const inner = await main.evaluate((each) => each.clientLeft);
    assert.equal(inner, bars, 'the scroll bar is at the left');
  }));

for (const deviceScaleFactor of [1, 2]) {
  test(`languages: the longest line is drawn to its end, at ${deviceScaleFactor} pixels each`, () =>
    scene(linked(), { ...whole, at: '/?language=ar#/configuration', context: { deviceScaleFactor } }, async ({ page }) => {
      await sees(page.getByRole('combobox').first());
      const drawn = await page.evaluate(async () => {
        const ends = new Map(), draw = rkText.draw;
        rkText.draw = (...what) => {
          const [text, px, , weight, , density, , , , w, , skip = 0] = what;
          const { end = 0 } = ends.get(text) ?? {};
          ends.set(text, { end: Math.max(end, skip + w), all: rkText.width(text, px, weight) * density });
          draw(...what);
        };
        Module._rk_fonts();
        rkLoop.schedule();
        await new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); });
        return [...ends.values()];
      });
      assert.ok(drawn.some(({ all }) => all > 1024), 'there is a line wider than a texture');
      assert.deepEqual(drawn.filter(({ end, all }) => end < all), []);
    }));
}

const views = {
  legacy: [() => s.page(s.legacy()), {}],
  importing: [() => s.page(s.linked(), { import: s.running('Customer', 600) }), {}],
  stopped: [() => s.page(s.linked(), { import: s.stopped() }), {}],
  at_risk: [() => s.page(s.at_risk('reply_lost'), { import: s.done(true), save: s.save('draft', 3) }), mapped],
  open: [linked, mapped],
  confirming: [() => s.page(s.confirming()), {}],
  connection: [linked, { ...mapped, at: '#/connection' }],
  not_yet: [() => s.page(s.legacy()), { at: '#/configuration' }],
  configuration: [linked, { ...mapped, at: '#/configuration' }],
};
for (const [name, [state, options]] of Object.entries(views)) {
  for (const width of [360, 1280]) {
    test(`languages: of texts 40 % longer, none is cut off at ${width} px, ${name}`, () =>
      scene(state(), { ...options, context: { viewport: { width, height: 800 } }, at: `/?language=en-XA${options.at ?? ''}` },
            async ({ page, shot }) => {
        await sees(page.getByRole('heading', { level: 1 }));
        if (!options.at) await sees(page.getByRole('switch'));
        if (name === 'configuration') await sees(page.getByRole('combobox').first());
        if (name === 'importing') await page.getByRole('button', { name: wording('en-XA')('bar.notifications') }).click();
        await shot(`pseudo-${name}-${width}`);
        const own = (all) => all.filter((each) => /^\[|\]$/.test(each));
        assert.deepEqual(own(await page.evaluate(() => window.rekey.cutShort())), []);
        const outside = await page.evaluate(() =>
          [...document.querySelectorAll('#mirror :is(button, a, input, h1, h2, h3, p, span, li, [role="progressbar"])')]
            .filter((each) => {
              const box = each.getBoundingClientRect();
              return box.width > 1 && (box.right > document.documentElement.clientWidth + 1 || box.left < -1);
            }).map((each) => each.textContent));
        assert.deepEqual(outside, []);
      }));
  }
}

test('languages: the one for tests is had by asking for it, and is not offered', () =>
  scene(linked(), { ...whole, at: '/?language=en-XA#/configuration' }, async ({ page }) => {
    const xa = wording('en-XA');
    await sees(page.getByRole('heading', { name: xa('configuration.heading'), exact: true }));
    assert.doesNotMatch(page.url(), /language/);
    await page.reload();
    await sees(page.getByRole('heading', { name: xa('configuration.heading'), exact: true }));
    await page.getByRole('button', { name: xa('bar.language'), exact: true }).click();
    await sees(page.getByRole('button', { name: 'Deutsch' }));
    assert.equal(await page.getByRole('button', { name: /XA|Pseudo/ }).count(), 0);
  }));
