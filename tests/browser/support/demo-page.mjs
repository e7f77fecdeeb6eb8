// The demo as a person uses it: found by what assistive technology reads, driven by keys, clicks and files.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { launch } from './chromium.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export const samples = join(root, 'www/app/samples');

/** Builds the demo and starts a browser; `work` is a folder for files of the tests. */
export async function launchDemo() {
  const work = mkdtempSync(join(tmpdir(), 'smime-wasm-demo-'));
  const folder = join(work, 'demo');
  execFileSync('node', ['www/build.mjs', 'demo', folder], { cwd: root });
  const chromium = await launch({ folders: { '/': folder } });

  /**
   * Runs a test on the demo, in English, and sees to it that it asks no other host for anything.
   *
   * @param {(page: import('puppeteer-core').Page) => Promise<void>} body
   * @param {object} [options] as of `chromium.page`
   * @param {boolean} [options.begin] false: the first start is up to the test
   */
  const demo = (body, { begin = true, ...options } = {}) =>
    chromium.page(async (page) => {
      const elsewhere = [];
      page.on('request', (request) => {
        const { protocol, origin } = new URL(request.url());
        if (!['blob:', 'data:'].includes(protocol) && origin !== chromium.origin) elsewhere.push(request.url());
      });
      page.setDefaultTimeout(15_000);
      await page.setViewport({ width: 1280, height: 900 });
      await page.evaluate(() => localStorage.setItem('smime-wasm-demo.language', 'en'));
      await page.reload();
      try {
        if (begin) {
          await button(page, 'Begin with the samples');
          await waitFor(page, '[data-sample="plain"]');
        }
        await body(page);
      } catch (error) {
        const screenshot = join(tmpdir(), 'smime-wasm-demo-failed.png');
        await page.screenshot({ path: screenshot });
        error.message += `\nThe page as it was: ${screenshot}`;
        throw error;
      }
      assert.deepEqual(elsewhere, []);
    }, options);

  return {
    chromium,
    demo,
    work,
    close: async () => {
      await chromium.close();
      rmSync(work, { recursive: true, force: true });
    },
  };
}

export function button(page, name) {
  return page.locator(`::-p-aria([name="${name}"][role="button"])`).click();
}

/** Goes to a folder of an account. */
export async function folder(page, account, name) {
  const found = await page.waitForSelector(`>>> nav[aria-label="Folders of ${account}"] [data-folder="${name.toLowerCase()}"]`);
  await found.click();
}

export async function workAs(page, name) {
  await button(page, `Work as ${name}`);
  await waitFor(page, `button[aria-label="Work as ${name}"][aria-pressed="true"]`);
}

export function checkbox(page, name) {
  return page.locator(`::-p-aria([name="${name}"][role="checkbox"])`).click();
}

export async function fill(page, label, text) {
  await page.locator(`::-p-aria([name="${label}"])`).fill(text);
}

/** `visible`, because puppeteer otherwise waits for changes of the document and misses those in shadow trees. */
export function waitFor(page, selector) {
  return page.waitForSelector(`>>> ${selector}`, { visible: true });
}

export async function waitForText(page, text) {
  await waitFor(page, `::-p-text(${text})`);
}

/** Picks one of the samples. */
export async function pick(page, sample) {
  const row = await waitFor(page, `[data-sample="${sample}"]`);
  const id = await row.evaluate(({ dataset }) => dataset.mail);
  await row.click();
  await page.waitForFunction((wanted) => location.hash.endsWith(`/${wanted}`), {}, id);
}

/** Picks the newest mail of the folder. */
export async function pickFirst(page) {
  await click(page, 'mail-list >>> li button');
}

/** Clicks what a selector finds, once it is there. */
export async function click(page, selector, attempts = 3) {
  try {
    await (await waitFor(page, selector)).click();
  } catch (error) {
    // It was drawn anew between the two.
    if (attempts === 0 || !/detached|not clickable/.test(error.message)) throw error;
    await click(page, selector, attempts - 1);
  }
}

/** Chooses from a list by its value. */
export async function choose(page, selector, value) {
  await (await waitFor(page, selector)).select(value);
}

/** What badge and lock say of the mail that was picked last, with their reasons. */
export async function verdictOf(page) {
  await waitFor(page, 'article[aria-busy="false"] security-details');
  const signs = await page.$$eval('>>> security-details >>> section[data-code]', (sections) =>
    sections.map(({ dataset }) => ({ code: dataset.code, reasons: dataset.reasons.split(' ').filter(Boolean) })),
  );
  const [badge, lock] = signs;
  return { badge: badge.code, lock: lock.code, reasons: [...badge.reasons, ...lock.reasons] };
}

/** Waits until badge and lock of the mail in view say this. */
export async function waitForSigns(page, ...codes) {
  for (const code of codes) {
    if (code === 'lock/none') continue;
    await waitFor(page, `button.sign[data-code="${code}"]`);
  }
}

/** Drags files from outside onto the middle of the page, as the system does. */
export async function dropFiles(page, files) {
  const client = await page.createCDPSession();
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop']) {
    await client.send('Input.dispatchDragEvent', { type, x: 700, y: 400, data });
  }
  await client.detach();
}

/** From here on downloads land in a folder; gives a function that waits for one and names it. */
export async function downloadsOf(page, { chromium, work }) {
  const folder = mkdtempSync(join(work, 'downloads-'));
  const client = await chromium.browser.target().createCDPSession();
  const browserContextId = page.browserContext().id;
  await client.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder, browserContextId });
  return async () => {
    for (let i = 0; i < 150; i += 1) {
      const [name] = readdirSync(folder).filter((file) => !file.endsWith('.crdownload'));
      if (name) return join(folder, name);
      await setTimeout(100);
    }
    throw new Error('nothing was downloaded');
  };
}

/** `openssl` in the folder of the tests. */
export const opensslIn = (work) => (...args) => execFileSync('openssl', args, { cwd: work, stdio: ['ignore', 'pipe', 'pipe'] });

/** A person with a certificate of her own authority: `petra.p12` (password "geheim"), `petra.pem`, `ca.pem`. */
export function makePetra(work) {
  const openssl = opensslIn(work);
  writeFileSync(
    join(work, 'petra.cnf'),
    'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\n' +
      'extendedKeyUsage=emailProtection\nsubjectAltName=email:petra@example.org\n',
  );
  const key = (name) => ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`];
  openssl('req', '-x509', ...key('ca'), '-subj', '/CN=Probe CA', '-days', '30', '-out', 'ca.pem');
  openssl('req', ...key('petra'), '-subj', '/CN=Petra Probe', '-out', 'petra.csr');
  openssl(
    ...['x509', '-req', '-in', 'petra.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
    ...['-days', '30', '-extfile', 'petra.cnf', '-out', 'petra.pem'],
  );
  openssl('pkcs12', '-export', '-inkey', 'petra.key', '-in', 'petra.pem', '-passout', 'pass:geheim', '-out', 'petra.p12');
}
