// How the page starts in a real Chromium, and what is there when it cannot.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newContext, useBrowser } from './support/scene.mjs';
import { serve } from './widgets_page.mjs';

useBrowser();

test('start: what the address held is gone before anything else is asked for', async () => {
  const own = await serve();
  const context = await newContext();
  const page = await context.newPage();
  await page.goto(`${own.address}?code=abc&state=def#session=xyz`);
  await page.waitForFunction(() => document.documentElement.dataset.ready);
  assert.equal(page.url(), own.address);
  assert.deepEqual(await page.evaluate(() => rkBoot.takeLaunch()), ['?code=abc&state=def', '#session=xyz', '/']);
  assert.deepEqual(await page.evaluate(() => rkBoot.takeLaunch()), ['', '', '/']);
  assert.deepEqual(own.asked.slice(1).filter((each) => /abc|def|xyz/.test(each.url + each.referer)), []);
  assert.equal(own.asked[1].url, '/boot.js');
  await context.close();
  await own.stop();
});

for (const [what, { server: faults = {}, script, words }] of Object.entries({
  'without WebGL 2': {
    script: () => { HTMLCanvasElement.prototype.getContext = ((original) => function get(kind, how) {
      return kind === 'webgl2' ? null : original.call(this, kind, how);
    })(HTMLCanvasElement.prototype.getContext); },
    words: 'This browser cannot draw the page',
  },
  'where WebAssembly is blocked': {
    server: { policy: "default-src 'self'; script-src 'self'" }, words: 'This browser could not start the page',
  },
  'without WebAssembly': { script: () => { delete window.WebAssembly; }, words: 'This browser could not start the page' },
  'when its program cannot be loaded': { server: { missing: '/rekey.js' }, words: 'A part of the page could not be loaded' },
  'when a font cannot be loaded': { server: { missing: '/fonts/icons.ttf' }, words: 'A part of the page could not be loaded' },
})) {
  test(`start: ${what} the page says so in plain HTML, with a way on`, async () => {
    const own = await serve(faults);
    const context = await newContext();
    const page = await context.newPage();
    if (script) await page.addInitScript(script);
    await page.goto(own.address);
    await page.getByRole('heading', { name: words }).waitFor();
    assert.equal(await page.getByText('Loading…').isVisible(), false);
    assert.equal(await page.getByRole('link', { name: 'Load the page again' }).isVisible(), true);
    await context.close();
    await own.stop();
  });
}

test('start: without JavaScript the steps and a sentence are there', async () => {
  const own = await serve();
  const context = await newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(own.address);
  await page.getByText('This page needs JavaScript').waitFor();
  await page.getByRole('heading', { name: 'Rekey' }).waitFor();
  await context.close();
  await own.stop();
});
