// Every answer of the host API and of the page surface, of whichever backend, against its description
// (OpenAPI 3.1, whose schemas are JSON Schema 2020-12). A route, a status or a member that is not described fails.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

const read = (file) => JSON.parse(readFileSync(new URL(`../../native/server/${file}`, import.meta.url), 'utf8'));
export const description = read('openapi.json');
export const page_description = read('page_api.json');

/** Clients leave alone what they do not know; here it must be described. */
function closed(part) {
  if (Array.isArray(part)) return part.map(closed);
  if (part === null || typeof part !== 'object') return part;
  const out = Object.fromEntries(Object.entries(part).map(([name, value]) => [name, closed(value)]));
  if ([out.type].flat().includes('object') && out.properties) out.additionalProperties ??= false;
  return out;
}

const surfaces = [
  { file: 'openapi.json', root: '/v1/', document: closed(description) },
  { file: 'page_api.json', root: '/api/', document: closed(page_description) },
];
const ajv = new Ajv({ strict: false, allErrors: true });
formats(ajv);
ajv.addFormat('int64', Number.isSafeInteger);
for (const { file, document } of surfaces) ajv.addSchema(document, file);
const seen = new Set();

/** The schema that something of the host API's description is judged by. */
export function schema(name) {
  return ajv.getSchema(`openapi.json#/components/schemas/${name}`);
}

/** Which operations have been answered so far, as "GET /v1/connections 200". */
export const answered = () => seen;

const pointer = (keys) => keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
const at = (document, keys) => keys.reduce((value, key) => value?.[key], document);

/** Where in a document something is, once references within it are followed. */
function place(document, keys) {
  const reference = at(document, keys)?.$ref;
  return reference ? reference.split('/').slice(1) : keys;
}

/** The surface, path and operation that a request is for, as far as they are described. */
function operation_of(method, url) {
  const { pathname } = new URL(url, 'http://host');
  const surface = surfaces.find(({ root }) => pathname.startsWith(root));
  if (!surface) return null;
  const path = Object.keys(surface.document.paths).filter((each) =>
    new RegExp(`^${each.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname)).sort((a, b) => a.split('{').length - b.split('{').length)[0];
  const keys = ['paths', path, method.toLowerCase()];
  return { ...surface, path, keys, operation: at(surface.document, keys), what: `${method} ${path ?? pathname}` };
}

/** The values that a body of this type has: one, one a line, or one an event. */
function values_of(media, text) {
  if (media === 'application/x-ndjson') return text.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line));
  if (media === 'text/csv') return [text];
  if (media === 'text/event-stream') return text.split('\n\n').map(event_of).filter(Boolean);
  return [JSON.parse(text)];
}

function event_of(block) {
  const fields = Object.fromEntries(block.split('\n').filter((line) => line && !line.startsWith(':')).map((line) => /^(\w+): ?(.*)$/.exec(line).slice(1)));
  if (fields.data === undefined) return null;
  const data = JSON.parse(fields.data);
  assert.equal(fields.id, String(data.seq), 'the id of an event is the seq of its step');
  return { ...fields, data };
}

function check_body({ file, document }, keys, media, text, what) {
  let schema_keys = [...keys, 'content', media, 'schema'];
  if (at(document, schema_keys).contentSchema) schema_keys = [...schema_keys, 'contentSchema'];
  const validate = ajv.getSchema(`${file}#${pointer(schema_keys)}`);
  for (const value of values_of(media, text)) assert.ok(validate(value), `${what}: ${ajv.errorsText(validate.errors)}`);
}

/** Fails when an answer is not as the description says. `text` is the body as it came; of a stream, whole events. */
export function check_answer(method, url, status, type, text) {
  const asked = operation_of(method, url);
  if (!asked) return;
  const { document, operation, what } = asked;
  let keys = place(document, [...asked.keys, 'responses', String(status)]);
  if (!operation) {
    assert.equal(status, asked.path ? 405 : 404, `${what} is not in the description`);
    keys = ['components', 'responses', 'Problem'];
  }
  const response = at(document, keys);
  assert.ok(response, `${what} answered ${status}, which is not in the description`);
  seen.add(`${what} ${status}`);
  if (!response.content) return assert.equal(text, '', `${what} ${status} has a body`);
  const media = type?.split(';')[0];
  assert.ok(media in response.content, `${what} ${status} is ${media}, and may be ${Object.keys(response.content).join(' or ')}`);
  check_body(asked, keys, media, text, `${what} ${status}`);
}

/** Fails when a request of the page is not as the description says: what it sends, and which of our headers. */
export function check_request(method, url, headers, text) {
  const { document, operation, keys, what, ...asked } = operation_of(method, url);
  assert.ok(operation, `${what} is not in the description`);
  const parameters = (operation.parameters ?? []).map((_, i) => at(document, place(document, [...keys, 'parameters', i])));
  const named = parameters.filter((each) => each.in === 'header');  // the path was found by its own
  const described = named.map((each) => each.name.toLowerCase());
  for (const name of Object.keys(headers).filter((each) => each.startsWith('x-rekey')))
    assert.ok(described.includes(name), `${what} has the header ${name}, which is not in the description`);
  for (const { name, required, schema: { const: wanted } } of named) {
    const value = headers[name.toLowerCase()];
    if (value === undefined) assert.ok(!required, `${what} is without ${name}`);
    else if (wanted) assert.equal(value, wanted, `${what}: ${name}`);
  }
  if (!operation.requestBody) return assert.equal(text, '', `${what} has a body`);
  const media = headers['content-type'];
  const body = place(document, [...keys, 'requestBody']);
  assert.ok(media in at(document, body).content, `${what}: ${media}`);
  check_body({ document, ...asked }, body, media, text, what);
}
