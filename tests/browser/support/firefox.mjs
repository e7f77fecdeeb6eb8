// A headless Firefox with a page on which the package can be imported, as chromium.mjs has a Chromium.

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import puppeteer from 'puppeteer-core';

import { serve } from '../../../www/server.mjs';
import { standardFolders } from './chromium.mjs';

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
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath, userDataDir: profile });
  return {
    origin: server.origin,
    /** The folder where it keeps what pages store. */
    profile,

    /** A page of the browser's own profile, at the test page. */
    async page(path = '/') {
      const page = await browser.newPage();
      await page.goto(server.origin + path);
      return page;
    },

    async close() {
      await browser.close();
      await server.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
