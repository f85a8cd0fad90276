// States of a connection and a small configuration, as the backend writes them. The names are made
// up.
const minute = 60_000, day = 24 * 60 * minute;

export const company = { realm_id: '9130001', name: 'Fernhollow Garden Supplies' };
export const other = { realm_id: '9130002', name: 'Quillmere Bakery' };

export const unlinked = (last = null) =>
  ({ type: 'unlinked', last, since: last ? Date.now() - minute : null });
export const legacy = () => ({ type: 'legacy', company, since: Date.now() - 400 * day,
                               expires: Date.now() + 21 * day });
export const linked = () => ({
  type: 'linked', company, version: 1, since: Date.now() - minute,
  access_expires: Date.now() + 60 * minute, refresh_expires: Date.now() + 100 * day,
  hard_expires: Date.now() + 5 * 365 * day, risk: null,
});
export const at_risk = (reason = 'expired', ends = Date.now() + 7 * day) => ({ ...linked(), risk: { reason, ends } });
export const broken = (reason = 'revoked_outside') =>
  ({ type: 'broken', company, reason, since: Date.now() - 2 * day });
export const authorizing = (attempt, from = legacy()) =>
  ({ type: 'authorizing', attempt, expires: Date.now() + 10 * minute, from });
export const exchanging = (attempt, from = legacy()) =>
  ({ type: 'exchanging', attempt, version: 1, deadline: Date.now() + 2 * minute, from });
/** A code waits while the customer is told that another firm has the company. */
export const telling = (attempt, from = legacy()) =>
  ({ ...exchanging(attempt, from), begins: Date.now() + 5_000 });
export const proving = (from = legacy()) => ({
  type: 'proving', version: 1, deadline: Date.now() + 5 * minute, from,
  lifetimes: { access_expires: Date.now() + 60 * minute, refresh_expires: null, hard_expires: null },
});
export const confirming = (from = legacy()) => ({
  type: 'confirming', version: 1, found: other, expires: Date.now() + 30 * minute, from,
  lifetimes: { access_expires: Date.now() + 60 * minute, refresh_expires: null, hard_expires: null },
});
export const disconnecting = () =>
  ({ type: 'disconnecting', company, version: 0, deadline: Date.now() + 2 * minute });

export const connect = (phase) => ({ phase, versions: 0, spent: '' });

const entities = ['CompanyInfo', 'Preferences', 'Account', 'TaxCode', 'TaxRate', 'Term',
                  'PaymentMethod', 'Class', 'Department', 'Item', 'Customer', 'Vendor'];
const totals = { CompanyInfo: 1, Preferences: 1, Account: 84, TaxCode: 12, TaxRate: 14, Term: 6,
                 PaymentMethod: 7, Class: 9, Department: 5, Item: 240, Customer: 1200, Vendor: 300 };
/** Everything before `entity` is read, of it `done`. */
export function progress(entity, done) {
  const at = entity ? entities.indexOf(entity) : entities.length;
  return entities.map((name, i) => ({
    entity: name, finished: i < at, done: i < at ? totals[name] : i === at ? done : 0,
    total: i < at || (i === at && done > 0) ? totals[name] : null,
  }));
}
export const running = (entity, done) => ({
  run: 1, phase: { type: 'running', started: Date.now() - 20_000, deadline: Date.now() + 5 * minute,
                   progress: progress(entity, done) },
});
export const done = (applied) =>
  ({ run: 1, phase: { type: 'done', finished: Date.now(), applied, progress: progress(null) } });
export const stopped = (reason = 'unreachable') =>
  ({ run: 1, phase: { type: 'failed', reason, since: Date.now(), progress: progress('Customer', 400) } });
export const none = () => ({ run: 0, phase: { type: 'none' } });

export const save = (type = 'empty', revision = 0) =>
  ({ phase: type === 'saved' ? { type, at: Date.now() }
          : type === 'saving' ? { type, deadline: Date.now() + minute } : { type }, revision });

/** GET /api/page with this in it. */
export const page = (phase, more = {}) => ({
  tenant: 'Fernhollow Garden Supplies', host: 'Ledgerline', integration: 'quickbooks-online',
  sandbox: true, company_hint: 'callback', issuer: '', seq: 10, connection: 'con_1',
  user: { id: 'u1', name: 'Jane Doe' }, return_url: 'https://ledgerline.example/clients/7',
  signed_in_at: Date.now() - minute,
  notices: [{ seq: 1, at: Date.now() - 3 * day, note: 'legacy_found', detail: company.name }],
  state: { connect: connect(phase), import: none(), save: save(), ...more },
});

const record = (id, name, detail = '', active = true) => ({ id, name, detail, active });

/** A configuration with some of everything; `customers` records for the pager. */
export function configuration({ customers = 60, saved = false } = {}) {
  const first = ['Alder', 'Bramble', 'Cedar', 'Dogwood', 'Elm', 'Foxglove', 'Gorse', 'Hazel'];
  const kind = ['Foods', 'Joinery', 'Print', 'Transport', 'Textiles', 'Optics', 'Cycles', 'Tools'];
  const names = [...Array(customers).keys()].map((i) =>
    `${first[i % 8]} ${kind[Math.floor(i / 8) % 8]}${i < 64 ? '' : ' ' + i}`);
  names[3] = 'Żółw i Synowie'; names[5] = '株式会社みどり'; names[7] = 'ООО «Рябина»';
  names[9] = 'شركة الندى';
  const ours = {
    accounts: [record('a1', 'Sales', '4000'), record('a2', 'Freight', '6100'),
               record('a3', 'Bank charges', '6800')],
    tax_codes: [record('t1', 'Standard rate 20 %'), record('t2', 'Zero rated')],
    customers: names.map((name, i) => record(`c${i}`, name, `office${i}@example.test`)),
    suppliers: [record('s1', 'Northgate Seeds', 'orders@example.test'),
                record('s2', 'Tallow & Wick', 'hello@example.test'),
                record('s3', 'Tallow & Wick', 'depot@example.test')],
  };
  const theirs = {
    accounts: [record('11', 'Sales of Product Income', 'Income'), record('12', 'Sales', 'Income'),
               record('13', 'Shipping and delivery', 'Expense')],
    tax_codes: [record('21', '20.0% S', 'Standard'), record('22', '0.0% Z', 'Zero')],
    customers: names.filter((_, i) => i % 5 !== 4)
      .map((name, i) => record(`${100 + i}`, i % 7 === 3 ? `${name} Ltd` : name, '', i % 11 !== 10)),
    suppliers: [record('301', 'Northgate Seeds Ltd'), record('302', 'Tallow and Wick')],
  };
  const suggested = [];
  ours.customers.forEach((mine) => {
    const same = theirs.customers.find((each) => each.name === mine.name && each.active);
    const near = theirs.customers.find((each) => each.name === `${mine.name} Ltd` && each.active);
    if (same) suggested.push({ ours: mine.id, theirs: same.id, confidence: 0.99, apply: true, reasons: ['same_name'] });
    if (near) suggested.push({ ours: mine.id, theirs: near.id, confidence: 0.8, apply: false, reasons: ['similar_name'] });
  });
  return {
    company, ours, theirs,
    terms: [record('1', 'Net 30'), record('2', 'Due on receipt')],
    configuration: {
      accounts: saved ? [{ ours: 'a1', theirs: '12', name: 'Sales (old)' }] : [],
      tax_codes: saved ? [{ ours: 't1', theirs: '29', name: '17.5% S' }] : [],
      customers: [], suppliers: [],
      settings: { create_customers: true, create_suppliers: false, terms: '' },
    },
    suggested_accounts: [{ ours: 'a1', theirs: '12', confidence: 0.99, apply: true, reasons: ['same_name'] }],
    suggested_tax_codes: [{ ours: 't1', theirs: '21', confidence: 0.7, apply: false, reasons: ['part_of_name'] }],
    suggested_customers: suggested,
    suggested_suppliers: [
      { ours: 's1', theirs: '301', confidence: 0.97, apply: true, reasons: ['same_name'] },
      { ours: 's2', theirs: '302', confidence: 0.97, apply: true, reasons: ['same_name'] },
      { ours: 's3', theirs: '302', confidence: 0.97, apply: true, reasons: ['same_name'] }],
    differences: saved ? [
      { section: 'accounts', ours: 'a1', change: 'target_renamed', was: 'Sales (old)' },
      { section: 'tax_codes', ours: 't1', change: 'target_gone', was: '17.5% S' },
      { section: 'accounts', ours: 'a3', change: 'appeared', was: '' }] : [],
  };
}
