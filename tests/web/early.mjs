// What the page asks for first is asked for before its program is there, and once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sees } from './support/browser.mjs';
import { scene, useBrowser } from './support/scene.mjs';
import { legacy, page } from './support/states.mjs';

useBrowser();

/** Holds the page's program back until the test lets it come. */
async function heldBack(tab) {
  let go;
  const gone = new Promise((resolve) => { go = resolve; });
  await tab.route('**/rekey-*.wasm', async (route) => {
    await gone;
    await route.continue();
  });
  return go;
}

const asked = (backend) => backend.requests.filter(([, path]) => /^\/api\/(session|page)$/.test(path)).map((each) => each.join(' ').trim());
const arrives = (tab, path) => tab.waitForResponse((answer) => new URL(answer.url()).pathname === path);

test('early: a link is signed in with, and how things stand is read, while the program is on its way', async () => {
  let go, there;
  await scene(page(legacy()), {
    at: '/#session=token-1',
    before: async (backend, tab) => {
      backend.signedIn = false;
      backend.tokens.add('token-1');
      go = await heldBack(tab);
      there = arrives(tab, '/api/page');
    },
  }, async ({ toggle, backend, page: tab }) => {
    await there;
    assert.deepEqual(asked(backend).map((each) => each.split(' ').slice(0, 2).join(' ')), ['POST /api/session', 'GET /api/page']);
    assert.equal(await tab.evaluate(() => document.documentElement.dataset.ready), undefined);
    go();
    await sees(toggle);
    assert.equal(asked(backend).length, 2);
  });
});

test('early: a tab that is loaded again reads how things stand while the program is on its way', async () => {
  await scene(page(legacy()), async ({ toggle, backend, page: tab }) => {
    await sees(toggle);
    backend.requests.length = 0;
    const go = await heldBack(tab);
    const there = arrives(tab, '/api/page');
    await tab.reload({ waitUntil: 'commit' });
    await there;
    assert.deepEqual(asked(backend), ['GET /api/page']);
    go();
    await sees(toggle);
    assert.deepEqual(asked(backend), ['GET /api/page']);
  });
});

test('early: a link is not spent on a browser that cannot show the page', async () => {
  await scene(page(legacy()), {
    at: '/#session=token-1',
    before: async (backend, tab) => {
      backend.tokens.add('token-1');
      await tab.addInitScript(() => { delete window.WebAssembly; });
    },
  }, async ({ backend, page: tab }) => {
    await tab.getByRole('heading', { name: 'This browser could not start the page' }).waitFor();
    assert.deepEqual(backend.requests, []);
    assert.ok(backend.tokens.has('token-1'));
  });
});

test('early: an answer that was not asked for first is not given later, when it is old', async () => {
  await scene(page(legacy()), async ({ toggle, backend, page: tab }) => {
    await sees(toggle);
    backend.requests.length = 0;
    const go = await heldBack(tab);
    const there = arrives(tab, '/api/page');
    await tab.reload({ waitUntil: 'commit' });
    await there;
    await tab.evaluate(async () => {
      for (const connection of ['con_another', 'con_1']) {
        await window.rkEarly.fetch('/api/page', { method: 'GET', headers: { Accept: 'application/json', 'X-Rekey-Connection': connection },
          signal: new AbortController().signal });
      }
    });
    assert.deepEqual(asked(backend), Array(3).fill('GET /api/page'));
    go();
    await sees(toggle);
  });
});
