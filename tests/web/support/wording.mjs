// What the page says in a language, for tests that read it: the same files as the page's.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { pseudoCatalogue } from '../../../web/pseudo.mjs';

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../public/lang');
const file = (tag) => readFileSync(path.join(folder, `${tag}.json`), 'utf8');

/** The texts of a language: a function of an id and the values of its {places}. */
export function wording(tag) {
  const texts = JSON.parse(tag === 'en-XA' ? pseudoCatalogue(file('en')) : file(tag));
  return (id, values = {}) => {
    if (!(id in texts)) throw new Error(`${tag} has no text ${id}`);
    return texts[id].replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
  };
}
