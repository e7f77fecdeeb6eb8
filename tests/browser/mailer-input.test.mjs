// Bad input to every method of the mailer: a code, and nothing in the database has changed. What each method
// takes is in mailer-page/inputs.js; a method or an option that has no row there fails the first tests.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { launchMailer } from './support/mailer-page.mjs';
import { inputs, opening } from './support/mailer-page/inputs.js';

const { chromium, close } = await launchMailer();
after(close);

const root = new URL('../../', import.meta.url);
const [errors] = (await readFile(new URL('docs/CODES.md', root), 'utf8')).split('## Problems');
const codes = new Set([...errors.matchAll(/^\| `([^`]+)`/gm)].map(([, code]) => code));

/** What happens to calls with right options, where they are not done. */
const without = { createPasskey: 'passkey/unsupported', removeUnlock: 'store/last-way' };

/** What calls with right options come to while everything is locked, where they are not done. */
const whileLocked = {
  ...without,
  restore: 'identity/locked',
  sync: 'identity/locked',
  importCertificates: 'identity/locked',
  setTrust: 'identity/locked',
  exportP12: 'identity/locked',
  addUnlock: 'identity/locked',
  removeUnlock: 'identity/locked',
  renewKey: 'identity/locked',
  protect: 'identity/locked',
  protectMany: 'identity/locked',
  changeSettings: 'identity/locked',
  addRecipients: 'identity/locked',
  removeRecipients: 'identity/locked',
  readdressMany: 'identity/locked',
  archive: 'identity/locked',
  'sharedAccounts.create': 'identity/locked',
  'sharedAccounts.accept': 'identity/locked',
  'sharedAccounts.addMembers': 'identity/locked',
  'sharedAccounts.removeMembers': 'identity/locked',
  'sharedAccounts.replaceIdentities': 'identity/locked',
};

test('every method of the mailer has a row in the table of inputs', () =>
  chromium.page(async (page) => {
    const methods = await inPage(page, async ({ begin, methodsOf }) => methodsOf((await begin()).mailer));
    assert.deepEqual(Object.keys(inputs).sort(), methods.sort());
  }));

test('every option of every method is in the table of inputs', async () => {
  const folder = await mkdtemp(fileURLToPath(new URL('tests/package/inputs-', root)));
  try {
    const names = Object.entries(inputs).filter(([, kinds]) => kinds);
    const table = Object.fromEntries(names.map(([method, kinds]) => [method, Object.keys(kinds)]));
    await writeFile(
      join(folder, 'inputs.ts'),
      `import type { Mailer, openMailer } from 'smime-wasm/mailer';
      type Names<Options> = Options extends unknown ? keyof Options : never;
      type Table<Space> = {
        [Method in keyof Space]: Space[Method] extends (options?: infer Options) => unknown
          ? Record<Names<NonNullable<Options>>, 1>
          : Space[Method] extends object ? Table<Space[Method]> : never;
      };
      type Methods = Omit<Mailer, 'storeId' | 'problems' | 'lock' | 'on' | 'close'>;
      export const known: Table<Methods> = ${JSON.stringify(nested(table))};
      export const opening: Table<{ openMailer: typeof openMailer }> = ${JSON.stringify(nested({ openMailer: Object.keys(opening) }))};
      `,
    );
    const tsc = fileURLToPath(new URL('www/node_modules/typescript/bin/tsc', root));
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', '', '--ignoreConfig'];
    await promisify(execFile)(tsc, [...flags, join(folder, 'inputs.ts')]).catch(({ stdout }) => assert.fail(stdout));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('what is wrong or too large has a code, and changes nothing', () =>
  chromium.page(async (page) => {
    await inPage(page, async ({ begin }) => void (window.begun = await begin()));
    for (const method of ['openMailer', ...Object.keys(inputs)]) {
      const { faults, answers, right } = await inPage(page, async ({ refusals }, method) => refusals(window.begun, method), method);
      assert.deepEqual(faults, [], method);
      for (const [code, calls] of Object.entries(answers)) {
        assert.ok(codes.has(code) && !/^(internal|identity)\//.test(code), `${code}: ${calls.join('; ')}`);
      }
      // All but what was wrong was right, so that it was that which was refused.
      assert.equal(right, { openMailer: opening, ...inputs }[method] && (without[method] ?? 'done'), method);
    }
  }));

test('listening to what is never told, or without a function, throws a code at once', () =>
  chromium.page(async (page) => {
    const codes = await inPage(page, async ({ begin }) => {
      const { mailer } = await begin();
      const wrong = [['nonsense', () => {}], ['toString', () => {}], ['change', 7], ['change'], [Symbol('change'), () => {}], []];
      return wrong.map((given) => {
        try {
          return typeof mailer.on(...given);
        } catch ({ code }) {
          return code;
        }
      });
    });
    assert.deepEqual(codes, Array(6).fill('usage/wrong-option'));
  }));

test('a locked store has a code for what needs a key, and stays as it is', () =>
  chromium.page(async (page) => {
    const found = await inPage(page, async ({ begin, dump, records, putBack, outcome, rightCall }, methods) => {
      const { mailer, given } = await begin();
      await mailer.lock();
      const [kept, before] = [await records(), await dump()];
      const answers = {};
      for (const method of methods) {
        const options = rightCall(method, given);
        if (!options || method === 'unlock') continue;
        const code = await outcome(mailer, method, options);
        const isChanged = (await dump()) !== before;
        answers[method] = code !== 'done' && isChanged ? `${code}, and the database has changed` : code;
        await putBack(kept);
      }
      return answers;
    }, Object.keys(inputs));
    const expected = Object.fromEntries(Object.keys(found).map((method) => [method, whileLocked[method] ?? 'done']));
    assert.deepEqual(found, expected);
  }));

test('a closed mailer does nothing any more', () =>
  chromium.page(async (page) => {
    const found = await inPage(page, async ({ begin, dump, outcome, rightCall }, methods) => {
      const { mailer, given } = await begin();
      const before = await dump();
      mailer.close();
      const answers = {};
      for (const method of methods) {
        if (['on', 'close'].includes(method)) continue;
        answers[method] = await outcome(mailer, method, rightCall(method, given));
      }
      answers.again = mailer.close();
      const isChanged = (await dump()) !== before;
      return { answers, isChanged };
    }, Object.keys(inputs));
    const { again, ...answers } = found.answers;
    assert.deepEqual(answers, Object.fromEntries(Object.keys(answers).map((method) => [method, 'store/closed'])));
    assert.equal(found.isChanged, false);
  }));

/** `{ 'a.b': ['c'] }` as `{ a: { b: { c: 1 } } }`. */
function nested(table) {
  const tree = {};
  for (const [path, names] of Object.entries(table)) {
    const steps = path.split('.');
    const last = steps.pop();
    const space = steps.reduce((space, step) => (space[step] ??= {}), tree);
    space[last] = Object.fromEntries(names.map((name) => [name, 1]));
  }
  return tree;
}

function inPage(page, work, ...rest) {
  const source = `async (...rest) => (${work})(await import('/mailer-page/input.js'), ...rest)`;
  return page.evaluate(`(${source})(...${JSON.stringify(rest)})`);
}
