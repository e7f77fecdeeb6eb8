// What the mailer keeps, in Chromium: many key files at once, what the database tells of itself, and databases
// of other versions. Key files of other programs are in mailer-files.test.mjs.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, test } from 'node:test';

import { launchMailer, run, secondTab } from './support/mailer-page.mjs';

const { chromium, close } = await launchMailer();
after(close);

test('K1: many files at once, each with a result of its own', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, file, codes, passphrase }) => {
      const mailer = await aliceMailer();
      const files = [
        { name: 'alice.p12', data: await file('alice.p12') },
        { name: 'bob.p12', data: await file('bob.p12'), password: 'wrong' },
        { name: 'letter.docx', data: new TextEncoder().encode('no key file') },
        { name: 'huge.p12', data: new Uint8Array(2_000) },
        { name: 'carol.p12', data: new Blob([await file('carol.p12')]), password: 'secret' },
        { data: new Uint8Array() },
      ];
      const limits = { inputBytes: 10_000 };
      files[3].data = new Uint8Array(10_001);
      const results = await mailer.importP12({ files, password: 'secret', seal: { passphrase }, limits });
      const stored = await mailer.identities();
      const { unlocked } = await mailer.unlock({ passphrase });
      return {
        results: results.map(({ name, identities, certificates, problems, error }) => [
          name ?? null,
          error?.code ?? null,
          identities.map(({ addresses, problems }) => [...addresses, ...codes(problems)]),
          certificates.length,
          codes(problems),
        ]),
        stored: stored.map(({ addresses }) => addresses[0]).sort(),
        isError: results[1].error instanceof Error,
        unlocked: unlocked.length,
      };
    });
    // What is about the store is said once.
    const urged = ['store/not-persistent', 'store/backup-due'];
    assert.deepEqual(found, {
      results: [
        ['alice.p12', null, [['alice@example.com']], 1, urged],
        ['bob.p12', 'p12/wrong-password', [], 0, []],
        ['letter.docx', 'malformed/p12', [], 0, []],
        ['huge.p12', 'limit/input-bytes', [], 0, []],
        ['carol.p12', null, [['carol@example.com', 'import/no-account']], 1, []],
        [null, 'malformed/p12', [], 0, []],
      ],
      stored: ['alice@example.com', 'carol@example.com'],
      isError: true,
      unlocked: 2,
    });
  }));

test('K1: what nobody trusted vouches for, and what has expired, is imported and said', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ openMailer, aliceMailer, accounts, file, codes, passphrase }) => {
      const open = async (mailer, later) => {
        const files = [{ data: await file('alice.p12') }];
        const now = new Date(Date.now() + later);
        const [{ identities }] = await mailer.importP12({ files, password: 'secret', seal: { passphrase }, now });
        mailer.close();
        return codes(identities[0].problems);
      };
      return [
        await open(await aliceMailer(), 0),
        await open(await openMailer({ accounts, trustAnchors: [] }), 0),
        await open(await aliceMailer(), 400 * 86_400_000),
      ];
    });
    assert.deepEqual(found, [[], ['import/untrusted'], ['import/expired']]);
  }));

test('K1: bad options have codes, and import nothing', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, file, code, passphrase, rows }) => {
      const mailer = await aliceMailer();
      const files = [{ data: await file('alice.p12'), password: 'secret' }];
      const seal = { passphrase };
      const attempts = [
        {},
        { files },
        { seal },
        { files, seal: { passphrase: '' } },
        { files, seal: passphrase },
        { files, seal: { passphrase, color: 'red' } },
        { files, seal, color: 'red' },
        { files: [{ data: 'alice.p12' }], seal },
        { files: [{ name: 1, data: files[0].data }], seal },
        { files: [...files, { color: 'red' }], seal },
        { files: files[0], seal },
        { files, seal, signal: AbortSignal.abort() },
      ];
      const codes = [];
      for (const attempt of attempts) codes.push(await code(mailer.importP12(attempt)));
      const stored = (await rows('identities')).length + (await rows('certificates')).length;
      mailer.close();
      codes.push(await code(mailer.importP12({ files, seal })));
      return { codes, stored };
    });
    assert.deepEqual(found.codes, [
      'usage/missing-option',
      'usage/missing-option',
      'usage/missing-option',
      'usage/wrong-option',
      'usage/wrong-option',
      'usage/unknown-option',
      'usage/unknown-option',
      'usage/wrong-option',
      'usage/wrong-option',
      'usage/unknown-option',
      'usage/wrong-option',
      'aborted',
      'store/closed',
    ]);
    assert.equal(found.stored, 0);
  }));

test('K1: the browser is asked to keep the keys, and its answer is shown', async () => {
  const importing = async ({ aliceMailer, file, codes, passphrase }, database) => {
    const { storage } = navigator;
    let asked = 0;
    const persist = storage.persist.bind(storage);
    storage.persist = () => persist(asked++);
    const mailer = await aliceMailer({ database });
    const before = await mailer.storage();
    const files = [{ data: await file('alice.p12') }];
    const [{ problems }] = await mailer.importP12({ files, password: 'secret', seal: { passphrase } });
    const after = await mailer.storage();
    const told = after.usage > 0 && after.quota > after.usage;
    return {
      asked,
      persistent: [before.isPersistent, after.isPersistent],
      problems: [codes(mailer.problems), codes(before.problems), codes(problems), codes(after.problems)],
      told,
    };
  };
  const { browser, origin } = chromium;
  const page = await browser.newPage();
  await page.goto(origin);
  const [not, due] = ['store/not-persistent', 'store/backup-due'];
  assert.deepEqual(await run(page, importing, 'refused'), {
    asked: 1,
    persistent: [false, false],
    problems: [[not], [not], [not, due], [not, due]],
    told: true,
  });
  await browser.defaultBrowserContext().overridePermissions(origin, ['persistent-storage']);
  assert.deepEqual(await run(page, importing, 'granted'), {
    asked: 0,
    persistent: [true, true],
    problems: [[], [], [due], [due]],
    told: true,
  });
  await page.close();
});

test('C2: a store keeps its id, and another one is told', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, deleteDatabase, code }) => {
      const first = await aliceMailer();
      const { storeId } = first;
      first.close();
      const same = await aliceMailer({ storeId });
      const [again, ...others] = [same.storeId, ...same.problems.map(({ code }) => code)];
      same.close();
      await deleteDatabase();
      const { storeId: found, problems } = await aliceMailer({ storeId });
      const vanished = problems.find(({ code }) => code === 'store/vanished');
      return {
        is: /^[0-9a-f]{32}$/.test(storeId),
        again: again === storeId,
        others,
        vanished: vanished?.details.expected === storeId && vanished.details.found === found,
        wrong: await code(aliceMailer({ storeId: 1 })),
      };
    });
    const others = ['store/not-persistent'];
    assert.deepEqual(found, { is: true, again: true, others, vanished: true, wrong: 'usage/wrong-option' });
  }));

test('C2: two tabs that open a new database at once agree on its id', () =>
  chromium.page(async (page) => {
    const second = await page.browserContext().newPage();
    await second.goto(page.url());
    const open = (tab) => run(tab, async ({ aliceMailer }) => (await aliceMailer()).storeId);
    const [one, other] = await Promise.all([open(page), open(second)]);
    assert.equal(one, other);
  }));

test('C2: a page that is embedded in another site is told so', () =>
  chromium.page(async (page) => {
    // The same server under another name of this machine is another site.
    const elsewhere = chromium.origin.replace('127.0.0.1', 'localhost');
    assert.notEqual(elsewhere, chromium.origin);
    const framed = async (outside, inside) => {
      const server = createServer((_, response) => {
        response.setHeader('Content-Type', 'text/html');
        response.end(`<iframe src="${inside}/"></iframe>`);
      });
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      try {
        const { port } = server.address();
        await page.goto(`http://${outside}:${port}/`);
        const frame = await page.waitForFrame((frame) => frame.url() === `${inside}/`);
        return await run(frame, async ({ aliceMailer, codes }) => codes((await aliceMailer()).problems));
      } finally {
        server.closeAllConnections();
        server.close();
      }
    };
    const other = await framed('localhost', chromium.origin);
    assert.deepEqual(other, ['store/partitioned', 'store/not-persistent']);
    // Another port is the same site.
    assert.deepEqual(await framed('127.0.0.1', chromium.origin), ['store/not-persistent']);
  }));

test('nothing is begun that will not fit', () =>
  chromium.page(async (page) => {
    // Chromium says that there are 10 GB, whatever there is; other browsers say how much it is.
    const found = await run(page, async ({ aliceMailer, file, passphrase, rows, code }) => {
      const mailer = await aliceMailer();
      navigator.storage.estimate = async () => ({ usage: 50_000, quota: 100_000 });
      const files = [{ data: await file('alice.p12') }, { data: new Blob([new Uint8Array(100_000)]) }];
      const error = await mailer.importP12({ files, password: 'secret', seal: { passphrase } }).catch((error) => error);
      const { required, available } = error.details;
      const data = new Blob([new Uint8Array(100_000)]);
      const others = [
        await code(mailer.importCertificates({ data })),
        await code(mailer.restore({ data, passphrase: 'backup' })),
      ];
      return [error.code, required > available, available, (await rows('identities')).length, others];
    });
    assert.deepEqual(found, ['store/quota', true, 50_000, 0, ['store/quota', 'store/quota']]);
  }));

test('a full disk is said', () =>
  chromium.page(async (page) => {
    const session = await page.createCDPSession();
    await session.send('Storage.overrideQuotaForOrigin', { origin: chromium.origin, quotaSize: 1 });
    assert.equal(await run(page, ({ aliceMailer, code }) => code(aliceMailer())), 'store/quota');
  }));

test('one record that cannot be read hides no other, is told, and stays as it is', () =>
  chromium.page(async (page) => {
    const found = await run(page, async (tab) => {
      const { aliceMailer, openStore, certificates, codes, storeAlice, rows, write } = tab;
      const mailer = await aliceMailer();
      const store = await openStore();
      await storeAlice();
      await store.addCertificates({ certificates: await certificates() });
      const [alice] = await rows('identities');
      const [first, second] = await rows('certificates');
      const newer = { ...alice, id: 'newer', value: alice.value.slice() };
      newer.value[6] = 99; // the version, behind two headers
      await write('identities', newer);
      await write('certificates', { ...first, value: first.value.subarray(5) });
      await write('certificates', { id: second.id });
      await write('settings', { id: 'all', revision: 1, addresses: [], value: new Uint8Array([1]) });
      await write('shared', { id: 'team@example.com', revision: 1, addresses: [], value: new Uint8Array([1]) });
      await write('removed', { id: 'certificates x', revision: 1, addresses: [], value: new Uint8Array([1]) });
      const { problems } = await mailer.storage();
      return {
        identities: (await mailer.identities()).length,
        certificates: (await store.certificates()).length,
        told: problems.filter(({ code }) => code === 'store/unreadable-record').map(({ details }) => details),
        store: codes(await store.problems()),
        same: (await rows('identities')).some(({ id, value }) => id === 'newer' && `${value}` === `${newer.value}`),
      };
    });
    assert.deepEqual(found, {
      identities: 1,
      certificates: 1,
      told: [{ count: 6 }],
      store: ['store/unreadable-record'],
      same: true,
    });
  }));

for (const version of [1, 2, 3]) {
  test(`a database of version ${version} gets what this version looks things up by, and keeps all`, () =>
    chromium.page(async (page) => {
      const found = await run(page, async (tab, version) => {
        const { openMailer, restoreVersion1, versionAndTables, rows } = tab;
        await restoreVersion1();
        if (version > 1) {
          const request = indexedDB.open('smime-wasm', version);
          request.onupgradeneeded = () => {
            const { result: db } = request;
            db.createObjectStore('revocation', { keyPath: 'key' }).createIndex('kept', 'kept');
            if (version > 2) {
              for (const table of ['settings', 'shared', 'listing']) db.createObjectStore(table, { keyPath: 'id' });
            }
          };
          await new Promise((resolve) => (request.onsuccess = resolve));
          request.result.close();
        }
        const before = await rows('certificates');
        const mailer = await openMailer({ accounts: [], trustAnchors: [] });
        const [row] = await rows('certificates');
        return {
          version: (await versionAndTables())[0],
          addresses: row.addresses,
          value: `${row.value}` === `${before[0].value}`,
          identities: (await mailer.identities()).map(({ addresses }) => addresses),
          listing: (await rows('listing')).length,
        };
      }, version);
      assert.deepEqual(found, {
        version: 4,
        addresses: ['#authority', 'max@example.com'],
        value: true,
        identities: [['erika@example.com']],
        listing: 2,
      });
    }));
}

test('an upgrade that fails leaves the old data, and is done by the next', () =>
  chromium.page(async (page) => {
    const found = await run(page, async (tab) => {
      const { openMailer, restoreVersion1, versionAndTables, rows, code } = tab;
      await restoreVersion1();
      const all = async () => JSON.stringify([await rows('identities'), await rows('certificates'), await rows('meta')]);
      const before = await all();
      const open = () => openMailer({ accounts: [], trustAnchors: [], worker: false });
      const { createObjectStore } = IDBDatabase.prototype;
      const outcomes = [];
      for (const table of ['revocation', 'shared', 'removed']) {
        IDBDatabase.prototype.createObjectStore = function (name, ...rest) {
          if (name === table) throw new Error('no more');
          return createObjectStore.call(this, name, ...rest);
        };
        outcomes.push(await code(open()));
        IDBDatabase.prototype.createObjectStore = createObjectStore;
        outcomes.push((await versionAndTables())[0], (await all()) === before);
      }
      const mailer = await open();
      outcomes.push((await mailer.identities()).length, (await versionAndTables())[0]);
      return outcomes;
    });
    assert.deepEqual(found, ['store/unavailable', 1, true, 'store/unavailable', 1, true, 'store/unavailable', 1, true, 1, 4]);
  }, { expectedErrors: [/no more/] }));

test('a database of a newer version is refused and stays as it is', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, storeAlice, upgrade, rows, versionAndTables, code }) => {
      await storeAlice();
      const before = `${(await rows('identities'))[0].value}`;
      await upgrade(9);
      const refused = await code(aliceMailer());
      return [refused, (await versionAndTables())[0], `${(await rows('identities'))[0].value}` === before];
    });
    assert.deepEqual(found, ['store/newer-schema', 9, true]);
  }));

test('two tabs that change settings at once lose nothing', () =>
  chromium.page(async (page) => {
    const second = await secondTab(page);
    const change = (tab, names) =>
      run(tab, async ({ aliceMailer }, names) => {
        const mailer = await aliceMailer();
        // All of them in one record.
        await Promise.all(names.map((name) => mailer.changeSettings({ values: { [name]: true } })));
      }, names);
    const names = ['protectInvitations', 'protectBulk', 'protectAutomatic', 'searchText', 'archiveOnOpening', 'onlineValidation'];
    await Promise.all([change(page, names.slice(0, 3)), change(second, names.slice(3))]);
    const values = await run(page, async ({ aliceMailer }) => (await (await aliceMailer()).settings()).values);
    assert.deepEqual(names.filter((name) => values[name] !== true), []);
  }));
