// Serves the gallery of widgets as the backend would, with its strict policy, and opens it.
import { createReadStream, existsSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const gallery = process.env.REKEY_GALLERY ?? path.join(root, 'build/web/gallery');

const types = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css',
  '.wasm': 'application/wasm', '.svg': 'image/svg+xml', '.ttf': 'font/ttf', '.json': 'application/json',
};
const strict = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
  "img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";

/** A file's name as the sources call it, without the mark of its content. */
export const plainName = (name) => name.replace(/-[0-9a-f]{8}(?=\.\w+$)/, '');

/** A server of the gallery; `policy`, `missing` and `broken` (names of files) make it one that goes wrong. */
export async function serve({ policy = strict, missing = '', broken = '' } = {}) {
  const asked = [];
  const server = http.createServer((request, response) => {
    asked.push({ url: request.url, referer: request.headers.referer ?? '' });
    const name = request.url.split('?')[0].replace(/\/$/, '/index.html');
    const file = path.join(gallery, path.normalize(name));
    if (!file.startsWith(gallery) || !existsSync(file) || plainName(name) === missing) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'Content-Type': types[path.extname(file)] ?? 'application/octet-stream',
      'Content-Security-Policy': policy, 'Cache-Control': 'no-store',
    });
    if (plainName(name) === broken) response.end('const = a newer language;');
    else createReadStream(file).pipe(response);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    asked,
    address: `http://127.0.0.1:${server.address().port}/`,
    stop: () => new Promise((done) => {
      server.closeAllConnections();
      server.close(done);
    }),
  };
}

/** Opens the gallery and waits until it is painted. What the console complained of is in `complaints`. */
export async function open(tabs, address, options = {}) {
  const page = await tabs.open({ viewport: { width: 1200, height: 900 }, ...options });
  const complaints = [];
  page.on('console', (message) => {
    // On a busy machine the software that draws is not through when the browser takes the picture from it.
    if (/GL Driver Message \(OpenGL, Performance/.test(message.text())) return;
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(address);
  await page.waitForFunction(() => document.documentElement.dataset.ready);
  return { page, complaints };
}

/** Waits until the browser has had ten chances to paint and none was taken: all has come to rest. */
export async function rest(page) {
  await page.evaluate(() => new Promise((done) => {
    let last = -1, unused = 0;
    const look = () => {
      const now = window.rekey.frames();
      unused = now === last ? unused + 1 : 0;
      last = now;
      if (unused >= 10) done();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }));
}
