// Revocation in Chromium: what is fetched, where it is kept, and that nothing is fetched by itself.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { revocation } from '../package/revocation.js';
import { makeAuthority, serveAuthority } from '../support/authority.mjs';
import { launch } from './support/chromium.mjs';

const authority = await makeAuthority();
const server = await serveAuthority(authority);
const chromium = await launch({
  folders: {
    '/files/': authority.folder + '/',
    '/tests/': fileURLToPath(new URL('../package/', import.meta.url)),
  },
});
after(async () => {
  await chromium.close();
  await server.close();
  await authority.remove();
});

const names = Object.keys(await authority.all());
const relay = server.origin;

/** The requests since this was last called. */
const requests = async () => (await fetch(`${relay}/requests`)).json();

/** A page that reaches the relay, which an application has on its own host. */
const onPage = (body, options) =>
  chromium.page(async (page) => {
    await page.setBypassCSP(true);
    await page.reload();
    await requests();
    return body(page);
  }, options);

for (const [where, options] of [['in a worker', {}], ['in place', { worker: false }]]) {
  test(where, (t) =>
    onPage(
      async (page) => {
        for (const name of Object.keys(revocation)) {
          await t.test(name, async () => {
            await requests();
            await page.evaluate(runOnPage, name, names, relay, options);
          });
        }
      },
      { expectedErrors: [/404/] },
    ));
}

async function runOnPage(name, names, relay, options) {
  const { revocation } = await import('/tests/revocation.js');
  const smime = await import('/smime-wasm/index.js');
  const files = {};
  for (const name of names) {
    files[name] = new Uint8Array(await (await fetch(`/files/${name}`)).arrayBuffer());
  }
  await revocation[name]({ smime, files, relay, options });
  await smime.terminate();
}

test('a CRL stays where it was read, and calls go there', () =>
  onPage((page) =>
    page.evaluate(async () => {
      const { equal, failure } = await import('/tests/check.js');
      const { checkCertificate, importP12, parseCrl, sign, verify } = await import('/smime-wasm/index.js');
      const blob = async (name) => (await fetch(`/files/${name}`)).blob();
      const data = await blob('issuer.crl');
      const [inWorker, inPlace] = [await parseCrl({ data }), await parseCrl({ data, worker: false })];
      const der = async (name) => new Uint8Array(await (await blob(name)).arrayBuffer());
      const given = {
        certificate: await der('mallory.der'),
        intermediates: [await der('issuer.der')],
        trustAnchors: [await der('root.der')],
      };
      for (const [options, works] of [
        [{ crls: [inWorker] }, true],
        [{ crls: [inPlace] }, true],
        [{ crls: [inPlace], worker: false }, true],
        [{ crls: [inPlace], worker: true }, false],
        [{ crls: [inWorker], worker: false }, false],
        [{ crls: [inWorker, inPlace] }, false],
      ]) {
        const checking = checkCertificate({ ...given, ...options });
        if (works) equal((await checking).revocation, 'revoked');
        else {
          const error = await failure(checking);
          equal(error.code, 'usage/wrong-option');
          equal(error.details.option, 'worker');
        }
      }
    }),
  ));

test('an issuer that a mail lacks may come from the store', () =>
  onPage(async (page) => {
    const found = await page.evaluate(async () => {
      const { importP12, sign, verify } = await import('/smime-wasm/index.js');
      const { openStore } = await import('/smime-wasm/store.js');
      const bytes = async (name) => new Uint8Array(await (await fetch(`/files/${name}`)).arrayBuffer());
      const data = await bytes('mallory.p12');
      const { identities: signers } = await importP12({ data, password: 'secret' });
      const text = new TextEncoder().encode('From: mallory@example.com\r\n\r\nHello\r\n');
      const message = await sign({ message: text, signers, include: 'certificate' });
      const trustAnchors = [await bytes('root.der')];
      const store = await openStore();
      const trust = async () => {
        const intermediates = (await store.certificates()).map(({ certificate }) => certificate);
        const { signatures: [{ trust, problems }] } = await verify({ message, trustAnchors, intermediates });
        return [trust, ...problems.map(({ code }) => code)];
      };
      const before = await trust();
      await store.addCertificates({ certificates: [await bytes('issuer.der')] });
      return [before, await trust()];
    });
    assert.deepEqual(found, [['untrusted', 'path/unknown-issuer'], ['trusted']]);
  }));

/** Verifies Mallory's mail on a page with the store's cache. */
const verifyCached = (page, options = {}) =>
  page.evaluate(
    async (relay, options) => {
      const { importP12, sign, verify } = await import('/smime-wasm/index.js');
      const { openStore } = await import('/smime-wasm/store.js');
      const bytes = async (name) => new Uint8Array(await (await fetch(`/files/${name}`)).arrayBuffer());
      const data = await bytes('mallory.p12');
      const { identities: signers } = await importP12({ data, password: 'secret', ...options });
      const text = 'From: mallory@example.com\r\n\r\nHello\r\n';
      const message = await sign({ message: new TextEncoder().encode(text), signers, ...options });
      const { revocationCache: cache } = await openStore(options);
      const { signatures } = await verify({
        message,
        trustAnchors: [await bytes('root.der')],
        revocation: 'hard',
        cache,
        fetch: async (url, { signal, maxBytes, ...request }) => {
          const response = await fetch(`${relay}/relay?${new URLSearchParams({ url })}`, request);
          return response.ok ? response.arrayBuffer() : null;
        },
        ...options,
      });
      return signatures[0].revocation;
    },
    relay,
    options,
  );

for (const [where, options] of [['in a worker', {}], ['in place', { worker: false }]]) {
  test(`what a store caches is used after a reload, ${where}`, () =>
    onPage(async (page) => {
      assert.equal(await verifyCached(page, options), 'revoked');
      assert.ok((await requests()).length > 0);
      await page.reload();
      assert.equal(await verifyCached(page, options), 'revoked');
      assert.deepEqual(await requests(), []);
      await page.evaluate(expire);
      await page.reload();
      assert.equal(await verifyCached(page, options), 'revoked');
      assert.ok((await requests()).length > 0);
    }));
}

/** Lets all that is cached be over. */
async function expire() {
  const settle = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const db = await settle(indexedDB.open('smime-wasm'));
  const table = db.transaction('revocation', 'readwrite').objectStore('revocation');
  for (const row of await settle(table.getAll())) await settle(table.put({ ...row, until: Date.now() - 1 }));
  db.close();
}

test('without the database mail is verified all the same', () =>
  onPage(async (page) => {
    await page.evaluate(async () => {
      const { openStore } = await import('/smime-wasm/store.js');
      const { revocationCache } = await openStore();
      window.cache = revocationCache;
      const request = indexedDB.open('smime-wasm', 99);
      await new Promise((resolve) => (request.onsuccess = resolve));
      request.result.close();
    });
    const [direct, revocation] = await page.evaluate(async (relay) => {
      const { checkCertificate } = await import('/smime-wasm/index.js');
      const bytes = async (name) => new Uint8Array(await (await fetch(`/files/${name}`)).arrayBuffer());
      const direct = await window.cache.get('key').catch(({ code }) => code);
      const { revocation } = await checkCertificate({
        certificate: await bytes('mallory.der'),
        trustAnchors: [await bytes('root.der')],
        cache: window.cache,
        revocation: 'soft',
        fetch: async (url, { method, headers, body }) => {
          const request = { method, headers, body };
          return (await fetch(`${relay}/relay?${new URLSearchParams({ url })}`, request)).arrayBuffer();
        },
      });
      return [direct, revocation];
    }, relay);
    assert.deepEqual([direct, revocation], ['store/newer-schema', 'revoked']);
  }));

/** Every request of the page and its workers, from now on. */
async function watch(page) {
  const urls = [];
  const listen = async (client) => {
    client.on('Network.requestWillBeSent', ({ request }) => urls.push(request.url));
    await client.send('Network.enable');
  };
  page.on('workercreated', (worker) => listen(worker.client));
  await Promise.all(page.workers().map((worker) => listen(worker.client)));
  await listen(await page.createCDPSession());
  return urls;
}

/** The same pages without the policy that would stop requests before anybody sees them. */
async function serveWithoutPolicy() {
  const server = createServer(async ({ url }, response) => {
    const answer = await fetch(chromium.origin + url);
    response.writeHead(answer.status, { 'Content-Type': answer.headers.get('Content-Type') });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

test('a mail is opened without any request', async (t) => {
  const open = await serveWithoutPolicy();
  t.after(() => open.close());
  const origin = `http://127.0.0.1:${open.address().port}`;
  const isForeign = (url) => /^https?:/.test(url) && new URL(url).origin !== origin;
  await chromium.page(
    async (page) => {
      await page.goto(origin);
      const urls = await watch(page);
      const statuses = await page.evaluate(async () => {
        const smime = await import('/smime-wasm/index.js');
        const bytes = async (name) => new Uint8Array(await (await fetch(`/files/${name}`)).arrayBuffer());
        const one = async (name) =>
          (await smime.importP12({ data: await bytes(name), password: 'secret' })).identities[0];
        const [grace, mallory] = [await one('grace.p12'), await one('mallory.p12')];
        const [trustAnchors, intermediates] = [[await bytes('root.der')], [await bytes('issuer.der')]];
        const from = 'mallory@example.com';
        const message = new TextEncoder().encode(`From: ${from}\r\n\r\nHello\r\n`);
        const signed = await smime.sign({ message, signers: [mallory], include: 'certificate' });
        const statuses = [];
        for (const cipher of ['aes-256-cbc', 'aes-256-gcm']) {
          const sealed = await smime.encrypt({ message: signed, recipients: [grace.certificate], cipher });
          const opened = await smime.decrypt({ message: sealed, identities: [grace] });
          for (const options of [{}, { trustAnchors }, { trustAnchors, intermediates }]) {
            const { status } = await smime.verify({ message: opened.message, from, ...options });
            statuses.push(status);
          }
        }
        return statuses;
      });
      assert.deepEqual(statuses, Array(2).fill(['unverified', 'unverified', 'verified']).flat());
      assert.ok(urls.some((url) => url.endsWith('.wasm')), 'requests of the worker are seen');
      assert.deepEqual(urls.filter(isForeign), []);

      // Mallory made the mail and chose what her certificate names; the victim only looks.
      assert.deepEqual(await page.evaluate(lookAtMailOfMallory), ['unknown', true]);
      assert.deepEqual(urls.filter(isForeign), []);
      await page.evaluate(lookAtMailOfMallory, true);
      assert.ok(urls.some((url) => url === 'http://ocsp.example.com/'), 'and asks when the user wants it');
      urls.length = 0;

      // And one would have been seen, wherever it comes from.
      const control = 'http://crl.example.com/issuer.crl';
      const ask = (url) => fetch(url).then(() => {}, () => {});
      await page.evaluate(ask, `${control}?page`);
      for (const worker of page.workers()) await worker.evaluate(ask, `${control}?worker`);
      assert.deepEqual(urls.filter(isForeign).sort(), [`${control}?page`, `${control}?worker`]);
    },
    { expectedErrors: [/crl\.example\.com/, /ocsp\.example\.com/] },
  );
});

/** With CBC, and all that fetches turned on. */
async function lookAtMailOfMallory(mayFetch) {
  const smime = await import('/smime-wasm/index.js');
  const bytes = async (name) => new Uint8Array(await (await fetch(`/files/${name}`)).arrayBuffer());
  const one = async (name) =>
    (await smime.importP12({ data: await bytes(name), password: 'secret' })).identities[0];
  const [grace, mallory] = [await one('grace.p12'), await one('mallory.p12')];
  const text = new TextEncoder().encode('From: mallory@example.com\r\n\r\nHello\r\n');
  const signed = await smime.sign({ message: text, signers: [mallory] });
  const sealed = await smime.encrypt({ message: signed, recipients: [grace.certificate] });
  const { message } = await smime.decrypt({ message: sealed, identities: [grace] });
  const { signatures } = await smime.verify({
    message,
    from: 'mallory@example.com',
    trustAnchors: [await bytes('root.der')],
    revocation: 'hard',
    fetch: async (url, { method, body }) => (await fetch(url, { method, body })).arrayBuffer(),
    mayFetch,
  });
  const [{ revocation, problems }] = signatures;
  return [revocation, problems.some(({ code }) => code === 'fetch/withheld')];
}

test('a CRL of 17 MB does not hold up the page', async (t) => {
  await authority.enlarge();
  await onPage(async (page) => {
    const { size, refused, steps } = await page.evaluate(checkWithLargeCrl, relay);
    assert.ok(size > 17_000_000, `${size} bytes`);
    assert.deepEqual(refused, { code: 'limit/crl-bytes', allowed: 1 << 20 });
    for (const { step, ms, longestTask, outcome } of steps) {
      t.diagnostic(`${step}: ${ms} ms, longest task ${longestTask} ms`);
      assert.equal(outcome, step.startsWith('somebody else') ? 'good' : 'revoked', step);
      assert.ok(longestTask < 100, `${step} held up the page for ${longestTask} ms`);
    }
    const asked = ['GET http://crl.example.com/issuer.crl', 'GET http://crl.example.com/root.crl'];
    assert.deepEqual((await requests()).sort(), asked);
  });
});

async function checkWithLargeCrl(relay) {
  const { checkCertificate, parseCrl, terminate } = await import('/smime-wasm/index.js');
  const { openStore } = await import('/smime-wasm/store.js');
  const bytes = async (name) => new Uint8Array(await (await fetch(`/files/${name}`)).arrayBuffer());
  const given = {
    certificate: await bytes('mallory.der'),
    intermediates: [await bytes('issuer.der')],
    trustAnchors: [await bytes('root.der')],
  };
  const longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries())).observe({ entryTypes: ['longtask'] });
  /** Long tasks are told a little later. */
  const quiet = () => new Promise((resolve) => setTimeout(resolve, 60));
  const steps = [];
  const step = async (name, work) => {
    await quiet();
    longTasks.length = 0;
    const start = performance.now();
    const { revocation } = await work();
    const ms = Math.round(performance.now() - start);
    await quiet();
    const longestTask = Math.round(Math.max(0, ...longTasks.map(({ duration }) => duration)));
    steps.push({ step: name, ms, longestTask, outcome: revocation });
  };

  const cache = (await openStore()).revocationCache;
  const crls = async (url, { signal }) => {
    if (!url.endsWith('.crl')) return null;
    return (await fetch(`${relay}/relay?${new URLSearchParams({ url })}`, { signal })).blob();
  };
  await step('fetched', () => checkCertificate({ ...given, fetch: crls, cache, revocation: 'soft' }));
  await step('remembered', () => checkCertificate({ ...given, fetch: crls, cache, revocation: 'soft' }));
  await terminate();
  await step('from the cache of the store', () => checkCertificate({ ...given, fetch: crls, cache, revocation: 'soft' }));
  const data = await (await fetch('/files/issuer.crl')).blob();
  const crl = await parseCrl({ data });
  await step('read before', () => checkCertificate({ ...given, crls: [crl] }));
  await step('read before, again', () => checkCertificate({ ...given, crls: [crl] }));
  // Of the authority itself the large CRL says nothing.
  const both = [crl, await bytes('root.crl')];
  const grace = await bytes('grace.der');
  await step('somebody else', () => checkCertificate({ ...given, certificate: grace, crls: both }));
  const refused = await parseCrl({ data, limits: { crlBytes: 1 << 20 } }).then(
    () => 'read',
    ({ code, details }) => ({ code, allowed: details.allowed }),
  );
  return { size: data.size, refused, steps };
}
