// The page as it is served: bytes with brotli by part, time to the first usable tile, frames drawn while idle.
import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import { about_machine, root, spread } from './support/spread.mjs';

const page_dir = join(root, 'build/page');
const rounds = 7;

function served_bytes() {
  const rows = [];
  for (const name of readdirSync(page_dir, { recursive: true })) {
    const file = join(page_dir, name);
    if (!statSync(file).isFile() || name.endsWith('.br')) continue;
    let bytes = statSync(file).size;
    try { bytes = statSync(`${file}.br`).size; } catch { /* served as it is */ }
    rows.push([name, bytes, statSync(file).size]);
  }
  return rows.sort((a, b) => b[1] - a[1]);
}

async function start_demo() {
  const child = spawn(join(root, 'build/rekey'), ['demo', '--port', '0', '--json', '--latency-ms', '0'],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  return { ...JSON.parse(line), stop: () => child.kill('SIGTERM') };
}

console.log(about_machine());
console.log('\nBytes as served (brotli where there is a .br), and on disk:');
let total = 0;
for (const [name, served, plain] of served_bytes()) {
  total += served;
  console.log(`  ${String(served).padStart(8)}  ${String(plain).padStart(8)}  ${name}`);
}
console.log(`  ${String(total).padStart(8)}  in total`);

const demo = await start_demo();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true,
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist',
    '--disable-background-networking', '--no-first-run', '--disable-component-update', '--disable-sync'],
});
const times = [];
const received = [];
for (let i = 0; i < rounds; ++i) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  let bytes = 0;
  session.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength));
  const began = performance.now();
  await page.goto(demo.page, { waitUntil: 'commit' });
  await page.getByRole('switch', { name: 'QuickBooks Online' }).waitFor();
  times.push(performance.now() - began);
  received.push(bytes);
  if (i === rounds - 1) {
    await page.waitForFunction(() => window.rekey?.frames !== undefined);
    // Until what the start brought is drawn: no frame for a second.
    await page.evaluate(() => new Promise((resolve) => {
      let seen = -1;
      const look = () => {
        const now = window.rekey.frames();
        if (now === seen) return resolve();
        seen = now;
        return setTimeout(look, 1000);
      };
      look();
    }));
    const before = await page.evaluate(() => window.rekey.frames());
    await page.evaluate(() => new Promise((resolve) => { setTimeout(resolve, 10_000); }));
    console.log(`\nFrames drawn in ten idle seconds: ${await page.evaluate(() => window.rekey.frames()) - before}`);
  }
  await context.close();
}
console.log(`Navigation to the first usable tile, ms (Chromium, software WebGL): ${spread(times)}`);
console.log(`Bytes received until then: ${spread(received)}`);
await browser.close();
demo.stop();
