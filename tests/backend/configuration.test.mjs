// The configuration over HTTP: paged, changed in part, saved with its problems named, gone back from; and the host's side of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from './support/program.mjs';
import { connect, make_tenant, make_world } from './support/world.mjs';

/** A tenant that is connected to a company of 20 customers, and has five of them itself. `before`: what else the host does first. */
async function make_book(t, before = async () => {}, flags = {}) {
  const world = await make_world(t, flags);
  const key = world.command('api-key', 'add', 'test');
  await world.serve();
  const tenant = await make_tenant(world.base, key, 'acme');
  await before(tenant);
  await connect(world.base, tenant.page);
  const get = async (path) => (await tenant.page.call('GET', path)).body;
  const summary = () => until('the lines', async () => {
    const now = await get('/api/configuration/summary');
    return now.matching ? null : now;
  });
  await summary();
  const records = (await get('/api/records/customers')).records.filter((each) => each.active);
  const customers = records.slice(0, 5).map((each, i) => ({ id: `c${i}`, name: i < 4 ? each.name : 'Quite unlike any other' }));
  await tenant.host.call('PUT', '/v1/tenants/acme/directory', { customers });
  const customers_of = async () => (await summary()).sections.find((each) => each.section === 'customers');
  await until('the customers', async () => (await customers_of()).total === 5);
  const path = `/v1/connections/${tenant.connection}/configuration`;
  const patch = async (choices, seen) => tenant.page.call('PATCH', '/api/configuration',
    { seen: seen ?? (await summary()).revision, choices: choices.map((each) => ({ section: 'customers', ...each })) });
  const save = async (more = {}) => tenant.page.call('POST', '/api/configuration/save', { seen: (await summary()).revision, ...more });
  const saved = (revision) => until('the save', async () => {
    const { status, body } = await tenant.host.call('GET', path);
    return status === 200 && body.revision === revision ? body : null;
  });
  return { ...tenant, world, get, summary, records, customers_of, patch, save, saved, path };
}

test('lines are listed, searched and filtered; a change changes its line and the counts', async (t) => {
  const { get, patch, customers_of, records, page } = await make_book(t);
  const all = await get('/api/configuration/customers');
  assert.equal(all.lines.length, 5);
  assert.equal(all.next, null);
  const suggested = await get('/api/configuration/customers?filter=suggested');
  assert.equal(suggested.lines.length, 4);
  assert.equal(suggested.lines[0].candidates[0].record.name, suggested.lines[0].ours.name);
  const found = await get('/api/configuration/customers?q=OTHER%20unlike');
  assert.deepEqual(found.lines.map((each) => each.ours.id), ['c4']);
  assert.deepEqual((await get('/api/configuration/customers?sort=-name')).lines.map((each) => each.ours.id),
    all.lines.map((each) => each.ours.id).reverse());
  assert.equal((await page.call('GET', '/api/configuration/vendors')).status, 404);
  assert.equal((await page.call('GET', '/api/configuration/customers?filter=all')).status, 400);
  assert.equal((await page.call('GET', '/api/configuration/customers?cursor=x')).status, 400);

  const answer = await patch([{ ours: 'c0', theirs: records[0].id }, { ours: 'c4', create: true }]);
  assert.equal(answer.status, 200);
  assert.equal(answer.body.changed, 2);
  assert.deepEqual(answer.body.lines.map((each) => each.state), ['chosen', 'create']);
  assert.equal(answer.body.lines[0].choice.name, records[0].name);
  const { chosen, create, suggested: left } = await customers_of();
  assert.deepEqual([chosen, create, left], [1, 1, 3]);
  // Two of a choice's kinds, and none.
  assert.equal((await patch([{ ours: 'c1', theirs: '1', create: true }])).status, 400);
  assert.equal((await patch([{ ours: 'c1' }])).status, 400);
  const late = await patch([{ ours: 'c1', theirs: '' }], 0);
  assert.equal(late.body.refusal, 'changed_elsewhere');
});

test('what is suggested is accepted above a confidence, counted before, and undone', async (t) => {
  const { page, summary, customers_of, get } = await make_book(t);
  const seen = (await summary()).revision;
  const accept = (more) => page.call('POST', '/api/configuration/accept', { seen, section: 'customers', confidence: 0.5, ...more });
  assert.equal((await accept({ count_only: true })).body.changed, 4);
  assert.equal((await customers_of()).chosen, 0);
  const accepted = await accept({});
  assert.equal(accepted.body.changed, 4);
  assert.equal((await customers_of()).chosen, 4);
  const first = accepted.body.outcome.state.save.revision;
  await page.call('PATCH', '/api/configuration', { seen: first, choices: [{ section: 'customers', ours: 'c0', theirs: '' }] });
  const undone = await page.call('POST', '/api/configuration/back', { seen: first + 1, revision: first });
  assert.equal(undone.body.changed, 1);
  assert.equal((await customers_of()).chosen, 4);
  const redone = await page.call('POST', '/api/configuration/back', { seen: first + 2, revision: first + 1 });
  assert.equal(redone.body.changed, 1);
  assert.equal((await customers_of()).none, 1);
  const { choices } = await get(`/api/configuration/changes?from=${first}`);
  assert.deepEqual(choices.map((each) => [each.ours, each.after.theirs]), [['c0', '']]);
  const { versions } = await get('/api/configuration/versions');
  assert.deepEqual(versions.map((each) => each.revision), [first + 3, first + 2, first + 1, first]);
  assert.equal((await page.call('POST', '/api/configuration/back', { seen: first + 3, revision: 999 })).status, 404);
});

test('a save names what is in its way, saves nothing then, and asks about two to one', async (t) => {
  const { patch, save, saved, summary, records, customers_of, host, get } = await make_book(t);
  await patch([{ ours: 'c0', theirs: records[0].id }, { ours: 'c1', theirs: records[0].id }, { ours: 'c2', theirs: 'no-such' }]);
  const refused = await save();
  assert.equal(refused.body.outcome, null);
  assert.deepEqual(refused.body.problems.map((each) => [each.ours, each.problem]).sort(),
    [['c0', 'two_to_one'], ['c1', 'two_to_one'], ['c2', 'target_gone']]);
  assert.equal((await summary()).saved, null);
  await patch([{ ours: 'c2', undecided: true }]);
  assert.equal((await save()).body.problems.length, 2);
  const taken = await save({ two_to_one: true });
  assert.deepEqual(taken.body.problems, []);
  const { configuration } = await saved(taken.body.outcome.state.save.revision);
  assert.deepEqual(configuration.customers.map((each) => each.ours), ['c0', 'c1']);
  // Undecided at the save, it is not new afterwards; what comes later is.
  assert.equal((await customers_of()).changed, 0);
  await host.call('PATCH', '/v1/tenants/acme/directory', { customers: { put: [{ id: 'new', name: 'New' }] } });
  await until('the new one', async () => (await customers_of()).total === 6);
  const changed = await get('/api/configuration/customers?filter=changed');
  assert.deepEqual(changed.lines.map((each) => [each.ours.id, each.change]), [['new', 'appeared']]);
});

test('a save takes what one click would apply with it, in one revision, where the page says so', async (t) => {
  const { patch, save, saved, customers_of, records, get } = await make_book(t);
  await patch([{ ours: 'c0', theirs: '' }]);
  const sure = (await get('/api/configuration/customers?filter=suggested')).lines.filter((each) => each.candidates[0].applies);
  assert.ok(sure.length > 0);
  const without = await save();
  await saved(without.body.outcome.state.save.revision);
  assert.equal((await customers_of()).chosen, 0);
  // Where something is in the way, none of it is kept.
  await patch([{ ours: 'c4', theirs: 'no-such' }]);
  assert.deepEqual((await save({ suggestions: true })).body.problems.map((each) => each.ours), ['c4']);
  assert.equal((await customers_of()).chosen, 1);
  await patch([{ ours: 'c4', undecided: true }]);
  const taken = (await save({ suggestions: true })).body;
  const { configuration } = await saved(taken.outcome.state.save.revision);
  const chosen = configuration.customers.filter((each) => each.theirs);
  assert.deepEqual(chosen.map((each) => each.ours).sort(), sure.map((each) => each.ours.id).sort());
  for (const each of chosen) assert.equal(each.name, records.find((record) => record.id === each.theirs).name);
  assert.equal((await customers_of()).chosen, sure.length);
});

test('after a reconnect what changed is told by its kind; another company begins anew, and the old choices are kept for the old one', async (t) => {
  const other = '456';
  const book = await make_book(t, async () => {}, { sandbox_flags: ['--company', `${other}:Other Books:20`] });
  const { world, page, host, patch, save, saved, summary, records, path, get } = book;
  await patch([0, 1, 2].map((i) => ({ ours: `c${i}`, theirs: records[i].id })));
  const revision = (await save()).body.outcome.state.save.revision;
  const { configuration } = await saved(revision);
  const at_books = async (body) => {
    const answer = await fetch(`${world.sandbox}/sandbox/changes`, { method: 'POST', body: JSON.stringify({ realm: '123', entity: 'Customer', ...body }) });
    assert.equal(answer.status, 200);
  };
  await at_books({ what: 'remove', id: records[0].id });
  await at_books({ what: 'rename', id: records[1].id });
  const go_to = async (realm) => {
    await page.command('disconnect');
    await page.until_phase('unlinked');
    const { body } = await page.command('connect');
    const back = await page.browser.open(`${body.redirect}&sandbox_realm=${realm}`, {}, `${world.base}/callback`);
    await page.callback(back.url);
  };
  const imported = () => until('the import', async () => (await page.page()).state.import.phase.type === 'done', 60);
  await go_to('123');
  await page.until_phase('linked');
  await imported();
  const changed = await until('what changed', async () => {
    const { changes = [] } = await summary();
    return changes.length === 2 && changes;
  });
  assert.deepEqual(changed, [{ section: 'customers', change: 'target_gone', count: 1 }, { section: 'customers', change: 'target_renamed', count: 1 }]);
  const { lines } = await get('/api/configuration/customers?filter=changed');
  assert.deepEqual(lines.map((each) => [each.ours.id, each.change]).sort(), [['c0', 'target_gone'], ['c1', 'target_renamed']]);
  assert.equal(lines.find((each) => each.ours.id === 'c1').choice.name, records[1].name);

  await go_to(other);
  const asked = await page.until_phase('confirming');
  await page.command('confirm_company', { version: asked.state.connect.phase.version });
  await page.until_phase('linked');
  await imported();
  const there = await until('the other company', async () => {
    const now = await summary();
    return now.company.realm_id === other && now.sections.some((each) => each.total > 0) && now;
  });
  assert.equal(there.saved, null);
  assert.equal(there.sections.reduce((sum, each) => sum + each.chosen, 0), 0);
  assert.equal((await host.call('GET', path)).body.code, 'nothing_saved');

  await go_to('123');
  const again = await page.until_phase('confirming');
  await page.command('confirm_company', { version: again.state.connect.phase.version });
  await page.until_phase('linked');
  await imported();
  const kept = await until('the choices of before', async () => {
    const { status, body } = await host.call('GET', path);
    return status === 200 && body;
  });
  assert.deepEqual([kept.revision, kept.configuration], [revision, configuration]);
});

test('each record of a required list is decided before a save', async (t) => {
  const { patch, save, summary } = await make_book(t, async () => {}, { serve_flags: ['--required-lists', 'customers'] });
  assert.deepEqual((await summary()).required, ['customers']);
  await patch([{ ours: 'c0', theirs: '' }, { ours: 'c1', create: true }, { ours: 'c2', theirs: '' }]);
  const { body } = await save();
  assert.equal(body.outcome, null);
  assert.deepEqual(body.problems.map((each) => [each.problem, each.ours]).sort(), [['undecided', 'c3'], ['undecided', 'c4']]);
  await patch([{ ours: 'c3', theirs: '' }, { ours: 'c4', theirs: '' }]);
  assert.deepEqual((await save()).body.problems, []);
});

test('the host reads what is saved by its version, and what changed since', async (t) => {
  const { patch, save, saved, records, host, path } = await make_book(t);
  await patch([{ ours: 'c0', theirs: records[0].id }, { ours: 'c1', theirs: '' }]);
  const first = (await save()).body.outcome.state.save.revision;
  await saved(first);
  const answer = await host.call('GET', path);
  const tag = answer.headers.get('etag');
  assert.equal((await host.call('GET', path, undefined, { 'if-none-match': tag })).status, 304);
  await patch([{ ours: 'c1', undecided: true }, { ours: 'c2', theirs: records[2].id }]);
  const second = (await save()).body.outcome.state.save.revision;
  await saved(second);
  assert.equal((await host.call('GET', path, undefined, { 'if-none-match': tag })).status, 200);
  const { body } = await host.call('GET', `${path}?since=${first}`);
  assert.deepEqual([body.revision, body.since, body.next, body.settings], [second, first, null, null]);
  const [undecided, { chosen_by, ...chosen }] = body.changes;
  assert.deepEqual(undecided, { section: 'customers', ours: 'c1', undecided: true });
  assert.deepEqual(chosen, { section: 'customers', ours: 'c2', theirs: records[2].id, name: records[2].name });
  assert.equal(chosen_by.type, 'user');
  const { body: { versions } } = await host.call('GET', `${path}/versions`);
  assert.deepEqual(versions.map((each) => each.revision), [second, first]);
  const { body: then } = await host.call('GET', `${path}/versions/${first}`);
  assert.deepEqual(then.configuration, answer.body.configuration);
  assert.equal((await host.call('GET', `${path}/versions/77`)).status, 404);
  assert.equal((await host.call('GET', `${path}?since=x`)).status, 400);
});

test('the host brings mappings line by line, all of them or none, and more than a body of JSON may hold', async (t) => {
  const { host, path, patch, customers_of, get, records } = await make_book(t);
  const as_lines = (method, list) => host.call(method, path, list.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join('\n'),
    { 'content-type': 'application/x-ndjson' });
  await patch([{ ours: 'c4', theirs: '' }]);
  const taken = await as_lines('PATCH', [{ section: 'customers', ours: 'c0', theirs: records[0].id }, '', { section: 'customers', ours: 'c1', create: true }]);
  assert.deepEqual([taken.status, taken.body.changed], [200, 2]);
  assert.equal((await get('/api/configuration/customers?filter=chosen')).lines[0].choice.name, records[0].name);
  for (const [wrong, why] of [['nonsense', /not valid JSON/], [{ section: 'customers', ours: 'c3' }, /Say one of/], [{ section: 'customers', ours: 'c2', theirs: '' }, /named before/],
    [{ section: 'vendors', ours: 'c3', theirs: '' }, /section/]]) {
    const refused = await as_lines('PATCH', [{ section: 'customers', ours: 'c2', theirs: '' }, '', wrong]);
    assert.deepEqual([refused.status, refused.body.code], [400, 'bad_input']);
    assert.match(refused.body.detail, /^Line 3 /);
    assert.match(refused.body.detail, why);
  }
  assert.equal((await customers_of()).none, 1);
  // Some 34 MiB: what is not among them is undecided.
  const suppliers = Array.from({ length: 17_000 }, (_, i) => ({ id: `s${i}`, name: `Supplier ${i}` }));
  assert.equal((await host.call('PATCH', '/v1/tenants/acme/directory', { suppliers: { put: suppliers } })).status, 200);
  const many = Array.from({ length: 17_000 }, (_, i) => ({ section: 'suppliers', ours: `s${i}`, theirs: `${i}`, name: 'n'.repeat(2000) }));
  const whole = await as_lines('PUT', many);
  assert.deepEqual([whole.status, whole.body.changed], [200, 17_003]);
  const { chosen, create, none } = await customers_of();
  assert.deepEqual([chosen, create, none], [0, 0, 0]);
});

test('the host compares two versions and goes back to one, as a draft', async (t) => {
  const { patch, save, saved, records, host, path, get, summary } = await make_book(t);
  const versions = [];
  for (const theirs of [records[0].id, records[1].id]) {
    await patch([{ ours: 'c0', theirs }]);
    versions.push((await save()).body.outcome.state.save.revision);
    await saved(versions.at(-1));
  }
  const [first, second] = versions;
  const { body: forth } = await host.call('GET', `${path}/versions/${second}?since=${first}`);
  const { body: back } = await host.call('GET', `${path}/versions/${first}?since=${second}`);
  assert.deepEqual([forth.since, forth.revision, forth.changes[0].theirs], [first, second, records[1].id]);
  assert.deepEqual([back.since, back.revision, back.changes[0].theirs], [second, first, records[0].id]);
  assert.equal(back.changes[0].chosen_by.type, 'user');
  assert.equal((await host.call('POST', `${path}/back`, { revision: 999 })).status, 404);
  const tag = `"123-${first}"`;
  assert.equal((await host.call('POST', `${path}/back`, { revision: first }, { 'if-match': tag })).status, 412);
  const went = await host.call('POST', `${path}/back`, { revision: first });
  assert.deepEqual([went.status, went.body.changed], [200, 1]);
  assert.equal((await get('/api/configuration/customers?filter=chosen')).lines[0].choice.theirs, records[0].id);
  // The customer sees it, by whom, and saves it.
  const { versions: all } = await get('/api/configuration/versions');
  assert.deepEqual([all[0].revision, all[0].saved, all[0].actor.type], [went.body.revision, false, 'key']);
  assert.equal((await host.call('GET', path)).body.revision, second);
  assert.equal((await summary()).revision, went.body.revision);
});

test('the host brings mappings, with the version that it has seen', async (t) => {
  const { patch, records, host, path, get } = await make_book(t);
  await patch([{ ours: 'c0', theirs: records[0].id }]);
  const brought = await host.call('PATCH', path, { choices: [{ section: 'customers', ours: 'c1', theirs: records[1].id }] });
  assert.equal(brought.status, 200);
  assert.deepEqual([brought.body.changed, brought.body.waiting], [1, false]);
  const lines = await get('/api/configuration/customers?filter=chosen');
  assert.deepEqual(lines.lines.map((each) => each.ours.id).sort(), ['c0', 'c1']);
  assert.equal(lines.lines.find((each) => each.ours.id === 'c1').choice.name, records[1].name);
  const tag = brought.headers.get('etag');
  await patch([{ ours: 'c2', theirs: '' }]);
  const body = { choices: [{ section: 'customers', ours: 'c3', create: true }] };
  const late = await host.call('PUT', path, body, { 'if-match': tag });
  assert.equal(late.status, 412);
  assert.equal(late.body.code, 'version_changed');
  assert.equal((await host.call('PUT', path, body)).body.changed, 4);
  assert.equal((await get('/api/configuration/customers?filter=create')).lines[0].ours.id, 'c3');
  assert.equal((await host.call('PATCH', path, { choices: [{ section: 'customers', ours: 'c3' }] })).status, 400);
});

test('choices for records that nobody has are not kept without end', async (t) => {
  const many = (count) => Array.from({ length: count }, (_, i) => ({ section: 'customers', ours: `none-${i}`, theirs: '' }));
  const { patch, host, path } = await make_book(t, async ({ host: before, connection }) => {
    // Before there is a company, and before the directory: 10,000 beside it.
    const at = `/v1/connections/${connection}/configuration`;
    const refused = await before.call('PUT', at, { choices: many(10_100) });
    assert.deepEqual([refused.status, refused.body.code], [409, 'limit_reached']);
    assert.match(refused.body.detail, /10,?000 more/);
  });
  // The page passes them over.
  assert.equal((await patch([{ ours: 'nobody-has-it', theirs: '' }, { ours: 'c1', theirs: '' }])).body.changed, 1);
  const added = await host.call('PATCH', path, { choices: many(10_100) });
  assert.deepEqual([added.status, added.body.code], [409, 'limit_reached']);
  assert.equal((await host.call('PATCH', path, { choices: many(10) })).body.changed, 10);
  // What goes is not refused.
  assert.equal((await host.call('PUT', path, { choices: [] })).body.changed, 11);
});

test('what the host brings before there is a company is the first draft of the first one', async (t) => {
  const { get, customers_of, path, host } = await make_book(t, async ({ host: before, connection }) => {
    const at = `/v1/connections/${connection}/configuration`;
    const first = await before.call('PUT', at, { choices: [{ section: 'customers', ours: 'c0', theirs: '1' }] });
    assert.deepEqual([first.body.waiting, first.body.changed], [true, 1]);
    const more = { choices: [{ section: 'customers', ours: 'c4', theirs: '' }] };
    assert.equal((await before.call('PATCH', at, more, { 'if-match': '"-7"' })).status, 412);
    assert.equal((await before.call('PATCH', at, more, { 'if-match': first.headers.get('etag') })).status, 200);
  });
  await until('the draft', async () => (await customers_of()).none === 1);
  const chosen = await get('/api/configuration/customers?filter=chosen');
  assert.deepEqual(chosen.lines.map((each) => [each.ours.id, each.choice.theirs]), [['c0', '1']]);
  // A draft: the host reads it when the customer has saved it.
  assert.equal((await host.call('GET', path)).body.code, 'nothing_saved');
});

test('mappings leave as a table and come back as they were, and each row that is wrong is named', async (t) => {
  const { page, patch, summary, records, save, saved, host, path, customers_of } = await make_book(t);
  await host.call('PATCH', '/v1/tenants/acme/directory', { customers: { put: [{ id: '=1+1', name: '@formula, "quoted"' }] } });
  await until('the formula', async () => (await customers_of()).total === 6);
  await patch([{ ours: 'c0', theirs: records[0].id }, { ours: '=1+1', theirs: '' }, { ours: 'c4', create: true }]);
  const sheet = async () => {
    const answer = await page.browser.fetch(`${page.base}/api/configuration/sheet`, { headers: page.named() });
    assert.equal(answer.headers.get('content-type'), 'text/csv; charset=utf-8');
    return Buffer.from(await answer.arrayBuffer());
  };
  const put = async (text, seen) => {
    const answer = await page.browser.fetch(`${page.base}/api/configuration/sheet?seen=${seen ?? (await summary()).revision}`,
      { method: 'PUT', body: text, headers: { ...page.named(), 'content-type': 'text/csv', 'x-rekey': '1' } });
    return { status: answer.status, body: await answer.json() };
  };
  const before = await sheet();
  assert.equal(before.subarray(0, 3).toString('hex'), 'efbbbf');
  assert.ok(before.toString().includes(`customers,'=1+1,"'@formula, ""quoted""",none,,`));
  assert.equal((await put(before)).body.changed, 0);
  assert.deepEqual(await sheet(), before);
  const wrong = await put('section,id,decision\ncustomers,c0,none\nvendors,c1,none\n');
  assert.deepEqual(wrong.body, { outcome: null, changed: 0, faults: [{ row: 2, column: 'section' }] });
  assert.deepEqual(await sheet(), before);
  const some = await put(`id;section;counterpart_id\r\nc1;customers;${records[1].id}\r\n`);
  assert.equal(some.body.changed, 1);
  assert.ok((await sheet()).toString().includes(records[1].name));
  assert.equal((await put('section,id\n', 0)).body.refusal, 'changed_elsewhere');
  assert.equal((await put('name\nx\n')).status, 400);

  const { body } = await save();
  await saved(body.outcome.state.save.revision);
  const table = await host.call('GET', path, undefined, { accept: 'text/csv' });
  assert.match(table.text, /customers,c0,,chosen,/);
  const bring = (method, text) => host.call(method, path, text, { 'content-type': 'text/csv' });
  assert.equal((await bring('PUT', table.text)).body.changed, 0);
  assert.equal((await bring('PATCH', 'section;id;decision\ncustomers;c0;none\n')).body.changed, 1);
  assert.equal((await bring('PUT', table.text)).body.changed, 1);
  const fault = await bring('PUT', 'section,id,decision\ncustomers,c0,maybe\n');
  assert.deepEqual([fault.status, fault.body.code], [400, 'bad_input']);
  assert.match(fault.body.detail, /^Line 2 .*"decision"/);
});
