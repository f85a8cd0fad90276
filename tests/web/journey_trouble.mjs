// Trouble on the way: sessions that end, links that were used, servers that cannot be reached.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem, Refused } from './support/fake_backend.mjs';
import { gone, sees, until } from './support/browser.mjs';
import { scene, useBrowser } from './support/scene.mjs';
import * as s from './support/states.mjs';

useBrowser();

test('session: the token of the address is exchanged once and gone from the address', () =>
  scene(s.page(s.legacy()), {
    at: '/#session=one-time-token',
    before: (backend) => { backend.signedIn = false; backend.tokens.add('one-time-token'); },
  }, async ({ page, backend, tile }) => {
    await sees(tile);
    assert.ok(!page.url().includes('session'));
    assert.deepEqual(backend.requests[0], ['POST', '/api/session', { token: 'one-time-token' }]);
    await page.reload();
    await sees(tile);
    assert.equal(backend.requests.filter(([, path]) => path === '/api/session').length, 1);
  }));

test('session: without one the page says how to come back', () =>
  scene(s.page(s.legacy()), { before: (backend) => { backend.signedIn = false; } },
        async ({ page, announced }) => {
    await sees(page.getByText('You are not signed in here').first());
    await announced('You are not signed in here');
    assert.equal(await page.getByRole('switch').count(), 0);
  }));

test('session: a link that was used before never shows another session unasked', () =>
  scene(s.page(s.legacy()), { at: '/#session=used' }, async ({ page, button, tile }) => {
    await sees(page.getByText('This link cannot be used any more').first());
    assert.equal(await page.getByRole('switch').count(), 0);
    await button('Go on as Fernhollow Garden Supplies · Jane Doe').click();
    await sees(tile);
  }));

test('session: when it ends during the work, that is said in its own words', () =>
  scene(s.page(s.legacy()), async ({ page, backend, button }) => {
    await sees(button('Connect'));
    // Or it is the stream that says so first, and there is nothing left to press.
    await until('its stream is open', () => backend.streams === 1);
    backend.signedIn = false;
    await button('Connect').click();
    await sees(page.getByText('Go back to Ledgerline and open this page again').first());
  }));

test('network: a cut stream is said and comes back by itself, with what happened meanwhile', () =>
  scene(s.page(s.legacy()), async ({ page, backend, tile, announced }) => {
    await sees(tile);
    backend.silent = true;
    backend.cutStreams();
    await announced('Connection to the server lost, trying again');
    const banner = page.getByText('Connection to the server lost, trying again').first();
    await sees(banner);
    backend.page.seq += 1;
    backend.page.state.connect = s.connect(s.broken());
    backend.silent = false;
    await gone(page.getByRole('main').getByText('What you see may be out of date'), 60_000);
    await sees(tile.getByText('Connection ended'));
  }));

test('network: a server that is not there yet is tried again by itself', () =>
  scene(s.page(s.legacy()), { before: (backend) => { backend.silent = true; } },
        async ({ page, backend, tile }) => {
    await sees(page.getByText('The server cannot be reached').first());
    backend.silent = false;
    await sees(tile, 30_000);
  }));

test('network: a command that gets no answer says so, and the page shows how things are', () =>
  scene(s.page(s.legacy()), {
    before: (backend) => {
      backend.commands.connect = () => { throw Object.assign(new Error('cut'), { cut: true }); };
    },
  }, async ({ page, button }) => {
    await sees(button('Connect'));
    await button('Connect').click();
    await sees(page.getByText('That did not work').first());
    await sees(page.getByText('The server could not be reached').first());
    await until('it can be pressed again', () => button('Connect').isEnabled());
  }));

test('server: a fault is said with the sentence that the server names', () =>
  scene(s.page(s.legacy()), {
    before: (backend) => {
      backend.commands.connect = () => {
        throw new Problem(503, 'problem.overloaded', { code: 'overloaded' });
      };
    },
  }, async ({ page, button }) => {
    await button('Connect').click();
    await sees(page.getByText('The server has too much to do. Try again in a moment.').first());
    await button('Dismiss').click();
    await gone(page.getByRole('main').getByText('The server has too much to do'));
  }));

test('server: a sentence that this page does not know yet is a general one', () =>
  scene(s.page(s.legacy()), {
    before: (backend) => {
      backend.commands.connect = () => {
        throw new Problem(429, 'problem.of_next_year', { code: 'exhausted', values: { seconds: '7' } });
      };
    },
  }, async ({ page, button }) => {
    await button('Connect').click();
    await sees(page.getByText('Too much was asked for at once').first());
    await gone(page.getByRole('main').getByText('of_next_year'));
  }));

test('server: a refusal is said in the words of the page, and the page is brought up to date', () =>
  scene(s.page(s.legacy()), {
    before: (backend) => {
      backend.commands.disconnect = () => {
        backend.page.seq += 1;
        backend.page.state.connect = s.connect(s.unlinked(s.company));
        throw new Refused('nothing_to_disconnect');
      };
    },
  }, async ({ page, toggle }) => {
    await toggle.click();
    await sees(page.getByText('There is no connection to turn off.').first());
    await sees(page.getByText('You are disconnected').first());
    assert.equal(await toggle.getAttribute('aria-checked'), 'false');
  }));

test('idle: nothing is drawn while nothing changes, once what moves has come to rest', () =>
  scene(s.page(s.legacy()), { context: { reducedMotion: 'no-preference' } }, async ({ page, tile }) => {
    await sees(tile);
    const frames = () => page.evaluate(() => window.rekey.frames());
    let last = -1;
    await until('the page came to rest', async () => {
      const now = await frames();
      const rest = now === last;
      last = now;
      await page.waitForTimeout(500);  // the time that is watched, not one that is waited for
      return rest;
    });
    await page.waitForTimeout(2000);
    assert.equal(await frames(), last);
  }));
