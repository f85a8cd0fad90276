// The import as the person sees it: the banner, the notification tray, and applying the settings.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sees, until } from './support/browser.mjs';
import { scene, useBrowser } from './support/scene.mjs';
import * as s from './support/states.mjs';

useBrowser();

const importing = (entity, done) => s.page(s.linked(), { import: s.running(entity, done) });
const bar = (page, name) => page.getByRole('progressbar', { name, exact: true });

test('import: the tray shows every list with its count, as it goes', () =>
  scene(importing('Customer', 600), async ({ page, backend, button, announced }) => {
    await announced('Your QuickBooks settings are being imported');
    await button('Notifications').click();
    for (const name of ['Company', 'Preferences', 'Accounts', 'Tax codes', 'Tax rates', 'Payment terms',
                        'Payment methods', 'Classes', 'Locations', 'Products and services', 'Customers',
                        'Suppliers']) await sees(bar(page, name));
    assert.equal(await bar(page, 'Customers').getAttribute('aria-valuetext'), '600 of 1,200');
    assert.equal(await bar(page, 'Customers').getAttribute('aria-valuenow'), '600');
    assert.equal(await bar(page, 'Suppliers').getAttribute('aria-valuetext'), 'Waiting');
    backend.step({ import: s.running('Customer', 900) });
    await until('it counts on', async () =>
      await bar(page, 'Customers').getAttribute('aria-valuetext') === '900 of 1,200');
    backend.step({ import: s.running('Vendor', 100) });
    await until('the next list moves', async () =>
      await bar(page, 'Suppliers').getAttribute('aria-valuetext') === '100 of 300');
    assert.equal(await bar(page, 'Customers').getAttribute('aria-valuetext'), '1,200 read');
  }));

test('import: the time left is said once there is something to go by', () =>
  scene(importing('Customer', 100), async ({ page, backend, button }) => {
    await button('Notifications').click();
    await sees(page.getByText('Working out the time left…'));
    let done = 100;
    await until('the time left is said', async () => {
      done = Math.min(done + 20, 1100);
      backend.step({ import: s.running('Customer', done) });
      return /left/.test(await page.getByText(/seconds left|minute left|minutes left/).first()
        .innerText({ timeout: 400 }));
    });
  }));

test('import: a list that the company does not have is said by its name, in its row and in the history', () => {
  const import_ = s.done(true);
  for (const [entity, left_out] of [['Department', 'not_for_company'], ['Vendor', 'mapping_needs_it']])
    Object.assign(import_.phase.progress.find((each) => each.entity === entity), { done: 0, total: null, left_out });
  const shown = s.page(s.linked(), { import: import_ });
  shown.notices.unshift({ seq: 9, at: Date.now(), note: 'needed_list_left_out', detail: 'Vendor' },
                        { seq: 8, at: Date.now(), note: 'list_left_out', detail: 'Department' });
  return scene(shown, { configuration: s.configuration() }, async ({ page, button }) => {
    await button('Notifications').click();
    await sees(bar(page, 'Locations'));
    assert.equal(await bar(page, 'Locations').getAttribute('aria-valuetext'), 'Not in this company\'s plan');
    assert.equal(await bar(page, 'Suppliers').getAttribute('aria-valuetext'), 'Could not be read');
    await sees(page.getByText(/^Locations: not part of this company's plan/).first());
    await sees(page.getByText(/^Suppliers: could not be read, and mapping needs it/).first());
  });
});

test('import: a reload in the middle shows the same again', () =>
  scene(importing('Customer', 600), async ({ page, button }) => {
    await sees(page.getByText('Your QuickBooks settings are being imported').first());
    await page.reload();
    await sees(page.getByText('Your QuickBooks settings are being imported').first());
    await button('Notifications').click();
    await sees(bar(page, 'Customers'));
    assert.equal(await bar(page, 'Customers').getAttribute('aria-valuetext'), '600 of 1,200');
  }));

test('import: one that stopped says why, and goes on when told to', () =>
  scene(s.page(s.linked(), { import: s.stopped('unreachable') }), {
    before: (backend) => {
      backend.commands.resume_import = () => backend.step({ import: s.running('Customer', 400) });
    },
  }, async ({ page, button }) => {
    await sees(page.getByText('QuickBooks could not be reached. What was read is kept').first());
    await button('Go on with the import').click();
    await sees(page.getByText('Your QuickBooks settings are being imported').first());
  }));

const sent = (backend) => backend.requests.filter(([, path]) => path === '/api/commands').map(([, , body]) => body);

test('import: it can be paused and gone on with from the tray', () =>
  scene(importing('Customer', 600), {
    before: (backend) => {
      backend.commands.pause_import = () => backend.step({ import: s.stopped('paused') }, [['import_stopped', 'paused']]);
      backend.commands.resume_import = () => backend.step({ import: s.running('Customer', 700) });
    },
  }, async ({ page, backend, button }) => {
    await button('Notifications').click();
    const tray = page.getByRole('dialog', { name: 'Notifications' });
    await tray.getByRole('button', { name: 'Pause' }).click();
    await sees(tray.getByRole('heading', { name: 'The import stopped' }));
    await sees(page.getByText('It is paused until you let it go on.').first());
    await tray.getByRole('button', { name: 'Go on', exact: true }).click();
    await until('it goes on', async () => await bar(page, 'Customers').getAttribute('aria-valuenow') === '700');
    assert.deepEqual(sent(backend).map((each) => each.command), ['pause_import', 'resume_import']);
  }));

test('import: it is stopped for good only after a question, in the same place', () =>
  scene(importing('Customer', 600), {
    before: (backend) => { backend.commands.cancel_import = () => backend.step({ import: s.none() }); },
  }, async ({ page, backend, button }) => {
    await button('Notifications').click();
    const tray = page.getByRole('dialog', { name: 'Notifications' });
    await tray.getByRole('button', { name: 'Stop import' }).click();
    await sees(tray.getByText('Stop this import for good?'));
    await tray.getByRole('button', { name: 'No, keep the import' }).click();
    assert.deepEqual(sent(backend), []);
    await tray.getByRole('button', { name: 'Stop import' }).click();
    await sees(tray.getByText('Stop this import for good?'));
    await tray.getByRole('button', { name: 'Stop import' }).click();
    await until('it was sent', () => sent(backend).length === 1);
    assert.equal(sent(backend)[0].command, 'cancel_import');
  }));

test('import: the list that is read can be skipped, and one that was left out read again', () => {
  const left = (import_, entity, left_out) => {
    Object.assign(import_.phase.progress.find((each) => each.entity === entity), { finished: true, done: 0, total: null, left_out });
    return import_;
  };
  return scene(importing('Customer', 600), {
    configuration: s.configuration(),
    before: (backend) => {
      backend.commands.skip_list = (body) => backend.step({ import: left(s.running('Vendor', 0), body.list, 'skipped') });
      backend.commands.retry_list = () => backend.step({ import: s.running('Customer', 0) });
    },
  }, async ({ page, backend, button }) => {
    await button('Notifications').click();
    const tray = page.getByRole('dialog', { name: 'Notifications' });
    assert.equal(await tray.getByRole('button', { name: 'Skip this list' }).count(), 1, 'only of what is read now');
    assert.equal(await button('Skip this list').getAttribute('aria-description'), 'Customers');
    await button('Skip this list').click();
    await until('it says so', async () => await bar(page, 'Customers').getAttribute('aria-valuetext') === 'Skipped');
    assert.equal(await tray.getByRole('button', { name: 'Try again' }).count(), 0, 'not while others are read');
    backend.step({ import: left(s.done(true), 'Customer', 'skipped') });
    await tray.getByRole('button', { name: 'Try again' }).click();
    await until('it is read', async () => await bar(page, 'Customers').getAttribute('aria-valuetext') !== 'Skipped');
    assert.deepEqual(sent(backend).map((each) => [each.command, each.list]), [['skip_list', 'Customer'], ['retry_list', 'Customer']]);
  });
});

test('import: how fast it is, and what could not be kept, stand in the tray', () =>
  scene(importing('Customer', 100), async ({ page, backend, button }) => {
    await button('Notifications').click();
    let done = 100;
    await until('its pace is drawn and said', async () => {
      done = Math.min(done + 20, 1100);
      const import_ = s.running('Customer', done);
      Object.assign(import_.phase.progress.find((each) => each.entity === 'Customer'), { set_aside: 3, mended: 1 });
      backend.step({ import: import_ });
      return await page.getByRole('img', { name: 'How fast records are read' }).count() === 1 &&
        await page.getByText(/records a minute$/).count() === 1;
    });
    await sees(page.getByText('3 left out'));
    await sees(page.getByText('1 had characters that cannot be read'));
    const all = bar(page, 'All lists').first();
    assert.equal(`${await all.getAttribute('aria-valuenow')} %`, await all.getAttribute('aria-valuetext'));
  }));

test('apply: refreshing applies the settings, and opens the mappings', () =>
  scene(s.page(s.linked(), { import: s.done(false) }), {
    configuration: s.configuration(),
    before: (backend) => {
      backend.commands.apply = () => backend.step({ import: s.done(true) });
    },
  }, async ({ page, backend, button }) => {
    await sees(page.getByText('Your QuickBooks settings were imported').first());
    assert.equal(await page.getByRole('heading', { name: 'Configuration', exact: true }).count(), 0);
    await page.evaluate(() => { window.before = true; });
    await button('Refresh to apply settings').click();
    await until('the page was loaded anew', () => page.evaluate(() => window.before === undefined));
    const heading = page.getByRole('heading', { name: 'Configuration', exact: true });
    await sees(heading);
    assert.match(page.url(), /\/#\/configuration$/);
    await until('it has the focus', () => heading.evaluate((element) => element === document.activeElement));
    const applied = backend.requests.find(([, path, body]) => path === '/api/commands' && body);
    assert.deepEqual([applied[2].command, applied[2].run], ['apply', 1]);
  }));

test('tray: it counts what is new, until it was opened', () =>
  scene(s.page(s.legacy()), async ({ page, backend, button }) => {
    const described = () => button('Notifications').getAttribute('aria-description');
    await sees(button('Notifications'));
    backend.step({ connect: s.connect(s.unlinked(s.company)) }, [['disconnected']]);
    await until('one is unread', async () => await described() === '1 unread');
    await button('Notifications').click();
    await sees(page.getByRole('listitem').getByText('You are disconnected from QuickBooks Online.'));
    await page.keyboard.press('Escape');
    await until('none is unread', async () => !await described());
    await page.reload();
    await sees(button('Notifications'));
    assert.ok(!await described());
  }));
