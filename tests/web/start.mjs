// How the page starts in a real Chromium, and what is there when it cannot.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newContext, useBrowser } from './support/scene.mjs';
import { plainName, serve } from './widgets_page.mjs';

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
  assert.equal(plainName(own.asked[1].url), '/boot.js');
  await context.close();
  await own.stop();
});

test('start: the address of a view stays, and nothing beside it', async () => {
  const own = await serve();
  const context = await newContext();
  const page = await context.newPage();
  for (const [at, left] of [
    ['#/configuration/tax-codes', '#/configuration/tax-codes'], ['#/connection?code=abc', ''],
    ['?code=abc#/connection', '#/connection'], ['#/Connection', ''], ['#/../x', ''], ['#code=abc', ''],
  ]) {
    await page.goto('about:blank');
    await page.goto(own.address + at);
    await page.waitForFunction(() => document.documentElement.dataset.ready);
    assert.equal(page.url(), own.address + left);
  }
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
  'when its program does not run in this browser': {
    server: { broken: '/rekey.js' }, words: 'This browser could not run the page',
  },
  'when its wording cannot be loaded': { server: { missing: '/lang/en.json' }, words: 'A part of the page could not be loaded' },
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

for (const [what, fault] of Object.entries({
  'a trap in the program': () => Module._rk_event(1, 1, 0xfffffff0),
  'a trap while the network answers': async () => {
    Module._rk_net_done = () => { throw new WebAssembly.RuntimeError('unreachable'); };
    await rkNet.send(1, { method: 'GET', path: '/', timeout: 9999, headers: {} });
  },
  'an error of a script': () => { throw new TypeError('nothing has no members'); },
  'an error that nobody awaits': () => { Promise.reject(new Error('left alone')); },
})) {
  test(`start: after ${what} the page says that it stopped, where the focus is, with a way on`, async () => {
    const own = await serve();
    const context = await newContext();
    const page = await context.newPage();
    await page.goto(own.address);
    await page.waitForFunction(() => document.documentElement.dataset.ready);
    await page.evaluate(`setTimeout(${fault}) && undefined`);
    await page.getByRole('heading', { name: 'The page stopped working' }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), 'trouble');
    assert.equal(await page.getByRole('switch').count(), 0);
    await page.getByRole('link', { name: 'Load the page again' }).click();
    await page.getByRole('switch').first().waitFor();
    await context.close();
    await own.stop();
  });
}

test('start: what is no error of the page does not stop it', async () => {
  const own = await serve();
  const context = await newContext();
  const page = await context.newPage();
  await page.goto(own.address);
  await page.waitForFunction(() => document.documentElement.dataset.ready);
  await page.evaluate(() => {
    window.dispatchEvent(new ErrorEvent('error', { message: 'ResizeObserver loop completed with undelivered notifications.' }));
    const foreign = Object.assign(new Error('of an extension'), { stack: 'at moz-extension://x/y.js:1' });
    window.dispatchEvent(new ErrorEvent('error', { error: foreign, filename: location.href }));
    Promise.reject('no error at all');
  });
  await page.evaluate(() => new Promise((done) => setTimeout(done)));
  assert.equal(await page.evaluate(() => document.documentElement.dataset.told), undefined);
  await page.getByRole('switch').first().waitFor();
  await context.close();
  await own.stop();
});

test('start: while the browser keeps the picture from the page that is said, and afterwards the page is back', async () => {
  const own = await serve();
  const context = await newContext();
  const page = await context.newPage();
  await page.goto(own.address);
  await page.waitForFunction(() => document.documentElement.dataset.ready);
  const button = page.getByRole('button', { name: 'Primary' });
  await button.focus();
  const extension = await page.evaluateHandle(() =>
    document.getElementById('canvas').getContext('webgl2').getExtension('WEBGL_lose_context'));
  await extension.evaluate((lose) => lose.loseContext());
  await page.getByRole('heading', { name: 'The browser took the picture away' }).waitFor();
  assert.equal(await button.count(), 0);
  await extension.evaluate((lose) => lose.restoreContext());
  await button.waitFor();
  assert.equal(await button.evaluate((element) => element === document.activeElement), true);
  await context.close();
  await own.stop();
});

for (const [what, script] of Object.entries({
  'whose language is "C"': () => {
    Object.defineProperty(navigator, 'languages', { value: ['C'] });
    Object.defineProperty(navigator, 'language', { value: 'C' });
  },
  'that names no language': () => {
    Object.defineProperty(navigator, 'languages', { value: undefined });
    Object.defineProperty(navigator, 'language', { value: undefined });
  },
  'that knows nothing of languages': () => { delete window.Intl; },
  'whose storage is shut': () => {
    Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('shut', 'SecurityError'); } });
  },
})) {
  test(`start: a browser ${what} has the page in English`, async () => {
    const own = await serve();
    const context = await newContext();
    const page = await context.newPage();
    await page.addInitScript(script);
    await page.goto(own.address);
    await page.waitForFunction(() => document.documentElement.dataset.ready);
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
    assert.match(await page.evaluate(() => rkBrowser.formatDate(0, true)), /19(69|70)/);
    assert.match(await page.evaluate(() => rkBrowser.formatNumber(1234)), /^1.?234$/);
    await context.close();
    await own.stop();
  });
}

test('start: everything but the page itself is asked for under a name that says what is in it', async () => {
  const own = await serve();
  const context = await newContext();
  const page = await context.newPage();
  await page.goto(own.address);
  await page.waitForFunction(() => document.documentElement.dataset.ready);
  const others = own.asked.map((each) => each.url).filter((url) => url !== '/');
  assert.ok(others.length >= 8, `only ${others} were asked for`);
  assert.deepEqual(others.filter((url) => !/-[0-9a-f]{8}\.\w+$/.test(url)), []);
  assert.deepEqual(others.filter((url, index) => others.indexOf(url) !== index), []);
  await context.close();
  await own.stop();
});

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
