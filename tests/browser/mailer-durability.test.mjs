// What the mailer promises of how it writes: what lasts is on the disk before it is said to be kept, and what
// a passphrase seals is dear to guess.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, test } from 'node:test';

import { launchMailer, run, secondTab } from './support/mailer-page.mjs';

const { chromium, close } = await launchMailer();
after(close);

/** Runs a function that has `written` too: how a call writes, to a table or to any, and what it answers. */
const writing = (page, work) =>
  run(page, `async (tab) => {
    const { transaction } = IDBDatabase.prototype;
    let made = [];
    IDBDatabase.prototype.transaction = function (...how) {
      const one = transaction.apply(this, how);
      if (one.mode === 'readwrite') made.push(one);
      return one;
    };
    const written = async (call, table) => {
      made = [];
      const answer = await call();
      const writes = made.filter(({ objectStoreNames }) => !table || objectStoreNames.contains(table));
      return [[...new Set(writes.map(({ durability }) => durability))].join(), answer];
    };
    return (${work})({ ...tab, written });
  }`);

test('K1: keys, and that they are locked, are on the disk before they are said to be', () =>
  chromium.page(async (page) => {
    const found = await writing(page, async ({ aliceMailer, file, passphrase, written }) => {
      const mailer = await aliceMailer({ worker: false });
      const files = [{ data: await file('alice.p12') }];
      const [imported, [{ identities }]] = await written(() =>
        mailer.importP12({ files, password: 'secret', seal: { passphrase } }), 'identities');
      const [{ id }] = identities;
      const calls = {
        unlock: () => mailer.unlock({ passphrase }),
        addUnlock: () => mailer.addUnlock({ id, seal: { device: true } }),
        changePassphrase: () => mailer.changePassphrase({ passphrase, newPassphrase: 'new' }),
        renewKey: () => mailer.renewKey({ id, seal: { passphrase } }),
        backup: () => mailer.backup({ passphrase }),
        lock: () => mailer.lock(),
        removeIdentity: () => mailer.removeIdentity({ id }),
      };
      const found = { imported };
      for (const [name, call] of Object.entries(calls)) [found[name]] = await written(call);
      return found;
    });
    assert.deepEqual(new Set(Object.values(found)), new Set(['strict']), JSON.stringify(found));
  }));

test('K9: decisions, also that one was taken back, and settings are on the disk before they are said to be', () =>
  chromium.page(async (page) => {
    const found = await writing(page, async ({ aliceMailer, file, written }) => {
      const mailer = await aliceMailer({ worker: false });
      const [plain, [{ entry }]] = await written(async () => mailer.importCertificates({ data: await file('bob.der') }));
      const { id } = entry;
      const carol = await file('carol.der');
      const calls = {
        trusted: () => mailer.setTrust({ id, trust: 'trusted' }),
        distrusted: () => mailer.setTrust({ id, trust: 'distrusted' }),
        automatic: () => mailer.setTrust({ id, trust: 'automatic' }),
        assigned: () => mailer.importCertificates({ data: carol, assign: { domains: ['example.net'] } }),
        settings: () => mailer.changeSettings({ values: { harvest: 'never' } }),
        removed: () => mailer.removeCertificate({ id }),
      };
      const found = {};
      for (const [name, call] of Object.entries(calls)) [found[name]] = await written(call);
      return [plain, found];
    });
    const [plain, { assigned, ...rest }] = found;
    // A certificate comes again with the next mail; whom it was assigned to does not.
    assert.equal(plain, 'default');
    assert.match(assigned, /strict$/);
    assert.deepEqual(new Set(Object.values(rest)), new Set(['strict']), JSON.stringify(rest));
  }));

test('C2: what a newer version makes of an old database is on the disk before it is used', () =>
  chromium.page(async (page) => {
    const found = await writing(page, async ({ openMailer, restoreVersion1, written }) => {
      await restoreVersion1();
      return (await written(() => openMailer({ accounts: [], trustAnchors: [], worker: false })))[0];
    });
    assert.equal(found, 'strict');
  }));

test('K1: whoever guesses passphrases needs 64 MiB and three passes for each, of keys and of backups', () =>
  chromium.page(async (page) => {
    const { row, backup } = await run(page, async ({ aliceMailer, file, passphrase, rows }) => {
      const mailer = await aliceMailer();
      await mailer.importP12({ files: [{ data: await file('alice.p12') }], password: 'secret', seal: { passphrase } });
      const [{ value }] = await rows('identities');
      const { data } = await mailer.backup({ passphrase });
      return { row: [...value], backup: [...data] };
    });
    // The parameters of the way to unlock, in an OCTET STRING behind its kind (src/store/seal.rs, way.rs).
    const kind = 'argon2id';
    const at = Buffer.from(row).indexOf(kind) + kind.length;
    assert.equal(row[at], 4, 'an OCTET STRING');
    costsEnough(integers(row.slice(at + 2, at + 2 + row[at + 1])));
    const [version, ...cost] = integers(backup); // src/store/backup.rs
    assert.equal(version, 1);
    costsEnough(cost);
  }));

/** The memory in KiB and the passes of Argon2id. */
function costsEnough([memory, passes]) {
  assert.ok(memory >= 64 * 1024 && passes >= 3, `${memory} KiB, ${passes} passes`);
}

/** The INTEGERs of DER, by OpenSSL. */
const integers = (der) =>
  [...execFileSync('openssl', ['asn1parse', '-inform', 'DER'], { input: Buffer.from(der) })
    .toString().matchAll(/INTEGER\s+:([0-9A-F]+)/g)].map(([, digits]) => parseInt(digits, 16));

test('C2: a database that vanishes while it is used is told by the next look', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, storeAlice, deleteDatabase, passphrase, code }) => {
      await storeAlice();
      const mailer = await aliceMailer();
      const vanished = async () =>
        (await mailer.storage()).problems.find(({ code }) => code === 'store/vanished')?.details ?? null;
      const before = await vanished();
      await deleteDatabase();
      const { expected, found } = await vanished();
      const { storeId } = await mailer.storage();
      return [
        before, expected === mailer.storeId, found === storeId && found !== expected,
        (await mailer.identities()).length, await code(mailer.unlock({ passphrase })),
      ];
    });
    assert.deepEqual(found, [null, true, true, 0, 'store/no-identity']);
  }));

test('K1: a key that one tab renewed or removed is so in the other tab, without anybody unlocking there', () =>
  chromium.page(async (page) => {
    const id = await run(page, async ({ storeAlice, aliceMailer, passphrase }) => {
      const id = await storeAlice();
      window.mailer = await aliceMailer();
      await window.mailer.unlock({ passphrase });
      return id;
    });
    const second = await secondTab(page);
    const use = () => run(second, async ({ aliceMailer, sealedTo, certificateOf, codes }) => {
      window.mailer ??= await aliceMailer();
      const message = await sealedTo([await certificateOf('alice')], 'for Alice');
      const { lock, view } = await window.mailer.open({ message });
      return [lock.code, view?.bodies[0].text.trim(), ...codes(lock.reasons).filter((code) => code.startsWith('decrypt/'))];
    });
    const read = ['lock/no-integrity', 'for Alice'];
    assert.deepEqual(await use(), read);
    await run(page, (_, id) => window.mailer.renewKey({ id, seal: { passphrase: 'new' } }), id);
    assert.deepEqual(await use(), read);
    await run(page, (_, id) => window.mailer.removeIdentity({ id }), id);
    assert.deepEqual(await use(), ['lock/unreadable', null, 'decrypt/key-removed']);
  }));
