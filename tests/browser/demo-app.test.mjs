// The demo as an application: offline, updates, accessibility, and what it weighs.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';

import {
  button,
  folder,
  launchDemo,
  loadingAnew,
  pick,
  pickFirst,
  turnDark,
  unlock,
  untilSo,
  waitFor,
  waitForSigns,
  waitForText,
  workAs,
} from './support/demo-page.mjs';
import { textsIn, toMenu, views } from './support/demo-views.mjs';

const { demo, work } = launchDemo();

const axe = `(() => {${readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')}})()`;

/** Waits until the page is one that its service worker serves. */
async function waitForWorker(page) {
  const isControlled = () => page.evaluate(() => Boolean(navigator.serviceWorker.controller));
  await untilSo(() => page.evaluate(() => navigator.serviceWorker.getRegistration().then((one) => Boolean(one?.active))), 'a service worker');
  // A page that was just being loaded is claimed by none; from the next time on it is.
  if (!(await isControlled())) await page.reload();
  await untilSo(isControlled, 'its control of the page');
  await waitFor(page, '[data-sample="plain"]');
}

demo('without a network it starts, reads, writes and delivers', async (page, { cut }) => {
  await waitForWorker(page);
  await cut();
  await page.reload();
  await waitFor(page, '[data-sample="plain"]');
  await unlock(page);
  await pick(page, 'signed-encrypted');
  await waitForSigns(page, 'badge/verified', 'lock/encrypted');
  await waitForText(page, 'is now known');
  await button(page, 'Reply');
  await waitForText(page, 'Everyone can read encrypted mail.');
  await button(page, 'Send');
  await waitForText(page, 'Delivered to Max Muster.');
  await workAs(page, 'Max Muster');
  await unlock(page);
  await pickFirst(page);
  await waitForSigns(page, 'badge/verified', 'lock/encrypted');
  const cached = await page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map(({ url }) => new URL(url).pathname);
  });
  assert.ok(cached.includes('/main.js') && cached.includes('/smime-wasm/smime_wasm_bg.wasm'));
  assert.ok(cached.every((path) => /\.(js|css|html|svg|png|webmanifest|wasm|json|eml|p12|pem)$|LICENSE|NOTICES/.test(path)), cached.join(' '));
});

demo('a new version says so, takes over when asked, and leaves nothing of the old one', async (page, { served }) => {
  await waitForWorker(page);
  const [before] = await page.evaluate(() => caches.keys());
  writeFileSync(join(served, 'app.css'), `${readFileSync(join(served, 'app.css'), 'utf8')}\n:root { --build: next; }\n`);
  const worker = readFileSync(join(served, 'sw.js'), 'utf8');
  writeFileSync(join(served, 'sw.js'), worker.replaceAll(before.replace('smime-wasm-demo-', ''), 'next'));
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
  await waitForText(page, 'There is a new version.');
  const build = () => page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--build'));
  assert.equal(await build(), '');
  await loadingAnew(page, () => button(page, 'Reload'));
  await waitFor(page, '[data-sample="plain"]');
  assert.equal((await build()).trim(), 'next');
  assert.deepEqual(await page.evaluate(() => caches.keys()), ['smime-wasm-demo-next']);
});

demo('axe finds nothing to complain of, in any view', async (page) => {
  const check = async (name, part) => {
    await page.evaluate(axe);
    const violations = await page.evaluate(async (part) => {
      const where = part ? { fromShadowDom: part } : document;
      const { violations: found } = await window.axe.run(where, { resultTypes: ['violations'], iframes: false });
      return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    }, part);
    assert.deepEqual(violations, [], name);
  };
  for (const [name, come] of Object.entries(views)) {
    await come(page, textsIn('en'));
    await check(name);
  }
  await page.keyboard.press('Escape');
  await page.setViewport({ width: 480, height: 844 });
  await toMenu(page, textsIn('en'));
  // What is behind the open menu is inert, its heading too.
  await check('menu', ['demo-app', 'app-rail']);
  await page.setViewport({ width: 1280, height: 900 });
  if (!(await turnDark(page))) return;
  await button(page, 'Settings');
  await check('settings in the dark');
});

demo(
  'axe finds nothing to complain of on the first start',
  async (page) => {
    await waitForText(page, 'Begin empty');
    await page.evaluate(axe);
    const violations = await page.evaluate(async () => (await window.axe.run(document, { iframes: false })).violations.map(({ id }) => id));
    assert.deepEqual(violations, []);
  },
  { begin: false },
);

demo('at 200 % and at the width of a phone nothing is cut off, and all is within reach', async (page) => {
  const isCut = () => page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  for (const viewport of [{ width: 640, height: 450, deviceScaleFactor: 2 }, { width: 360, height: 740 }]) {
    await page.setViewport(viewport);
    await waitFor(page, '[data-sample="plain"]');
    assert.equal(await isCut(), false);
    await pick(page, 'signed-encrypted').catch(() => {});
    await waitForSigns(page, 'badge/verified');
    assert.equal(await isCut(), false);
    await button(page, 'Back to the list');
    await button(page, 'Menu');
    await button(page, 'Settings');
    await waitFor(page, '[data-setting]');
    assert.equal(await isCut(), false);
    await button(page, 'Menu');
    await folder(page, 'Erika Mustermann', 'Inbox');
  }
});

test('the application without the module is below 150 kB, compressed', async () => {
  const shell = readdirSync(join(work, 'demo'), { recursive: true }).filter(
    (file) => /\.(js|css|html|webmanifest)$/.test(file) && !file.endsWith('sw.js'),
  );
  const size = shell.reduce((sum, file) => sum + brotliCompressSync(readFileSync(join(work, 'demo', file))).length, 0);
  assert.ok(size < 150_000, `${size} bytes`);
});

demo(
  'no text becomes HTML or a script on the page unless the policies let it',
  async (page) => {
    const refused = await page.evaluate(() => {
      const isRefused = (act) => {
        try {
          act();
          return false;
        } catch (error) {
          return error instanceof TypeError;
        }
      };
      return [
        () => (document.createElement('div').innerHTML = '<b>text</b>'),
        () => new Worker('https://elsewhere.example/worker.js'),
        () => trustedTypes.createPolicy('another', {}),
      ].map(isRefused);
    });
    assert.deepEqual(refused, [true, true, true]);
  },
  { begin: false, expectedErrors: [/TrustedHTML|injection sink/, /TrustedScriptURL|injection sink/, /another|creating a Trusted Types policy/] },
);
