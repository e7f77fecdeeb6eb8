// The tables of tests/conformance.

import { readFile } from 'node:fs/promises';

/** The rows of a table, in columns. */
export async function rows(name) {
  const text = await readFile(new URL(`../conformance/${name}`, import.meta.url), 'utf8');
  const lines = text.split('\n').filter((row) => row && !row.startsWith('#'));
  return lines.map((row) => row.split('\t'));
}

/** The ids of the cases that come out otherwise than expected. */
export const left = async (name = 'left.tsv') => new Set((await rows(name)).map(([id]) => id));
