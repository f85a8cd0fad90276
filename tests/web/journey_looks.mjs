// How the page looks: every step in light and dark, on a phone, on a dense screen and at 200 % zoom.
// The pictures are kept; what can be asserted is: nothing is cut off at the side, and axe finds no
// fault. Dark and dense change no place of anything: every step is looked at in them with
// `script/test --full` only, and otherwise the two that have the most in them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { sees, until } from './support/browser.mjs';
import { elsewhere } from './support/fake_backend.mjs';
import { scene, useBrowser, withAttempt } from './support/scene.mjs';
import * as s from './support/states.mjs';

useBrowser();

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const screens = {
  light: {},
  dark: { colorScheme: 'dark' },
  phone: { viewport: { width: 360, height: 740 } },
  dense: { deviceScaleFactor: 2 },
  zoomed: { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 },
};
const fullest = ['importing', 'configuration', 'checking'];
/** The screens in which a step is looked at: [name, options of the context]. */
const screensOf = (step) => Object.entries(screens).filter(([screen]) =>
  process.env.REKEY_TEST_FULL || !['dark', 'dense'].includes(screen) || fullest.includes(step));
const steps = {
  legacy: () => s.page(s.legacy()),
  off: () => s.page(s.unlinked(s.company), { save: s.save('saved', 3) }),
  authorizing: () => s.page(s.authorizing('x')),
  confirming: () => s.page(s.confirming()),
  broken: () => s.page(s.broken()),
  at_risk: () => s.page(s.at_risk('reply_lost'), { import: s.done(true), save: s.save('saved', 3) }),
  importing: () => s.page(s.linked(), { import: s.running('Customer', 600) }),
  imported: () => s.page(s.linked(), { import: s.done(false) }),
  checking: () => s.page(s.linked(), { import: s.done(true), save: s.save('draft', 3) }),
  connection: () => s.page(s.linked(), { import: s.done(true), save: s.save('saved', 3) }),
  not_yet: () => s.page(s.legacy()),
  configuration: () => s.page(s.linked(), { import: s.done(true), save: s.save('saved', 3) }),
};
/** Those that are not in the store, and what is awaited there. */
const places = {
  connection: ['/#/connection', 'Connection to QuickBooks Online'],
  not_yet: ['/#/configuration', 'Configuration'],
  configuration: ['/#/configuration', 'Configuration'],
};

const long = { tenant: 'Fernhollow & Daughters Garden Supplies and Landscaping (Northern Counties) Limited',
               user: { id: 'u', name: 'Maximiliane Featherstonehaugh-Worthington' } };
const open = [{ connection: 'con_2', firm: 'Larch Dental', user: 'Jane Doe' },
              { connection: 'con_3', firm: 'Maple Motors', user: '' },
              { connection: 'con_4', firm: long.tenant, user: long.user.name }];
/** What is shown before, instead of or above the tile: [state, what must be so before, what is awaited]. */
const stages = {
  question: [s.page(s.unlinked()), (backend) => {
    backend.signedIn = false;
    backend.foreignLink = { firm: s.company.name, user: 'Sam Roe' };
  }, 'Open the page of', '/#session=t'],
  choose: [s.page(s.legacy()), (backend) => { backend.others = open; }, 'Which firm'],
  ended: [s.page(s.legacy()), async (backend, page) => {
    backend.signedIn = false;
    backend.others = open.slice(0, 1);
    await page.addInitScript(() => sessionStorage.setItem('rekey.connection', 'con_1'));
  }, 'Your session ended'],
  stale: [s.page(s.legacy()), (backend) => { backend.others = open.slice(0, 2); },
          'This link cannot be used any more', '/#session=used'],
  company: [s.page(s.authorizing('x')), async (backend, page) => {
    await withAttempt('a')(backend, page);
    backend.onCallback = () => { throw elsewhere(); };
  }, 'already connected for another firm', '/callback?code=c&state=a&realmId=1'],
  told: [{ ...s.page(s.telling('x')), ...long }, () => {}, 'already connected for another firm'],
  long: [{ ...s.page(s.legacy()), ...long, host: 'Ledgerline Cloud Accounting Workspace' }, () => {},
         'Connected with OAuth 1.0'],
};

/** Everything visible that reaches beyond the right edge. */
const cutOff = (page) => page.evaluate(() =>
  [...document.querySelectorAll('#mirror button, #mirror a, #mirror input, #mirror h1, #mirror h2, #mirror p')]
    .filter((each) => {
      const box = each.getBoundingClientRect();
      return box.width > 0 && (box.right > window.innerWidth + 1 || box.left < -1);
    }).map((each) => each.textContent || each.getAttribute('aria-label')));

async function faults(page) {
  // As DevTools would: the page's own policy forbids scripts from elsewhere.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe });
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run().then((found) => JSON.stringify(found.violations.map((each) =>
      each.id + ': ' + each.nodes.map((node) => node.html).slice(0, 3).join(' '))))`,
    awaitPromise: true, returnByValue: true,
  });
  return JSON.parse(result.value);
}

for (const [name, make] of Object.entries(steps)) {
  for (const [screen, context] of screensOf(name)) {
    test(`looks: ${name}, ${screen}`, () =>
      scene(make(), { context, configuration: s.configuration({ saved: true }), at: places[name]?.[0] },
            async ({ page, toggle, button, shot }) => {
        await sees(places[name] ? page.getByRole('heading', { name: places[name][1], exact: true }) : toggle);
        if (name === 'importing') {
          await button('Notifications').click();
          await sees(page.getByRole('progressbar', { name: 'Customers', exact: true }));
        }
        if (name === 'configuration') await sees(page.getByRole('combobox').first());
        await shot(`${name}-${screen}`);
        assert.deepEqual(await cutOff(page), []);
        if (screen === 'light' || screen === 'phone') assert.deepEqual(await faults(page), []);
        if (name !== 'configuration') return;
        await button('Save Configuration').scrollIntoViewIfNeeded();
        await shot(`${name}-bottom-${screen}`);
      }));
  }
}

for (const [name, [state, before, words, at]] of Object.entries(stages)) {
  for (const [screen, context] of screensOf(name)) {
    test(`looks: ${name}, ${screen}`, () =>
      scene(structuredClone(state), { context, before, at }, async ({ page, shot }) => {
        await sees(page.getByText(words).first());
        await shot(`${name}-${screen}`);
        assert.deepEqual(await cutOff(page), []);
        if (screen === 'light' || screen === 'phone') assert.deepEqual(await faults(page), []);
      }));
  }
}

// What is only seen when something was done: the list that is open, and what keeps a save from being done.
for (const screen of ['light', 'dark', 'phone']) {
  test(`looks: choosing, and not saved, ${screen}`, () => {
    const configuration = { ...s.configuration({ customers: 10 }), required: ['tax_codes'] };
    return scene(s.page(s.linked(), { import: s.done(true) }), { context: screens[screen], configuration, at: '/#/configuration' },
                 async ({ page, button, shot }) => {
      const fine = async (name) => {
        await shot(`${name}-${screen}`);
        assert.deepEqual(await cutOff(page), []);
        assert.deepEqual(await faults(page), []);
      };
      await page.getByRole('combobox', { name: 'Freight', exact: true }).click();
      await sees(page.getByRole('option', { name: /Shipping/ }));
      await fine('choosing');
      await page.keyboard.press('Escape');
      await button('Save Configuration').click();
      await sees(page.getByRole('region', { name: /to put right/ }));
      await fine('not_saved');
    });
  });
}

