// The whole way of a customer, with the real backend and the sandbox, and nothing pretended.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchAnswers } from './support/answers.mjs';
import { listen, screenshot, sees, until } from './support/browser.mjs';
import { consent, startDemo } from './support/demo.mjs';
import { newContext, useBrowser } from './support/scene.mjs';

useBrowser();

/** A demo, a browser and the page of its customer. */
async function customer(run, ...more) {
  const demo = await startDemo(...more);
  const context = await newContext();
  const answers = await watchAnswers(context);
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) errors.push(message.text());
  });
  const foreign = [];
  page.on('request', (request) => {
    const { origin } = new URL(request.url());
    if (origin !== demo.api && origin !== demo.sandbox && origin !== 'null') foreign.push(request.url());
  });
  const announced = await listen(page);
  try {
    await page.goto(demo.page);
    await run({
      demo, page, context, announced,
      tile: page.getByRole('article', { name: 'QuickBooks Online' }),
      toggle: page.getByRole('switch', { name: 'QuickBooks Online' }),
      button: (name) => page.getByRole('button', { name, exact: true }),
      shot: (name) => screenshot(page, `journey-${name}`),
    });
    assert.deepEqual(errors, []);
    answers.check();
    assert.deepEqual(foreign, []);
    assert.doesNotMatch(demo.complaints(), /code=|state=|token/i);
  } finally {
    await context.close();
    await demo.stop();
  }
}

const checked = (toggle) => toggle.getAttribute('aria-checked');
const bar = (page, name) => page.getByRole('progressbar', { name, exact: true });

test('journey: disconnect, connect, import, apply, check the mappings, save', () =>
  customer(async ({ demo, page, tile, toggle, button, announced, shot }) => {
    await sees(tile.getByText('Connected with OAuth 1.0. Upgrade needed'));
    assert.doesNotMatch(page.url(), /session/);
    assert.equal(await checked(toggle), 'true');
    await shot('1-legacy');

    await toggle.click();
    await announced('You are disconnected');
    await until('the switch is off', async () => await checked(toggle) === 'false');
    await shot('2-disconnected');

    await toggle.click();
    await sees(button('Connect'));
    await until('Connect can be pressed', () => button('Connect').isEnabled());
    await shot('3-turned-on');
    await button('Connect').click();
    await sees(page.getByRole('button', { name: 'Sign in' }));
    await shot('4-sign-in');
    await consent(page);

    await sees(tile.getByText('Connected', { exact: true }));
    assert.equal(page.url(), `${demo.api}/#/`);
    await announced('Your QuickBooks settings are being imported');
    await button('Notifications').click();
    await sees(bar(page, 'Customers'));
    await sees(bar(page, 'All lists'));
    await shot('5-importing');
    await page.reload();
    await sees(tile.getByText('Connected', { exact: true }));

    await sees(button('Refresh to apply settings'), 60_000);
    await shot('6-imported');
    await page.evaluate(() => { window.before = true; });
    await button('Refresh to apply settings').click();
    await until('the page was loaded anew', () => page.evaluate(() => window.before === undefined));

    await sees(page.getByRole('heading', { name: 'Configuration', exact: true }));
    const customers = page.getByRole('region', { name: 'Customers', exact: true });
    const lists = page.getByRole('navigation', { name: 'Lists' });
    for (const name of ['Accounts', 'Tax codes', 'Suppliers', 'Customers']) {
      await lists.getByRole('link', { name, exact: true }).click();
      await sees(page.getByRole('region', { name, exact: true }));
    }
    await sees(page.getByRole('region', { name: 'Other settings', exact: true }));
    await sees(customers.getByRole('combobox').first());
    await shot('7-configuration');
    await sees(page.getByText('Suggested').first());

    await customers.getByRole('radio', { name: /To decide|Suggested/ }).first().click();
    const open = customers.getByRole('combobox').first();
    await open.click();
    await page.getByRole('option', { name: 'No counterpart' }).click();
    await sees(page.getByText('Your choices are kept here, but not saved yet.'));

    await button('Save Configuration').click();
    await announced('Configuration saved.');
    await sees(page.getByText('Configuration saved.').first());
    await shot('8-saved');
    await page.reload();
    await sees(page.getByText(/^Saved on /));
    await sees(page.getByRole('navigation', { name: 'Lists' }).getByRole('link', { name: 'Customers', exact: true }));
  }));

test('journey: what was saved is what the host reads', () =>
  customer(async ({ demo, page, button }) => {
    await button('Connect').click();
    await consent(page);
    await sees(button('Refresh to apply settings'), 60_000);
    await button('Refresh to apply settings').click();
    await sees(button('Save Configuration'));
    await button('Save Configuration').click();
    await sees(page.getByText('Configuration saved.').first());
    const ask = async (path) => {
      const answer = await fetch(demo.api + path, { headers: { Authorization: `Bearer ${demo.api_key}` } });
      assert.equal(answer.status, 200);
      return answer.json();
    };
    const [connection] = (await ask(`/v1/connections?tenant=${demo.tenant}`)).connections;
    const { configuration } = await ask(`/v1/connections/${connection.id}/configuration`);
    assert.ok(configuration.customers.length > 30);
    assert.ok(configuration.customers.every((each) => each.theirs && each.name));
  }, '--latency-ms', '0'));

test('journey: upgraded in place, the old connection works until the new one does', () =>
  customer(async ({ page, tile, toggle, button, shot }) => {
    await button('Connect').click();
    await sees(page.getByRole('button', { name: 'Sign in' }));
    await page.goBack();
    await sees(page.getByText('Sign-in under way at QuickBooks').first());
    await sees(tile.getByText('Meanwhile your present connection goes on working'));
    assert.equal(await checked(toggle), 'true');
    await shot('9-came-back');
    await button('Connect').click();
    await consent(page);
    await sees(tile.getByText('Connected', { exact: true }));
    await button('Notifications').click();
    await sees(page.getByText(/^Upgraded: .* is now connected with OAuth 2.0/));
  }, '--latency-ms', '0'));

test('journey: consent refused leaves everything as it was, and says so', () =>
  customer(async ({ page, tile, button, shot }) => {
    await button('Connect').click();
    await consent(page, { allow: false });
    await sees(page.getByText('You did not give your consent at QuickBooks').first());
    await sees(tile.getByText('Connected with OAuth 1.0. Upgrade needed'));
    assert.doesNotMatch(page.url(), /error|state/);
    await shot('10-refused');
    await button('Connect').click();
    await sees(page.getByRole('button', { name: 'Sign in' }));
  }));

test('journey: another company than before is asked about, and declining keeps the old one', () =>
  customer(async ({ page, tile, button, shot }) => {
    await button('Connect').click();
    await consent(page, { company: /Pellworm/ });
    await sees(page.getByText('This is another company than before').first());
    await shot('11-other-company');
    await page.getByRole('button', { name: /^Stay with / }).click();
    await sees(tile.getByText('Connected with OAuth 1.0. Upgrade needed'));
  }, '--latency-ms', '0'));

test('journey: two tabs, the later sign-in counts and the earlier one says so', () =>
  customer(async ({ demo, page, context, button }) => {
    await sees(button('Connect'));
    const second = await context.newPage();
    await second.goto(demo.page);
    await sees(second.getByText('Connected with OAuth 1.0. Upgrade needed'));
    await button('Connect').click();
    await sees(page.getByRole('button', { name: 'Sign in' }));
    await sees(second.getByText('Sign-in under way at QuickBooks').first());
    await second.getByRole('button', { name: 'Connect', exact: true }).click();
    await sees(second.getByRole('button', { name: 'Sign in' }));
    await consent(page);
    await sees(page.getByText('A newer sign-in was started, perhaps in another tab').first());
    await consent(second);
    await sees(second.getByText('Your QuickBooks settings').first());
    await sees(page.getByText('Your QuickBooks settings').first());
  }, '--latency-ms', '0'));
