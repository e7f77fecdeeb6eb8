// The package in Chromium: with its worker, and in place.

import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { behaviour } from '../package/behaviour.js';
import { mail } from '../package/mail.js';
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
      for (const name of Object.keys({ ...behaviour, ...mail })) {
        await t.test(name, () => page.evaluate(runOnPage, name, names, options));
      }
    }));
}

async function runOnPage(name, names, options) {
  const { behaviour } = await import('/tests/behaviour.js');
  const { mail } = await import('/tests/mail.js');
  const smime = await import('/smime-wasm/index.js');
  const files = {};
  for (const name of names) {
    files[name] = new Uint8Array(await (await fetch(`/files/${name}`)).arrayBuffer());
  }
  await { ...behaviour, ...mail }[name]({ smime, files, options });
  await smime.terminate();
}
