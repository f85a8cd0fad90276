// How a page in Chromium behaves: bytes and time until it can be used, frames while it scrolls, keys, memory. The same for any
// page; what Rekey's tells of itself (window.rekey) is not needed. WebGL is drawn in software.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

export const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** A process's memory in MiB: a field of its status, for example VmRSS. */
export const memory = (pid, field) => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** `unbound`: as many frames as the machine can make, instead of sixty a second. */
export const launch = ({ unbound = false } = {}) => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true,
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist',
    '--disable-background-networking', '--no-first-run', '--disable-component-update', '--disable-sync',
    ...(unbound ? ['--disable-frame-rate-limit', '--disable-gpu-vsync'] : [])],
});

// Before anything of the page: when something that matches `wanted` was painted first, how far the layout moved until then and
// after, and how far the heading of what stands there meanwhile is from that of the page.
function watch(wanted) {
  const seen = (one) => Boolean(one) && one.getClientRects().length > 0 && getComputedStyle(one).visibility === 'visible';
  const heading = () => [...document.querySelectorAll('h1')].find(seen)?.getBoundingClientRect();
  const told = window.bench = { usable: 0, shift: 0, outline: null, heading: null };
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) told.shift += each.value;
  }).observe({ type: 'layout-shift', buffered: true });
  const place = () => {
    const box = heading();
    return box && { x: box.x, y: box.y };
  };
  const look = () => {
    if (!seen(document.querySelector(wanted))) return void (told.outline = place() ?? told.outline);
    watcher.disconnect();
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => Object.assign(told, { usable: performance.now(), heading: place() });
      after.port2.postMessage(0);
    });
  };
  const watcher = new MutationObserver(look);
  watcher.observe(document, { subtree: true, childList: true, attributes: true });
}

/** Lighthouse's two: a desk with 10 Mbit/s, and a phone with 1.6 Mbit/s and a fourth of this machine's speed. */
export const paces = {
  desk: { latency: 40, mbit: 10, slower: 1 },
  phone: { latency: 150, mbit: 1.6, slower: 4 },
};

const part_of = ({ pathname }) => {
  if (pathname.startsWith('/api/')) return 'answers';
  const end = /\.(\w+)$/.exec(pathname)?.[1] ?? 'html';
  return { js: 'js', css: 'css', wasm: 'wasm', ttf: 'fonts', woff2: 'fonts', json: 'wording', svg: 'icon', html: 'html' }[end] ?? 'other';
};

/** What goes over the wire for this page: every request with its part and, when it is through, its bytes with headers. */
async function count_requests(session) {
  const all = new Map();
  await session.send('Network.enable');
  session.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (request.url.startsWith('http')) all.set(requestId, { part: part_of(new URL(request.url)), url: request.url, bytes: 0, cached: false });
  });
  session.on('Network.requestServedFromCache', ({ requestId }) => all.has(requestId) && (all.get(requestId).cached = true));
  session.on('Network.responseReceived', ({ requestId, response }) => {
    const one = all.get(requestId);
    if (one) Object.assign(one, { status: response.status, cached: one.cached || response.fromDiskCache });
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => all.has(requestId) && (all.get(requestId).bytes = encodedDataLength));
  return () => [...all.values()].filter((each) => !each.cached);
}

/** Opens an address and waits until `wanted` (a selector) can be used. `again`: what the browser asks for when it has been there. */
export async function visit(context, url, wanted, pace) {
  const page = await context.newPage();
  await page.addInitScript(watch, wanted);
  const session = await context.newCDPSession(page);
  const requests = await count_requests(session);
  if (pace) {
    const throughput = (pace.mbit * 1e6) / 8;
    await session.send('Network.emulateNetworkConditions',
      { offline: false, latency: pace.latency, downloadThroughput: throughput, uploadThroughput: throughput });
    await session.send('Emulation.setCPUThrottlingRate', { rate: pace.slower });
  }
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForFunction(() => window.bench?.usable > 0, undefined, { polling: 100, timeout: 120_000 });
  const before = requests();
  return { page, session, before, ...(await page.evaluate(() => window.bench)) };
}

const metrics = async (session) => {
  const { metrics: all } = await session.send('Performance.getMetrics');
  return (name) => all.find((each) => each.name === name).value;
};

/** Milliseconds of the page's main thread while `work` is done: what it took of a processor, and for how long it was not free. */
export async function main_thread(session, work) {
  await session.send('Performance.enable');
  const before = await metrics(session);
  const result = await work();
  const after = await metrics(session);
  const since = (name) => (after(name) - before(name)) * 1000;
  return { result, processor: since('ThreadTime'), busy: since('TaskDuration') };
}

/** Scrolls a little in each of so many frames, down and up again; gives the milliseconds from each to the next. */
const scroll = (page, frames) => page.evaluate((count) => new Promise((done) => {
  const own = [...document.querySelectorAll('main')].find((each) => each.scrollHeight > each.clientHeight && getComputedStyle(each).overflowY !== 'visible');
  const view = own ?? document.scrollingElement;
  const times = [];
  let by = 24, last = 0;
  const step = () => {
    const now = performance.now();
    if (last) times.push(now - last);
    last = now;
    const from = view.scrollTop;
    view.scrollTop += by;
    if (view.scrollTop === from) by = -by;
    if (times.length < count) requestAnimationFrame(step);
    else done(times);
  };
  requestAnimationFrame(step);
}), frames);

/** A round of scrolling: the median frame, and the main thread's time for one, in ms. */
export async function scroll_round(page, session, frames = 120) {
  const { result, processor, busy } = await main_thread(session, () => scroll(page, frames));
  return { frame: median(result), processor: processor / frames, busy: busy / frames };
}

/** Milliseconds from each key to the end of the frame that it led to, as the page sees them, and until that frame was shown, as
 * the browser says (in steps of 8; at most 16 is not told). */
export async function key_to_frame(page, keys) {
  await page.evaluate(() => {
    window.benchKeys = { painted: [], shown: [] };
    new PerformanceObserver((list) => {
      for (const each of list.getEntries()) if (each.name === 'keydown') window.benchKeys.shown.push(each.duration);
    }).observe({ type: 'event', durationThreshold: 16 });
    window.addEventListener('keydown', ({ timeStamp }) => requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => window.benchKeys.painted.push(performance.now() - timeStamp);
      after.port2.postMessage(0);
    }), true);
  });
  for (const key of keys) {
    await page.keyboard.press(key);
    await sleep(150);
  }
  const { painted, shown } = await page.evaluate(() => window.benchKeys);
  return { painted, shown: [...shown, ...Array(Math.max(0, keys.length - shown.length)).fill(16)] };
}

/** Memory of the tab that has most, in MiB: what its process has for itself. */
export async function tab_memory(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return Math.max(...processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => memory(id, 'RssAnon')));
}
