// A small provider for storms: sign-in without questions, one company, and refresh tokens of two kinds. `habit`
// "intuit": the same refresh token for a day, then another, while the old one is still taken; "single_use": another
// with each use, and a used one is refused from then on.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

export class StormProvider {
  calls = 0; // token calls with a refresh token
  refused = 0;

  /** `life_s`: of access tokens; `delay_ms`: of token answers; `lose`: answers to cut off after the work; `down`; `plain`:
      a renewal's answer has no refresh token, no lifetimes, and a narrower scope; `revoke_ms`: before a revocation is answered;
      `revoke_down`: revocations are answered 503; `refuse_us`: token calls are answered `invalid_client`; `wait_s`: renewals are
      answered 429 with this Retry-After. */
  constructor() {
    this.set({});
  }

  set({ habit = 'intuit', life_s = 3600, delay_ms = 0, lose = 0, down = false, plain = false, revoke_ms = 0, revoke_down = false,
    refuse_us = false, wait_s = 0 }) {
    Object.assign(this, { habit, life_s, delay_ms, lose, down, plain, revoke_ms, revoke_down, refuse_us, wait_s });
  }

  reset() {
    this.calls = this.refused = this.revocations = 0;
    this.access = new Map(); // until when
    this.taken = new Set(); // refresh tokens that are good
  }

  async start() {
    this.reset();
    this.server = createServer((request, response) => this.answer(request, response));
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.base = `http://127.0.0.1:${this.server.address().port}`;
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** Tokens as a first sign-in brings them. */
  grant(refresh = `RT1-${randomBytes(24).toString('hex')}`) {
    const access = randomBytes(700).toString('base64url');
    this.access.set(access, Date.now() + this.life_s * 1000);
    this.taken.add(refresh);
    return { token_type: 'bearer', access_token: access, expires_in: this.life_s, refresh_token: refresh, x_refresh_token_expires_in: 8726400 };
  }

  accepts(access) {
    return (this.access.get(access) ?? 0) > Date.now();
  }

  renew(refresh) {
    if (!this.taken.has(refresh)) return null;
    if (this.habit === 'intuit') return this.grant(refresh);
    this.taken.delete(refresh);
    return this.grant();
  }

  async token(request, response) {
    let body = '';
    for await (const part of request) body += part;
    const form = new URLSearchParams(body);
    if (form.get('grant_type') !== 'refresh_token') return this.send(response, 200, this.grant());
    this.calls += 1;
    if (this.down) return this.send(response, 503, {});
    if (this.wait_s) return this.send(response, 429, {}, { 'retry-after': String(this.wait_s) });
    if (this.refuse_us) return this.send(response, 401, { error: 'invalid_client' });
    const answer = this.renew(form.get('refresh_token'));
    if (!answer) this.refused += 1;
    const cut = answer && this.lose > 0;
    if (cut) this.lose -= 1;
    await new Promise((resolve) => setTimeout(resolve, this.delay_ms));
    if (cut) return request.socket.destroy();
    if (answer && this.plain) return this.send(response, 200, { token_type: 'bearer', access_token: answer.access_token, scope: 'read' });
    return answer ? this.send(response, 200, answer) : this.send(response, 400, { error: 'invalid_grant' });
  }

  send(response, status, body, headers = {}) {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  }

  answer(request, response) {
    const url = new URL(request.url, this.base);
    if (url.pathname === '/.well-known/openid-configuration')
      return this.send(response, 200, { issuer: this.base, authorization_endpoint: `${this.base}/authorize`,
        token_endpoint: `${this.base}/token`, revocation_endpoint: `${this.base}/revoke` });
    if (url.pathname === '/authorize') {
      const back = new URL(url.searchParams.get('redirect_uri'));
      back.search = new URLSearchParams({ code: randomBytes(16).toString('hex'), state: url.searchParams.get('state'), realmId: '123' });
      response.writeHead(302, { location: back.href });
      return response.end();
    }
    if (url.pathname === '/token') return this.token(request, response).catch(() => request.socket.destroy());
    if (url.pathname === '/revoke') {
      this.revocations += 1;
      return setTimeout(() => this.send(response, this.revoke_down ? 503 : 200, {}), this.revoke_ms);
    }
    if (url.pathname.includes('/companyinfo/')) return this.send(response, 200, { CompanyInfo: { Id: '1', CompanyName: 'Storm Books' } });
    if (url.pathname.endsWith('/query')) {
      const count = /count\(\*\)/.test(url.searchParams.get('query'));
      return this.send(response, 200, { QueryResponse: count ? { totalCount: 0 } : {} });
    }
    return this.send(response, 404, {});
  }
}
