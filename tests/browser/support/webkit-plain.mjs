// WebKitGTK's MiniBrowser without WebDriver, under which it keeps nothing on the disk.

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { serve } from '../../../www/server.mjs';
import { standardFolders } from './chromium.mjs';
import { binary, startUnderX } from './webkit.mjs';

/**
 * Starts it. Its one page gets what it is to evaluate as modules, one after the other, and tells what came of
 * them.
 */
export async function launchPlainWebKit({ folders = {} } = {}) {
  const files = await serve({ ...standardFolders, ...folders });
  const profile = await mkdtemp(join(tmpdir(), 'smime-wasm-'));
  const relay = await relayTo(files.origin);
  const endBrowser = startUnderX([binary, `${relay.origin}/steps`], profile);
  return {
    origin: relay.origin,
    profile,
    ownPage: async () => ({ evaluate: relay.evaluate }),
    async close() {
      endBrowser();
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
