// What the store says where there is no IndexedDB, and that its types are its methods.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { openStore } from 'smime-wasm/store';

test('Node has no IndexedDB, and the store says so', () =>
  assert.rejects(openStore(), { name: 'SmimeError', code: 'store/unavailable' }));

for (const [file, name] of [
  ['store', 'Store'],
  ['mailer', 'Mailer'],
]) {
  test(`the types declare the methods of ${file}.js, and no others`, async () => {
    const read = (name) => readFile(new URL(`../../www/package/${name}`, import.meta.url), 'utf8');
    const names = (text, from, pattern) =>
      [...text.slice(text.indexOf(from)).matchAll(pattern)].map(([, name]) => name).sort();
    const declared = await read(`${file}.d.ts`);
    const [body] = declared.slice(declared.indexOf(`interface ${name} {`)).split('\n}');
    const defined = names(await read(`${file}.js`), `class ${name} {`, /^ {2}(?:async )?\*?(\w+)\(.*\{$/gm);
    assert.deepEqual(
      names(body, '', /^ {2}(\w+)(?:<[^(]*>)?\(/gm),
      defined.filter((name) => name !== 'constructor'),
    );
  });
}
