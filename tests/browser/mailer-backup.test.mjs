// Backups of the mailer, and what several devices have in common, in Chromium.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { launchMailer, run } from './support/mailer-page.mjs';

const { chromium, close } = await launchMailer();
after(close);

/** A backup of Alice's: her identity, unlocked, certificates and settings; `first` opens the key there. */
const backupOfAlice = (page, isUnlocked = true) =>
  run(page, async ({ aliceMailer, openStore, certificates, file }, isUnlocked) => {
    const mailer = await aliceMailer();
    const files = [{ data: await file('alice.p12'), password: 'secret' }];
    await mailer.importP12({ files, seal: { passphrase: 'first' } });
    await (await openStore()).addCertificates({ certificates: await certificates(), origin: 'mail' });
    await mailer.unlock({ passphrase: 'first' });
    await mailer.changeSettings({ values: { alwaysSign: false } });
    await mailer.changeSettings({ contact: 'bob@example.com', values: { encryptTo: 'all' } });
    if (!isUnlocked) await mailer.lock();
    const { data, problems } = await mailer.backup({ passphrase: 'backup' });
    const storage = await mailer.storage();
    return { data: [...data], problems, after: storage.problems.map(({ code }) => code), date: storage.lastBackup };
  }, isUnlocked);

test('K12: a backup brings everything to another device, and its passphrase opens it', async () => {
  const backup = await chromium.page((page) => backupOfAlice(page));
  assert.deepEqual(backup.problems, []);
  assert.ok(!backup.after.includes('store/backup-due') && backup.date, 'a backup is due no more');
  await chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, openStore, code }, { data }) => {
      const mailer = await aliceMailer();
      const { storeId } = mailer;
      const restored = await mailer.restore({ data: new Uint8Array(data), passphrase: 'backup' });
      const again = await mailer.restore({ data: new Uint8Array(data), passphrase: 'backup' }).catch(({ code }) => code);
      const wrong = await code(mailer.unlock({ passphrase: 'wrong' }));
      const opened = [];
      for (const passphrase of ['first', 'backup']) {
        opened.push((await mailer.unlock({ passphrase })).unlocked.length);
        await mailer.lock();
      }
      await mailer.unlock({ passphrase: 'backup' });
      const { values, problems } = await mailer.settings({ contact: 'bob@example.com' });
      const store = await openStore();
      return {
        added: restored.added > 3 && restored.updated + restored.unreadable === 0,
        problems: restored.problems,
        again,
        wrong,
        opened,
        settings: [values.alwaysSign, values.encryptTo, problems],
        origins: (await store.certificates({ address: 'bob@example.com' })).map(({ origin }) => origin),
        chain: (await mailer.identities())[0].chain.length,
        own: (await mailer.storage()).storeId === storeId,
      };
    }, backup);
    assert.deepEqual(found, {
      added: true,
      problems: [],
      again: 'identity/locked',
      wrong: 'store/wrong-passphrase',
      opened: [1, 1],
      settings: [false, 'all', []],
      origins: ['mail'],
      chain: 1,
      own: true,
    });
  });
});

test('K12: what was locked when the backup was made opens as it did before', async () => {
  const backup = await chromium.page((page) => backupOfAlice(page, false));
  assert.deepEqual(backup.problems, [{ code: 'backup/locked-keys', details: { count: 1 } }]);
  await chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, code }, { data }) => {
      const mailer = await aliceMailer();
      await mailer.restore({ data: new Uint8Array(data), passphrase: 'backup' });
      const wrong = await code(mailer.unlock({ passphrase: 'backup' }));
      await mailer.unlock({ passphrase: 'first' });
      const { values, problems } = await mailer.settings();
      return { wrong, settings: [values.alwaysSign, problems] };
    }, backup);
    assert.deepEqual(found, { wrong: 'store/wrong-passphrase', settings: [false, []] });
  });
});

test('K12: a key that was imported again while it was unlocked is in the backup', async () => {
  const backup = await chromium.page((page) =>
    run(page, async ({ aliceMailer, file }) => {
      const mailer = await aliceMailer();
      const files = [{ data: await file('alice.p12'), password: 'secret' }];
      await mailer.importP12({ files, seal: { passphrase: 'first' } });
      await mailer.unlock({ passphrase: 'first' });
      await mailer.importP12({ files, seal: { passphrase: 'second' } });
      const [{ id, isUnlocked }] = await mailer.identities();
      await mailer.addUnlock({ id, seal: { passphrase: 'third' } });
      const { data, problems } = await mailer.backup({ passphrase: 'backup' });
      return { data: [...data], problems, isUnlocked };
    }));
  assert.deepEqual([backup.problems, backup.isUnlocked], [[], true]);
  const opened = await chromium.page((page) =>
    run(page, async ({ aliceMailer }, { data }) => {
      const mailer = await aliceMailer();
      await mailer.restore({ data: new Uint8Array(data), passphrase: 'backup' });
      return (await mailer.unlock({ passphrase: 'backup' })).unlocked.length;
    }, backup));
  assert.equal(opened, 1);
});

test('K12: a sync that the host did not take is no backup', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, storeAlice, passphrase, code }) => {
      await storeAlice();
      let push;
      const mailer = await aliceMailer({ sync: { pull: async () => undefined, push: () => push() } });
      await mailer.unlock({ passphrase });
      const found = [];
      for (push of [() => Promise.reject(new Error('offline')), () => false, () => true]) {
        const synced = await code(mailer.sync({ passphrase: 'sync' }));
        found.push([synced, (await mailer.storage()).lastBackup !== undefined]);
      }
      return found;
    });
    assert.deepEqual(found.map(([, isBackedUp]) => isBackedUp), [false, false, true]);
    assert.deepEqual(found.slice(0, 2).map(([code]) => code), ['sync/failed', 'store/conflict']);
  }));

test('K12: what is no backup, or not all of one, or was altered, changes nothing', async () => {
  const backup = await chromium.page((page) => backupOfAlice(page));
  await chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, code, rows }, { data }) => {
      const mailer = await aliceMailer();
      const whole = new Uint8Array(data);
      const restore = (data, more) => code(mailer.restore({ data, passphrase: 'backup', ...more }));
      const altered = (at) => {
        const copy = whole.slice();
        copy[at] ^= 1;
        return copy;
      };
      const everywhere = Array.from({ length: 20 }, (_, i) => 40 + Math.floor((i * (whole.length - 41)) / 19));
      const truncated = new Set();
      const damaged = new Set();
      for (const at of everywhere) {
        truncated.add(await restore(whole.subarray(0, at)));
        damaged.add(await restore(altered(at)));
      }
      const newer = whole.slice();
      newer[newer.indexOf(2, 20) + 2] = 9; // the INTEGER behind the words
      const outcomes = {
        truncated: [...truncated],
        damaged: [...damaged],
        newer: await restore(newer),
        other: await restore(new TextEncoder().encode('no backup')),
        empty: await restore(new Uint8Array()),
        wrong: await restore(whole, { passphrase: 'wrong' }),
        aborted: await restore(whole, { signal: AbortSignal.abort() }),
        later: await restore(whole, { onProgress: () => { throw new Error('enough'); } }),
        large: await restore(whole, { limits: { inputBytes: 100 } }),
        text: await restore('no bytes'),
        nothing: await restore(whole, { passphrase: '' }),
        option: await restore(whole, { color: 'red' }),
      };
      const left = (await rows('identities')).length + (await rows('certificates')).length;
      return { outcomes, left, settings: (await rows('settings')).length };
    }, backup);
    assert.deepEqual(found, {
      outcomes: {
        truncated: ['malformed/backup'],
        damaged: ['malformed/backup'],
        newer: 'store/newer-schema',
        other: 'malformed/backup',
        empty: 'malformed/backup',
        wrong: 'store/wrong-passphrase',
        aborted: 'aborted',
        later: 'aborted',
        large: 'limit/input-bytes',
        text: 'usage/wrong-option',
        nothing: 'usage/wrong-option',
        option: 'usage/unknown-option',
      },
      left: 0,
      settings: 0,
    });
  });
});

test('K12: nothing that the user has gives way to something older', async () => {
  const backup = await chromium.page((page) => backupOfAlice(page));
  await chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, openStore, file, code, certificates }, { data }) => {
      const mailer = await aliceMailer();
      const store = await openStore();
      const files = [{ data: await file('alice.p12') }, { data: await file('bob.p12') }];
      await mailer.importP12({ files, password: 'secret', seal: { passphrase: 'here' }, unlock: false });
      const restore = () => mailer.restore({ data: new Uint8Array(data), passphrase: 'backup' });
      const locked = await code(restore());
      await mailer.unlock({ passphrase: 'here' });
      await mailer.changeSettings({ values: { alwaysSign: true } });
      await store.addCertificates({ certificates: await certificates(), origin: 'here' });
      const before = await store.certificates();
      const { added, updated, problems } = await restore();
      const after = await store.certificates();
      const latest = (list) => list.map(({ id, lastSeen, origin }) => [id, lastSeen.getTime(), origin]).sort();
      await mailer.lock();
      const other = await code(mailer.unlock({ passphrase: 'first' }));
      const { unlocked } = await mailer.unlock({ passphrase: 'here' });
      const { values, problems: doubts } = await mailer.settings();
      return {
        locked,
        problems,
        other,
        unlocked: unlocked.length,
        settings: [values.alwaysSign, doubts],
        same: JSON.stringify(latest(before)) === JSON.stringify(latest(after)),
        earlier: after.every(({ firstSeen }, at) => firstSeen <= before[at].firstSeen),
        some: added + updated > 0,
      };
    }, backup);
    assert.deepEqual(found, {
      locked: 'identity/locked',
      problems: [],
      other: 'store/wrong-passphrase',
      unlocked: 2,
      settings: [true, []],
      same: true,
      earlier: true,
      some: true,
    });
  });
});

test('K12: what was removed since a backup was made comes back when that is restored, and is told', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, storeAlice, file, passphrase }) => {
      await storeAlice();
      const mailer = await aliceMailer();
      await mailer.unlock({ passphrase });
      const [{ entry: bob }] = await mailer.importCertificates({ data: await file('bob.der') });
      const [{ entry: carol }] = await mailer.importCertificates({ data: await file('carol.der') });
      const { data } = await mailer.backup({ passphrase: 'backup' });
      await mailer.removeCertificate({ id: bob.id });
      await mailer.removeCertificate({ id: carol.id });
      await mailer.importCertificates({ data: await file('carol.der') });
      const removed = (await mailer.certificates()).total;
      const { added, returned } = await mailer.restore({ data, passphrase: 'backup' });
      const again = await mailer.restore({ data, passphrase: 'backup' });
      return [removed, added, returned, (await mailer.certificates()).total, again.returned];
    });
    assert.deepEqual(found, [2, 1, 1, 3, 0]);
  }));

test('K12: what a backup decides is bound to the owner of the store that it comes to', async () => {
  const backup = await chromium.page((page) => backupOfAlice(page));
  await chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, file }, { data }) => {
      const mailer = await aliceMailer();
      const files = [{ data: await file('bob.p12'), password: 'secret' }];
      await mailer.importP12({ files, seal: { passphrase: 'here' } });
      await mailer.unlock({ passphrase: 'here' });
      const { problems } = await mailer.restore({ data: new Uint8Array(data), passphrase: 'backup' });
      const settings = async () => {
        const { values, problems } = await mailer.settings();
        return [values.alwaysSign, problems.length];
      };
      const found = [await settings()];
      for (const passphrase of ['here', 'backup']) {
        await mailer.lock();
        await mailer.unlock({ passphrase });
        found.push(await settings());
      }
      return { problems, found };
    }, backup);
    assert.deepEqual(found, { problems: [], found: [[false, 0], [false, 0], [false, 0]] });
  });
});

test('K12: two devices have the same keys and certificates, by the host', async () => {
  /** What the host keeps. */
  let kept;
  const log = [];
  const device = (body) =>
    chromium.page(async (page) => {
      await page.exposeFunction('hostPull', () => kept && { ...kept });
      await page.exposeFunction('hostPush', ({ data, replaces }) => {
        log.push(replaces ?? null);
        if (replaces !== kept?.version) return false;
        kept = { data, version: (kept?.version ?? 0) + 1 };
        return true;
      });
      return body((work) =>
        run(page, `async (tab) => {
          const sync = {
            pull: async () => {
              const found = await window.hostPull();
              return found && { ...found, data: new Uint8Array(found.data) };
            },
            push: ({ data, replaces }) => window.hostPush({ data: [...data], replaces }),
          };
          window.mailer ??= await tab.aliceMailer({ sync });
          return (${work})(tab, window.mailer);
        }`),
      );
    });

  await device(async (first) => {
    await first(async ({ file }, mailer) => {
      const files = [{ data: await file('alice.p12'), password: 'secret' }];
      await mailer.importP12({ files, seal: { passphrase: 'shared' } });
      await mailer.unlock({ passphrase: 'shared' });
    });
    const sync = (on) => on((_, mailer) => mailer.sync({ passphrase: 'sync' }));
    assert.deepEqual(await sync(first), { added: 0, updated: 0, removed: 0, pushed: true, problems: [] });
    await device(async (second) => {
      const brought = await sync(second);
      assert.ok(brought.added > 1 && !brought.pushed, JSON.stringify(brought));
      const opened = await second((_, mailer) => mailer.unlock({ passphrase: 'sync' }));
      assert.equal(opened.unlocked.length, 1);
      // Each learns something.
      const learn = (name) => `async ({ file, openStore }) => {
        const { parseCertificates } = await import('/smime-wasm/index.js');
        const certificates = await parseCertificates({ data: await file('${name}.der') });
        await (await openStore()).addCertificates({ certificates });
      }`;
      await first(learn('bob'));
      await second(learn('carol'));
      await second((_, mailer) => mailer.changeSettings({ values: { alwaysSign: false } }));
      assert.equal((await sync(first)).pushed, true);
      const both = await sync(second);
      assert.deepEqual([both.added, both.pushed], [1, true]);
      const last = await sync(first);
      assert.deepEqual([last.added, last.pushed], [2, false]);
      const found = await first(async ({ openStore }, mailer) => {
        const addresses = (await (await openStore()).certificates()).flatMap(({ addresses }) => addresses);
        const { values, problems } = await mailer.settings();
        return [addresses.sort(), values.alwaysSign, problems];
      });
      assert.deepEqual(found, [['bob@example.com', 'carol@example.com'], false, []]);
      assert.deepEqual((await sync(second)).pushed, false, 'and then there is peace');
      // What one removes goes from the other too, an identity with its key.
      const listed = (on) => on(async (_, mailer) => {
        const { entries } = await mailer.certificates();
        const names = entries.map(({ name, isOwn }) => [name, isOwn]).sort();
        return [names, (await mailer.lockState()).isLocked];
      });
      await second(async ({ openStore }, mailer) => {
        const [{ id }] = await (await openStore()).certificates({ address: 'bob@example.com' });
        await mailer.removeCertificate({ id });
        const [{ id: own }] = await mailer.identities();
        await mailer.removeIdentity({ id: own });
      });
      assert.equal((await sync(second)).pushed, true);
      const { removed, pushed } = await sync(first);
      assert.deepEqual([removed, pushed], [2, false]);
      const left = [['Example CA', false], ['alice', false], ['carol', false]];
      assert.deepEqual([await listed(first), await listed(second)], [[left, true], [left, true]]);
      // And what is added again comes back.
      await first(async ({ file }, mailer) => {
        await mailer.importCertificates({ data: await file('bob.der') });
        await mailer.importP12({ files: [{ data: await file('alice.p12'), password: 'secret' }], seal: { passphrase: 'shared' } });
        await mailer.unlock({ passphrase: 'shared' });
      });
      assert.equal((await sync(first)).pushed, true);
      assert.equal((await sync(second)).removed, 0);
      const whole = [['Example CA', false], ['alice', true], ['bob', false], ['carol', false]];
      assert.deepEqual([(await listed(first))[0], (await listed(second))[0]], [whole, whole]);
    });
    // A host that fails, that takes nothing, or is not there.
    const codes = await first(async ({ aliceMailer, code, passphrase }) => {
      const attempt = async (sync) => code((await aliceMailer({ sync })).sync({ passphrase }));
      const fails = () => Promise.reject(new Error('offline'));
      return [
        await attempt({ pull: fails, push: fails }),
        await attempt({ pull: async () => undefined, push: fails }),
        await attempt({ pull: async () => undefined, push: async () => false }),
        await attempt({ pull: async () => ({ data: 'text', version: 1 }), push: fails }),
        await attempt(undefined),
      ];
    });
    assert.deepEqual(codes, [
      'sync/failed',
      'sync/failed',
      'store/conflict',
      'usage/wrong-option',
      'usage/missing-option',
    ]);
  });
  assert.deepEqual(log, [null, 1, 2, 3, 4]);
});
