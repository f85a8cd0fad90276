// The host reads what was imported: page by page, as lines, and what has changed since it looked last.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, make_tenant, make_world } from './support/world.mjs';

const ndjson = { accept: 'application/x-ndjson' };
const lines = (answer) => answer.text.split('\n').filter(Boolean).map((line) => JSON.parse(line));

test('what was imported is read page by page and as lines, each list by its name or its section', async (t) => {
  const world = await make_world(t);
  const key = world.command('api-key', 'add', 'test');
  await world.serve();
  const { host, page, connection } = await make_tenant(world.base, key, 'acme');
  const records = `/v1/connections/${connection}/records`;
  const before = await host.call('GET', `${records}/Customer`);
  assert.deepEqual([before.status, before.body.code], [404, 'not_imported']);
  await connect(world.base, page);

  const { status, headers, body } = await host.call('GET', `${records}/Customer`);
  assert.equal(status, 200);
  assert.equal(body.records.length, 20);
  assert.equal(body.next, null);
  assert.equal(body.company.realm_id, '123');
  assert.equal(headers.get('rekey-as-of'), body.as_of);
  for (const each of body.records) {
    assert.equal(each.row.Id, each.id);
    // Without what QuickBooks adds to the name of what is inactive.
    assert.equal(each.name, each.row.DisplayName.replace(' (deleted)', ''));
    assert.deepEqual([each.active, each.gone], [each.row.Active, false]);
  }
  const answer = await host.call('GET', `${records}/Customer`, undefined, ndjson);
  assert.equal(answer.headers.get('content-type'), 'application/x-ndjson');
  assert.deepEqual(lines(answer), body.records);
  assert.deepEqual((await host.call('GET', `${records}/customers`)).body.records, body.records);

  const items = lines(await host.call('GET', `${records}/items`, undefined, ndjson));
  assert.equal(items.find((each) => each.name === 'Desk Lamp').parent, 'Lighting');
  const codes = (await host.call('GET', `${records}/TaxCode`)).body.records;
  assert.ok(codes.some((each) => / %/.test(each.detail)), JSON.stringify(codes.map((each) => each.detail)));

  // Nothing has changed since; everything has since long ago.
  const since = (time) => host.call('GET', `${records}/Customer?changed_since=${encodeURIComponent(time)}`);
  assert.equal((await since('2999-01-01T00:00:00+01:00')).body.records.length, 0);
  assert.equal((await since('2020-01-01T00:00:00Z')).body.records.length, 20);
  assert.equal((await since('last week')).body.code, 'bad_input');
  assert.equal((await host.call('GET', `${records}/Customer?chnaged_since=x`)).body.code, 'unknown_parameter');
  assert.equal((await host.call('GET', `${records}/Clients`)).body.code, 'not_found');
  assert.equal((await host.call('GET', '/v1/connections/con_none/records/Customer')).body.code, 'not_found');
});
