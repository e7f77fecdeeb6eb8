// How the package starts in a browser, and what it says where it can't.

import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { launch } from './support/chromium.mjs';

const pkg = fileURLToPath(new URL('../../pkg/', import.meta.url));
const copy = await mkdtemp(join(tmpdir(), 'smime-wasm-'));
await cp(pkg, copy, { recursive: true });
await rm(join(copy, 'worker.js'));

const chromium = await launch({ folders: { '/without-worker/': copy } });
after(async () => {
  await chromium.close();
  await rm(copy, { recursive: true });
});

/** Calls a verb that needs no options, `times` times in a row, and returns the codes. */
const codes = (page, { folder = 'smime-wasm', options = {}, times = 1 } = {}) =>
  page.evaluate(
    async (folder, options, times) => {
      const { sign } = await import(`/${folder}/index.js`);
      const codes = [];
      while (codes.length < times) codes.push(await sign(options).catch(({ code }) => code));
      return codes;
    },
    folder,
    options,
    times,
  );

const workers = (page) => page.workers().length;

test('nothing is loaded at import, and the first call starts one worker', () =>
  chromium.page(async (page) => {
    const requests = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.evaluate(() => import('/smime-wasm/index.js').then(() => {}));
    assert.equal(workers(page), 0);
    assert.ok(!requests.some((url) => url.endsWith('.wasm')), requests.join());
    assert.deepEqual(await codes(page, { times: 2 }), ['usage/missing-option', 'usage/missing-option']);
    assert.equal(workers(page), 1);
  }));

test('worker: false works in place', () =>
  chromium.page(async (page) => {
    assert.deepEqual(await codes(page, { options: { worker: false } }), ['usage/missing-option']);
    assert.equal(workers(page), 0);
  }));

test('terminate ends the worker, and the next call starts another', () =>
  chromium.page(async (page) => {
    await codes(page);
    await page.evaluate(() => import('/smime-wasm/index.js').then(({ terminate }) => terminate()));
    while (workers(page) > 0) await setTimeout(10); // the browser tells us later

    assert.deepEqual(await codes(page), ['usage/missing-option']);
    assert.equal(workers(page), 1);
  }));

test('a worker that is missing is said, and looked for again by the next call', () =>
  chromium.page(async (page) => {
    const options = { folder: 'without-worker' };
    assert.deepEqual(await codes(page, options), ['internal/load']);
    await cp(join(pkg, 'worker.js'), join(copy, 'worker.js'));
    assert.deepEqual(await codes(page, options), ['usage/missing-option']);
  }));

test('a module of the wrong type is compiled all the same', () =>
  chromium.page(async (page) => {
    await intercept(page, async (request) => {
      const { body, status } = await fetched(request);
      return { status, body, contentType: 'text/plain' };
    });
    assert.deepEqual(await codes(page, { options: { worker: false } }), ['usage/missing-option']);
  }));

test('a module that is missing is said, and fetched again by the next call', () =>
  chromium.page(
    async (page) => {
      let requests = 0;
      await intercept(page, async (request) =>
        ++requests === 1 ? { status: 404, body: 'gone' } : fetched(request),
      );
      assert.deepEqual(await codes(page, { options: { worker: false }, times: 3 }), [
        'internal/load',
        'usage/missing-option',
        'usage/missing-option',
      ]);
      assert.equal(requests, 2);
    },
    { expectedErrors: [/404/] },
  ));

for (const [where, options] of [['in a worker', {}], ['in place', { worker: false }]]) {
  test(`Mozilla's roots are fetched when they are first named, once, ${where}`, () =>
    chromium.page(async (page) => {
      const message = 'From: a@example.com\r\n\r\nHello\r\n';
      const verify = (trustAnchors) =>
        page.evaluate(
          async (text, trustAnchors, options) => {
            const { verify } = await import('/smime-wasm/index.js');
            const message = new TextEncoder().encode(text);
            return (await verify({ message, trustAnchors, ...options })).status;
          },
          message,
          trustAnchors,
          options,
        );
      const fetched = async () => {
        const place = options.worker === false ? page : page.workers()[0];
        const names = await place.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
        assert.ok(names.some((name) => name.endsWith('.wasm')), names.join());
        return names.filter((name) => name.endsWith('/mozilla-roots.json')).length;
      };
      assert.equal(await verify([]), 'unsigned');
      assert.equal(await fetched(), 0);
      assert.equal(await verify('mozilla'), 'unsigned');
      assert.equal(await fetched(), 1);
      assert.equal(await verify(['mozilla']), 'unsigned');
      assert.equal(await fetched(), 1);
    }));
}

test("Mozilla's roots that could not be loaded are tried again, and all else works without", () =>
  chromium.page(
    async (page) => {
      const answers = [{ status: 404, body: 'gone' }, { status: 200, body: '<!doctype html>' }];
      await page.setRequestInterception(true);
      page.on('request', async (request) => {
        if (!request.url().endsWith('/mozilla-roots.json')) return request.continue();
        request.respond(answers.shift() ?? (await fetched(request)));
      });
      const found = await page.evaluate(async () => {
        const { mozillaRoots, verify } = await import('/smime-wasm/index.js');
        const message = new TextEncoder().encode('From: a@example.com\r\n\r\nHello\r\n');
        const code = (promise) => promise.then(() => 'works', ({ code }) => code);
        return [
          await code(verify({ message, trustAnchors: 'mozilla', worker: false })),
          await code(mozillaRoots({ worker: false })),
          await code(verify({ message, trustAnchors: [], worker: false })),
          await code(verify({ message, trustAnchors: ['mozilla'], worker: false })),
        ];
      });
      assert.deepEqual(found, ['internal/load', 'internal/load', 'works', 'works']);
    },
    { expectedErrors: [/404/] },
  ));

test('a page that forbids WebAssembly is told so', () =>
  chromium.page(async (page) => {
    await page.setRequestInterception(true);
    page.on('request', async (request) => {
      if (!request.isNavigationRequest()) return request.continue();
      const headers = { 'Content-Security-Policy': "default-src 'self'" };
      return request.respond({ ...(await fetched(request)), headers });
    });
    await page.reload();
    assert.deepEqual(await codes(page, { options: { worker: false } }), ['internal/load']);
  }));

/** Answers the page's own requests for the module. */
async function intercept(page, answer) {
  await page.setRequestInterception(true);
  page.on('request', async (request) => {
    if (request.url().endsWith('.wasm')) request.respond(await answer(request));
    else request.continue();
  });
}

async function fetched(request) {
  const response = await fetch(request.url());
  return {
    status: response.status,
    contentType: response.headers.get('Content-Type'),
    body: Buffer.from(await response.arrayBuffer()),
  };
}
