// What the page says in each state of a connection: the tile, the banner, the switch, the steps.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sees, until } from './support/browser.mjs';
import { scene, useBrowser } from './support/scene.mjs';
import * as s from './support/states.mjs';

useBrowser();

const on = (toggle) => toggle.getAttribute('aria-checked').then((value) => value === 'true');

test('tile: an OAuth 1.0 connection says that an upgrade is needed, until when it works, and offers Connect', () =>
  scene(s.page(s.legacy()), async ({ page, tile, toggle, button, announced }) => {
    await sees(tile.getByText('Connected with OAuth 1.0. Upgrade needed'));
    await sees(tile.getByText('If nothing is done, the connection stops on'));
    await sees(tile.getByText('Until the new connection has proved to work, the old one goes on working'));
    await sees(tile.getByText(s.company.name));
    assert.equal(await on(toggle), true);
    assert.equal(await button('Connect').isEnabled(), true);
    await announced('Your QuickBooks connection needs an upgrade');
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Integration store');
    assert.equal(await page.title(), 'Integration store');
  }));

test('tile: turned off, the connection is ended at once, and it is said that the configuration is kept', () =>
  scene(s.page(s.legacy(), { save: s.save('saved', 3) }), {
    before: (backend) => {
      backend.commands.disconnect = () => backend.step({ connect: s.connect(s.disconnecting()) });
    },
  }, async ({ page, backend, toggle, announced }) => {
    await toggle.click();
    await announced('You are disconnected');
    assert.equal(await on(toggle), false);
    assert.deepEqual(backend.requests.at(-1).slice(0, 2), ['POST', '/api/commands']);
    backend.step({ connect: s.connect(s.unlinked(s.company)) }, [['disconnected']]);
    await sees(page.getByText('was disconnected on'));
    await sees(page.getByText('Your configuration for Fernhollow Garden Supplies is kept').first());
    assert.equal(await on(toggle), false);
  }));

test('tile: turned on without a connection, it shows what comes next and only then Connect', () =>
  scene(s.page(s.unlinked()), async ({ tile, toggle, button, backend }) => {
    await sees(tile.getByText('Turn the switch on to connect your company'));
    assert.equal(await button('Connect').count(), 0);
    await toggle.click();
    await sees(tile.getByText('You leave this page and sign in at QuickBooks'));
    await sees(button('Connect'));
    assert.equal(await on(toggle), true);
    await toggle.click();
    await until('the tile is closed again', async () => await button('Connect').count() === 0);
    assert.equal(await on(toggle), false);
    assert.equal(backend.requests.filter(([method]) => method === 'POST').length, 0);
  }));

test('tile: while the person is at QuickBooks it offers to start again and to cancel', () =>
  scene(s.page(s.authorizing('x')), {
    before: (backend) => {
      backend.commands.cancel = () => backend.step({ connect: s.connect(s.legacy()) });
    },
  }, async ({ page, tile, button }) => {
    await sees(page.getByText('Sign-in under way at QuickBooks'));
    await sees(tile.getByText('Meanwhile your present connection goes on working'));
    await sees(button('Connect'));
    await button('Cancel').click();
    await sees(tile.getByText('Connected with OAuth 1.0. Upgrade needed'));
  }));

test('tile: the end of a sign-in is shown as it happens, and cannot be turned off meanwhile', () =>
  scene(s.page(s.exchanging('x')), async ({ page, backend, toggle, tile }) => {
    await sees(tile.getByText('Finishing the connection…'));
    assert.equal(await toggle.getAttribute('aria-disabled'), 'true');
    backend.step({ connect: s.connect(s.proving()) });
    await sees(tile.getByText('Reading your company to make sure'));
    backend.step({ connect: s.connect(s.linked()), import: s.running('Account', 0) },
                 [['upgraded', s.company.name], ['import_started']]);
    await sees(tile.getByText('Connected', { exact: true }));
    await sees(page.getByText('Your QuickBooks settings are being imported').first());
  }));

test('company guard: another company than before is asked about with both names', () =>
  scene(s.page(s.confirming()), {
    before: (backend) => {
      backend.commands.decline_company = () =>
        backend.step({ connect: s.connect(s.legacy()) }, [['company_kept']]);
    },
  }, async ({ page, backend, button }) => {
    await sees(page.getByText('This is another company than before'));
    await sees(button('Use Quillmere Bakery'));
    await button('Stay with Fernhollow Garden Supplies').click();
    await sees(page.getByText('Connected with OAuth 1.0. Upgrade needed'));
    assert.equal(backend.requests.at(-1)[2].version, 1);
  }));

for (const [reason, words] of [
  ['revoked_outside', 'The connection was ended from inside QuickBooks'],
  ['expired', 'The connection ran out because it was not renewed in time'],
]) {
  test(`tile: a connection that ended (${reason}) says why and offers Connect`, () =>
    scene(s.page(s.broken(reason)), async ({ page, tile, button }) => {
      await sees(page.getByText(words).first());
      await sees(tile.getByText('Connection ended'));
      await sees(button('Connect'));
    }));
}

for (const [reason, words] of [
  ['expired', 'QuickBooks asks for a new sign-in from time to time'],
  ['reply_lost', 'its answer was lost on the way'],
]) {
  test(`tile: a connection that works and will end (${reason}) says until when, why, and what to do`, () =>
    scene(s.page(s.at_risk(reason), { import: s.done(true), save: s.save('saved', 4) }), {
      configuration: s.configuration(),
    }, async ({ page, tile, button }) => {
      await sees(page.getByText(/^Sign in again by .*\d/));
      await sees(page.getByText(words).first());
      await sees(tile.getByText('Connected. New sign-in needed'));
      await sees(tile.getByText('Works until'));
      await sees(button('Renew connection'));
      // Who connects what is said before every consent.
      await sees(tile.getByText('You are about to connect Fernhollow Garden Supplies to QuickBooks as Jane Doe.'));
    }));
}

for (const [reason, title, dead_end] of [
  ['misconfigured', "The connection needs the support of this application", true],
  ['access_refused', 'QuickBooks is in trouble just now', false],
]) {
  test(`tile: a trouble (${reason}) ${dead_end ? 'that the customer cannot mend leads back to the host' : 'that passes does not send the customer away'}`, () =>
    scene(s.page({ ...s.linked(), trouble: { reason, since: 1_790_000_000_000 } }), async ({ page }) => {
      await sees(page.getByText(title));
      const back = page.getByRole('link', { name: 'Back to Ledgerline' });
      if (dead_end) await sees(back);
      else assert.equal(await back.count(), 0);
    }));
}

for (const [reason, chip, title, words] of [
  ['rights_lost', 'Connected. New sign-in needed', 'QuickBooks needs something from you', 'Ask an administrator to press Renew connection'],
  ['access_refused', 'Connected. QuickBooks is in trouble', 'QuickBooks is in trouble just now', 'you need not do anything'],
  ['ending_stopped', "Connected. Needs this application's support", 'The connection needs the support of this application', 'Nothing was ended'],
]) {
  test(`tile: a connection that cannot be used for now (${reason}) says who can mend it`, () =>
    scene(s.page({ ...s.linked(), trouble: { reason, since: 1_790_000_000_000 } }, { import: s.done(true), save: s.save('saved', 4) }), {
      configuration: s.configuration(),
    }, async ({ page, tile, button }) => {
      await sees(page.getByText(title));
      await sees(page.getByText(words).first());
      await sees(tile.getByText(chip));
      // Offered at once only to who can mend it so; else it is with all about the connection.
      assert.equal(await button('Renew connection').count(), reason === 'rights_lost' ? 1 : 0);
      await page.getByRole('link', { name: 'More about this connection' }).click();
      await sees(page.getByText(words).first());
      await sees(button('Renew connection'));
    }));
}

test('connection: a live one says since when, until when, and can be renewed', () =>
  scene(s.page(s.linked(), { import: s.done(true), save: s.save('saved', 4) }), {
    at: '/#/connection',
    configuration: s.configuration(),
    before: (backend) => {
      backend.commands.import = () => backend.step({ import: s.running('CompanyInfo', 0) });
    },
  }, async ({ button, page }) => {
    const details = page.getByRole('region', { name: 'Details', exact: true });
    for (const term of ['Company', 'Connected since', 'Sign in again by', 'Stays connected until', 'Settings imported'])
      await sees(details.getByText(term, { exact: true }));
    await sees(page.getByRole('region', { name: 'What happens next', exact: true }).getByText('renewed by itself'));
    await sees(page.getByRole('region', { name: 'History', exact: true }).getByRole('listitem'));
    await sees(button('Renew connection'));
    await button('Import settings again').click();
    await sees(page.getByText('Your QuickBooks settings are being imported').first());
    await until('there is nothing to press while it runs',
                async () => await button('Import settings again').count() === 0);
  }));

test('steps: they follow the connection', () =>
  scene(s.page(s.legacy()), { configuration: s.configuration() }, async ({ page, backend }) => {
    const current = () => page.locator('[aria-current="step"]').innerText();
    await until('Connect is current', async () => (await current()).includes('Connect'));
    backend.step({ connect: s.connect(s.linked()), import: s.running('Account', 0) });
    await until('Import is current', async () => (await current()).includes('Import'));
    backend.step({ import: s.done(true) });
    await until('Check mappings is current', async () => (await current()).includes('Check mappings'));
  }));
