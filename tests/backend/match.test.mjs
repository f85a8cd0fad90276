// `rekey match`: two files of records, of any encoding and separator, and which are the same.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { rekey, temporary_folder } from './support/program.mjs';

const left = `id,Given name,Surname,E-mail,Zip
a1,Jane,Whitlock,jane@alder.test,10115
a2,Jörg,Müller,,80331
a3,Garage,,,
a4,Nobody,Else,,
`;
const right = `id;Display name;E-mail;Postal code
b1;"Whitlock, Jane";jane@alder.test;10115
b2;Joerg Mueller;;80331
b3;Garage;;
b4;Garage;;
`;

const match = (...args) => spawnSync(rekey, ['match', ...args], { encoding: 'utf8' });
const files = (t, encode = (text) => Buffer.from(text)) => {
  const folder = temporary_folder(t), paths = ['left.csv', 'right.csv'].map((name) => join(folder, name));
  writeFileSync(paths[0], encode(left));
  writeFileSync(paths[1], encode(right));
  return { folder, paths };
};
const lines = (path) => readFileSync(path, 'utf8').trim().split('\n').map((line) => /^(.*?),(.*?),(.*?),(.*?),(.*)$/.exec(line).slice(1));

test('two files are matched: pairs with confidence and reason, equal ones never applied', (t) => {
  const { folder, paths } = files(t), out = join(folder, 'out.csv');
  const shown = match(...paths);
  assert.equal(shown.status, 0, shown.stderr);
  assert.match(shown.stdout, /\* {2}a1 {2}Jane Whitlock {2}= {2}b1 {2}Whitlock, Jane {2}\(same e-mail, same name/);
  const written = match(...paths, '--out', out);
  assert.equal(written.status, 0, written.stderr);
  const [header, ...rows] = lines(out);
  assert.deepEqual(header, ['left', 'right', 'confidence', 'applied', 'reason']);
  const of = (id) => rows.filter((row) => row[0] === id);
  assert.deepEqual(of('a1').map((row) => [row[1], row[3]]), [['b1', 'true']]);
  assert.deepEqual(of('a2').map((row) => [row[1], row[3]]), [['b2', 'true']]);
  assert.deepEqual(of('a3').map((row) => [row[1], row[3]]), [['b3', 'false'], ['b4', 'false']]);
  assert.equal(of('a3')[0][2], of('a3')[1][2]);
  assert.match(of('a3')[0][4], /others are as likely/);
  assert.deepEqual(of('a4'), []);
});

test('UTF-8 with a mark, UTF-16 and Windows-1252 give the same', (t) => {
  const swapped = (text) => Buffer.from(text, 'utf16le').swap16();
  const outs = [(text) => Buffer.from(text), (text) => Buffer.from('\ufeff' + text), (text) => Buffer.from('\ufeff' + text, 'utf16le'),
    (text) => swapped('\ufeff' + text), (text) => Buffer.from(text, 'latin1')].map((encode) => {
    const { folder, paths } = files(t, encode), out = join(folder, 'out.csv');
    const done = match(...paths, '--out', out);
    assert.equal(done.status, 0, done.stderr);
    return readFileSync(out, 'utf8');
  });
  for (const out of outs) assert.equal(out, outs[0]);
});

test('without a column id the number of the row is it; with the truth it is said how right this is', (t) => {
  const folder = temporary_folder(t), path = (name) => join(folder, name);
  writeFileSync(path('l.csv'), 'name\tcity\nKestrel Foods Ltd\tLeeds\nHarbour Motors\tYork\n');
  writeFileSync(path('r.csv'), 'name,shoe size\nHARBOUR MOTORS,1\nKestrel Foods,2\n');
  writeFileSync(path('truth.csv'), 'left,right\n1,2\n2,1\n');
  const done = match(path('l.csv'), path('r.csv'), '--truth', path('truth.csv'), '--out', path('out.csv'));
  assert.equal(done.status, 0, done.stderr);
  assert.deepEqual(lines(path('out.csv')).slice(1).map((row) => row.slice(0, 2)), [['1', '2'], ['2', '1']]);
  assert.match(done.stdout, /^threshold +pairs +right +precision +recall +F1$/m);
  assert.match(done.stdout, /^0\.50 +2 +2 +1\.0000 +1\.0000 +1\.0000$/m);
  assert.match(done.stdout, /^applied +2 /m);
  assert.match(done.stderr, /not compared: shoe size/);
  const strict = match(path('l.csv'), path('r.csv'), '--threshold', '1', '--out', path('none.csv'));
  assert.equal(strict.status, 0);
});

test('a file that is none is told with its name, and nothing is written', (t) => {
  const { folder, paths } = files(t);
  const missing = match(join(folder, 'none.csv'), paths[1]);
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /none\.csv: It cannot be read/);
  writeFileSync(paths[0], 'id,name\n1,"endless\n');
  const endless = match(...paths);
  assert.equal(endless.status, 1);
  assert.match(endless.stderr, /left\.csv: The quote that begins in the row at line 2 is never closed/);
  assert.equal(match(...paths, '--threshold', '2').status, 2);
  for (const [text, said] of [['', /no header row/], ['1,Alder Works\n2,Birch\n', /None of its columns is known/], ['id,shoe size\n1,2\n', /None of its columns is known/]]) {
    writeFileSync(paths[0], text);
    const refused = match(...paths);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, said);
  }
  writeFileSync(paths[0], 'id,name\n1,Alder Works\n1,Birch\n');
  assert.match(match(...paths).stderr, /more than one record has the id 1/);
  writeFileSync(join(folder, 'truth.csv'), 'pair\n1\n');
  const truth = match(...paths, '--truth', join(folder, 'truth.csv'));
  assert.equal(truth.status, 1);
  assert.match(truth.stderr, /truth\.csv: It needs the columns left and right/);
});
