// The packed tarball as applications get it: through Vite, webpack and esbuild, and with an import map alone.
// Each really runs, under the content security policy of www/server.mjs.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { contentSecurityPolicy, serve } from '../../www/server.mjs';
import { makeIdentities } from '../support/identities.mjs';
import { installTarball } from '../support/tarball.mjs';
import { bundlers, copySources, installBundlers } from './support/bundlers.mjs';
import { launch } from './support/chromium.mjs';

const identities = await makeIdentities();
const tarball = await installTarball();
await copySources(tarball.home);
await installBundlers();

const folderOf = (name) => join(tarball.home, 'dist', name);
for (const [name, build] of Object.entries(bundlers)) await build(tarball.home, folderOf(name));

const shared = { '/files/': `${identities.folder}/` };
const chromium = await launch({ folders: shared });
const servers = [];
after(async () => {
  await Promise.all([chromium.close(), ...servers.map((server) => server.close())]);
  await tarball.remove();
  await identities.remove();
});

/** Serves what a bundler made, as the whole of a site. */
async function site(name, policy) {
  const { origin, close } = await serve({ '/': folderOf(name), ...shared }, 0, policy);
  servers.push({ close });
  return origin;
}

/** The policy, and with it the one inline script that there is: an import map can't be in a file. */
async function policyOf(name) {
  const [, map] = (await readFile(join(folderOf(name), 'index.html'), 'utf8')).match(/<script type="importmap">(.*?)<\/script>/s) ?? [];
  const hash = map && `'sha256-${createHash('sha256').update(map).digest('base64')}'`;
  return hash ? contentSecurityPolicy.replace("script-src 'self'", `script-src 'self' ${hash}`) : contentSecurityPolicy;
}

/** The files that a page or a worker has loaded. */
const loaded = (context) =>
  context.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname));

const isModule = (path) => path.endsWith('.wasm');

for (const name of Object.keys(bundlers)) {
  test(`${name}: a mailer over IndexedDB signs in its worker`, () =>
    chromium.page(async (page) => {
      await page.goto(await site(name, await policyOf(name)));
      await page.waitForFunction(() => globalThis.send);
      const { roots, ...found } = await page.evaluate(() => globalThis.send());
      assert.deepEqual(found, { isSigned: true, badge: 'Signed and verified', isIsolated: false });
      assert.match(roots, /^\d{4}-\d{2}-\d{2}$/);
      // One worker, which alone has loaded the module, once.
      const workers = page.workers();
      assert.equal(workers.length, 1);
      assert.equal((await loaded(workers[0])).filter(isModule).length, 1);
      assert.equal((await loaded(page)).filter(isModule).length, 0);
      const databases = await page.evaluate(() => indexedDB.databases());
      assert.deepEqual(databases.map((database) => database.name), ['smime-wasm']);
    }));
}

/** Has a service worker, a module, sign and verify. */
async function askServiceWorker(script) {
  const { active, installing } = await navigator.serviceWorker.register(script, { type: 'module' });
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
  });
  (active ?? installing).postMessage('sign', [port2]);
  return answer;
}

for (const name of ['esbuild', 'bare']) {
  test(`${name}: a service worker signs and verifies in place`, () =>
    chromium.page(async (page) => {
      await page.goto(await site(name, await policyOf(name)));
      const found = await page.evaluate(askServiceWorker, '/sw.js');
      assert.deepEqual(found, { status: 'verified', worker: 'undefined' });
    }));
}
