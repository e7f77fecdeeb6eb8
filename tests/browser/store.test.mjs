// The store in Chromium: real IndexedDB, real workers, several tabs.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { makeIdentities } from '../support/identities.mjs';
import { launch } from './support/chromium.mjs';
import { run, secondTab, storePage } from './support/store-page.mjs';

const identities = await makeIdentities();
const chromium = await launch({ folders: { '/files/': identities.folder + '/', ...storePage } });
after(async () => {
  await chromium.close();
  await identities.remove();
});

const withAlice = (page) =>
  run(page, async ({ importAlice, openStore, passphrase }) => {
    const store = await openStore();
    const { identities } = await importAlice();
    const { id } = await store.addIdentity({ identity: identities[0], passphrase, origin: 'p12' });
    return id;
  });

test('identities and certificates survive a reload, and the identity signs again', () =>
  chromium.page(async (page) => {
    const id = await withAlice(page);
    await run(page, async ({ openStore, certificates }) => {
      const store = await openStore();
      await store.addCertificates({ certificates: await certificates(), origin: 'mail' });
    });
    await page.reload();
    const found = await run(page, async ({ openStore, passphrase, signWith }) => {
      const store = await openStore();
      const [stored] = await store.identities();
      const identity = await store.unlock({ id: stored.id, passphrase });
      return {
        id: stored.id,
        fingerprint: stored.certificate.fingerprint,
        addresses: stored.addresses,
        chain: stored.chain.map(({ subject }) => subject),
        unlockedChain: identity.chain.map(({ subject }) => subject),
        origin: stored.origin,
        dates: [stored.firstSeen, stored.lastSeen].map((date) => date instanceof Date),
        certificates: (await store.certificates()).map(({ origin, chain }) => [origin, chain]),
        forBob: (await store.certificates({ address: 'bob@EXAMPLE.com' })).length,
        forNobody: (await store.certificates({ address: 'nobody@example.com' })).length,
        signed: await signWith(identity),
      };
    });
    assert.equal(found.id, id);
    assert.equal(found.fingerprint, id);
    assert.deepEqual(found.addresses, ['alice@example.com']);
    assert.deepEqual(found.chain, ['CN=Example CA,O=Example']);
    assert.deepEqual(found.unlockedChain, found.chain);
    assert.equal(found.origin, 'p12');
    assert.deepEqual(found.dates, [true, true]);
    assert.deepEqual(found.certificates, Array(3).fill(['mail', null]));
    assert.equal(found.forBob, 1);
    assert.equal(found.forNobody, 0);
    assert.equal(found.signed, 'signed');
  }));

test('without a worker the store does the same', () =>
  chromium.page(async (page) => {
    const results = await run(page, async ({ importAlice, openStore, passphrase, signWith, code }) => {
      const options = { worker: false };
      const store = await openStore(options);
      const { identities } = await importAlice(options);
      const { id } = await store.addIdentity({ identity: identities[0], passphrase });
      const identity = await store.unlock({ id, passphrase });
      const before = await signWith(identity);
      await store.lock();
      return [before, await signWith(identity), await code(store.unlock({ id, passphrase: 'x' }))];
    });
    assert.deepEqual(results, ['signed', 'identity/locked', 'store/wrong-passphrase']);
    assert.equal(page.workers().length, 0);
  }));

test('a key that is elsewhere stays there', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ openStore, external, passphrase, code }) => {
      const store = await openStore();
      const added = await code(store.addIdentity({ identity: await external(), passphrase }));
      return [added, (await store.identities()).length];
    });
    assert.deepEqual(found, ['refused/external-key', 0]);
  }));

test('a wrong passphrase, an unknown id and a wrong option have codes of their own', () =>
  chromium.page(async (page) => {
    const id = await withAlice(page);
    const codes = await run(page, async ({ importAlice, openStore, passphrase, code }, id) => {
      const store = await openStore();
      const { identities: [identity] } = await importAlice();
      return [
        await code(store.unlock({ id, passphrase: 'wrong' })),
        await code(store.unlock({ id: 'none', passphrase })),
        await code(store.unlock({ id })),
        await code(store.unlock({ id, passphrase, lockAfter: -1 })),
        await code(store.unlock({ id, passphrase, forever: true })),
        await code(store.addIdentity({ identity, passphrase: '' })),
        await code(store.addCertificates({})),
        await code(store.addCertificates({ certificates: [new Uint8Array(3)] })),
        await code(store.removeCertificate({ id })),
        await code(openStore({ version: 2 })),
        await code(openStore({ database: '' })),
        await code((async () => store.on('opened', () => {}))()),
        await code((async () => store.close())()),
        await code(store.identities()),
      ];
    }, id);
    assert.deepEqual(codes, [
      'store/wrong-passphrase',
      'store/not-found',
      'usage/missing-option',
      'usage/wrong-option',
      'usage/unknown-option',
      'usage/wrong-option',
      'usage/missing-option',
      'malformed/certificate',
      'store/not-found',
      'usage/unknown-option',
      'usage/wrong-option',
      'usage/wrong-option',
      'done',
      'store/closed',
    ]);
  }));

test('a passphrase is one however it was typed, and can be changed', () =>
  chromium.page(async (page) => {
    const id = await withAlice(page);
    const codes = await run(page, async ({ openStore, passphrase, code }, id) => {
      const store = await openStore();
      const [composed, decomposed] = ['schl\u00fcssel', 'schlu\u0308ssel'];
      return [
        await code(store.changePassphrase({ id, passphrase: 'wrong', newPassphrase: composed })),
        await code(store.changePassphrase({ id, passphrase, newPassphrase: composed })),
        await code(store.unlock({ id, passphrase })),
        await code(store.unlock({ id, passphrase: decomposed })),
        await code(store.unlock({ id, passphrase: new TextEncoder().encode(composed) })),
      ];
    }, id);
    assert.deepEqual(codes, [
      'store/wrong-passphrase',
      'done',
      'store/wrong-passphrase',
      'done',
      'done',
    ]);
  }));

test('an altered key or certificate is found when it is unlocked', () =>
  chromium.page(async (page) => {
    const id = await withAlice(page);
    const codes = await run(page, async ({ openStore, passphrase, code, rows, write }, id) => {
      const store = await openStore();
      const [row] = await rows('identities');
      const codes = [];
      // The certificate stands first, the sealed key last.
      for (const position of [500, row.value.length - 600, row.value.length - 1]) {
        const value = row.value.slice();
        value[position] ^= 1;
        await write('identities', { ...row, value });
        codes.push(await code(store.unlock({ id, passphrase })));
      }
      await write('identities', row);
      return [...codes, await code(store.unlock({ id, passphrase }))];
    }, id);
    assert.deepEqual(codes, [...Array(3).fill('store/seal-broken'), 'done']);
  }));

test('a record of a newer version is left out, refused, and left as it is', () =>
  chromium.page(async (page) => {
    const id = await withAlice(page);
    const [codes, intact] = await run(page, async ({ importAlice, openStore, passphrase, code, rows, write }, id) => {
      const store = await openStore();
      const { identities: [identity] } = await importAlice();
      const [row] = await rows('identities');
      const at = row.value.findIndex((byte, at) => byte === 2 && row.value[at + 1] === 1);
      row.value[at + 2] = 7;
      await write('identities', row);
      const codes = [
        (await store.identities()).length,
        (await store.problems()).map(({ code }) => code).join(),
        await code(store.unlock({ id, passphrase })),
        await code(store.addIdentity({ identity, passphrase })),
      ];
      const [after] = await rows('identities');
      return [codes, String(after.value) === String(row.value) && after.revision === row.revision];
    }, id);
    const refused = 'store/newer-schema';
    assert.deepEqual(codes, [0, 'store/unreadable-record', refused, refused]);
    assert.ok(intact);
  }));

test('bad input to any verb leaves the store as it was', () =>
  chromium.page(async (page) => {
    const id = await withAlice(page);
    const [codes, before, after, signed] = await run(
      page,
      async ({ openStore, certificates, passphrase, code, rows, signWith }, id) => {
        const { importP12, encrypt, decrypt, verify } = await import('/smime-wasm/index.js');
        const store = await openStore();
        await store.addCertificates({ certificates: await certificates() });
        const identity = await store.unlock({ id, passphrase });
        const all = async () => JSON.stringify([await rows('identities'), await rows('certificates')]);
        const before = await all();
        const message = new TextEncoder().encode('From: alice@example.com\r\n\r\nHello\r\n');
        const [, , bob] = await certificates();
        const forBob = await encrypt({ message, recipients: [bob] });
        const p12 = new Uint8Array(await (await fetch('/files/alice.p12')).arrayBuffer());
        const random = crypto.getRandomValues(new Uint8Array(5000));
        random[0] = 0x30;
        const codes = [
          await code(importP12({ data: p12.slice(0, 900), password: 'secret' })),
          await code(decrypt({ message: forBob, identities: [identity] })),
          await code(decrypt({ message: forBob.slice(0, 700), identities: [identity] })),
          await code(decrypt({ message: random, identities: [identity] })),
          await code(verify({ message: random })),
          await code(store.addCertificates({ certificates: [bob, random] })),
        ];
        return [codes, before, await all(), await signWith(identity)];
      },
      id,
    );
    assert.deepEqual(codes.slice(0, 2), ['malformed/p12', 'decrypt/no-recipient']);
    assert.ok(codes.slice(2).every((code) => code.startsWith('malformed/')), codes.join());
    assert.equal(after, before);
    assert.equal(signed, 'signed');
  }));

test('what is removed is gone, and nothing else', () =>
  chromium.page(async (page) => {
    const id = await withAlice(page);
    const left = await run(page, async ({ openStore, certificates }, id) => {
      const store = await openStore();
      const [first] = await store.addCertificates({ certificates: await certificates() });
      await store.removeCertificate({ id: first.id });
      const before = [(await store.identities()).length, (await store.certificates()).length];
      await store.removeIdentity({ id });
      return [before, (await store.identities()).length, (await store.certificates()).length];
    }, id);
    assert.deepEqual(left, [[1, 2], 0, 2]);
  }));

test('two tabs that write the same records at once lose nothing', () =>
  chromium.page(async (page) => {
    const tabs = [page, await secondTab(page)];
    const times = 40;
    const revisions = () =>
      run(page, async ({ rows }) => (await rows('certificates')).map(({ revision }) => revision));
    await run(page, async ({ openStore, certificates }) => {
      await (await openStore()).addCertificates({ certificates: await certificates() });
    });
    const [before, ...others] = await revisions();
    assert.deepEqual(others, [before, before]);
    const outcomes = await Promise.all(
      tabs.map((tab, at) =>
        run(tab, async ({ openStore, certificates, code }, origin, times) => {
          const store = await openStore();
          const options = { certificates: await certificates(), origin };
          const codes = [];
          for (let i = 0; i < times; i++) codes.push(code(store.addCertificates(options)));
          return Promise.all(codes);
        }, `tab ${at}`, times)),
    );
    assert.deepEqual(outcomes, Array(2).fill(Array(times).fill('done')));
    // Each call wrote each record once.
    assert.deepEqual(await revisions(), Array(3).fill(before + 2 * times));
  }));

test('a change is told in every tab', () =>
  chromium.page(async (page) => {
    const second = await secondTab(page);
    for (const tab of [page, second]) {
      await run(tab, async ({ openStore, once }) => {
        window.changed = once(await openStore(), 'change');
      });
    }
    await run(second, async ({ openStore, certificates }) => {
      await (await openStore()).addCertificates({ certificates: await certificates() });
    });
    for (const tab of [page, second]) await tab.evaluate(() => window.changed);
  }));

/** Opens Alice's identity on a page and keeps it there. */
const unlockAlice = (page, id, options = {}) =>
  run(page, async ({ openStore, passphrase, once, signWith }, id, options) => {
    window.store = await openStore();
    window.lockedTold = once(window.store, 'locked');
    window.identity = await window.store.unlock({ id, passphrase, ...options });
    return signWith(window.identity);
  }, id, options);

const signAgain = (page) => run(page, ({ signWith }) => signWith(window.identity));

test('locking in one tab locks the others, and unlocking again works', () =>
  chromium.page(async (page) => {
    const id = await withAlice(page);
    const second = await secondTab(page);
    for (const tab of [page, second]) assert.equal(await unlockAlice(tab, id), 'signed');
    await page.evaluate(() => window.store.lock());
    for (const tab of [page, second]) {
      await tab.evaluate(() => window.lockedTold);
      assert.equal(await signAgain(tab), 'identity/locked');
      assert.equal(await unlockAlice(tab, id), 'signed');
    }
  }));

test('locking ends what is running', () =>
  chromium.page(async (page) => {
    const codes = await run(page, async ({ importSlowly, openStore, code }) => {
      const store = await openStore();
      const running = code(importSlowly());
      await new Promise((resolve) => setTimeout(resolve, 200));
      const began = performance.now();
      const locking = store.lock();
      const ended = await running;
      const took = performance.now() - began;
      return [ended, took < 200, await code(locking)];
    });
    assert.deepEqual(codes, ['identity/locked', true, 'done']);
  }));

test('a tab that hears nothing of it is locked by the database', () =>
  chromium.page(async (page) => {
    const id = await withAlice(page);
    const deaf = await secondTab(page, (tab) =>
      tab.evaluateOnNewDocument(() => {
        BroadcastChannel.prototype.postMessage = () => {};
      }));
    assert.equal(await unlockAlice(page, id), 'signed');
    assert.equal(await unlockAlice(deaf, id), 'signed');
    assert.equal(await signAgain(page), 'signed', 'a second unlock does not end the first');
    await deaf.evaluate(() => window.store.lock());
    assert.equal(await signAgain(page), 'identity/locked');
  }));

test('the lock expires: keys are refused, and wiped', () =>
  chromium.page(async (page) => {
    const id = await withAlice(page);
    assert.equal(await unlockAlice(page, id, { lockAfter: 4_000 }), 'signed');
    await page.evaluate(() => window.lockedTold);
    assert.equal(await signAgain(page), 'identity/locked');

    assert.equal(await unlockAlice(page, id, { lockAfter: 4_000 }), 'signed');
    const code = await run(page, async ({ signWith }) => {
      window.store.close(); // and with it the timer
      await new Promise((resolve) => setTimeout(resolve, 4_100));
      return signWith(window.identity);
    });
    assert.equal(code, 'identity/locked');

    // What expired stays so when the store is unlocked again.
    assert.equal(await run(page, async ({ openStore, passphrase, signWith }, id) => {
      const store = await openStore();
      const fresh = await store.unlock({ id, passphrase });
      return [await signWith(window.identity), await signWith(fresh)].join();
    }, id), 'identity/locked,signed');
  }));

test('without the database nothing is unlocked', () =>
  chromium.page(async (page) => {
    const id = await withAlice(page);
    assert.equal(await unlockAlice(page, id), 'signed');
    await run(page, ({ deleteDatabase }) => deleteDatabase());
    assert.equal(await signAgain(page), 'identity/locked');
  }));

test('an upgrade by another tab closes the database, and the newer one is not touched', () =>
  chromium.page(async (page) => {
    const id = await withAlice(page);
    assert.equal(await unlockAlice(page, id), 'signed');
    await run(page, ({ once }) => {
      window.versionChange = once(window.store, 'versionchange');
    });
    const second = await secondTab(page);
    await run(second, ({ upgrade }) => upgrade(99));
    await page.evaluate(() => window.versionChange);
    const told = await run(page, async ({ openStore }) => {
      const errors = [];
      for (const call of [() => window.store.identities(), () => openStore()]) {
        await call().catch(({ code, details: { found, known } }) => errors.push({ code, found, known }));
      }
      return errors;
    });
    assert.deepEqual(told, Array(2).fill({ code: 'store/newer-schema', found: 99, known: 4 }));
    assert.equal(await signAgain(page), 'identity/locked');
    assert.deepEqual(await run(second, ({ versionAndTables }) => versionAndTables()), [
      99,
      ['certificates', 'identities', 'listing', 'meta', 'newer', 'removed', 'revocation', 'settings', 'shared'],
    ]);
  }));

test('a tab that does not let go is said to block, and the store opens when it does', () =>
  chromium.page(async (page) => {
    const id = await withAlice(page);
    const second = await secondTab(page);
    await run(second, ({ holdDatabase }) => holdDatabase());
    const first = await run(page, async ({ openStore, once, code, deleteDatabase }) => {
      const store = await openStore();
      window.blocked = once(store, 'blocked');
      window.deleted = deleteDatabase(); // waits for the second tab, and the store for it
      await new Promise((resolve) => setTimeout(resolve, 200));
      return code(store.identities());
    });
    assert.equal(first, 'store/blocked');
    await page.evaluate(() => window.blocked);
    await second.evaluate(() => window.held.close());
    const left = await run(page, async ({ openStore }) => {
      await window.deleted;
      return (await (await openStore()).identities()).length;
    });
    assert.equal(left, 0, `${id} was deleted`);
  }));

test('a full disk is said, and nothing is half done', () =>
  chromium.page(async (page) => {
    const session = await page.createCDPSession();
    const quota = (quotaSize) =>
      session.send('Storage.overrideQuotaForOrigin', { origin: chromium.origin, ...quotaSize });
    const add = () =>
      run(page, async ({ openStore, certificates, code }) => {
        const store = await openStore();
        const outcome = await code(store.addCertificates({ certificates: await certificates() }));
        return [outcome, (await store.certificates()).length];
      });
    // Before the database is opened: Chromium remembers for a while how much room there was.
    await quota({ quotaSize: 1 });
    assert.deepEqual(await add(), ['store/quota', 0]);
    await quota({});
    let outcome = await add();
    for (const began = Date.now(); outcome[0] !== 'done' && Date.now() - began < 60_000;) {
      await setTimeout(500);
      outcome = await add();
    }
    assert.deepEqual(outcome, ['done', 3]);
  }));

test('a database that the browser took away is opened anew', () =>
  chromium.page(async (page) => {
    const id = await withAlice(page);
    assert.equal(await unlockAlice(page, id), 'signed');
    const session = await page.createCDPSession();
    const clear = { origin: chromium.origin, storageTypes: 'indexeddb' };
    await session.send('Storage.clearDataForOrigin', clear);
    assert.equal(await signAgain(page), 'identity/locked');
    const counts = await run(page, async ({ certificates }) => {
      const before = (await window.store.identities()).length;
      await window.store.addCertificates({ certificates: await certificates() });
      return [before, (await window.store.certificates()).length];
    });
    assert.deepEqual(counts, [0, 3]);
  }));

test('a page without IndexedDB is told so', () =>
  chromium.page(async (page) => {
    await page.evaluateOnNewDocument(() => {
      Object.defineProperty(window, 'indexedDB', { value: undefined });
    });
    await page.reload();
    assert.equal(await run(page, ({ openStore, code }) => code(openStore())), 'store/unavailable');
  }));

test('no part of a private key reaches the disk', async () => {
  // A page of the browser's own profile: those of `chromium.page` keep their storage in memory.
  const page = await chromium.browser.newPage();
  await page.goto(chromium.origin);
  const id = await withAlice(page);
  await run(page, async ({ openStore, passphrase, certificates }, id) => {
    const store = await openStore();
    await store.unlock({ id, passphrase });
    await store.addCertificates({ certificates: await certificates() });
  }, id);
  await page.close();

  const files = await identities.all();
  const pem = String(files['alice.key']).split('\n').slice(1, -2).join('');
  const pkcs8 = Buffer.from(pem, 'base64');
  const profile = chromium.browser.process().spawnargs
    .find((argument) => argument.startsWith('--user-data-dir='))
    .slice('--user-data-dir='.length);
  // Behind version, algorithm, modulus and public exponent, which are no secrets.
  const secret = pkcs8.subarray(330);
  let found = 0;
  for (const file of await readdir(profile, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const bytes = await readFile(join(file.parentPath, file.name)).catch(() => Buffer.alloc(0));
    if (bytes.includes(files['alice.der'].subarray(100, 400))) found++;
    for (let at = 0; at + 32 <= secret.length; at += 16) {
      assert.ok(!bytes.includes(secret.subarray(at, at + 32)), `a part of the key is in ${file.name}`);
    }
  }
  assert.ok(found > 0, 'the certificate is on the disk, so the right place was searched');
});
