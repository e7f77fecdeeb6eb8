// Tests of the demo, in each browser. `page` is puppeteer's in Chromium and Firefox, and in WebKit one that speaks
// as it does; demo-person.mjs has what people see and do there.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { contentSecurityPolicy, serve } from '../../../www/server.mjs';
import { launch, standardFolders } from './chromium.mjs';
import { button, places, waitFor } from './demo-person.mjs';
import { launchFirefox, noFirefox } from './firefox.mjs';
import { errorsKey, launchWebKit, noWebKit } from './webkit.mjs';

export * from './demo-person.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export const samples = join(root, 'www/app/samples');

/** In which browsers all tests run, and why one of them is not there. */
const browsers = {
  Chromium: { start: launch },
  ...(process.env.SMIME_TEST_ALL && {
    Firefox: { start: launchFirefox, isMissing: noFirefox },
    WebKit: { start: launchWebKit, isMissing: noWebKit, hasOnePage: true },
  }),
};

/**
 * Builds the demo for the tests of one file.
 *
 * @returns `demo`, which declares a test, and `work`, a folder for its files
 */
export function launchDemo() {
  const work = mkdtempSync(join(tmpdir(), 'smime-wasm-demo-'));
  const built = join(work, 'demo');
  execFileSync('node', ['www/build.mjs', 'demo', built], { cwd: root });

  const running = {};
  const start = (name, nth) => {
    const which = browsers[name].hasOnePage ? `${name} ${nth}` : name;
    return (running[which] ??= browsers[name].start());
  };
  after(async () => {
    for (const browser of Object.values(running)) await (await browser).close();
    rmSync(work, { recursive: true, force: true });
  });

  /**
   * A test of the demo, in English, in every browser that is asked for. It must report no error or warning, and ask no
   * other host for anything.
   *
   * @param {string} name
   * @param {(page: Page, place: Place) => Promise<void>} body `place` has the `origin` of the server, its folder
   *   `served`, both the test's own, `cut()`, which ends the server, and `another(body, options)`, for what goes
   *   on meanwhile in another browser of the same kind
   * @param {object} [options] as of `page` of the browsers
   * @param {boolean} [options.begin] false: the first start is up to the test
   * @param {string} [options.host] by which the server is asked
   * @param {object} [options.routes] as of `serve`
   * @param {Record<string, string>} [options.without] browsers it is not for, and why
   */
  function demo(name, body, { without = {}, ...options } = {}) {
    for (const [browser, { isMissing }] of Object.entries(browsers)) {
      const title = browser === 'Chromium' ? name : `${name}, in ${browser}`;
      test(title, { skip: isMissing || without[browser] }, () => run(browser, body, options));
    }
  }

  async function run(name, body, { begin = true, host = '127.0.0.1', routes, ...options }, nth = 1) {
    const browser = await start(name, nth);
    const served = mkdtempSync(join(work, 'served-'));
    cpSync(built, served, { recursive: true });
    if (name === 'WebKit') noteErrors(served);
    const server = await serve({ ...standardFolders, '/': served }, 0, contentSecurityPolicy, routes);
    const origin = server.origin.replace('127.0.0.1', host);
    const another = (otherBody, others) => run(name, otherBody, others, nth + 1);
    const whole = async (page) => {
      places.set(page, { name, downloads: browser.downloads });
      const elsewhere = [];
      page.on?.('request', (request) => {
        const { protocol, origin: asked } = new URL(request.url());
        if (!['blob:', 'data:'].includes(protocol) && asked !== origin) elsewhere.push(request.url());
      });
      await page.setViewport({ width: 1280, height: 900 });
      await page.evaluate(() => localStorage.setItem('smime-wasm-demo.language', 'en'));
      await page.reload();
      if (begin) {
        await button(page, 'Begin with the samples');
        await waitFor(page, '[data-sample="plain"]');
      }
      await body(page, { origin, served, cut: server.close, another });
      assert.deepEqual([...elsewhere, ...(page.asked?.() ?? [])], []);
    };
    try {
      await browser.page((page) => whole(page).catch((error) => withPicture(error, page, name)), { origin, ...options });
    } finally {
      await server.close().catch(() => {}); // it was cut
      rmSync(served, { recursive: true, force: true });
    }
  }

  return { demo, work };
}

async function withPicture(error, page, name) {
  const path = join(tmpdir(), `smime-wasm-demo-failed-${name}.png`);
  const isTaken = await page.screenshot({ path }).then(() => true, () => false);
  if (isTaken) error.message += `\nThe page as it was: ${path}`;
  throw error;
}

/** Lets the pages of a folder note their errors where `launchWebKit` looks. */
function noteErrors(served) {
  const script = `const key = '${errorsKey}';
    const note = (text) => sessionStorage.setItem(key, (sessionStorage.getItem(key) ?? '') + JSON.stringify(String(text)) + '\\n');
    addEventListener('error', ({ message }) => note(message));
    addEventListener('unhandledrejection', ({ reason }) => note(reason?.stack ?? reason));
    for (const kind of ['error', 'warn']) {
      const say = console[kind];
      console[kind] = (...args) => (note(args.join(' ')), say.apply(console, args));
    }`;
  writeFileSync(join(served, 'note-errors.js'), `{${script}}`);
  const page = join(served, 'index.html');
  writeFileSync(page, readFileSync(page, 'utf8').replace('<head>', '<head><script src="note-errors.js"></script>'));
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
