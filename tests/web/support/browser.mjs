// Chromium for the tests: started once a run, and assertions that wait for what a person will see
// rather than for a time.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

function executable() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8' }).trim();
    } catch { /* the next one */ }
  }
  throw new Error('No Chromium was found. Install it, or say where it is with CHROMIUM=…');
}

export const pageFolder = process.env.REKEY_PAGE ?? path.join(root, 'build/page');
const shots = process.env.REKEY_SHOTS ?? path.join(root, 'build/screenshots');

const how = () => ({
  executablePath: executable(), headless: true,
  // WebGL is drawn in software here; what is not WebGL is drawn by the other way of doing so, in half the time.
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
         '--ignore-gpu-blocklist', '--disable-gpu-rasterization', '--disable-gpu-compositing',
         '--disable-background-networking', '--no-first-run', '--disable-component-update', '--disable-sync'],
});

/** A browser that the files of one run share, for REKEY_BROWSER: its address, and `close`. */
export const shareBrowser = () => chromium.launchServer(how());

/** The browser of the run, or one of its own for a file that is run by itself. */
export async function launch() {
  const shared = process.env.REKEY_BROWSER;
  // Should it have crashed, only the file that it crashed in fails.
  return (shared && await chromium.connect(shared).catch(() => null)) || chromium.launch(how());
}

/** Waits until `check` gives something true, and gives it; says `what` when it never does. */
export async function until(what, check, timeout = 60_000) {
  const end = Date.now() + timeout;
  let last;
  for (;;) {
    try {
      const value = await check();
      if (value) return value;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`It never came to this: ${what}${last ? ` (${last.message})` : ''}`);
    await new Promise((done) => setTimeout(done, 40));
  }
}

/** Waits for a locator to be there and visible. */
export const sees = (locator, timeout = 60_000) => locator.first().waitFor({ state: 'visible', timeout });
export const gone = (locator, timeout = 60_000) => locator.first().waitFor({ state: 'hidden', timeout });

/** Collects what was said in the live regions, since each sentence stays only for a moment. */
export async function listen(page) {
  await page.addInitScript(() => {
    window.heard = [];
    document.addEventListener('DOMContentLoaded', () => {
      for (const id of ['status', 'alert']) {
        const region = document.getElementById(id);
        if (!region) return;  // another page, on the way
        new MutationObserver(() => {
          if (region.textContent) window.heard.push(region.textContent);
        }).observe(region, { childList: true, characterData: true, subtree: true });
      }
    });
  });
  return (words) => until(`“${words}” was announced`, () =>
    page.evaluate((text) => window.heard.some((each) => each.includes(text)), words));
}

export async function screenshot(page, name) {
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: path.join(shots, `${name}.png`) });
}
