// Kills the backend again and again while customers connect, import, save and disconnect and tokens are renewed,
// against a sandbox with faults; then checks that nothing was lost.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HostClient, PageClient, make_master_key, new_database, rekey, start, until } from './program.mjs';
import { free_port } from './world.mjs';

const tenants = 6;

/** The same numbers for the same seed (mulberry32), so that a run can be had again, as far as time allows. */
function dice(seed) {
  let at = seed >>> 0;
  const next = () => {
    at = (at + 0x6d2b79f5) >>> 0;
    let t = Math.imul(at ^ (at >>> 15), 1 | at);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return { below: (n) => Math.floor(next() * n), one_of: (list) => list[Math.floor(next() * list.length)] };
}

/** One run. `t.after` is told what has to be cleaned up; gives the counts. */
export class CrashRun {
  counts = { kills: 0, connect: 0, import: 0, save: 0, disconnect: 0, renew: 0, recover: 0, faults: 0, held: 0,
    acknowledged: 0, codes: 0, refreshes: 0, broken: 0 };
  acknowledged = []; // what the backend said yes to: tenant, seq, event
  codes = [];
  seen = 0;

  constructor(t, folder, seed) {
    Object.assign(this, { t, folder, dice: dice(seed) });
  }

  async prepare() {
    this.base = `http://127.0.0.1:${await free_port()}`;
    const companies = Array.from({ length: tenants }, (_, i) => ['--company', `10${i}:Crash Test Books ${i}:60`]).flat();
    this.sandbox = (await start(this.t, ['sandbox', '--port', '0', '--json', '--client-id', 'c', '--client-secret', 's',
      '--redirect-uri', `${this.base}/callback`, ...companies, '--auto-consent', '--latency-ms', '2',
      // Tokens are old at once, so that everything renews; the refresh token changes often, the old one is still taken.
      '--access-life-s', '2', '--rotate-after-s', '5', '--refresh-grace-s', '86400'])).sandbox;
    this.database = new_database(this.folder);
    this.key_file = join(this.folder, 'master.key');
    this.provider = join(this.folder, 'provider.json');
    writeFileSync(this.provider, JSON.stringify({
      discovery: `${this.sandbox}/.well-known/openid_sandbox_configuration`, accounting_base: this.sandbox,
      scopes: ['com.intuit.quickbooks.accounting'] }));
    make_master_key(this.key_file);
    const key = execFileSync(rekey, ['api-key', 'add', 'test', '--database', this.database]).toString().trim();
    this.host = new HostClient(this.base, key);
    this.pages = [];
    const serve = await this.begin();
    for (let i = 0; i < tenants; ++i) {
      await this.host.call('PUT', `/v1/tenants/tenant-${i}`, { name: `Tenant ${i}` });
      const page = new PageClient(this.base);
      await page.sign_in((await this.host.call('POST', '/v1/page-sessions', { tenant: `tenant-${i}` })).body.url);
      this.pages.push(page);
    }
    await serve.stop();
  }

  begin() {
    return start(this.t, ['serve', '--json', '--listen', this.base.slice('http://'.length), '--provider', this.provider,
      '--database', this.database, '--client-id', 'c', '--master-key-file', this.key_file, '--import-page-size', '20',
      '--requests-per-second', '0', '--requests-per-minute', '0',
      // Sign-ins whose answers are lost end more grants in ten minutes than is plausible for customers.
      '--ends-at-most', '0', '--log-level', 'error'], { REKEY_CLIENT_SECRET: 's' });
  }

  async control(method, what, body) {
    const response = await fetch(`${this.sandbox}/sandbox/${what}`, { method, body: body && JSON.stringify(body) });
    assert.equal(response.status, 200, `the sandbox refused ${what}`);
    return response.json();
  }

  /** The sandbox remembers a thousand requests only, so they are read as they come. */
  async read_ledger() {
    const { requests } = await this.control('GET', `requests?since=${this.seen}`);
    for (const each of requests) {
      this.seen = each.number;
      if (each.routes.includes('token.authorization_code')) this.codes.push({ code: each.parameters.code, status: each.status });
      if (each.routes.includes('token.refresh_token')) this.counts.refreshes += 1;
    }
  }

  note(tenant, answer, type) {
    if (answer?.status !== 200 || !answer.body?.seq) return answer;
    this.counts.acknowledged += 1;
    this.acknowledged.push({ tenant, seq: answer.body.seq, type });
    return answer;
  }

  async connect(i) {
    await this.control('POST', 'consent', { realm: `10${i}` });
    const page = this.pages[i];
    const asked = this.note(i, await page.command('connect'), 'connect_pressed');
    if (asked.status !== 200) return asked;
    const { url } = await page.browser.open(asked.body.redirect, {}, `${this.base}/callback`);
    return this.note(i, await page.callback(url), 'callback_arrived');
  }

  async save(i) {
    const page = this.pages[i];
    const { status, body } = await page.call('GET', '/api/configuration/summary');
    if (status !== 200) return null;
    const saved = await page.call('POST', '/api/configuration/save', { seen: body.revision, suggestions: true });
    return this.note(i, { ...saved, body: saved.body?.outcome ?? saved.body }, 'save_pressed');
  }

  /** What the next kill is to meet, and whom: mostly one for whom it is possible. */
  async choose() {
    const wanted = this.dice.one_of(['connect', 'connect', 'import', 'import', 'import', 'save', 'save', 'disconnect', 'renew', 'recover']);
    const first = this.dice.below(tenants);
    let other = null;
    for (let n = 0; n < tenants; ++n) {
      const i = (first + n) % tenants;
      const { state } = await this.pages[i].page();
      const { type } = state.connect.phase;
      const action = type === 'linked' ? wanted : ['unlinked', 'broken', 'authorizing'].includes(type) ? 'connect' : 'recover';
      const fits = action === wanted && (action !== 'save' || state.import.phase.type === 'done') && (action !== 'connect' || type !== 'linked');
      if (fits) return { i, action };
      if (action !== 'connect' || type !== 'linked') other ??= { i, action };
    }
    return other ?? { i: first, action: 'import' };
  }

  act(i, action) {
    const page = this.pages[i];
    if (action === 'connect' || action === 'renew') return this.connect(i);
    if (action === 'import') return page.command('import').then((answer) => this.note(i, answer, 'import_pressed'));
    if (action === 'disconnect')
      return page.command('disconnect').then((answer) => this.note(i, answer, 'disconnect_pressed'));
    return action === 'save' ? this.save(i) : Promise.resolve();
  }

  /** The request that is held up or spoiled, so that the kill meets a named point of the way. */
  async place_fault(action) {
    const routes = { connect: ['token.authorization_code', 'companyinfo', 'token.refresh_token', 'query'],
      renew: ['token.authorization_code', 'companyinfo', 'token.refresh_token'], import: ['token.refresh_token', 'query', 'query.Customer'],
      disconnect: ['revoke', 'token.refresh_token'], save: ['token.refresh_token'], recover: ['token.refresh_token', 'companyinfo'] };
    const kind = this.dice.one_of(['slow', 'slow', 'html', 'truncated', 'status', 'status']);
    const fault = { route: this.dice.one_of(routes[action]), kind, count: 1 + this.dice.below(2), delay_ms: this.dice.below(100),
      when: this.dice.one_of(['before', 'after']) };
    if (kind === 'status') fault.status = this.dice.one_of([429, 500, 503]);
    await this.control('POST', 'faults', fault);
    this.counts.faults += 1;
    if (kind === 'slow') this.counts.held += 1;
  }

  async one_kill() {
    const serve = await this.begin();
    const { i, action } = await this.choose();
    if (this.dice.below(100) < 60) await this.place_fault(action);
    const acting = this.act(i, action).catch(() => null); // its answer may never come
    await new Promise((resolve) => setTimeout(resolve, this.dice.below(action === 'connect' || action === 'renew' ? 400 : 200)));
    await serve.stop('SIGKILL');
    await acting;
    this.counts.kills += 1;
    this.counts[action] += 1;
    await this.control('DELETE', 'faults');
    await this.read_ledger();
  }

  /** Lives without a kill until everything has come to rest, and proves every connection. */
  async settle() {
    const serve = await this.begin();
    for (let i = 0; i < tenants; ++i) {
      await this.at_rest(i);
      const { type } = (await this.pages[i].page()).state.connect.phase;
      if (type === 'linked') await this.prove(i);
      else if (type === 'broken') await this.check_truly_ended(i);
      else {
        assert.equal((await this.connect(i)).status, 200, `tenant ${i} connects again`);
        await this.at_rest(i);
        assert.equal((await this.pages[i].page()).state.connect.phase.type, 'linked');
      }
      await this.check_history(i);
    }
    await this.read_ledger();
    await serve.stop();
  }

  async at_rest(i) {
    let seen;
    const rests = async () => {
      seen = (await this.pages[i].page()).state;
      return ['linked', 'unlinked', 'broken', 'authorizing'].includes(seen.connect.phase.type) && seen.import.phase.type !== 'running' &&
        seen.save.phase.type !== 'saving';
    };
    try {
      return await until(`tenant ${i} to come to rest`, rests, 90);
    } catch (error) {
      throw new Error(`${error.message}\n${JSON.stringify({ state: seen, events: (await this.history(i)).slice(-12) })}`);
    }
  }

  /** A whole import with tokens that are old after two seconds: the grant works. */
  async prove(i) {
    const started = this.note(i, await this.pages[i].command('import'), 'import_pressed');
    assert.equal(started.status, 200);
    await this.at_rest(i);
    const { state } = await this.pages[i].page();
    if (state.connect.phase.type === 'broken') return this.check_truly_ended(i);
    assert.equal(state.import.phase.type, 'done', `the import of tenant ${i} failed: ${JSON.stringify(state.import.phase)}`);
  }

  /** Broken is right only when the provider has ended the grant: by itself, or for one whose answer was lost. */
  async check_truly_ended(i) {
    this.counts.broken += 1;
    const { grants } = await this.control('GET', 'state');
    const made = grants.filter(({ realm }) => realm === `10${i}`);
    const ends = (await this.history(i)).map(({ event }) => event.type).filter((type) => ['grant_received', 'exchange_failed'].includes(type));
    const received = ends.filter((type) => type === 'grant_received').length;
    // A sign-in whose answer was lost made a grant that ended ours; otherwise the newest is ours.
    const newest_is_ours = made.length === received || ends.at(-1) === 'grant_received';
    assert.ok(!newest_is_ours || !made.at(-1).live, `tenant ${i} is broken, though its grant lives at the provider`);
  }

  async history(i) {
    const { body } = await this.host.call('GET', `/v1/connections?tenant=tenant-${i}`);
    const path = `/v1/connections/${body.connections[0].id}/events`;
    const all = [];
    for (let next = '';;) {
      const page = (await this.host.call('GET', path + (next && `?after=${next}`))).body;
      if (page.events.length === 0) return all;
      all.push(...page.events);
      next = page.next;
    }
  }

  /** Every event that was acknowledged is there, none is missing, and the rules give the same state again. */
  async check_history(i) {
    const all = await this.history(i);
    all.forEach((each, index) => assert.equal(each.seq, index + 1, `an event of tenant ${i} is missing`));
    for (const { seq, type } of this.acknowledged.filter(({ tenant }) => tenant === i))
      assert.equal(all[seq - 1]?.event.type, type, `event ${seq} of tenant ${i} was acknowledged`);
    const now = await this.pages[i].page();
    if (now.seq !== all.length) return this.check_history(i); // something happened meanwhile
    const lines = all.map(({ at, event }) => JSON.stringify({ at, event })).join('\n');
    const replayed = execFileSync(rekey, ['replay', '-', '--json'], { input: `${lines}\n`, maxBuffer: 1 << 28 }).toString().trim().split('\n');
    assert.deepEqual(JSON.parse(replayed.at(-1)).state, now.state, `the history of tenant ${i} gives its state`);
  }

  async run(kills) {
    await this.prepare();
    await this.settle();
    for (let i = 0; i < kills; ++i) {
      await this.one_kill();
      if (i % 20 === 19) await this.settle();
    }
    await this.settle();
    const last = new Map(this.codes.map(({ code }, i) => [code, i]));
    this.counts.codes = last.size;
    // Only an answer that says that the code was not looked at (429) lets it be sent again.
    for (const [i, { code, status }] of this.codes.entries())
      assert.ok(status === 429 || last.get(code) === i, `an authorization code was sent again after an answer ${status}`);
    return this.counts;
  }
}
