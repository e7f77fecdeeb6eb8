// The demo as an application: offline, updates, accessibility, its pictures, and what it weighs.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

import {
  button,
  click,
  fill,
  folder,
  launchDemo,
  loadingAnew,
  pick,
  pickFirst,
  type,
  unlock,
  untilSo,
  waitFor,
  waitForSigns,
  waitForText,
  waitUntilGone,
  workAs,
} from './support/demo-page.mjs';

const { demo, work } = launchDemo();

const screenshots = fileURLToPath(new URL('../../target/screenshots/', import.meta.url));
const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

/** The views, as a person comes to them. */
const views = {
  inbox: async () => {},
  reading: async (page) => {
    await pick(page, 'signed-encrypted');
    await waitForSigns(page, 'badge/verified', 'lock/encrypted');
  },
  details: async (page) => {
    await click(page, 'security-details >>> summary');
    await waitFor(page, 'header-fields');
    await click(page, 'header-fields >>> summary');
  },
  offer: async (page) => {
    await pick(page, 'unknown-issuer');
    await waitForSigns(page, 'badge/not-verified');
  },
  html: async (page) => {
    await pick(page, 'newsletter');
    await waitFor(page, 'iframe');
  },
  writing: async (page, { compose, to }) => {
    await button(page, compose);
    await type(page, to, 'max@example.net, nobody@example.org,');
    await waitFor(page, 'li.not-ready');
  },
  certificates: async (page, { certificates }) => {
    await open(page, certificates, 'certificates');
    await waitFor(page, 'tbody tr');
  },
  certificate: async (page) => {
    await click(page, 'certificates-page >>> tr.own button');
    await waitFor(page, 'certificate-facts');
  },
  settings: async (page, { settings }) => {
    await page.keyboard.press('Escape');
    await open(page, settings, 'settings');
    await waitFor(page, '[data-setting]');
  },
  developers: async (page, { developers }) => {
    await open(page, developers, 'developers');
    await waitFor(page, 'pre');
  },
};

const english = { compose: 'New mail', to: 'To', certificates: 'Certificates', settings: 'Settings', developers: 'For developers' };
const german = { compose: 'Neue Mail', to: 'An', certificates: 'Zertifikate', settings: 'Einstellungen', developers: 'Für Entwickler' };

/** By the rail where it is in view, else by the address. */
async function open(page, name, view) {
  if (await page.evaluate(() => innerWidth > 1024)) await button(page, name);
  else await page.evaluate((to) => (location.hash = `#/${to}`), view);
}

/** Waits until the page is one that its service worker serves. */
async function waitForWorker(page) {
  await untilSo(() => page.evaluate(() => Boolean(navigator.serviceWorker.controller)), 'a service worker');
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
  const check = async (name) => {
    await page.evaluate(axe);
    const violations = await page.evaluate(async () => {
      const { violations: found } = await window.axe.run(document, { resultTypes: ['violations'] });
      return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    });
    assert.deepEqual(violations, [], name);
  };
  for (const [name, come] of Object.entries(views)) {
    await come(page, english);
    await check(name);
  }
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  await button(page, 'Settings');
  await check('settings in the dark');
});

demo(
  'axe finds nothing to complain of on the first start',
  async (page) => {
    await waitForText(page, 'Begin empty');
    await page.evaluate(axe);
    const violations = await page.evaluate(async () => (await window.axe.run()).violations.map(({ id }) => id));
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

demo('a picture of each view is taken, in both languages, light, dark, and as wide as a phone', async (page) => {
  mkdirSync(screenshots, { recursive: true });
  const looks = [
    ['en-light', english, 'light', { width: 1280, height: 860 }],
    ['de-dark', german, 'dark', { width: 1280, height: 860 }],
    ['de-phone', german, 'light', { width: 390, height: 844, deviceScaleFactor: 2 }],
  ];
  for (const [name, words, value, viewport] of looks) {
    await page.setViewport(viewport);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
    await page.evaluate((code) => localStorage.setItem('smime-wasm-demo.language', code), words === german ? 'de' : 'en');
    await page.evaluate(() => (location.hash = ''));
    await page.reload();
    await waitFor(page, '[data-sample="plain"]');
    await page.evaluate(() => document.querySelector('demo-app').renderRoot.querySelector('unlock-dialog').open() && 0);
    await fill(page, 'Passphrase', 'demo');
    await page.keyboard.press('Enter');
    await waitUntilGone(page, 'unlock-dialog >>> dialog');
    for (const [view, come] of Object.entries(views)) {
      // On a phone the list is not beside the mail.
      if (['offer', 'html', 'writing'].includes(view)) await page.evaluate(() => (location.hash = ''));
      await come(page, words);
      await setTimeout(250);
      await page.screenshot({ path: join(screenshots, `${view}-${name}.png`) });
    }
  }
  assert.ok(readdirSync(screenshots).length >= looks.length * Object.keys(views).length);
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
  { begin: false, expectedErrors: [/TrustedHTML/, /TrustedScriptURL/, /another/] },
);
