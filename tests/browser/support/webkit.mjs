// A WebKit with a page on which the package can be imported, as chromium.mjs has a Chromium: WebKitGTK's
// MiniBrowser, driven by WebDriver.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { serve } from '../../../www/server.mjs';
import { standardFolders } from './chromium.mjs';
import { assertExpected } from './new-page.mjs';
import { openSession, WebDriverPage } from './webdriver.mjs';

const driverPath = '/usr/bin/WebKitWebDriver';
export const binary = process.env.WEBKIT || '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';
const isHere = [driverPath, binary, '/usr/bin/xvfb-run'].every(existsSync);

/** Why there is none here. */
export const noWebKit = !isHere && 'WebKitWebDriver, MiniBrowser and xvfb-run are not installed';

/**
 * Where the page of a test notes its errors, one JSON text a line, in its session storage: WebDriver has no word
 * for what comes to the console.
 */
export const errorsKey = 'smime-wasm-test.errors';

/** As `launchFirefox`; its pages are `WebDriverPage`s. */
export async function launchWebKit({ folders = {} } = {}) {
  const server = await serve({ ...standardFolders, ...folders });
  const profile = await mkdtemp(join(tmpdir(), 'smime-wasm-'));
  const downloads = join(profile, 'downloads');
  await mkdir(downloads);
  await mkdir(join(profile, 'config'));
  await writeFile(join(profile, 'config/user-dirs.dirs'), `XDG_DOWNLOAD_DIR="${downloads}"\n`);
  const [port, outside] = [await freePort(), await listenOutside()];
  const endDriver = startUnderX([driverPath, `--port=${port}`], profile);
  const capabilities = {
    'webkitgtk:browserOptions': {
      binary,
      args: ['--automation', `--proxy=${outside.origin}`, '--ignore-host=127.0.0.1'],
    },
  };
  return {
    origin: server.origin,
    profile,
    downloads,

    /** As `page` of Chromium, in a session of its own, of which there is one at a time. */
    async page(body, { path = '/', origin = server.origin, expectedErrors = [] } = {}) {
      const session = await openSession(`http://127.0.0.1:${port}`, capabilities);
      const page = new WebDriverPage(session, { asked: () => outside.take() });
      const errors = async () => (await page.evaluate((key) => sessionStorage.getItem(key) ?? '', errorsKey)).split('\n').filter(Boolean);
      try {
        await page.goto(origin + path);
        const result = await body(page);
        assertExpected(await errors(), expectedErrors, false);
        return result;
      } catch (error) {
        error.message += `\nErrors on the page:\n${await errors().catch(() => [])}`;
        throw error;
      } finally {
        await session('DELETE', '').catch(() => {});
      }
    },

    async close() {
      endDriver();
      outside.close();
      await server.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/**
 * Starts a program with an X server of its own.
 *
 * @returns ends both, which happens in any case when this process ends
 */
export function startUnderX(command, profile) {
  const { pid } = spawn('xvfb-run', ['-a', ...command], { env: inProfile(profile), stdio: 'ignore', detached: true });
  const end = () => process.kill(-pid);
  process.once('exit', end);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  return () => {
    process.off('exit', end);
    end();
  };
}

/** Where MiniBrowser keeps what pages store. */
const inProfile = (profile) => ({
  ...process.env,
  HOME: profile,
  XDG_DATA_HOME: join(profile, 'data'),
  XDG_CACHE_HOME: join(profile, 'cache'),
  XDG_CONFIG_HOME: join(profile, 'config'),
  // The sandbox of its processes refuses to run in containers.
  WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
});

/** A proxy for all that is not on this machine. It lets nothing through and remembers what was asked for. */
async function listenOutside() {
  const asked = [];
  const server = createServer(({ url }, response) => {
    asked.push(url);
    response.writeHead(403).end();
  });
  server.on('connect', ({ url }, socket) => {
    asked.push(url);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    /** What was asked for since the last time. */
    take: () => asked.splice(0),
    close: () => server.close(() => {}),
  };
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
