// Runs every browser test of the page, one file after another: Chromium draws in software here, and
// two at once would only make both slow. Arguments choose files by a part of their name.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { shareBrowser } from './support/browser.mjs';

const folder = path.dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.mjs') && name !== 'run.mjs' && !name.endsWith('_page.mjs'))
  .filter((name) => wanted.length === 0 || wanted.some((each) => name.includes(each)))
  .map((name) => path.join(folder, name));

const browser = await shareBrowser();
process.env.REKEY_BROWSER = browser.wsEndpoint();

run({ files, concurrency: 1, timeout: 10 * 60_000 })
  .on('test:fail', () => { process.exitCode = 1; })
  .on('end', () => browser.close())
  .compose(new spec())
  .pipe(process.stdout);
