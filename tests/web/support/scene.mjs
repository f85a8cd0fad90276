// One test's surroundings: a pretended backend, a browser context and a page on it.
import { after, before } from 'node:test';
import { FakeBackend } from './fake_backend.mjs';
import { launch, listen, pageFolder, screenshot } from './browser.mjs';
import { closeTabs, Tabs } from './tabs.mjs';

let browser, tabs;
const usual = { viewport: { width: 1280, height: 900 }, locale: 'en-GB' };

/** To be called once by each file of tests. */
export function useBrowser() {
  before(async () => {
    browser = await launch();
    tabs = new Tabs(browser);
  });
  after(() => browser.close());
}

/** A new context of the browser; close it when done. */
export const newContext = (options = {}) => browser.newContext({ ...usual, ...options });

/**
 * Opens the page on a pretended backend that answers `state` and runs the test.
 * `at`: the address to open; `before(backend, page)`: what must be so before it is opened;
 * `context`: options of the browser's context.
 */
export async function scene(state, options, run) {
  if (typeof options === 'function') [options, run] = [{}, options];
  const backend = await new FakeBackend(pageFolder).start();
  Object.assign(backend, { page: state, configuration: structuredClone(options.configuration ?? null) });
  const errors = [], pages = [];
  const open = async () => {
    // Further tabs are on their own, with a process and a window each, as a person's may be.
    const page = pages.length > 0 ? await pages[0].context().newPage()
                                  : await tabs.open({ ...usual, ...options.context });
    pages.push(page);
    complain(page, errors);
    return page;
  };
  const page = await open();
  const announced = await listen(page);
  try {
    await options.before?.(backend, page);
    await page.goto(backend.address + (options.at ?? '/'));
    await run({ page, backend, announced, open,
                tile: page.getByRole('article', { name: 'QuickBooks Online' }),
                toggle: page.getByRole('switch', { name: 'QuickBooks Online' }),
                button: (name) => page.getByRole('button', { name, exact: true }),
                shot: (name) => screenshot(page, name) });
    if (errors.length) throw new Error(`The browser reported: ${errors.join('; ')}`);
  } finally {
    await closeTabs(pages);
    await backend.stop();
  }
}

/** Puts into `errors` what the browser complains of. */
function complain(page, errors) {
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    // A refused or cut request is part of some tests, and the browser says so by itself.
    const expected = /Failed to load resource|net::ERR_/.test(message.text());
    if (message.type() === 'error' && !expected) errors.push(message.text());
  });
}

/** Puts an attempt into the tab, as Connect does. */
export const withAttempt = (attempt) => (backend, page) => page.addInitScript((stored) => {
  if (!sessionStorage.getItem('rekey.attempts')) sessionStorage.setItem('rekey.attempts', stored);
}, JSON.stringify([{ state: attempt, began: Date.now(), spent: false, answered: false, connection: 'con_1' }]));
