// Medians with their spread, and the machine they were measured on.
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** "median [least to most], n = rounds" */
export function spread(values, digits = 0) {
  const sorted = [...values].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  const show = (value) => value.toFixed(digits);
  return `${show(median)} [${show(sorted[0])} to ${show(sorted.at(-1))}], n = ${sorted.length}`;
}

export function about_machine() {
  const name = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'unknown system';
  return `Machine: ${cpus().length} cores (${cpus()[0].model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${name}`;
}
