// Starts `rekey` and talks to it as a browser and as a host would.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { check_answer } from '../../support/description.mjs';
import { page_sentence } from './page_problem.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
export const rekey = join(root, 'build/rekey');

/** A folder that goes when the test does. */
export function temporary_folder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'rekey-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

let schemas = 0;

/** A database of its own, as the setting names it: a file in this folder, or a schema of the server that tests/support/postgres.sh started. */
export function new_database(folder, name = 'rekey.db') {
  const server = process.env.REKEY_TEST_POSTGRES;
  if (!server) return join(folder, name);
  const schema = `backend_${process.pid}_${++schemas}`;
  execFileSync('psql', ['--quiet', '--command', `create schema ${schema}`, server]);
  return `${server}&options=-csearch_path%3D${schema}`;
}

/** Makes a file with a new master key. */
export function make_master_key(file) {
  execFileSync(rekey, ['keys', 'add', file]);
}

/** Starts a subcommand, which may open `files` files where that is given, and waits for its one JSON line. `log` collects what it writes to stderr. */
export async function start(t, args, env = {}, { files = null } = {}) {
  const [program, ...before] = files ? ['bash', '-c', `ulimit -n ${files}; exec "$@"`, 'bash', rekey] : [rekey];
  const child = spawn(program, [...before, ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (data) => (log += data));
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  const stop = async (signal = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return ended;
  };
  t.after(() => stop('SIGKILL'));
  const line = new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  const first = await Promise.race([line, ended]);
  if (typeof first !== 'string') throw new Error(`rekey ${args[0]} ended before it was ready: ${log}`);
  return { ...JSON.parse(first), stop, ended, log: () => log, pid: child.pid };
}

/** Asks until the answer is there, at most `seconds`. */
export async function until(what, ask, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A browser without a screen: keeps cookies by host and port, follows nothing by itself. What the page surface answers it is held
 * against the description; of a stream, what arrives is held against it where it is read. */
export class Browser {
  cookies = new Map();

  async fetch(url, options = {}) {
    const { host } = new URL(url);
    const jar = this.cookies.get(host) ?? new Map();
    this.cookies.set(host, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      redirect: 'manual', ...options, headers: { ...(cookie ? { cookie } : {}), ...options.headers },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair] = line.split(';');
      const at = pair.indexOf('=');
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const type = response.headers.get('content-type');
    if (new URL(url).pathname.startsWith('/api/')) {
      const text = type === 'text/event-stream' ? '' : await response.clone().text();
      check_answer(options.method ?? 'GET', url, response.status, type, text);
    }
    return response;
  }

  /** Follows redirects until a page, or until the address begins with `stop_at`. */
  async open(url, options = {}, stop_at = null) {
    for (let i = 0; i < 20; ++i) {
      if (stop_at && url.startsWith(stop_at)) return { url };
      const response = await this.fetch(url, options);
      if (response.status < 300 || response.status >= 400)
        return { url, response, text: await response.text() };
      url = new URL(response.headers.get('location'), url).href;
      options = {};
    }
    throw new Error('too many redirects');
  }

  /** Sends the first form of a page, filled in, as pressing its button `press` would. */
  async submit(page, values, stop_at = null, press = null) {
    const form = /<form[^>]*>[\s\S]*?<\/form>/i.exec(page.text)?.[0];
    if (!form) throw new Error(`there is no form on ${page.url}`);
    const attribute = (tag, name) => new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(tag)?.[1]
      ?.replaceAll('&amp;', '&');
    const fields = new URLSearchParams();
    for (const [tag] of form.matchAll(/<(input|button)[^>]*>/gi)) {
      const name = attribute(tag, 'name');
      const type = attribute(tag, 'type') ?? (tag.startsWith('<button') ? 'submit' : 'text');
      if (!name || (type === 'submit' && attribute(tag, 'value') !== press)) continue;
      if (type === 'radio' && !/\bchecked\b/i.test(tag)) continue;
      fields.set(name, attribute(tag, 'value') ?? '');
    }
    for (const [name, value] of Object.entries(values)) fields.set(name, value);
    const action = new URL(attribute(form, 'action') ?? page.url, page.url).href;
    return this.open(action, {
      method: 'POST', body: fields.toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }, stop_at);
  }
}

/** The page's side of the backend, spoken without a page: one tab, which names the connection that it shows. */
export class PageClient {
  connection = null;

  constructor(base, browser = new Browser()) {
    this.base = base;
    this.browser = browser;
  }

  named() { return this.connection ? { 'x-rekey-connection': this.connection } : {}; }

  async call(method, path, body, headers = {}) {
    const response = await this.browser.fetch(this.base + path, {
      method, body: body === undefined ? undefined : JSON.stringify(body),
      headers: { ...this.named(), ...(method === 'GET' ? {} : { 'content-type': 'application/json', 'x-rekey': '1' }), ...headers },
    });
    const text = await response.text();
    const answer = { status: response.status, body: text ? JSON.parse(text) : null, headers: response.headers };
    // Every problem that any test meets is held against the page's catalogue.
    if (path.startsWith('/api/') && answer.headers.get('content-type')?.startsWith('application/problem+json')) page_sentence(answer.body);
    return answer;
  }

  /** Signs in with the token of a page address. */
  async sign_in(url, more = {}) {
    const token = new URL(url).hash.replace('#session=', '');
    const answer = await this.call('POST', '/api/session', { token, ...more });
    if (answer.status === 200) this.connection = answer.body.connection;
    return answer;
  }

  command(command, more = {}) { return this.call('POST', '/api/commands', { command, ...more }); }
  page() { return this.call('GET', '/api/page').then(({ body }) => body); }

  /** The stream of steps: `next()` gives the number of the next that arrives. */
  async stream(headers = {}) {
    const stop = new AbortController();
    const response = await this.browser.fetch(`${this.base}/api/events`, { headers: { ...this.named(), ...headers }, signal: stop.signal });
    if (response.headers.get('content-type') !== 'text/event-stream') throw new Error(`there is no stream: ${response.status}`);
    const chunks = response.body.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
    let text = '';
    const next = async () => {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end < 0) {
          const { value, done } = await chunks.next();
          if (done) throw new Error('the stream ended');
          text += value;
          continue;
        }
        const block = text.slice(0, end);
        check_answer('GET', '/api/events', response.status, 'text/event-stream', block);
        const id = /^id: (\d+)$/m.exec(block);
        text = text.slice(end + 2);
        if (id) return Number(id[1]);
      }
    };
    const ended = async () => {
      while (!(await chunks.next()).done);
      return true;
    };
    return { next, ended, headers: response.headers, stop: () => stop.abort() };
  }

  async until_phase(type, seconds = 60) {
    return until(`the connection to be ${type}`, async () => {
      const page = await this.page();
      return page.state.connect.phase.type === type ? page : null;
    }, seconds);
  }

  callback(url, more = {}) {
    const query = new URL(url).searchParams;
    return this.call('POST', '/api/callback', { ...Object.fromEntries(query), ...more });
  }
}

/** The host application's side. Every answer is held against the description of the API. */
export class HostClient {
  constructor(base, key) {
    this.base = base;
    this.key = key;
  }

  /** `body` that is a text is sent as it is, with `headers` naming its type. */
  async call(method, path, body, headers = {}) {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(this.base + path, {
      method, body: text,
      headers: {
        authorization: `Bearer ${this.key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers,
      },
    });
    const answer = await response.text();
    const type = response.headers.get('content-type');
    check_answer(method, path, response.status, type, answer);
    const json = answer && type?.includes('json') && !type.includes('ndjson');
    return { status: response.status, headers: response.headers, text: answer, body: json ? JSON.parse(answer) : null };
  }
}
