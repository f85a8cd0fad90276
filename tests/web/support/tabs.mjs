// New tabs without a new process of the browser: to start one, and to compile the page's program in
// it, is two thirds of what a small test costs. A tab that another opened runs in its process. Tests
// share nothing else: each has tabs of its own and, by the port of its server, an origin of its own,
// and so its own storage, locks and channels; cookies belong to no port, so they are deleted.
//
// Where a test does not ask for motion, things stand still, as for a person who wants that: something that
// turns has the whole page painted again thirty times a second, in software here, and each press waits for it.

export class Tabs {
  #browser;
  #rooms = new Map();  // the options of a context → {context, opener}

  constructor(browser) {
    this.#browser = browser;
  }

  /** A tab of a context with these options; `close` it when done. */
  async open(options = {}) {
    const key = JSON.stringify(options);
    if (!this.#rooms.has(key)) this.#rooms.set(key, this.#room(options));
    const { context, opener } = await this.#rooms.get(key);
    const [page] = await Promise.all([
      context.waitForEvent('page'),
      opener.evaluate(() => { window.open('about:blank').opener = null; }),
    ]);
    return page;
  }

  async #room(options) {
    const context = await this.#browser.newContext({ reducedMotion: 'reduce', ...options });
    const opener = await context.newPage();
    // Of the site of the tests' servers, since only pages of one site share a process.
    await opener.route('**', (route) => route.fulfill({ contentType: 'text/html', body: '' }));
    await opener.goto('http://127.0.0.1/');
    return { context, opener };
  }
}

/** Ends what a test had open, and what it left behind. */
export async function closeTabs(pages) {
  const context = pages[0].context();
  await Promise.all(pages.map((page) => page.close()));
  await context.clearCookies();
}
