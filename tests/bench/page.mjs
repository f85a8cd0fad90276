// The page as it is served, beside a React page of comparable function (tests/bench/react_page) over the same backend: bytes,
// time until it can be used, what moves, frames, keys, memory. Everything runs on this machine, Chromium draws in software.
// PAGE_ROUNDS (7) says how often each thing is measured; PAGE_PARTS (start,frames) which; PAGE_REACT=no leaves React out;
// PAGE_BEFORE=FOLDER measures an earlier build of the page, too, in turns.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { apply_import, connect, free_port, make_tenant, make_world, summary_of } from '../backend/support/world.mjs';
import { key_to_frame, launch, main_thread, median, paces, scroll_round, sleep, tab_memory, visit } from './support/page_pace.mjs';
import { build_react_page } from './support/react_page.mjs';
import { about_machine, root, spread } from './support/spread.mjs';

const rounds = Number(process.env.PAGE_ROUNDS ?? 7);
const parts = (process.env.PAGE_PARTS ?? 'start,frames').split(',');
const tile = '[role=switch]';
const search = '[type=search]';
const customers = 240;

const clean = [];
const t = { after: (each) => clean.unshift(each) };

/** The host's customers: those of the company, called a little otherwise. */
const directory_of = (records) => records.map(({ name, emails, city }, i) => JSON.stringify({ section: 'customers', id: `h${i}`,
  name: i % 3 === 0 ? `${name} Ltd` : name, ...(emails?.length ? { emails } : {}), ...(city ? { city } : {}) })).join('\n');

/** Both pages over one database: a tenant that has not connected yet, and one with a list to look through. */
async function prepare() {
  const world = await make_world(t, { sandbox_flags: ['--requests-per-minute', '0', '--company', `123:Fernhollow Garden Supplies:${customers}`] });
  const serve = await world.serve(undefined, ['--page-dir', join(root, 'build/page')]);
  const key = world.command('api-key', 'add', 'bench', '--scopes', '*');
  await make_tenant(world.base, key, 'fresh');
  const one = await make_tenant(world.base, key, 'mapped');
  await connect(world.base, one.page);
  const read = await fetch(`${world.base}/v1/connections/${one.connection}/records/Customer`,
    { headers: { authorization: `Bearer ${key}`, accept: 'application/x-ndjson' } });
  const records = (await read.text()).trim().split('\n').map((line) => JSON.parse(line));
  const put = await fetch(`${world.base}/v1/tenants/mapped/directory`, { method: 'PUT', body: `${directory_of(records)}\n`,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' } });
  if (!put.ok) throw new Error(`the directory was not taken: ${put.status} ${await put.text()}`);
  await summary_of(one.page);
  await apply_import(one.page);
  const pages = [{ name: 'Rekey', base: serve.api }];
  const beside = async (name, folder) => pages.push({ name, base: (await world.serve(`127.0.0.1:${await free_port()}`, ['--page-dir', folder])).api });
  if (process.env.PAGE_BEFORE) await beside('before', process.env.PAGE_BEFORE);
  if (process.env.PAGE_REACT !== 'no') await beside('React', build_react_page());
  for (const each of pages) {
    each.link = async (tenant) => {
      const { url } = (await one.host.call('POST', '/v1/page-sessions', { tenant })).body;
      return url.replace(new URL(url).origin, each.base);
    };
    each.found = {};
  }
  return pages;
}

/** Keeps a number of a page, under what it is. */
const note = (page, what, value) => (page.found[what] ??= []).push(value);

const kib = (bytes) => bytes / 1024;

async function first_visit(page, pace) {
  const browser = await launch();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const seen = await visit(context, await page.link('fresh'), tile, paces[pace]);
  note(page, `cold to usable, ${pace}, ms`, seen.usable);
  if (pace === 'desk') {
    await sleep(1000);
    note_transfer(page, seen);
    await seen.page.close();
    await second_visit(page, context);
  }
  await browser.close();
}

function note_transfer(page, { before, outline, heading, page: tab }) {
  const files = before.filter(({ part }) => part !== 'answers');
  note(page, 'requests before it can be used', before.length);
  for (const part of ['html', 'js', 'wasm', 'css', 'fonts', 'wording', 'icon', 'other'])
    if (files.some((each) => each.part === part)) note(page, `KiB of ${part}`, kib(files.filter((each) => each.part === part).reduce((sum, each) => sum + each.bytes, 0)));
  note(page, 'KiB before it can be used', kib(files.reduce((sum, each) => sum + each.bytes, 0)));
  if (outline && heading) note(page, 'heading: from the outline to the page, px', Math.hypot(outline.x - heading.x, outline.y - heading.y));
  return tab;
}

async function second_visit(page, context) {
  const again = await visit(context, await page.link('fresh'), tile);
  const files = again.before.filter(({ part }) => part !== 'answers');
  note(page, 'second visit: requests for files', files.length);
  note(page, 'second visit: bytes of them', files.reduce((sum, each) => sum + each.bytes, 0));
  note(page, 'second visit: to usable, ms', again.usable);
  note(page, 'layout shift (CLS)', (await again.page.evaluate(() => window.bench.shift)));
}

/** What the list costs while it is looked through; as many frames as the machine can make. */
async function frames(page) {
  const browser = await launch({ unbound: true });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const { page: tab, session } = await visit(context, await page.link('mapped'), search);
  await tab.getByRole('button', { name: 'Customers', exact: true }).click();
  await tab.getByRole('combobox').nth(20).waitFor({ state: 'attached' });
  await sleep(1500);
  note(page, 'memory of the tab, MiB', await tab_memory(browser));
  await tab.mouse.move(640, 400);
  for (let i = 0; i < rounds; ++i) {
    const round = await scroll_round(tab, session);
    if (i === 0) continue;  // warms up
    note(page, 'scrolling: from frame to frame, ms', round.frame);
    note(page, 'scrolling: processor time of the main thread, ms a frame', round.processor);
    note(page, 'scrolling: main thread not free, ms a frame', round.busy);
  }
  await tab.locator(search).first().focus();
  const keys = await key_to_frame(tab, [...'garden sup', ...Array(10).fill('Backspace')]);
  note(page, 'key to its frame, ms', median(keys.painted));
  note(page, 'key to its frame, the slowest, ms', Math.max(...keys.painted));
  note(page, 'key until it is shown (steps of 8), ms', median(keys.shown));
  await tab.evaluate(() => document.activeElement.blur());
  await sleep(3000);
  const drawn = () => tab.evaluate(() => window.rekey?.frames() ?? 0);
  const before = await drawn();
  const { processor } = await main_thread(session, () => sleep(10_000));
  note(page, 'ten idle seconds: processor time of the main thread, ms', processor);
  if (page.name !== 'React') note(page, 'ten idle seconds: frames', await drawn() - before);
  note(page, 'memory of the tab then, MiB', await tab_memory(browser));
  await browser.close();
}

const goals = {
  'cold to usable, desk, ms': 1500, 'cold to usable, phone, ms': 3000, 'KiB before it can be used': 350,
  'layout shift (CLS)': 0, 'scrolling: from frame to frame, ms': 16, 'scrolling: processor time of the main thread, ms a frame': 4,
  'key to its frame, ms': 50, 'ten idle seconds: frames': 0, 'second visit: requests for files': 1,
};

function tell(pages) {
  const shown = (values) => {
    if (!values) return '';
    const digits = median(values) >= 100 || values.every(Number.isInteger) ? 0 : median(values) < 1 ? 2 : 1;
    return values.length > 1 && Math.min(...values) !== Math.max(...values) ? spread(values, digits) : median(values).toFixed(digits);
  };
  console.log(`\n| what | ${pages.map(({ name }) => name).join(' | ')} | goal |\n|--|${'--|'.repeat(pages.length)}--|`);
  for (const what of [...new Set(pages.flatMap(({ found }) => Object.keys(found)))]) {
    const [most, ours] = [goals[what], pages[0].found[what]];
    const goal = most === undefined || !ours ? '' : `${most}${median(ours) <= most ? '' : ', **not met**'}`;
    console.log(`| ${what} | ${pages.map(({ found }) => shown(found[what])).join(' | ')} | ${goal} |`);
  }
}

/** The built files, with what no first view asks for. */
function tell_files() {
  const folder = join(root, 'build/page');
  const size = (file) => { try { return statSync(file).size; } catch { return 0; } };
  const all = readdirSync(folder, { recursive: true }).filter((name) => statSync(join(folder, name)).isFile() && !name.endsWith('.br'))
    .map((name) => [name, size(join(folder, `${name}.br`)) || size(join(folder, name)), size(join(folder, name))]).sort((a, b) => b[1] - a[1]);
  console.log('\nFiles of the page as served (brotli where there is one), and on disk:');
  for (const [name, served, plain] of all) console.log(`  ${String(served).padStart(8)}  ${String(plain).padStart(8)}  ${name}`);
}

console.log(about_machine());
try {
  tell_files();
  const pages = await prepare();
  // In turns, so that what else the machine does meets both.
  for (let i = 0; parts.includes('start') && i < rounds; ++i)
    for (const pace of Object.keys(paces)) for (const page of pages) await first_visit(page, pace);
  for (let i = 0; parts.includes('frames') && i < 2; ++i) for (const page of pages) await frames(page);
  tell(pages);
} finally {
  for (const each of clean) await each();
}
