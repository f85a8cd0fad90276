// The page from a plain static server: it offers to be tried, and the whole way works without one
// request beyond its own files.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listen, sees, until } from './support/browser.mjs';
import { FakeBackend } from './support/fake_backend.mjs';
import { pageFolder } from './support/browser.mjs';
import { newContext, useBrowser } from './support/scene.mjs';

useBrowser();

test('offline: opened from files alone, the whole way can be tried', async () => {
  const server = await new FakeBackend(pageFolder).start();
  server.filesOnly = true;
  const context = await newContext();
  const page = await context.newPage();
  const announced = await listen(page);
  const button = (name) => page.getByRole('button', { name, exact: true });
  try {
    await page.goto(server.address);
    await sees(page.getByText('There is no server behind this page').first());
    await button('Try it without a server').click();
    await sees(page.getByText('Connected with OAuth 1.0. Upgrade needed'));
    await button('Connect').click();
    await sees(page.getByRole('heading', { name: 'This stands in for QuickBooks' }));
    await page.getByRole('button', { name: /^Allow / }).first().click();
    await announced('Your QuickBooks settings are being imported');
    await sees(button('Refresh to apply settings'), 60_000);
    await button('Refresh to apply settings').click();
    await sees(button('Save Configuration'));
    await button('Save Configuration').click();
    await announced('Configuration saved.');
    const asked = server.requests.length;
    assert.ok(asked <= 1, `it asked the server ${asked} times`);
    await button('End the trial').click();
    await sees(page.getByText('There is no server behind this page').first());
    await until('the trial is forgotten', () =>
      page.evaluate(() => sessionStorage.getItem('rekey.offline') === null));
  } finally {
    await context.close();
    await server.stop();
  }
});
