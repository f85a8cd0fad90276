// Several firms in one browser, as one tab meets them: the question before another firm's link, the
// choice of a fresh tab, ended sessions, sign-out, and the way back to the host application.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elsewhere } from './support/fake_backend.mjs';
import { gone, sees, until } from './support/browser.mjs';
import { scene, useBrowser, withAttempt } from './support/scene.mjs';
import * as s from './support/states.mjs';

useBrowser();

const larch = { connection: 'con_other', firm: 'Larch Dental', user: '' };
const attempt = 'attempt-value-1';
const posted = (backend, path) => backend.requests.filter(([method, at]) => method !== 'GET' && at === path);
const way = (page) => page.getByRole('link', { name: 'Back to Ledgerline' });
const leads_back = async (page, to = 'https://ledgerline.example/clients/7') =>
  assert.equal(await way(page).first().getAttribute('href'), to);

const foreign = (user = 'Sam Roe') => (backend) => {
  backend.signedIn = false;
  backend.foreignLink = { firm: s.company.name, user };
  backend.tokens.add('one-time-token');
};
const link = '/#session=one-time-token';

test('question: another firm\'s link is asked about, its tile is there and cannot be used before', () =>
  scene(s.page(s.unlinked()), { at: link, before: foreign() }, async ({ page, backend, toggle, button, announced }) => {
    await sees(page.getByText(`Open the page of ${s.company.name}?`).first());
    await sees(page.getByText('made for Sam Roe').first());
    await sees(page.getByText('Already open here: Larch Dental').first());
    assert.equal(await toggle.getAttribute('aria-disabled'), null);
    const before = await page.locator('#mirror').innerText();
    assert.doesNotMatch(before, /(another|other|different) (client|tab|page|window|customer)/);
    await toggle.click();
    await announced('Please answer the question above first: another firm\'s page is open in this browser.');
    assert.equal(await toggle.getAttribute('aria-checked'), 'false');
    assert.equal(await button('Connect').count(), 0);
    await leads_back(page, backend.hostUrl);
    assert.equal(backend.signedIn, false);
    assert.deepEqual(await page.evaluate(() => Object.values(sessionStorage).filter((each) => /token/.test(each))), []);
    await button(`Open ${s.company.name}`).click();
    await sees(page.getByText('Turn the switch on to connect your company'));
    assert.equal(posted(backend, '/api/session').at(-1)[2].confirmed, true);
  }));

test('question: left as it is, the link is not used and the page of before is shown', () =>
  scene(s.page(s.legacy()), {
    at: link,
    before: async (backend, page) => {
      foreign()(backend);
      backend.signedIn = true;
      await page.addInitScript(() => sessionStorage.setItem('rekey.connection', 'con_1'));
    },
  }, async ({ backend, tile, button }) => {
    await button('Stay with Larch Dental').click();
    await sees(tile.getByText('Connected with OAuth 1.0. Upgrade needed'));
    assert.equal(posted(backend, '/api/session').length, 1);
    assert.ok(backend.tokens.has('one-time-token'));
  }));

test('fresh tab: the only page is shown at once, of several the person chooses', () =>
  scene(s.page(s.legacy()), { before: (backend) => { backend.others = [larch]; } },
        async ({ page, backend, button, tile, open, announced }) => {
    await sees(page.getByText('Which firm\'s page do you want to open?').first());
    await announced('Which firm\'s page do you want to open?');
    await sees(button('Larch Dental'));
    await button('Fernhollow Garden Supplies · Jane Doe').click();
    await sees(tile.getByText('Connected with OAuth 1.0. Upgrade needed'));
    await page.reload();
    await sees(tile.getByText('Connected with OAuth 1.0. Upgrade needed'));
    backend.others = [];
    const fresh = await open();
    await fresh.goto(backend.address);
    await sees(fresh.getByText('Connected with OAuth 1.0. Upgrade needed'));
  }));

test('fresh tab: names that are too long for a line of a phone are shown whole, in several', () => {
  const firm = 'Fernhollow & Daughters Garden Supplies and Landscaping (Northern Counties) Limited';
  return scene(s.page(s.legacy()), {
    context: { viewport: { width: 360, height: 740 } },
    before: (backend) => { backend.others = [larch, { ...larch, connection: 'con_3', firm }]; },
  }, async ({ button }) => {
    await sees(button(firm));
    const height = async (name) => (await button(name).boundingBox()).height;
    assert.ok(await height(firm) >= await height('Larch Dental') + 40);
  });
});

test('fresh tab: without any session it says so and leads back', () =>
  scene(s.page(s.legacy()), { before: (backend) => { backend.signedIn = false; } },
        async ({ page, backend }) => {
    await sees(page.getByText('You are not signed in here').first());
    await leads_back(page, backend.hostUrl);
  }));

test('link: used before, it leads back and offers the pages that are open', () =>
  scene(s.page(s.legacy()), { at: link, before: (backend) => { backend.others = [larch]; } },
        async ({ page, backend, button, tile }) => {
    await sees(page.getByText('This link cannot be used any more').first());
    await leads_back(page, backend.hostUrl);
    await sees(button('Go on as Larch Dental'));
    await button('Go on as Fernhollow Garden Supplies · Jane Doe').click();
    await sees(tile);
  }));

test('session: ended, the tab names its firm, leads back, and never turns into another one', () =>
  scene(s.page(s.legacy()), async ({ page, backend, button, tile, announced }) => {
    await sees(tile);
    await until('its stream is open', () => backend.streams === 1);
    backend.others = [larch];
    backend.signedIn = false;
    await button('Connect').click();
    await sees(page.getByText('Your session for Fernhollow Garden Supplies ended').first());
    await announced('Your session for Fernhollow Garden Supplies ended');
    await leads_back(page, backend.hostUrl);
    await sees(button('Go on as Larch Dental'));
    await page.reload();
    await sees(page.getByText('Your session ended').first());
    assert.equal(await page.getByRole('switch').count(), 0);
  }));

test('session: ended while the person was at QuickBooks, it says so and what to do', () =>
  scene(s.page(s.authorizing('x')), {
    at: `/callback?code=a-code&state=${attempt}&realmId=1`,
    before: async (backend, page) => {
      await withAttempt(attempt)(backend, page);
      backend.signedIn = false;
    },
  }, async ({ page, backend, button, tile }) => {
    await sees(page.getByText('Your session ended before the connection was finished').first());
    await leads_back(page, backend.hostUrl);
    backend.signedIn = true;
    backend.onCallback = () => { backend.step({ connect: s.connect(s.exchanging('x')) }); };
    await button('Try again').click();
    await sees(tile.getByText('Finishing the connection…'));
    assert.equal(posted(backend, '/api/callback').length, 1);
  }));

test('bar: it names the firm and the person, and before consent the tile says who connects whom', () =>
  scene(s.page(s.legacy()), async ({ page, tile }) => {
    await sees(page.getByRole('banner').getByText('Fernhollow Garden Supplies · Jane Doe'));
    await sees(tile.getByText('You are about to connect Fernhollow Garden Supplies to QuickBooks as Jane Doe.'));
  }));

test('bar: a host that names no person is fine', () =>
  scene({ ...s.page(s.legacy()), user: { id: '', name: '' }, return_url: '' }, async ({ page, tile }) => {
    await sees(page.getByRole('banner').getByText('Fernhollow Garden Supplies', { exact: true }));
    await sees(tile.getByText('You are about to connect Fernhollow Garden Supplies to QuickBooks.', { exact: true }));
  }));

test('sign-out: it ends the session, says so and leads back; a reload does not bring it back', () =>
  scene(s.page(s.legacy()), async ({ page, backend, button, announced }) => {
    await button('Sign out').click();
    await sees(page.getByText('You are signed out').first());
    await announced('You are signed out');
    await leads_back(page);
    assert.equal(posted(backend, '/api/session').length, 1);
    assert.equal(await page.getByRole('switch').count(), 0);
    assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key !== 'rekey.attempts')), []);
    await page.reload();
    await sees(page.getByText('You are not signed in here').first());
  }));

test('save: afterwards the page leads back to the host', () =>
  scene(s.page(s.linked(), { import: s.done(true), save: s.save('draft', 3) }), {
    at: '/#/configuration',
    configuration: s.configuration(),
    before: (backend) => {
      backend.onSave = () => { backend.step({ save: s.save('saved', 4) }); };
    },
  }, async ({ page, button }) => {
    await sees(button('Save Configuration'));
    assert.equal(await way(page).count(), 0);
    await button('Save Configuration').click();
    await sees(page.getByText('Configuration saved.').first());
    await leads_back(page);
  }));

for (const [answer, name] of [['yes', 'Yes, connect it to Fernhollow Garden Supplies'], ['no', 'No, cancel']]) {
  test(`company: one that another firm has is asked about first; ${answer}`, () =>
    scene(s.page(s.authorizing('x')), {
      at: `/callback?code=a-code&state=${attempt}&realmId=1`,
      before: async (backend, page) => {
        await withAttempt(attempt)(backend, page);
        backend.onCallback = (body) => {
          if (!body.company_confirmed) throw elsewhere();
          backend.step({ connect: s.connect(s.exchanging('x')) });
        };
        backend.commands.cancel = () => backend.step({ connect: s.connect(s.legacy()) });
      },
    }, async ({ page, backend, button, tile, toggle, announced }) => {
      await sees(page.getByText('This company is already connected for another firm').first());
      await announced('This company is already connected for another firm');
      await sees(tile.getByText('Your answer is needed', { exact: true }));
      assert.equal(await toggle.getAttribute('aria-disabled'), 'true');
      const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage }) + location.href);
      assert.doesNotMatch(kept, /a-code/);
      await button(name).click();
      await sees(tile.getByText(answer === 'yes' ? 'Finishing the connection…' : 'Connected with OAuth 1.0'));
      await gone(page.getByRole('main').getByText('This company is already connected for another firm'));
      assert.equal(posted(backend, '/api/callback').length, answer === 'yes' ? 2 : 1);
    }));
}

for (const [what, name] of [['goes on', 'Go on'], ['stops it', 'Stop'], ['says nothing', null]]) {
  test(`company: of one that another firm has the page tells while the sign-in waits; the customer ${what}`, () =>
    scene(s.page(s.authorizing('x')), {
      at: `/callback?code=a-code&state=${attempt}&realmId=1`,
      before: async (backend, page) => {
        await withAttempt(attempt)(backend, page);
        const phase = (next) => () => { backend.step({ connect: s.connect(next) }); };
        backend.onCallback = phase(s.telling('x'));
        backend.commands.confirm_company = phase(s.exchanging('x'));
        backend.commands.cancel = phase(s.legacy());
      },
    }, async ({ page, backend, button, tile, toggle, announced }) => {
      const words = 'This company is already connected for another firm';
      await sees(page.getByText(words).first());
      await announced(words);
      await sees(page.getByText(/connection may end\. This goes on by itself in a few seconds/).first());
      await sees(button('Go on'));
      await sees(button('Stop'));
      assert.equal(await toggle.getAttribute('aria-disabled'), 'true');
      if (name) await button(name).click();
      else backend.step({ connect: s.connect(s.exchanging('x')) });
      await sees(tile.getByText(name === 'Stop' ? 'Connected with OAuth 1.0' : 'Finishing the connection…'));
      await gone(page.getByRole('main').getByText(words));
      assert.equal(await page.evaluate((text) => window.heard.filter((each) => each.includes(text)).length, words), 1);
      const after = page.getByText('This company is connected for another firm, too').first();
      if (name) assert.equal(await after.count(), 0);
      else await sees(after);
      assert.equal(posted(backend, '/api/callback').length, 1);
      const pressed = posted(backend, '/api/commands').map(([, , body]) => [body.command, body.version]);
      assert.deepEqual(pressed, { 'Go on': [['confirm_company', 1]], Stop: [['cancel', null]] }[name] ?? []);
    }));
}

test('eight tabs: one stream of events serves them all, and the next takes over at once', () =>
  scene(s.page(s.legacy()), async ({ page, backend, open }) => {
    const tabs = [page];
    while (tabs.length < 8) {
      const tab = await open();
      await tab.goto(backend.address);
      tabs.push(tab);
    }
    for (const tab of tabs) await sees(tab.getByText('Connected with OAuth 1.0. Upgrade needed'));
    await until('one stream is open', () => backend.streams === 1);
    backend.step({ connect: s.connect(s.broken()) });
    for (const tab of tabs) await sees(tab.getByText('Connection ended'));
    await page.close();
    await until('another tab holds it', () => backend.streams === 1);
    backend.step({ connect: s.connect(s.legacy()) });
    for (const tab of tabs.slice(1)) await sees(tab.getByText('Connected with OAuth 1.0. Upgrade needed'));
    await until('one stream is open still', () => backend.streams === 1);
  }));

test('eight tabs: when the session ends, each of them says so', () =>
  scene(s.page(s.legacy()), async ({ page, backend, open, button, tile }) => {
    await sees(tile);
    const second = await open();
    await second.goto(backend.address);
    await sees(second.getByText('Connected with OAuth 1.0. Upgrade needed'));
    await button('Sign out').click();
    await sees(page.getByText('You are signed out').first());
    backend.cutStreams();
    await sees(second.getByText('Your session for Fernhollow Garden Supplies ended').first());
  }));

const withoutLocks = () => Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });

test('a browser without locks: each tab has a stream of its own', () =>
  scene(s.page(s.legacy()), { before: (backend, page) => page.addInitScript(withoutLocks) },
        async ({ page, backend, open }) => {
    const second = await open();
    await second.addInitScript(withoutLocks);
    await second.goto(backend.address);
    await sees(second.getByText('Connected with OAuth 1.0. Upgrade needed'));
    await until('both have one', () => backend.streams === 2);
    backend.step({ connect: s.connect(s.broken()) });
    for (const tab of [page, second]) await sees(tab.getByText('Connection ended'));
  }));

test('a hidden tab lets its stream go after a while, and reads what it missed when it is shown', () =>
  scene(s.page(s.legacy()), {
    before: (backend, page) => page.addInitScript(() => {
      let hidden = false;
      Object.defineProperty(document, 'hidden', { get: () => hidden });
      window.hide = (value) => {
        hidden = value;
        const real = window.setTimeout;  // half a minute passes at once
        window.setTimeout = (call) => real(call, 0);
        document.dispatchEvent(new Event('visibilitychange'));
        window.setTimeout = real;
      };
    }),
  }, async ({ page, backend, tile }) => {
    await sees(tile);
    await until('it has a stream', () => backend.streams === 1);
    await page.evaluate(() => window.hide(true));
    await until('it let it go', () => backend.streams === 0);
    backend.step({ connect: s.connect(s.broken()) });
    await page.evaluate(() => window.hide(false));
    await sees(tile.getByText('Connection ended'));
    assert.equal(await page.getByText('Connection to the server lost').count(), 0);
  }));
