// A pretended backend for tests of the page: it serves the built page and answers the page's API
// from what the test tells it. It has no rules of its own; those are tested against the real one.
// What it is asked and what it answers is held against the description of the page's API.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { check_answer, check_request } from '../../support/description.mjs';
import { FakeBooks, section_in } from './fake_books.mjs';

const types = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css',
  '.wasm': 'application/wasm', '.svg': 'image/svg+xml', '.ttf': 'font/ttf', '.json': 'application/json',
};
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
  "img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";

/** A problem as the backend sends it: throw it in a handler. `message`: an id of the page's catalogue. */
export class Problem extends Error {
  constructor(status, message, { code = 'not_possible', refusal = null, values = {}, ...more } = {}) {
    super(message);
    this.body = { type: 'about:blank', status, code, refusal, message, values, ...more };
  }
}

/** A refusal of the state machine. */
export class Refused extends Problem {
  constructor(refusal) { super(409, `refused.${refusal}`, { refusal }); }
}

/** The company of a callback is another client's, too: the person is asked. */
export function elsewhere(host = 'Ledgerline', firm = 'Fernhollow Garden Supplies') {
  return new Problem(409, 'company_elsewhere.text', { code: 'company_elsewhere', values: { host, firm }, host });
}

export class FakeBackend {
  /** What GET /api/page answers; `seq` grows with every step. */
  page = {};
  /** What can be chosen, and is (states.mjs): edits of the page change it. */
  configuration = null;
  /** POST /api/commands by verb: a function of the body, which gives {redirect, attempt_state}. */
  commands = {};
  onCallback = () => ({});
  /** Called before how the configuration stands, or a part of it, is read; before an edit; and instead of saving. */
  onConfiguration = () => {};
  onEdit = () => {};
  onSave = null;
  /** What arrived, for assertions: [method, path, body]. */
  requests = [];
  signedIn = true;
  /** Other firms' pages that this browser has open: {connection, firm, user}. */
  others = [];
  /** Whose link is opened, where it is another firm's: {firm, user}. */
  foreignLink = null;
  hostUrl = 'https://ledgerline.example/';
  tokens = new Set();
  silent = false;
  filesOnly = false;  // as a plain static server, which knows no API
  #books = new FakeBooks(this);
  #streams = new Set();
  #server;
  #undescribed = [];

  constructor(folder) {
    this.folder = folder;
  }

  async start(port = 0) {
    this.#server = http.createServer((request, response) => this.#serve(request, response));
    await new Promise((done) => this.#server.listen(port, '127.0.0.1', done));
    this.port = this.#server.address().port;
    this.address = `http://127.0.0.1:${this.port}`;
    return this;
  }

  /** Fails when something was asked or answered that is not described. */
  async stop() {
    this.cutStreams();
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
    if (this.#undescribed.length) throw new Error(this.#undescribed.join('\n'));
  }

  #check(check, ...what) {
    try {
      check(...what);
    } catch (error) {
      this.#undescribed.push(error.message);
    }
  }

  /** How many streams of events are open. */
  get streams() { return this.#streams.size; }

  cutStreams() {
    for (const stream of this.#streams) stream.destroy();
    this.#streams.clear();
  }

  /** A step was taken: changes the state and tells every open page. */
  step(state, notices = []) {
    this.page.seq += 1;
    this.page.state = { ...this.page.state, ...state };
    const stamped = notices.map((each) => this.#stamp(each));
    this.page.notices = [...stamped, ...this.page.notices];
    const event = { seq: this.page.seq, at: Date.now(), state: this.page.state, notices: stamped, actor: null };
    for (const stream of this.#streams) this.#send(stream, event);
    return stamped;
  }

  #stamp([note, detail = '']) {
    return { seq: this.page.seq, at: Date.now(), note, detail };
  }

  /** What a handler did, as the answer to the request. */
  #outcome(result = {}) {
    return { seq: this.page.seq, state: this.page.state, notices: result.notices ?? [],
             redirect: result.redirect ?? null, attempt_state: result.attempt_state ?? null };
  }

  async #serve(request, response) {
    const url = new URL(request.url, this.address);
    if (!url.pathname.startsWith('/api/')) return this.#file(url.pathname, response);
    if (this.silent) return request.socket.destroy();
    if (this.filesOnly) {
      this.requests.push([request.method, url.pathname]);
      response.writeHead(404, { 'Content-Type': 'text/html' });
      return response.end('<h1>Not found</h1>');
    }
    let text = '';
    for await (const chunk of request) text += chunk;
    this.#check(check_request, request.method, url.href, request.headers, text);
    const json = request.headers['content-type'] === 'application/json';
    const body = text && json ? JSON.parse(text) : text || null;
    const route = `${request.method} ${url.pathname}`;
    if (route !== 'GET /api/events') this.requests.push([request.method, url.pathname, body]);
    try {
      if (request.method !== 'GET' && (request.headers['x-rekey'] !== '1' ||
          !['application/json', 'text/csv'].includes(request.headers['content-type']))) {
        throw new Problem(403, 'problem.forged_request', { code: 'forged_request' });
      }
      await this.#route(route, body, request, response);
    } catch (error) {
      if (error.cut) return request.socket.destroy();  // the answer is lost, what was done is done
      if (!(error instanceof Problem)) throw error;
      this.#json(request, response, error.body.status, error.body, 'application/problem+json');
    }
  }

  async #route(route, body, request, response) {
    if (route === 'POST /api/session') return this.#signIn(body, request, response);
    if (route === 'GET /api/sessions') {
      const own = { connection: this.page.connection, firm: this.page.tenant,
                    user: this.page.user?.name ?? '' };
      const sessions = [...(this.signedIn ? [own] : []), ...this.others];
      return this.#json(request, response, 200, { sessions, host: this.page.host, host_url: this.hostUrl });
    }
    const way = { code: 'session_ended', host: this.page.host, return_url: this.hostUrl,
                  values: { host: this.page.host } };
    if (!this.signedIn && this.others.length > 0) {
      throw new Problem(409, 'problem.other_page', { ...way, code: 'other_page' });
    }
    if (!this.signedIn) throw new Problem(401, 'session_ended.text', way);
    if (request.headers['x-rekey-connection'] !== this.page.connection) {
      throw new Problem(409, 'problem.other_page', { ...way, code: 'other_page' });
    }
    const answers = {
      'GET /api/page': () => ({ ...this.page, now: Date.now() }),
      'GET /api/events': () => this.#stream(request, response),
      'DELETE /api/session': () => { this.signedIn = false; return {}; },
      'POST /api/commands': async () => this.#outcome(await this.commands[body.command]?.(body)),
      'POST /api/callback': async () => this.#outcome(await this.onCallback(body)),
    };
    const url = new URL(request.url, this.address);
    const answer = answers[route] ?? this.#configured(route, url, body);
    if (!answer) throw new Problem(404, 'problem.unusable', { code: 'no_such_address' });
    const value = await answer();
    if (typeof value === 'string') return this.#text(request, response, value);
    if (value) this.#json(request, response, 200, value);
  }

  /** What answers a request about the configuration; undefined: nothing does. */
  #configured(route, { searchParams: query, pathname }, body) {
    const section = section_in(pathname), books = this.#books;
    const read = (answer) => async () => { await this.onConfiguration(route); return answer() ?? this.#missing(); };
    const reads = {
      'GET /api/configuration/summary': () => books.summary(),
      'GET /api/configuration/versions': () => books.versions(),
      'GET /api/configuration/changes': () => books.compare(query),
      'GET /api/configuration/set-aside': () => books.set_aside(),
      'GET /api/configuration/sheet': () => books.sheet(),
      [`GET /api/configuration/${section}`]: () => books.lines(section, query),
      [`GET /api/records/${section}`]: () => books.records(section, query),
    };
    if (reads[route]) return read(reads[route]);
    const sure = ({ confidence }) => confidence >= body.confidence;
    return {
      'PATCH /api/configuration': () => this.#edit(route, body, () => books.patch(body), body.choices),
      'POST /api/configuration/accept': () => body.count_only
        ? books.edited(null, books.acceptable(body.section, sure).length)
        : this.#edit(route, body, () => books.accept(body.section, sure)),
      'POST /api/configuration/back': () => this.#edit(route, body, () => books.go_back(body.revision)),
      'PUT /api/configuration/sheet': () => this.#upload(route, Number(query.get('seen')), body),
      'POST /api/configuration/save': () => this.#save(body),
    }[route];
  }

  #missing() { throw new Problem(404, 'problem.unusable', { code: 'not_found' }); }

  /** The next revision of the configuration: what it was before can be gone back to. */
  #next(seen, type, change) {
    const { save } = this.page.state;
    if (seen !== save.revision) throw new Refused('changed_elsewhere');
    this.#books.note(save.phase.type === 'saved');
    const changed = change() ?? this.#missing();
    const times = type === 'saving' ? { deadline: Date.now() + 60_000 } : {};
    this.step({ save: { phase: { type, ...times }, revision: save.revision + 1 } });
    this.#books.note(type === 'saving');
    return changed;
  }

  async #edit(route, body, change, named) {
    await this.onEdit(body, route);
    const changed = this.#next(body.seen, 'draft', change);
    return this.#books.edited(this.#outcome(), changed, named);
  }

  async #upload(route, seen, text) {
    const answer = await this.onEdit({ seen, text }, route);
    if (answer) return answer;  // faults, by row
    const changed = this.#next(seen, 'draft', () => text.trim().split('\n').length - 1);
    return { outcome: this.#outcome(), changed, faults: [] };
  }

  /** Saved a moment later, as by the real one. */
  async #save(body) {
    if (this.onSave) return { outcome: this.#outcome(await this.onSave(body)), problems: [], more: false };
    const problems = this.#books.problems(body);
    if (problems.length) return { outcome: null, problems, more: false };
    this.#next(body.seen, 'saving', () => {
      if (!body.suggestions) return 0;
      return this.#books.sections.reduce((sum, each) => sum + this.#books.accept(each, ({ applies }) => applies), 0);
    });
    const { revision } = this.page.state.save;
    setImmediate(() => this.step({ save: { phase: { type: 'saved', at: Date.now() }, revision } }, [['configuration_saved']]));
    return { outcome: this.#outcome(), problems: [], more: false };
  }

  #signIn(body, request, response) {
    if (this.foreignLink && !body.confirmed) {
      const open = [{ connection: 'con_other', firm: 'Larch Dental', user: '' }];
      const { firm, user } = this.foreignLink;
      const asked = user ? ['question.text_person', { firm, person: user }] : ['question.text', { firm }];
      throw new Problem(409, asked[0], { code: 'confirm_link', values: asked[1], firm, user, open });
    }
    if (!this.tokens.delete(body.token)) {
      const host = this.page.host;
      throw new Problem(401, 'stale_link.text',
                        { code: 'link_spent', values: { host }, host, return_url: this.hostUrl });
    }
    this.signedIn = true;
    this.#json(request, response, 200, { connection: this.page.connection });
  }

  #json(request, response, status, body, type = 'application/json') {
    const text = JSON.stringify(body);
    this.#check(check_answer, request.method, request.url, status, type, text);
    response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' });
    response.end(text);
  }

  #text(request, response, text) {
    const type = 'text/csv; charset=utf-8';
    this.#check(check_answer, request.method, request.url, 200, type, text);
    response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store' });
    response.end(text);
  }

  #send(stream, event) {
    const text = `event: step\nid: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`;
    this.#check(check_answer, 'GET', '/api/events', 200, 'text/event-stream', text);
    stream.write(text);
  }

  #stream(request, response) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write(': here\n\n');
    this.#streams.add(response);
    // What was missed: the newest state stands for all of it, with the notices of each step.
    const last = Number(request.headers['last-event-id']);
    if (last < this.page.seq) {
      const notices = this.page.notices.filter((each) => each.seq > last);
      this.#send(response, { seq: this.page.seq, at: Date.now(), state: this.page.state, notices, actor: null });
    }
    response.on('close', () => this.#streams.delete(response));
  }

  async #file(name, response) {
    // The provider sends the browser back to a path of the page.
    const file = path.join(this.folder, name === '/' || name === '/callback' ? 'index.html' : name);
    const found = file.startsWith(this.folder) && (await stat(file).catch(() => null));
    if (!found || !found.isFile()) {
      response.writeHead(404, { 'Content-Type': 'text/plain' });
      return response.end('Not found');
    }
    response.writeHead(200, { 'Content-Type': types[path.extname(file)] ?? 'application/octet-stream',
                              'Content-Security-Policy': policy });
    createReadStream(file).pipe(response);
  }
}
