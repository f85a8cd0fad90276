// The host's own records: put, read back, changed in part, and never emptied by mistake.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostClient } from './support/program.mjs';
import { make_world } from './support/world.mjs';

async function make_host(t) {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test');
  await world.serve();
  const host = new HostClient(world.base, key);
  await host.call('PUT', '/v1/tenants/acme', { name: 'Acme' });
  return { world, host, path: '/v1/tenants/acme/directory' };
}

const records = (count, of = 'Customer') =>
  Array.from({ length: count }, (_, i) => ({ id: `${of[0].toLowerCase()}${i}`, name: `${of} ${i}`, detail: '' }));
const lines = (list) => list.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join('\n');
const ndjson = { 'content-type': 'application/x-ndjson' };

test('a directory is read back as it was put, whole or by section, and only when it has changed', async (t) => {
  const { host, path } = await make_host(t);
  assert.deepEqual((await host.call('GET', path)).body, { accounts: [], tax_codes: [], customers: [], suppliers: [] });
  const customers = records(2300);
  const suppliers = [{ id: 'z', name: 'Zinc & "Sons"', detail: 'zinc@example.com' }, { id: 'a', name: 'Älder', detail: '' }];
  assert.equal((await host.call('PUT', path, { customers, suppliers })).status, 200);

  const whole = await host.call('GET', path);
  assert.deepEqual(whole.body, { accounts: [], tax_codes: [], customers, suppliers });
  const known = await host.call('GET', path, undefined, { 'if-none-match': whole.headers.get('etag') });
  assert.equal(known.status, 304);

  const seen = [];
  let after = '';
  for (let pages = 0; ; ++pages) {
    const { body } = await host.call('GET', `${path}?section=customers${after && `&after=${after}`}`);
    assert.equal(body.section, 'customers');
    seen.push(...body.records);
    if (!body.next) break;
    after = body.next;
    assert.ok(pages < 4);
  }
  assert.equal(seen.length, 2300);
  assert.deepEqual(new Set(seen.map((each) => each.id)), new Set(customers.map((each) => each.id)));
  assert.equal((await host.call('GET', `${path}?section=suppliers`)).body.next, null);

  await host.call('PATCH', path, { suppliers: { remove: ['a'] } });
  const changed = await host.call('GET', path, undefined, { 'if-none-match': whole.headers.get('etag') });
  assert.equal(changed.status, 200);
  assert.deepEqual(changed.body.suppliers, suppliers.slice(0, 1));

  assert.equal((await host.call('GET', `${path}?section=vendors`)).status, 400);
  assert.equal((await host.call('GET', `${path}?after=${after}`)).status, 400);
  assert.equal((await host.call('GET', `${path}?section=customers&after=c1`)).status, 400);
  assert.equal((await host.call('GET', '/v1/tenants/nobody/directory')).status, 404);
});

test('a directory is changed in part, all of it or nothing', async (t) => {
  const { host, path } = await make_host(t);
  await host.call('PUT', path, { customers: records(3), accounts: [{ id: '1', name: 'Sales' }] });
  const { status, body } = await host.call('PATCH', path, {
    customers: { put: [{ id: 'c0', name: 'Customer 0' }, { id: 'c1', name: 'Renamed', detail: 'x' }, { id: 'new', name: 'New' }], remove: ['c2', 'none'] },
    suppliers: { put: [{ id: 's', name: 'S' }] },
  });
  assert.equal(status, 200);
  assert.deepEqual(body, { added: 2, changed: 1, unchanged: 1, removed: 1, missing: 1, refused: 0, refusals: [],
    directory: { accounts: 1, tax_codes: 0, customers: 3, suppliers: 1 } });
  const after = (await host.call('GET', path)).body;
  assert.deepEqual(after.customers, [{ id: 'c0', name: 'Customer 0', detail: '' }, { id: 'c1', name: 'Renamed', detail: 'x' }, { id: 'new', name: 'New', detail: '' }]);

  const refused = async (change, code) => {
    const answer = await host.call('PATCH', path, change);
    assert.equal(answer.status, 400);
    assert.equal(answer.body.code, code);
    return answer.body.detail;
  };
  await refused({ customers: { put: [{ id: 'd', name: 'D' }, { id: '', name: 'E' }] } }, 'bad_input');
  await refused({ customers: { put: [{ id: 'd', name: 'D' }], remove: ['d'] } }, 'bad_input');
  assert.match(await refused({ customers: { delete: ['c0'] } }, 'unknown_member'), /"customers.delete": did you mean "remove"\?/);
  assert.match(await refused({ vendors: { put: [] } }, 'unknown_member'), /"vendors": did you mean "suppliers"\?/);
  assert.deepEqual((await host.call('GET', path)).body, after);
  assert.equal((await host.call('PATCH', '/v1/tenants/nobody/directory', {})).status, 404);
});

test('a large directory is changed line by line; what is refused is told by its line', async (t) => {
  const { host, path } = await make_host(t);
  const many = records(20_000).map((each) => ({ section: 'customers', ...each }));
  const first = await host.call('PATCH', path, lines(many), ndjson);
  assert.equal(first.status, 200);
  assert.equal(first.body.added, 20_000);
  assert.equal(first.body.directory.customers, 20_000);
  const again = await host.call('PATCH', path, lines(many), ndjson);
  assert.equal(again.body.unchanged, 20_000);

  const mixed = await host.call('PATCH', path, lines([
    { section: 'customers', id: 'c7', removed: true }, '', { section: 'customers', id: 'c8', name: 'Other' }, { section: 'vendors', id: '1', name: 'x' },
    { section: 'suppliers', id: '1', nmae: 'x' }, 'not json', { section: 'suppliers', id: '1' }, { section: 'accounts', id: 'none', removed: true },
    { section: 'suppliers', id: 's', name: 'Späth' }]), ndjson);
  const { refusals, ...counts } = mixed.body;
  assert.deepEqual(counts, { added: 1, changed: 1, unchanged: 0, removed: 1, missing: 1, refused: 4,
    directory: { accounts: 0, tax_codes: 0, customers: 19_999, suppliers: 1 } });
  assert.deepEqual(refusals.map((each) => each.line), [4, 5, 6, 7]);
  assert.match(refusals[1].reason, /"nmae": did you mean "name"\?/);
  const bad = await host.call('PATCH', path, '1\n'.repeat(5000), ndjson);
  assert.equal(bad.body.refused, 5000);
  assert.equal(bad.body.refusals.length, 100);
});

test('a directory is put line by line, all of it or none, and longer than a body of JSON may be', async (t) => {
  const { host, path } = await make_host(t);
  const put = (list, query = '') => host.call('PUT', `${path}${query}`, lines(list), ndjson);
  // Some 10 MiB.
  const street = 'x'.repeat(1000);
  const many = records(10_000).map((each) => ({ section: 'customers', ...each, street }));
  const first = await put(many);
  assert.equal(first.status, 200);
  assert.deepEqual(first.body, { accounts: 0, tax_codes: 0, customers: 10_000, suppliers: 0 });
  const { body: { records: page } } = await host.call('GET', `${path}?section=customers`);
  assert.deepEqual(page[1], { id: 'c1', name: 'Customer 1', detail: '', street });
  const few = [{ section: 'customers', id: 'c2', name: 'Two' }, { section: 'accounts', id: 'a', name: 'Sales', kind: 'Income' }];
  const asked = await put(few);
  assert.deepEqual([asked.status, asked.body.code], [409, 'removes_too_much']);
  assert.deepEqual(asked.body.would_remove, { customers: { there: 10_000, would_be_removed: 9_999 } });
  for (const wrong of [{ section: 'customers', id: 'c2', name: 'Twice' }, { section: 'customers', id: 'c3' }, { section: 'customers', id: 'c3', nmae: 'x' }, 'x']) {
    const refused = await put([...few, wrong], '?replace=true');
    assert.deepEqual([refused.status, /^Line 3 /.test(refused.body.detail)], [400, true]);
  }
  assert.equal((await host.call('GET', '/v1/tenants/acme')).body.directory.customers, 10_000);
  assert.equal((await put(few, '?replace=true')).status, 200);
  assert.deepEqual((await host.call('GET', path)).body, { tax_codes: [], suppliers: [], customers: [{ id: 'c2', name: 'Two', detail: '' }],
    accounts: [{ id: 'a', name: 'Sales', detail: '', kind: 'Income' }] });
});

test('a directory that would lose more than half of a section, or of all, is asked about first', async (t) => {
  const { host, path } = await make_host(t);
  await host.call('PUT', path, { customers: records(40), suppliers: records(12, 'Supplier') });
  const same = (await host.call('GET', path)).body;

  const refused = await host.call('PUT', path, { customers: records(19), suppliers: records(12, 'Supplier') });
  assert.equal(refused.status, 409);
  assert.equal(refused.body.code, 'removes_too_much');
  assert.deepEqual(refused.body.would_remove, { customers: { there: 40, would_be_removed: 21 } });
  assert.match(refused.body.detail, /21 of the 40 customers/);
  // A section that is left out would be emptied; other ids in place of those there are a removal too.
  const emptied = await host.call('PUT', path, { customers: records(40) });
  assert.deepEqual(emptied.body.would_remove, { suppliers: { there: 12, would_be_removed: 12 } });
  const renamed = await host.call('PUT', path, { customers: records(40, 'Other'), suppliers: records(12, 'Supplier') });
  assert.equal(renamed.body.would_remove.customers.would_be_removed, 40);
  assert.deepEqual((await host.call('GET', path)).body, same);

  assert.equal((await host.call('PUT', path, { customers: records(20), suppliers: records(6, 'Supplier') })).status, 200);
  assert.equal((await host.call('PUT', path, { customers: [], replace: true })).status, 200);
  assert.equal((await host.call('GET', path)).body.customers.length, 0);
  // Many small sections are as much as a large one.
  const sections = (count) => ({ accounts: records(count, 'Account'), tax_codes: records(count, 'Tax'), customers: records(count), suppliers: records(count, 'Supplier') });
  assert.equal((await host.call('PUT', path, sections(10))).status, 200);
  const none = await host.call('PUT', path, {});
  assert.equal(none.body.code, 'removes_too_much');
  assert.deepEqual(Object.values(none.body.would_remove), Array(4).fill({ there: 10, would_be_removed: 10 }));
  assert.equal((await host.call('PUT', path, sections(4))).body.code, 'removes_too_much');
  assert.equal((await host.call('PUT', path, { ...sections(3), replace: true })).status, 200);
  // Three go without a question in a section, but not three in each of them.
  assert.equal((await host.call('PUT', path, { ...sections(3), customers: [] })).status, 200);
  const rest = await host.call('PUT', path, {});
  assert.deepEqual([rest.body.code, Object.keys(rest.body.would_remove).sort()], ['removes_too_much', ['accounts', 'suppliers', 'tax_codes']]);
  assert.equal((await host.call('GET', path)).body.accounts.length, 3);
});

test('a change that is sent twice under one key is made once', async (t) => {
  const { host, path } = await make_host(t);
  const once = { ...ndjson, 'idempotency-key': 'nightly' };
  const line = lines([{ section: 'customers', id: '1', name: 'One' }]);
  const first = await host.call('PATCH', path, line, once);
  const again = await host.call('PATCH', path, line, once);
  assert.equal(again.headers.get('idempotency-replayed'), 'true');
  assert.equal(again.text, first.text);
  const grant = { tenant: 'moved', realm_id: '77', refresh_token: 'RT1-moved' };
  const moved = await host.call('POST', '/v1/grants', lines([grant]), { ...ndjson, 'idempotency-key': 'grants' });
  const replayed = await host.call('POST', '/v1/grants', lines([grant]), { ...ndjson, 'idempotency-key': 'grants' });
  assert.equal(replayed.headers.get('idempotency-replayed'), 'true');
  assert.equal(replayed.text, moved.text);
  assert.equal((await host.call('POST', '/v1/grants', lines([{ ...grant, realm_id: '78' }]), { ...ndjson, 'idempotency-key': 'grants' })).body.code, 'idempotency_reused');
});

const full = { id: 'f', name: 'Full', detail: 'd', given_name: 'Ida', family_name: 'Brook', company: 'Brook & Sons', parent: 'Brook',
  emails: ['ida@brook.example', 'office@brook.example'], phones: ['+44 20 7946 0000'], street: '1 Mill Lane', city: 'Köln', postcode: '50667',
  country: 'DE', tax_number: 'DE 123', number: '70001', website: 'https://brook.example', kind: 'Trade' };

test('a record has the fields that a host knows of it; each is kept, given back and part of the ETag', async (t) => {
  const { host, path } = await make_host(t);
  const plain = { id: 'p', name: 'Plain', detail: '' };
  // Null is as good as missing, as an exporter may write it.
  const nothing = Object.fromEntries(Object.keys(full).filter((name) => !['id', 'name'].includes(name)).map((name) => [name, null]));
  assert.equal((await host.call('PUT', path, { customers: [full, { id: 'p', name: 'Plain', ...nothing }] })).status, 200);
  let { body, headers } = await host.call('GET', path);
  assert.deepEqual(body.customers, [full, plain]);
  assert.deepEqual((await host.call('GET', `${path}?section=customers`)).body.records, [full, plain]);

  assert.equal((await host.call('PATCH', path, { customers: { put: [full] } })).body.unchanged, 1);
  for (const [name, value] of Object.entries({ ...full, city: 'Bonn', emails: ['ida@brook.example'] }).filter(([name]) => name !== 'id' && name !== 'name')) {
    const other = value === full[name] ? { ...full, [name]: null } : { ...full, [name]: value };
    assert.equal((await host.call('PATCH', path, { customers: { put: [other] } })).body.changed, 1, name);
    const changed = await host.call('GET', path, undefined, { 'if-none-match': headers.get('etag') });
    assert.equal(changed.status, 200, name);
    const line = await host.call('PATCH', path, lines([{ section: 'customers', ...full }]), ndjson);
    assert.equal(line.body.changed, 1, name);
    assert.equal((await host.call('GET', path, undefined, { 'if-none-match': headers.get('etag') })).status, 304, name);
  }
  // What is put without fields has none afterwards.
  await host.call('PATCH', path, lines([{ section: 'customers', id: 'f', name: 'Full' }]), ndjson);
  ({ body } = await host.call('GET', path));
  assert.deepEqual(body.customers[0], { id: 'f', name: 'Full', detail: '' });
});

test('a field that is too long, or of another kind, is refused by its name', async (t) => {
  const { host, path } = await make_host(t);
  const many = (count, length = 3) => Array.from({ length: count }, () => 'x'.repeat(length));
  const cases = [[{ city: 'x'.repeat(257) }, /customers\[0\]: "city" is at most 256 bytes/], [{ company: 'ä'.repeat(513) }, /"company" is at most 1024/],
    [{ emails: many(21) }, /"emails" has at most 20/], [{ emails: ['a@b.example', ''] }, /"emails\[1\]"/], [{ phones: many(1, 65) }, /"phones\[0\]"/],
    [{ emails: 'a@b.example' }, /emails is not a list/], [{ postcode: 50667 }, /postcode is not a text/]];
  for (const [fields, said] of cases) {
    const put = await host.call('PUT', path, { customers: [{ id: '1', name: 'One', ...fields }] });
    assert.equal(put.status, 400);
    assert.match(put.body.detail, said);
    const line = await host.call('PATCH', path, lines([{ section: 'customers', id: '1', name: 'One', ...fields }]), ndjson);
    assert.equal(line.body.refused, 1);
    assert.match(line.body.refusals[0].reason, new RegExp(said.source.replace('customers\\[0\\]: ', '')));
  }
  assert.deepEqual((await host.call('GET', path)).body.customers, []);
  const longest = { id: '1', name: 'One', detail: '', emails: many(20, 320), phones: many(20, 64), city: 'x'.repeat(256), company: 'x'.repeat(1024) };
  assert.equal((await host.call('PUT', path, { customers: [longest] })).status, 200);
  assert.deepEqual((await host.call('GET', path)).body.customers, [longest]);
  for (const [name, meant] of [['email', 'emails'], ['zip', 'postcode'], ['first_name', 'given_name'], ['vat_id', 'tax_number']]) {
    const { body } = await host.call('PUT', path, { customers: [{ id: '1', name: 'One', [name]: 'x' }] });
    assert.equal(body.code, 'unknown_member');
    assert.ok(body.detail.includes(`"customers[0].${name}": did you mean "${meant}"?`), body.detail);
  }
});

test('items, classes and locations are sections too; hosts that have none see nothing of them', async (t) => {
  const { host, path } = await make_host(t);
  const one = (id) => [{ id, name: `One ${id}`, detail: '' }];
  const put = await host.call('PUT', path, { accounts: one('a'), items: one('i'), locations: [...one('l'), ...one('m')] });
  assert.deepEqual(put.body, { accounts: 1, tax_codes: 0, items: 1, customers: 0, suppliers: 0, locations: 2 });
  const { body } = await host.call('GET', path);
  assert.deepEqual(body, { accounts: one('a'), tax_codes: [], items: one('i'), customers: [], suppliers: [], locations: [...one('l'), ...one('m')] });
  assert.deepEqual((await host.call('GET', `${path}?section=locations`)).body, { section: 'locations', records: [...one('l'), ...one('m')], next: null });
  assert.deepEqual((await host.call('GET', `${path}?section=classes`)).body.records, []);
  const patch = await host.call('PATCH', path, { classes: { put: one('c') }, items: { remove: ['i'] } });
  assert.deepEqual(patch.body.directory, { accounts: 1, tax_codes: 0, customers: 0, suppliers: 0, classes: 1, locations: 2 });
  const line = await host.call('PATCH', path, lines([{ section: 'items', id: 'j', name: 'J' }]), ndjson);
  assert.equal(line.body.added, 1);
  const said = await host.call('PUT', path, { departments: [] });
  assert.match(said.body.detail, /"departments": did you mean "locations"\?/);
  // An empty section of a larger directory is a loss of it as any other is.
  await host.call('PUT', path, { items: records(10, 'Item'), replace: true });
  assert.deepEqual((await host.call('PUT', path, {})).body.would_remove, { items: { there: 10, would_be_removed: 10 } });
});
