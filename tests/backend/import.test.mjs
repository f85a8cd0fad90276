// Imports over the host API: lists that QuickBooks does not give to a company are left out and told.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { schema } from '../support/description.mjs';
import { until } from './support/program.mjs';
import { start_receiver } from './support/receiver.mjs';
import { connect, make_tenant, make_world, press_save, summary_of } from './support/world.mjs';

const fault = (code, message) => JSON.stringify({ Fault: { Error: [{ Message: message, Detail: message, code }], type: 'ValidationFault' } });

/** The sandbox's accounting API, which does not give `lists` to any company. */
async function accounting_without(t, sandbox, lists) {
  const server = createServer(async (request, response) => {
    const query = new URL(request.url, sandbox).searchParams.get('query') ?? '';
    if (lists.has(/ from (\w+)/i.exec(query)?.[1])) {
      response.writeHead(400, { 'content-type': 'application/json' });
      return response.end(fault('5030', 'Feature Not Supported Error'));
    }
    const { authorization } = request.headers;
    try {
      // A connection of its own: one that is kept may be closed at the moment in which it is used again.
      const answer = await fetch(sandbox + request.url, { headers: { authorization, accept: 'application/json', connection: 'close' } });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
      return response.end(await answer.text());
    } catch {
      return response.destroy(); // then it is an outage for whoever asks
    }
  }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${server.address().port}`;
}

/** A backend that reads its companies without `lists`, and a receiver of its webhooks. */
async function start_without(t, lists, flags = []) {
  const world = await make_world(t, { serve_flags: ['--webhook-allow', '127.0.0.1', ...flags] });
  const file = join(world.folder, 'provider.json');
  const accounting_base = await accounting_without(t, world.sandbox, lists);
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file)), accounting_base }));
  const key = world.command('api-key', 'add', 'test');
  await world.serve();
  const receiver = await start_receiver(t);
  const { host, page, connection } = await make_tenant(world.base, key, 'acme');
  await host.call('POST', '/v1/webhooks', { url: receiver.url, types: ['import.finished', 'import.failed'] });
  const told = (count) => until(`${count} webhooks`, () => (receiver.messages.length >= count
    ? receiver.messages.map(({ body }) => JSON.parse(body)) : null));
  const phase = async () => (await host.call('GET', `/v1/connections/${connection}`)).body.state.import.phase;
  return { world, host, page, connection, told, phase };
}

test('a list that the company does not have is left out, told to customer and host, and the rest is imported', async (t) => {
  const lists = new Set(['Department', 'Vendor']);
  const { world, host, page, connection, told, phase } = await start_without(t, lists);
  await connect(world.base, page);
  const { progress } = await phase();
  const left_out = (each) => each.filter((one) => one.left_out).map((one) => [one.entity, one.left_out]);
  assert.deepEqual(left_out(progress), [['Department', 'not_for_company'], ['Vendor', 'mapping_needs_it']]);
  assert.ok(progress.every((each) => each.finished));
  assert.equal(progress.find((each) => each.entity === 'Customer').done, 20);

  const notes = (await page.page()).notices.map(({ note, detail }) => `${note} ${detail}`);
  assert.ok(notes.includes('list_left_out Department'), notes.join('; '));
  assert.ok(notes.includes('needed_list_left_out Vendor'), notes.join('; '));

  const [message] = await told(1);
  assert.ok(schema('WebhookMessage')(message), JSON.stringify(schema('WebhookMessage').errors));
  assert.equal(message.type, 'import.finished');
  assert.deepEqual(message.data.left_out,
    [{ entity: 'Department', reason: 'not_for_company' }, { entity: 'Vendor', reason: 'mapping_needs_it' }]);

  // What is read is said by the event that begins it; a list that there is again is read again.
  const { body: { events } } = await host.call('GET', `/v1/connections/${connection}/events`);
  const { plan } = events.find((each) => each.event.type === 'company_proved').event;
  assert.deepEqual(plan, progress.map((each) => each.entity));
  lists.clear();
  await host.call('POST', `/v1/connections/${connection}/commands`, { command: 'import' });
  const again = (await told(2))[1];
  assert.equal(again.type, 'import.finished');
  assert.deepEqual(again.data.left_out, []);
  assert.deepEqual(left_out((await phase()).progress), []);
});

test('when every list is refused the import has failed, and can be tried again', async (t) => {
  const lists = new Set();
  const { world, host, page, connection, told, phase } = await start_without(t, lists);
  await connect(world.base, page);
  const all = (await phase()).progress.map((each) => each.entity);
  for (const each of all) lists.add(each);
  await host.call('POST', `/v1/connections/${connection}/commands`, { command: 'import' });
  const failed = (await told(2))[1];
  assert.equal(failed.type, 'import.failed');
  assert.equal(failed.data.reason, 'refused');
  assert.equal(failed.data.resumable, true);
  assert.deepEqual(failed.data.left_out.map((each) => each.entity), all);
  lists.clear();
  await page.command('resume_import');
  assert.deepEqual((await told(3))[2].data.left_out, []);
  assert.equal((await phase()).type, 'done');
});

test('a host that has other lists mapped is shown those, and is told that they are missing where they are', async (t) => {
  const lists = new Set(['Department', 'Vendor']);
  const { world, host, page, connection, told } = await start_without(t, lists, ['--lists', 'items locations customers']);
  await host.call('PUT', '/v1/tenants/acme/directory', { items: [{ id: 'i', name: 'Desk Lamp' }], customers: [{ id: 'c', name: 'C' }], suppliers: [{ id: 's', name: 'S' }] });
  await connect(world.base, page);
  const [message] = await told(1);
  assert.deepEqual(message.data.left_out,
    [{ entity: 'Department', reason: 'mapping_needs_it' }, { entity: 'Vendor', reason: 'not_for_company' }]);
  assert.deepEqual((await page.page()).lists, ['items', 'customers', 'locations']);
  const { revision, sections } = await summary_of(page);
  assert.deepEqual(sections.map((each) => each.section), ['items', 'customers', 'locations']);
  const { lines } = (await page.call('GET', '/api/configuration/items')).body;
  assert.deepEqual(lines.map((each) => each.ours.id), ['i']);
  for (const path of ['/api/configuration/suppliers', '/api/records/suppliers', '/api/records/accounts'])
    assert.equal((await page.call('GET', path)).status, 404, path);
  const { records } = (await page.call('GET', '/api/records/items?q=desk%20lamp')).body;
  const lamp = records.find((each) => each.name === 'Desk Lamp');
  assert.equal(lamp.parent, 'Lighting');
  assert.ok(lines[0].candidates.some((each) => each.record.id === lamp.id));
  await page.call('PATCH', '/api/configuration', { seen: revision, choices: [{ section: 'items', ours: 'i', theirs: lamp.id }] });
  assert.deepEqual((await press_save(page)).body.problems, []);
  const saved = await until('it is saved', async () => {
    const answer = await host.call('GET', `/v1/connections/${connection}/configuration`);
    return answer.status === 200 && answer.body;
  });
  assert.deepEqual(saved.configuration.items, [{ ours: 'i', theirs: lamp.id, name: lamp.name }]);
});

test('the host pauses an import, lets it go on, skips and retries a list, and gives an import up', async (t) => {
  const { world, host, page, connection, phase } = await start_without(t, new Set());
  await connect(world.base, page);
  const before = await phase();
  const tell = (command, more = {}) => host.call('POST', `/v1/connections/${connection}/commands`, { command, ...more });
  const slow = (on) => fetch(`${world.sandbox}/sandbox/faults`, on
    ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ route: 'query', kind: 'slow', delay_ms: 1500, count: -1 }) }
    : { method: 'DELETE' });
  const is = (type) => until(`the import to be ${type}`, async () => { const now = await phase(); return now.type === type ? now : null; });

  assert.ok((await tell('pause_import')).status >= 400);
  await slow(true);
  await tell('import');
  assert.equal((await tell('pause_import')).status, 200);
  assert.equal((await is('failed')).reason, 'paused');
  await tell('resume_import');
  await is('running');
  await tell('cancel_import');
  assert.deepEqual(await is('done'), before);

  await tell('import');
  assert.equal((await tell('skip_list')).status, 400);
  assert.equal((await tell('skip_list', { list: 'Vendor' })).status, 200);
  await slow(false);
  const left_out = (each) => each.progress.filter((one) => one.left_out).map((one) => [one.entity, one.left_out]);
  assert.deepEqual(left_out(await is('done')), [['Vendor', 'skipped']]);
  assert.ok((await tell('retry_list', { list: 'Item' })).status >= 400);
  assert.equal((await tell('retry_list', { list: 'Vendor' })).status, 200);
  assert.deepEqual(left_out(await is('done')), []);
});
