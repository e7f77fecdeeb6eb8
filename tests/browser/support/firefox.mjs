// A headless Firefox with a page on which the package can be imported, as chromium.mjs has a Chromium.

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import puppeteer from 'puppeteer-core';

import { serve } from '../../../www/server.mjs';
import { standardFolders } from './chromium.mjs';
import { onNewPage } from './new-page.mjs';

const executablePath = process.env.FIREFOX || '/usr/bin/firefox-esr';

/** Why there is none here. */
export const noFirefox = !existsSync(executablePath) && 'Firefox is not installed';

/**
 * @param {object} [options]
 * @param {Record<string, string>} [options.folders] more folders to serve, see `serve`
 */
export async function launchFirefox({ folders = {} } = {}) {
  const server = await serve({ ...standardFolders, ...folders });
  const profile = await mkdtemp(join(tmpdir(), 'smime-wasm-'));
  const downloads = join(profile, 'downloads');
  await mkdir(downloads);
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    userDataDir: profile,
    extraPrefsFirefox: {
      'browser.download.dir': downloads,
      'browser.download.folderList': 2,
      'browser.download.useDownloadDir': true,
      'browser.download.always_ask_before_handling_new_types': false,
      'browser.download.alwaysOpenPanel': false,
    },
  });
  return {
    origin: server.origin,
    /** The folder where it keeps what pages store. */
    profile,
    /** Where the downloads of its pages go. */
    downloads,

    /** A page of the browser's own profile, at the test page. */
    async ownPage(path = '/') {
      const page = await browser.newPage();
      await page.goto(server.origin + path);
      return page;
    },

    /**
     * As `page` of Chromium. What a policy forbids this browser does not always tell: of expected errors not
     * all occur.
     */
    async page(body, { path = '/', origin = server.origin, expectedErrors } = {}) {
      const context = await browser.createBrowserContext();
      return onNewPage(context, origin + path, body, { expectedErrors, mustOccur: false });
    },

    async close() {
      await browser.close();
      await server.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
