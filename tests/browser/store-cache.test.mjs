// The store's cache of CRLs and OCSP responses, and databases from before there was one.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { launch } from './support/chromium.mjs';
import { run, storePage } from './support/store-page.mjs';

const chromium = await launch({ folders: storePage });
after(() => chromium.close());

test('a database of version 1 is upgraded and keeps all', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ restoreVersion1, openStore, passphrase, code, ...tab }) => {
      await restoreVersion1();
      const before = await tab.versionAndTables();
      const store = await openStore();
      const [{ id, addresses, origin }] = await store.identities();
      const [certificate] = await store.certificates({ address: 'max@example.com' });
      const wrong = await code(store.unlock({ id, passphrase: 'wrong' }));
      const signed = await tab.signWith(await store.unlock({ id, passphrase }));
      await store.revocationCache.put('key', new Uint8Array([1]), new Date(Date.now() + 60_000));
      const cached = [...(await store.revocationCache.get('key'))];
      const after = await tab.versionAndTables();
      return { before, after, addresses, origin, max: certificate.origin, wrong, signed, cached };
    });
    assert.deepEqual(found, {
      before: [1, ['certificates', 'identities', 'meta']],
      after: [4, ['certificates', 'identities', 'listing', 'meta', 'removed', 'revocation', 'settings', 'shared']],
      addresses: ['erika@example.com'],
      origin: 'p12',
      max: 'mail',
      wrong: 'store/wrong-passphrase',
      signed: 'signed',
      cached: [1],
    });
  }));

test('what is cached survives a reload and goes when it expires', () =>
  chromium.page(async (page) => {
    await run(page, async ({ openStore }) => {
      const { revocationCache } = await openStore();
      const larger = new Uint8Array([0, 1, 2, 3]);
      await revocationCache.put('long', larger.subarray(1, 3), new Date(Date.now() + 3_600_000));
      await revocationCache.put('short', larger, new Date(Date.now() + 1_000));
    });
    await page.reload();
    const found = await run(page, async ({ openStore, rows }) => {
      const { revocationCache } = await openStore();
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const kept = (await rows('revocation')).length;
      const answers = [];
      for (const key of ['long', 'short', 'other']) answers.push(await revocationCache.get(key));
      return [kept, String(answers[0]), answers.slice(1), (await rows('revocation')).length];
    });
    assert.deepEqual(found, [2, '1,2', [null, null], 1]);
  }));

test('what expired goes with the next that is cached, and the oldest when there is too much', () =>
  chromium.page(async (page) => {
    const left = await run(page, async ({ openStore, rows }) => {
      const { revocationCache } = await openStore();
      const put = async (key, size, ms) => {
        await revocationCache.put(key, new Uint8Array(size), new Date(Date.now() + ms));
        return (await rows('revocation')).map(({ key }) => key).join();
      };
      const left = [await put('expired', 1, 0), await put('first', 30 << 20, 60_000)];
      left.push(await put('second', 30 << 20, 60_000), await put('third', 30 << 20, 60_000));
      left.push(await put('whole', 64 << 20, 60_000), await put('huge', (64 << 20) + 1, 60_000));
      left.push(await put('small', 1, 60_000));
      return left;
    });
    assert.deepEqual(left, ['', 'first', 'first,second', 'second,third', 'whole', 'whole', 'small']);
  }));

test('many small entries are bounded by their number', () =>
  chromium.page(async (page) => {
    const [number, newest, oldest] = await run(page, async ({ openStore, rows }) => {
      const { revocationCache } = await openStore();
      const until = new Date(Date.now() + 600_000);
      // In one go past the store but for the last, which looks after the number.
      const db = await new Promise((resolve) => {
        const request = indexedDB.open('smime-wasm');
        request.onsuccess = () => resolve(request.result);
      });
      await revocationCache.put('0', new Uint8Array(1), until);
      const [first] = await rows('revocation');
      const transaction = db.transaction('revocation', 'readwrite');
      for (let at = 1; at < 1_500; at++) {
        const kept = [first.kept[0] + at / 10_000, ...first.kept.slice(1)];
        transaction.objectStore('revocation').put({ ...first, key: String(at), kept });
      }
      await new Promise((resolve) => (transaction.oncomplete = resolve));
      await revocationCache.put('last', new Uint8Array(1), until);
      const keys = (await rows('revocation')).map(({ key }) => key);
      return [keys.length, keys.includes('last') && keys.includes('1499'), keys.includes('0')];
    });
    assert.deepEqual([number, newest, oldest], [1_000, true, false]);
  }));

test('two tabs fill the cache at once', () =>
  chromium.page(async (page) => {
    const second = await page.browserContext().newPage();
    await second.goto(page.url());
    const fill = (tab, name) =>
      run(tab, async ({ openStore }, name) => {
        const { revocationCache } = await openStore();
        const until = new Date(Date.now() + 600_000);
        const puts = Array.from({ length: 20 }, (_, at) =>
          revocationCache.put(`${name} ${at}`, new Uint8Array(1 << 20), until));
        await Promise.all(puts);
        return (await revocationCache.get(`${name} 19`)).length;
      }, name);
    assert.deepEqual(await Promise.all([fill(page, 'a'), fill(second, 'b')]), [1 << 20, 1 << 20]);
  }));
