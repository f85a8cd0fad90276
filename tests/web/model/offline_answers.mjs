// What the pretended backend of the page answers, held against the description of the page's API.
//   node offline_answers.mjs PROGRAM    the program that prints the answers, offline_answers.cpp
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { answered, check_answer, page_description } from '../../support/description.mjs';

const lines = execFileSync(process.argv[2], { encoding: 'utf8', maxBuffer: 64 << 20 }).trim().split('\n').map((line) => JSON.parse(line));
for (const { method, path, status, type, text } of lines) check_answer(method, path, status, type, text);

const seen = [...answered()];
for (const [path, item] of Object.entries(page_description.paths))
  for (const method of Object.keys(item))
    assert.ok(seen.includes(`${method.toUpperCase()} ${path} 200`), `nothing answered ${method.toUpperCase()} ${path}`);
assert.ok(seen.some((each) => each.endsWith(' 409')), 'nothing was refused');
console.log(`${lines.length} answers: ${seen.join(', ')}`);
