// A WebKit with a page on which the package can be imported: WebKitGTK's MiniBrowser, driven by WebDriver (W3C
// Recommendation, 2018), of which the few commands that tests need are written out here.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { serve } from '../../../www/server.mjs';
import { standardFolders } from './chromium.mjs';

const driverPath = '/usr/bin/WebKitWebDriver';
const binary = process.env.WEBKIT || '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';
const isHere = [driverPath, binary, '/usr/bin/xvfb-run'].every(existsSync);

/** Why there is none here. */
export const noWebKit = !isHere && 'WebKitWebDriver, MiniBrowser and xvfb-run are not installed';

/** As `launchFirefox`. Its pages share one window, of which one is in use at a time. */
export async function launchWebKit({ folders = {} } = {}) {
  const server = await serve({ ...standardFolders, ...folders });
  const profile = await mkdtemp(join(tmpdir(), 'smime-wasm-'));
  const port = await freePort();
  const driver = spawn('xvfb-run', ['-a', driverPath, `--port=${port}`], {
    env: inProfile(profile),
    stdio: 'ignore',
    detached: true,
  });
  const session = await newSession(`http://127.0.0.1:${port}`);
  return {
    origin: server.origin,
    profile,

    async page(path = '/') {
      await session('POST', 'url', { url: server.origin + path });
      return {
        goto: (url) => session('POST', 'url', { url }),
        evaluate: async (source) => {
          const script = `const done = arguments[0];
            (async () => (${source}))().then((value) => done({ value }), (error) => done({ error: String(error?.stack ?? error) }));`;
          const { value, error } = await session('POST', 'execute/async', { script, args: [] });
          if (error) throw new Error(error);
          return value;
        },
      };
    },

    async close() {
      await session('DELETE', '').catch(() => {});
      process.kill(-driver.pid);
      await server.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/**
 * The same without WebDriver, under which WebKit keeps nothing on the disk. Its one page gets what it is to
 * evaluate as modules, one after the other, and tells what came of them.
 */
export async function launchPlainWebKit({ folders = {} } = {}) {
  const files = await serve({ ...standardFolders, ...folders });
  const profile = await mkdtemp(join(tmpdir(), 'smime-wasm-'));
  const relay = await relayTo(files.origin);
  const browser = spawn('xvfb-run', ['-a', binary, `${relay.origin}/steps`], {
    env: inProfile(profile),
    stdio: 'ignore',
    detached: true,
  });
  return {
    origin: relay.origin,
    profile,
    page: async () => ({ evaluate: relay.evaluate }),
    async close() {
      process.kill(-browser.pid);
      relay.close();
      await files.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** A server that gives a page modules to run, `/step/1.js` and so on, and all else from another server. */
async function relayTo(origin) {
  const steps = [];
  const step = (at) => {
    if (!steps[at]) {
      const one = (steps[at] = {});
      one.source = new Promise((resolve) => (one.give = resolve));
      one.answer = new Promise((resolve) => (one.tell = resolve));
    }
    return steps[at];
  };
  const page = `<!doctype html><script type="module" src="/steps.js"></script>`;
  const loop = `for (let at = 0; ; at++) {
    const answer = await import('/step/' + at + '.js').then(({ run }) => run())
      .then((value) => ({ value }), (error) => ({ error: String(error?.stack ?? error) }));
    await fetch('/answer/' + at, { method: 'POST', body: JSON.stringify(answer) });
  }`;
  const server = createServer(async (request, response) => {
    const [, kind, at] = request.url.split('/');
    const script = (text) => response.setHeader('Content-Type', 'text/javascript').end(text);
    if (request.url === '/steps') return response.setHeader('Content-Type', 'text/html').end(page);
    if (request.url === '/steps.js') return script(loop);
    if (kind === 'step') return script(`export const run = async () => (${await step(parseInt(at, 10)).source});`);
    if (kind === 'answer') {
      let text = '';
      for await (const chunk of request) text += chunk;
      step(Number(at)).tell(JSON.parse(text));
      return response.end();
    }
    const found = await fetch(origin + request.url);
    response.writeHead(found.status, { 'Content-Type': found.headers.get('content-type') ?? 'text/plain' });
    return response.end(Buffer.from(await found.arrayBuffer()));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  let next = 0;
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    async evaluate(source) {
      const { give, answer } = step(next++);
      give(source);
      const { value, error } = await answer;
      if (error) throw new Error(error);
      return value;
    },
    close: () => server.close(() => {}),
  };
}

/** Where MiniBrowser keeps what pages store. */
export const inProfile = (profile) => ({
  ...process.env,
  HOME: profile,
  XDG_DATA_HOME: join(profile, 'data'),
  XDG_CACHE_HOME: join(profile, 'cache'),
  XDG_CONFIG_HOME: join(profile, 'config'),
  // The sandbox of its processes refuses to run in containers.
  WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
});

async function newSession(address) {
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': { binary, args: ['--automation'] } } };
  const { sessionId } = await patiently(() => command(address, 'POST', '/session', { capabilities }));
  const session = (method, path, body) => command(address, method, `/session/${sessionId}/${path}`.replace(/\/$/, ''), body);
  await session('POST', 'timeouts', { script: 120_000 });
  return session;
}

async function command(address, method, path, body) {
  const response = await fetch(address + path, { method, body: body && JSON.stringify(body) });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${value?.error}: ${value?.message}`);
  return value;
}

/** The driver listens a moment after it was started. */
async function patiently(attempt) {
  for (let left = 50; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0 || error.cause?.code !== 'ECONNREFUSED') throw error;
      await setTimeout(200);
    }
  }
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
