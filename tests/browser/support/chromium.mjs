// A headless Chromium with a page on which the package can be imported:
//
//   const chromium = await launch();
//   after(() => chromium.close());
//
//   test('…', () => chromium.page(async (page) => {
//     const codes = await page.evaluate(async () => {
//       const { inspect } = await import('/smime-wasm/index.js');
//       …
//     });
//   }));

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import puppeteer from 'puppeteer-core';

import { serve } from '../../../www/server.mjs';
import { onNewPage } from './new-page.mjs';

const root = new URL('../../../', import.meta.url);

/** Folders of this checkout that every test page can reach. */
export const standardFolders = {
  '/': fileURLToPath(new URL('tests/browser/support/page/', root)),
  '/smime-wasm/': fileURLToPath(new URL('pkg/', root)),
};

const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // The sandbox refuses to run for root, which is who tests run as in a container.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/**
 * Starts a server and a browser, with a profile of its own, for the tests of one file.
 *
 * @param {object} [options]
 * @param {Record<string, string>} [options.folders]  more folders to serve, see `serve`; '/' replaces
 *   the empty page, for the demo
 */
export async function launch({ folders = {} } = {}) {
  const server = await serve({ ...standardFolders, ...folders });
  const profile = await mkdtemp(join(tmpdir(), 'smime-wasm-'));
  const downloads = join(profile, 'downloads');
  await mkdir(downloads);
  const start = () =>
    puppeteer.launch({
      executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
      userDataDir: profile,
      args: flags,
    });
  let browser = await start();

  return {
    /** Where the folders are served. */
    origin: server.origin,

    /** The browser itself, for what a page cannot do. */
    get browser() {
      return browser;
    },

    /**
     * Kills the browser with all its processes, and starts it on the same profile.
     *
     * @param {(profile: string) => unknown} [meanwhile]  is given its folder while no browser runs
     */
    async kill(meanwhile) {
      const { pid } = browser.process();
      const isOver = new Promise((resolve) => browser.once('disconnected', resolve));
      process.kill(-pid, 'SIGKILL');
      await isOver;
      await meanwhile?.(profile);
      browser = await start();
    },

    /** Where the downloads of its pages go. */
    downloads,

    /**
     * Runs a test on a new page with storage of its own, and fails if that page, or another one
     * of `page.browserContext()`, reports an error to the console or leaves one uncaught.
     *
     * @template T
     * @param {(page: import('puppeteer-core').Page) => Promise<T>} body
     * @param {object} [options]
     * @param {string} [options.path]  the page to open
     * @param {string} [options.origin]  of another server than the browser's own
     * @param {RegExp[]} [options.expectedErrors]  errors the test provokes; each must occur
     * @returns {Promise<T>}
     */
    async page(body, { path = '/', origin = server.origin, expectedErrors } = {}) {
      const context = await browser.createBrowserContext({ downloadBehavior: { policy: 'allow', downloadPath: downloads } });
      return onNewPage(context, origin + path, body, { expectedErrors });
    },

    async close() {
      await browser.close();
      await server.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
