// Two firms in two tabs of one browser, with the real backend and the sandbox: each tab acts for its
// own firm, whatever happens in the other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchAnswers } from './support/answers.mjs';
import { sees, until } from './support/browser.mjs';
import { consent, startDemo } from './support/demo.mjs';
import { newContext, useBrowser } from './support/scene.mjs';

useBrowser();

const button = (page, name) => page.getByRole('button', { name, exact: true });
const toggle = (page) => page.getByRole('switch', { name: 'QuickBooks Online' });
const tile = (page) => page.getByRole('article', { name: 'QuickBooks Online' });
const store = (page) => page.getByRole('link', { name: 'Integration store', exact: true }).click();
const bar = (page) => page.getByRole('banner');

/** A demo with more firms; `run` gets ways to open their pages and to ask how they stand. */
async function firms(run) {
  const demo = await startDemo('--latency-ms', '0');
  const context = await newContext({ reducedMotion: 'reduce' });
  const answers = await watchAnswers(context);
  const errors = [];
  const host = async (method, path, body) => {
    const answer = await fetch(demo.api + path, {
      method, headers: { Authorization: `Bearer ${demo.api_key}`, 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${answer.ok ? '' : await answer.text()}`);
    return answer.status === 204 ? null : answer.json();
  };
  const link = async (tenant, name) =>
    (await host('POST', '/v1/page-sessions', { tenant, ...(name && { user: { id: name, name } }) })).url;
  const tab = async (address) => {
    const page = await context.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(address);
    return page;
  };
  try {
    await run({
      demo, context, host, link, tab,
      firm: (tenant, name) => host('PUT', `/v1/tenants/${tenant}`, { name }),
      /** Opens a firm's page in a new tab, and says yes where it is asked. */
      async open(tenant, person) {
        const page = await tab(await link(tenant, person));
        await sees(toggle(page));
        const yes = page.getByRole('button', { name: /^Open / });
        if (await yes.count()) {
          await yes.click();
          await sees(button(page, 'Sign out'));
        }
        return page;
      },
      status: async (tenant) => (await host('GET', `/v1/connections?tenant=${tenant}`)).connections[0].status,
      connection: async (tenant) => {
        const [{ id }] = (await host('GET', `/v1/connections?tenant=${tenant}`)).connections;
        return host('GET', `/v1/connections/${id}`);
      },
    });
    assert.deepEqual(errors, []);
    answers.check();
  } finally {
    await context.close();
    await demo.stop();
  }
}

async function connect(page, company) {
  if (await toggle(page).getAttribute('aria-checked') === 'false') await toggle(page).click();
  await button(page, 'Connect').click();
  await sees(button(page, 'Sign in'));
  if (company) await consent(page, { company });
}

test('two firms: connect, import, save and disconnect, each tab for its own', () =>
  firms(async ({ firm, open, status, host, connection }) => {
    await firm('larch', 'Larch Dental');
    await firm('maple', 'Maple Motors');
    const one = await open('larch', 'Jane Doe'), two = await open('maple');
    await sees(bar(one).getByText('Larch Dental · Jane Doe'));
    await sees(bar(two).getByText('Maple Motors', { exact: true }));

    await connect(one, /Pellworm/);
    await sees(button(one, 'Refresh to apply settings'));
    assert.equal(await status('maple'), 'unlinked');
    await connect(two, /Marlowe/);
    await sees(button(two, 'Refresh to apply settings'));
    assert.notEqual((await connection('larch')).company.realm_id, (await connection('maple')).company.realm_id);

    await button(one, 'Refresh to apply settings').click();
    await sees(button(one, 'Save Configuration'));
    await one.getByRole('checkbox').first().click();
    await button(two, 'Refresh to apply settings').click();
    await sees(button(two, 'Save Configuration'));
    await button(one, 'Save Configuration').click();
    await sees(one.getByText('Configuration saved.').first());
    await sees(one.getByRole('link', { name: /Back to / }));
    assert.equal((await connection('maple')).state.save.phase.type, 'empty');

    await store(two);
    await toggle(two).click();
    await two.getByRole('dialog').getByRole('button', { name: 'Disconnect', exact: true }).click();
    await until('Maple Motors is disconnected', async () => await status('maple') === 'unlinked');
    assert.equal(await status('larch'), 'linked');
    await one.reload();
    await store(one);
    await sees(tile(one).getByText('Connected', { exact: true }));
    await sees(bar(one).getByText('Larch Dental · Jane Doe'));
    const { events } = await host('GET', `/v1/connections/${(await connection('larch')).id}/events`);
    assert.ok(events.some((each) => each.actor?.name === 'Jane Doe'));
  }));

test('two firms: a consent under way ends with its own, although another was opened and signed in since', () =>
  firms(async ({ firm, open, link, tab, status }) => {
    await firm('larch', 'Larch Dental');
    await firm('maple', 'Maple Motors');
    const one = await open('larch');
    await connect(one);
    const two = await open('maple');
    // Once more, without a question: the session of before gives way to this one.
    const again = await tab(await link('larch'));
    await sees(bar(again).getByText('Larch Dental'));
    await consent(one);
    await until('Larch Dental is connected', async () => await status('larch') === 'linked');
    assert.equal(await status('maple'), 'unlinked');
    await sees(bar(one).getByText('Larch Dental'));
    await sees(bar(two).getByText('Maple Motors'));
  }));

test('two firms: a foreign link changes nothing before it is answered', () =>
  firms(async ({ firm, open, link, tab, status, context }) => {
    await firm('larch', 'Larch Dental');
    await firm('mallet', 'Mallet Imports');
    const one = await open('larch');
    const cookies = async () => (await context.cookies()).map((each) => each.name);
    const before = await cookies();
    await one.goto(await link('mallet', 'Sam Roe'));
    await sees(one.getByText('Open the page of Mallet Imports?').first());
    await toggle(one).click();
    await sees(one.getByText('another firm\'s page is open in this browser').first());
    assert.equal(await button(one, 'Connect').count(), 0);
    assert.deepEqual(await cookies(), before);
    const fresh = await tab(new URL(one.url()).origin);
    await sees(bar(fresh).getByText('Larch Dental'));
    await button(one, 'Stay with Larch Dental').click();
    await sees(bar(one).getByText('Larch Dental'));
    assert.equal(await status('mallet'), 'unlinked');
  }));

test('two firms: in one tab after the other, each way back finds its own', () =>
  firms(async ({ firm, open, link, status }) => {
    await firm('larch', 'Larch Dental');
    await firm('maple', 'Maple Motors');
    const one = await open('larch');
    await connect(one);
    const at_larch = one.url();
    await one.goto(await link('maple'));
    await one.getByRole('button', { name: 'Open Maple Motors' }).click();
    await sees(bar(one).getByText('Maple Motors'));
    await one.goto(at_larch);
    await consent(one);
    await until('Larch Dental is connected', async () => await status('larch') === 'linked');
    await sees(bar(one).getByText('Larch Dental'));
    assert.equal(await status('maple'), 'unlinked');
  }));

test('a duplicated tab shows the same firm, also when others are open', () =>
  firms(async ({ firm, open, context }) => {
    await firm('larch', 'Larch Dental');
    await firm('maple', 'Maple Motors');
    const one = await open('larch');
    await open('maple');
    const [copy] = await Promise.all([context.waitForEvent('page'),
                                      one.evaluate(() => { window.open(window.location.href); })]);
    await sees(bar(copy).getByText('Larch Dental'));
  }));

test('eight firms in eight tabs: all work, with four streams of events in the browser', () =>
  firms(async ({ firm, open, context, host, connection }) => {
    let streams = 0;
    const isStream = (request) => new URL(request.url()).pathname === '/api/events';
    context.on('request', (request) => { if (isStream(request)) ++streams; });
    for (const over of ['requestfinished', 'requestfailed'])
      context.on(over, (request) => { if (isStream(request)) --streams; });
    const tabs = [];
    for (let i = 0; i < 8; ++i) {
      await firm(`firm${i}`, `Firm Number ${i}`);
      tabs.push(await open(`firm${i}`));
    }
    await until('four streams are open', () => streams === 4);
    for (const [i, page] of tabs.entries()) {
      await toggle(page).click();
      await button(page, 'Connect').click();
      await sees(button(page, 'Sign in'));
      assert.equal((await connection(`firm${i}`)).status, 'authorizing');
      await page.goBack();
      await sees(bar(page).getByText(`Firm Number ${i}`));
      const { id } = await connection(`firm${i}`);
      await host('POST', `/v1/connections/${id}/commands`, { command: 'cancel' }).catch(() => {});
    }
    assert.ok(streams <= 4, `${streams} streams`);
  }));

test('sign-out: it ends one firm\'s session, in all its tabs, and leaves the others', () =>
  firms(async ({ firm, open, tab, demo }) => {
    await firm('larch', 'Larch Dental');
    await firm('maple', 'Maple Motors');
    const one = await open('larch'), again = await tab(demo.api), two = await open('maple');
    await sees(bar(again).getByText('Larch Dental'));
    await button(one, 'Sign out').click();
    await sees(one.getByText('You are signed out').first());
    await sees(again.getByText('Your session for Larch Dental ended').first());
    await two.reload();
    await sees(bar(two).getByText('Maple Motors'));
    await one.reload();
    await sees(bar(one).getByText('Maple Motors'));
  }));

test('one company for two firms: both are connected, and the second is told', () =>
  firms(async ({ firm, open, status }) => {
    await firm('larch', 'Larch Dental');
    await firm('maple', 'Maple Motors');
    const one = await open('larch'), two = await open('maple');
    await connect(one, /Pellworm/);
    await until('Larch Dental is connected', async () => await status('larch') === 'linked');
    await connect(two, /Pellworm/);
    await sees(two.getByText('This company is connected for another firm, too').first());
    await until('Maple Motors is connected too', async () => await status('maple') === 'linked');
    assert.equal(await status('larch'), 'linked');
  }));
