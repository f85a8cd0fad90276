// Builds the React page beside which ours is measured (tests/bench/react_page), as `rekey serve` serves a page: every file but
// index.html by a name that says what is in it, and compressed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { root } from './spread.mjs';

const sources = join(root, 'tests/bench/react_page');
const folder = join(root, 'build/react_page');

/** Its packages, from the registry of the machine, in a folder under build/. */
function install() {
  mkdirSync(folder, { recursive: true });
  const lock = readFileSync(join(sources, 'package-lock.json'), 'utf8');
  const kept = join(folder, 'package-lock.json');
  if (existsSync(join(folder, 'node_modules')) && existsSync(kept) && readFileSync(kept, 'utf8') === lock) return;
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(sources, name), join(folder, name));
  const { status } = spawnSync('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund'], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`The packages of the React page could not be installed in ${folder}.`);
}

/** Builds it; gives the folder to be served. */
export function build_react_page() {
  install();
  const served = join(folder, 'served');
  rmSync(served, { recursive: true, force: true });
  mkdirSync(served, { recursive: true });
  const bundle = join(folder, 'page.js');
  const { status } = spawnSync(join(folder, 'node_modules/.bin/esbuild'), [join(sources, 'page.jsx'), '--bundle', '--minify', '--jsx=automatic',
    '--define:process.env.NODE_ENV="production"', '--log-level=error', `--outfile=${bundle}`],
  { stdio: 'inherit', env: { ...process.env, NODE_PATH: join(folder, 'node_modules') } });
  if (status !== 0) throw new Error('The React page could not be built.');
  let index = readFileSync(join(sources, 'index.html'), 'utf8');
  const put = (name, content) => {
    writeFileSync(join(served, name), content);
    writeFileSync(join(served, `${name}.br`), brotliCompressSync(content));
  };
  for (const [name, content] of [['page.js', readFileSync(bundle)], ['page.css', readFileSync(join(sources, 'page.css'))]]) {
    const mark = createHash('sha256').update(content).digest('hex').slice(0, 8);
    const marked = name.replace('.', `-${mark}.`);
    put(marked, content);
    index = index.replace(`"${name}"`, `"${marked}"`);
  }
  put('index.html', Buffer.from(index));
  return served;
}
