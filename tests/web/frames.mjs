// What a frame costs that nobody sees.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch } from './support/browser.mjs';
import { closeTabs, Tabs } from './support/tabs.mjs';
import { open, rest, serve } from './widgets_page.mjs';

let browser, tabs, server;

before(async () => {
  browser = await launch();
  tabs = new Tabs(browser);
  server = await serve();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('frames: nothing is read back from WebGL, which would wait for the driver', async () => {
  const { page, complaints } = await open(tabs, server.address, { reducedMotion: 'reduce' });
  try {
    await rest(page);
    const seen = await page.evaluate(async () => {
      const asked = {};
      const drawn = { count: 0 };
      const kind = WebGL2RenderingContext.prototype;
      for (const name of Object.getOwnPropertyNames(kind)) {
        const about = Object.getOwnPropertyDescriptor(kind, name);
        if (typeof about.value !== 'function') continue;
        const reads = /^(get|is|readPixels|finish|clientWaitSync)/.test(name);
        if (!reads && name !== 'drawElements') continue;
        kind[name] = function counted(...given) {
          if (reads) asked[name] = (asked[name] ?? 0) + 1;
          else drawn.count += 1;
          return about.value.apply(this, given);
        };
      }
      const before = window.rekey.frames();
      for (let i = 0; i < 5; ++i) {
        window.scrollBy(0, 200);
        document.querySelector('main').scrollTop += 200;
        await new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); });
      }
      return { frames: window.rekey.frames() - before, drawn: drawn.count, asked };
    });
    assert.ok(seen.frames >= 3, `only ${seen.frames} frames were drawn`);
    assert.ok(seen.drawn >= seen.frames, 'what draws was not counted');
    assert.deepEqual(seen.asked, {});
    assert.deepEqual(complaints, []);
  } finally {
    await closeTabs([page]);
  }
});
