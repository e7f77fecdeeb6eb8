// The package in Chromium: with its worker, and in place.

import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { anchors } from '../package/anchors.js';
import { attacks } from '../package/attacks.js';
import { behaviour } from '../package/behaviour.js';
import { external } from '../package/external.js';
import { headers } from '../package/headers.js';
import { mail } from '../package/mail.js';
import { opening } from '../package/opening.js';
import { makeIdentities } from '../support/identities.mjs';
import { launch } from './support/chromium.mjs';

const identities = await makeIdentities();
const chromium = await launch({
  folders: {
    '/files/': identities.folder + '/',
    '/tests/': fileURLToPath(new URL('../package/', import.meta.url)),
  },
});
after(async () => {
  await chromium.close();
  await identities.remove();
});

const names = Object.keys(await identities.all());

for (const [where, options] of [['in a worker', {}], ['in place', { worker: false }]]) {
  test(where, (t) =>
    chromium.page(async (page) => {
      const all = { ...anchors, ...attacks, ...behaviour, ...external, ...headers, ...mail, ...opening };
      for (const name of Object.keys(all)) {
        await t.test(name, () => page.evaluate(runOnPage, name, names, options));
      }
    }));
}

test('transfer gives whole buffers away, and nothing else does', () =>
  chromium.page((page) =>
    page.evaluate(async () => {
      const { equal, failure } = await import('/tests/check.js');
      const { parseCertificates } = await import('/smime-wasm/index.js');
      const der = new Uint8Array(await (await fetch('/files/alice.der')).arrayBuffer());

      const kept = der.slice();
      await parseCertificates({ data: kept });
      equal(kept.length, der.length);

      const given = der.slice();
      const [certificate] = await parseCertificates({ data: given, transfer: true });
      equal(given.length, 0);
      equal(certificate.der.length, der.length);

      const larger = new Uint8Array([...der, 0, 0]);
      await parseCertificates({ data: larger.subarray(0, der.length), transfer: true });
      equal(larger.length, der.length + 2);

      const error = await failure(parseCertificates({ data: given }));
      equal(error.code, 'usage/wrong-option');
      equal(error.details.option, 'data');
    }),
  ));

test('identities stay where they were made, and calls go there', () =>
  chromium.page((page) =>
    page.evaluate(async () => {
      const { equal, failure } = await import('/tests/check.js');
      const { importP12, sign } = await import('/smime-wasm/index.js');
      const data = await (await fetch('/files/alice.p12')).blob();
      const one = async (options) =>
        (await importP12({ data, password: 'secret', ...options })).identities[0];
      const inWorker = await one({});
      const inPlace = await one({ worker: false });
      const message = new TextEncoder().encode('From: alice@example.com\r\n\r\nHello\r\n');
      for (const [options, works] of [
        [{ signers: [inWorker] }, true],
        [{ signers: [inPlace] }, true],
        [{ signers: [inPlace], worker: false }, true],
        [{ signers: [inWorker], worker: true }, true],
        [{ signers: [inWorker], worker: false }, false],
        [{ signers: [inPlace], worker: true }, false],
        [{ signers: [inPlace, inWorker] }, false],
      ]) {
        if (works) await sign({ message, ...options });
        else {
          const error = await failure(sign({ message, ...options }));
          equal(error.code, 'usage/wrong-option');
          equal(error.details.option, 'worker');
        }
      }
    }),
  ));

async function runOnPage(name, names, options) {
  const { anchors } = await import('/tests/anchors.js');
  const { attacks } = await import('/tests/attacks.js');
  const { behaviour } = await import('/tests/behaviour.js');
  const { external } = await import('/tests/external.js');
  const { headers } = await import('/tests/headers.js');
  const { mail } = await import('/tests/mail.js');
  const { opening } = await import('/tests/opening.js');
  const smime = await import('/smime-wasm/index.js');
  const files = {};
  for (const name of names) {
    files[name] = new Uint8Array(await (await fetch(`/files/${name}`)).arrayBuffer());
  }
  const all = { ...anchors, ...attacks, ...behaviour, ...external, ...headers, ...mail, ...opening };
  await all[name]({ smime, files, options });
  await smime.terminate();
}
