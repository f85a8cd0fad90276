// Every answer of the host API against its own description (OpenAPI 3.1, whose schemas are JSON Schema 2020-12).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

export const description = JSON.parse(readFileSync(new URL('../../../native/server/openapi.json', import.meta.url), 'utf8'));
const ajv = new Ajv({ strict: false, allErrors: true });
formats(ajv);
ajv.addFormat('int64', Number.isSafeInteger);
ajv.addSchema(description, 'openapi');
const pointer = (text) => text.replaceAll('~', '~0').replaceAll('/', '~1');
const seen = new Set();

/** The schema that something of the description's is judged by. */
export function schema(name) {
  return ajv.getSchema(`openapi#/components/schemas/${name}`);
}

/** Which operations have been answered so far, as "GET /v1/connections 200". */
export const answered = () => seen;

/** Fails when an answer is not as the description says. `text` is the body as it came. */
export function check_answer(method, path, status, type, text) {
  const { pathname } = new URL(path, 'http://host');
  if (!pathname.startsWith('/v1/')) return;
  const found = Object.keys(description.paths).filter((each) =>
    new RegExp(`^${each.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname)).sort((a, b) => a.split('{').length - b.split('{').length)[0];
  if (!found) return assert.equal(status, 404, `${pathname} is not in the description`);
  const operation = description.paths[found][method.toLowerCase()];
  if (!operation) return assert.equal(status, 405, `${method} ${found} is not in the description`);
  const at = `paths/${pointer(found)}/${method.toLowerCase()}/responses/${status}`;
  let response = operation.responses[status];
  assert.ok(response, `${method} ${found} answered ${status}, which is not in the description`);
  seen.add(`${method} ${found} ${status}`);
  let where = at;
  if (response.$ref) {
    where = response.$ref.slice(2);
    response = where.split('/').reduce((value, key) => value[key], description);
  }
  if (!response.content) return assert.equal(text, '', `${method} ${found} ${status} has a body`);
  const [media] = Object.keys(response.content);
  assert.equal(type?.split(';')[0], media, `${method} ${found} ${status}`);
  const lines = media === 'application/x-ndjson';
  const validate = lines ? schema('GrantOutcome') : ajv.getSchema(`openapi#/${where}/content/${pointer(media)}/schema`);
  for (const each of lines ? text.trim().split('\n').filter(Boolean) : [text])
    assert.ok(validate(JSON.parse(each)), `${method} ${found} ${status}: ${ajv.errorsText(validate.errors)}`);
}
