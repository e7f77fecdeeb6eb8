// What every verb has in common, whatever it does.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as smime from 'smime-wasm';

const { SmimeError, ...verbs } = smime;
const names = Object.keys(verbs).filter(
  (name) => !['Certificate', 'Crl', 'Identity', 'lock', 'terminate', 'externalIdentity'].includes(name),
);

/** All but the one that needs no option, and so has an answer. */
const namesWithOptions = names.filter((name) => name !== 'mozillaRoots');

/** The error a call rejects with; it must not throw instead. */
const failure = (call) =>
  call().then(
    () => assert.fail('it answered'),
    (error) => {
      assert.ok(error instanceof SmimeError, String(error));
      return error;
    },
  );

for (const name of namesWithOptions) {
  test(`${name} rejects, never throws, whatever it is given`, async () => {
    // This one needs no options.
    const empty = name === 'mozillaRoots' ? [] : [undefined, [], {}];
    for (const options of [null, 'text', 3, new Uint8Array(3), () => {}, ...empty]) {
      const { code } = await failure(() => smime[name](options));
      assert.match(code, /^(usage|unsupported)\//);
    }
  });
}

for (const name of names) {
  test(`${name} checks the options that all verbs have`, async () => {
    for (const options of [
      { signal: {} },
      { onProgress: true },
      { now: 0 },
      { now: new Date(Number.NaN) },
      { transfer: 'yes' },
      { worker: 1 },
      { limits: 3 },
      { limits: { recipients: '3' } },
      { limits: { recipients: -1 } },
      { limits: { recipients: 0.5 } },
    ]) {
      const { code, details } = await failure(() => smime[name](options));
      assert.equal(code, 'usage/wrong-option');
      assert.equal(details.option, Object.keys(options)[0]);
    }
    const { code, details } = await failure(() => smime[name]({ limits: { height: 3 } }));
    assert.deepEqual([code, details.option], ['usage/unknown-option', 'limits.height']);
  });
}
