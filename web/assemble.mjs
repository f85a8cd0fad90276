// Puts the page together in a folder. Every file but index.html gets a name that says what is in it,
// so that browsers may keep it for good; boot.js is told these names.
//
//   node assemble.mjs FOLDER PUBLIC SCRIPT FONT...
//
// SCRIPT is Emscripten's, with the .wasm beside it. Files of an earlier build are removed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pseudoCatalogue } from './pseudo.mjs';

const [folder, served, script, ...fonts] = process.argv.slice(2);
const names = {};  // as the sources call a file, and as it is served
const kept = new Set();

function put(name, content) {
  const target = path.join(folder, name);
  mkdirSync(path.dirname(target), { recursive: true });
  kept.add(target);
  kept.add(`${target}.br`);
  if (!existsSync(target) || !readFileSync(target).equals(Buffer.from(content))) writeFileSync(target, content);
}

function put_for_good(name, content) {
  const mark = createHash('sha256').update(content).digest('hex').slice(0, 8);
  const { dir, name: stem, ext } = path.parse(name);
  names[name] = path.posix.join(dir, `${stem}-${mark}${ext}`);
  put(names[name], content);
}

/** `text` with `from`, which must be there, replaced everywhere. */
function replaced(text, from, to) {
  if (!text.includes(from)) throw new Error(`assemble: there is no ${from} to be replaced`);
  return text.replaceAll(from, to);
}

const files = (start) => readdirSync(start, { recursive: true })
  .filter((name) => statSync(path.join(start, name)).isFile()).sort();
const text = (...name) => readFileSync(path.join(...name), 'utf8');

for (const name of files(served)) {
  if (name !== 'index.html' && name !== 'boot.js') put_for_good(name, readFileSync(path.join(served, name)));
}
// The languages by the names they have for themselves; and one for tests, which is not offered.
const own = (tag) => new Intl.DisplayNames([tag], { type: 'language', languageDisplay: 'standard' }).of(tag);
const spoken = files(path.join(served, 'lang')).map((name) => path.basename(name, '.json'));
const languages = Object.fromEntries(spoken.map((tag) => {
  const name = own(tag);
  return [tag, name.slice(0, 1).toLocaleUpperCase(tag) + name.slice(1)];
}).sort(([, a], [, b]) => a.localeCompare(b, 'en')));
const english = text(served, 'lang/en.json');
put_for_good('lang/en-XA.json', pseudoCatalogue(english));
for (const font of fonts) put_for_good(`fonts/${path.basename(font)}`, readFileSync(font));
const program = script.replace(/\.js$/, '.wasm');
put_for_good('rekey.wasm', readFileSync(program));
put_for_good('rekey.js', replaced(text(script), path.basename(program), names['rekey.wasm']));
let boot = replaced(text(served, 'boot.js'), '/* files */ {}', JSON.stringify(names));
boot = replaced(boot, '/* languages */ {}', JSON.stringify(languages));
put_for_good('boot.js', boot);

// What is read before the wording is there, or when it never comes, is English.
const says = JSON.parse(english);
let index = text(served, 'index.html').replace(/(data-text="([a-z._]+)"[^>]*>)(?=<)/g, (whole, start, id) => {
  if (!(id in says)) throw new Error(`assemble: there is no text ${id}`);
  return start + says[id];
});
for (const name of ['boot.js', 'page.css', 'icon.svg']) index = replaced(index, `"${name}"`, `"${names[name]}"`);
put('index.html', index);

for (const name of files(folder)) {
  const file = path.join(folder, name);
  if (!kept.has(file)) rmSync(file);
}
