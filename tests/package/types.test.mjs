// index.d.ts is written by hand: here it is held against the exports, the codes and the compiler.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import * as node from '../../pkg/node.js';

const root = new URL('../../', import.meta.url);
const read = (path) => readFile(new URL(path, root), 'utf8');
const matches = (text, pattern) => [...text.matchAll(pattern)].map(([, name]) => name).sort();

test('the types declare exactly what the package exports', async () => {
  const declared = matches(await read('pkg/index.d.ts'), /^export (?:function|class|const) (\w+)/gm);
  assert.deepEqual(declared, Object.keys(node).sort());
});

test('the entries for Node and browsers export the same', async () => {
  const exported = matches(await read('www/package/index.js'), /^ {2}(\w+),$/gm);
  const others = ['Certificate', 'Crl', 'Identity', 'SmimeError', 'lock'];
  assert.deepEqual([...exported, ...others].sort(), Object.keys(node).sort());
});

test('every code the crate can answer with is declared, and no other', async () => {
  const rust = await read('src/error.rs');
  const types = await read('pkg/index.d.ts');
  const union = (name) => matches(types.match(new RegExp(`type ${name} =[^;]*;`))[0], /'([^']+)'/g);

  const problems = matches(rust.slice(rust.indexOf('problem_codes! {')), /=> "([a-z0-9-]+\/[a-z0-9-]+)"/g);
  assert.deepEqual(union('ProblemCode'), problems);

  const ofJavaScript = [
    'crl/lost',
    'identity/lost',
    'internal/load',
    'internal/trap',
    'limit/options',
    'passkey/not-given',
    'passkey/unsupported',
    'store/blocked',
    'store/closed',
    'store/failed',
    'store/quota',
    'store/unavailable',
    'sync/failed',
  ];
  const errors = matches(rust.slice(0, rust.indexOf('problem_codes! {')), /=> "([a-z0-9-]+(?:\/[a-z0-9-]+)?)",\n/g);
  assert.deepEqual(union('ErrorCode'), [...errors, ...ofJavaScript].sort());
});
