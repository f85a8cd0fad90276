// The page at the front in a browser: a person changes things by it, without scripts, at any width.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { launch, screenshot } from '../web/support/browser.mjs';
import { realm, start_sandbox } from './support/sandbox.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe has to say against a page. Its own script runs in spite of the page's policy. */
async function accessible(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document));
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
}

test('a person uses the page', async (t) => {
  const { base, control, requests } = await start_sandbox(t);
  const browser = await launch();
  t.after(() => browser.close());
  const context = await browser.newContext({ bypassCSP: true });
  const page = await context.newPage();
  await page.goto(base);
  await accessible(page);
  // Every button sends a form and is led back to the page, anew.
  const press = async (button) => {
    const loaded = page.waitForEvent('load');
    await button.click();
    await loaded;
  };

  await press(page.getByRole('button', { name: 'A month on' }));
  assert.equal(page.url(), `${base}/#clock`);
  assert.equal((await control('clock')).ahead_s, 30 * 86400);

  const trouble = page.getByRole('region', { name: 'Trouble' });
  await trouble.getByLabel('Where').selectOption({ label: 'keys' });
  await trouble.getByLabel('Status').fill('503');
  await trouble.getByLabel('How often').fill('-1');
  await press(trouble.getByRole('button', { name: 'Add' }));
  assert.equal((await fetch(`${base}/op/v1/jwks`)).status, 503);
  await trouble.getByRole('cell', { name: 'answer the status 503' }).waitFor();
  await press(trouble.getByRole('button', { name: 'Remove fault' }));
  await trouble.getByText('Nothing is asked to go wrong').waitFor();
  assert.equal((await fetch(`${base}/op/v1/jwks`)).status, 200);

  await press(page.getByRole('button', { name: 'Take the admin’s rights Marlowe Lantern Supply' }));
  const [lost] = (await control('faults')).faults;
  assert.deepEqual([lost.kind, lost.realm, lost.count], ['admin_lost', realm, -1]);

  const legacy = page.getByRole('region', { name: 'Legacy connections' });
  await legacy.getByLabel('Age in days').fill('100');
  await press(legacy.getByRole('button', { name: 'Make' }));
  await legacy.locator('summary').click();
  assert.match(await legacy.locator('dl').innerText(), /token secret/);
  assert.equal((await control('state')).legacy.length, 1);

  await page.getByLabel('The next authorization ends').selectOption({ label: 'refused: access_denied' });
  await press(page.getByRole('button', { name: 'Set', exact: true }));
  assert.deepEqual((await control('consent')).next, { error: 'access_denied' });

  const rules = page.getByRole('region', { name: 'Rules' });
  await rules.locator('summary').click();
  await rules.getByLabel('How long a code lives').fill('30');
  await rules.getByLabel('PKCE').uncheck();
  await press(rules.getByRole('button', { name: 'Save', exact: true }));
  assert.equal(page.url(), `${base}/#rules`);
  const { code_life_s, pkce, replay_ends_grant } = await control('rules');
  assert.deepEqual({ code_life_s, pkce, replay_ends_grant }, { code_life_s: 30, pkce: false, replay_ends_grant: true });

  await press(page.getByRole('button', { name: 'End everything' }));
  assert.equal(page.url(), `${base}/#companies`);
  assert.equal((await control('state')).legacy.length, 0);

  const latest = page.getByRole('region', { name: 'Latest requests' });
  await latest.getByText('GET /op/v1/jwks').first().waitFor();
  await press(latest.getByRole('button', { name: 'Clear the list' }));
  await latest.getByText('None yet').waitFor();
  assert.deepEqual(await requests(), []);
});

test('the page is accessible and fits, wide and narrow, light and dark', async (t) => {
  const { base, control } = await start_sandbox(t, '--fault', '{"route":"query","kind":"cut","count":-1}');
  await control('legacy', { realm, age_days: 160 });
  await fetch(`${base}/v3/company/${realm}/preferences?minorversion=75`);
  const browser = await launch();
  t.after(() => browser.close());
  for (const [width, colorScheme] of [[1280, 'light'], [1280, 'dark'], [360, 'light']]) {
    const context = await browser.newContext({ bypassCSP: true, colorScheme, viewport: { width, height: 800 } });
    const page = await context.newPage();
    await page.goto(base);
    for (const summary of await page.locator('summary').all()) await summary.click();
    await screenshot(page, `sandbox-${width}-${colorScheme}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${width} px`);
    await accessible(page);
    await context.close();
  }
});

test('a page of another site can change nothing here', async (t) => {
  const { base, control } = await start_sandbox(t);
  const other = await start_sandbox(t);  // for the browser, another origin
  const browser = await launch();
  t.after(() => browser.close());
  const page = await browser.newPage({ bypassCSP: true });
  await page.goto(`${other.base}/sandbox/state`);
  const sent = page.waitForResponse((response) => response.url() === `${base}/sandbox/clock`);
  await page.evaluate((target) => {
    document.body.innerHTML = `<form method="post" action="${target}"><input name="advance_s" value="60"></form>`;
    document.forms[0].submit();
  }, `${base}/sandbox/clock`);
  assert.equal((await sent).status(), 403);
  assert.equal((await control('clock')).ahead_s, 0);
});
