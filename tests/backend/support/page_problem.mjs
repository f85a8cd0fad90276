// A problem of /api as the page needs it: the id of a sentence of its catalogue, a value for each of its places, no words.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const texts = JSON.parse(readFileSync(new URL('../../../public/lang/en.json', import.meta.url), 'utf8'));

/** Checks a problem document of /api; gives the sentence that the page makes of it. */
export function page_sentence(body) {
  const told = JSON.stringify(body);
  assert.ok('title' in body === false && 'detail' in body === false, told);
  assert.deepEqual([typeof body.type, typeof body.code, typeof body.status], ['string', 'string', 'number'], told);
  assert.ok('refusal' in body, told);
  const text = texts[body.message];
  assert.ok(text, `the catalogue has the message of ${told}`);
  const places = [...text.matchAll(/\{(\w+)\}/g)].map(([, place]) => place);
  assert.deepEqual(Object.keys(body.values).sort(), [...new Set(places)].sort(), told);
  for (const value of Object.values(body.values)) assert.equal(typeof value, 'string', told);
  return text.replace(/\{(\w+)\}/g, (_, place) => body.values[place]);
}
