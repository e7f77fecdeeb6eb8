// Own keys in Chromium: each way to unlock, in all tabs, until the lock; and what of them is on the disk.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { assertNowhere, isKeyStored, privatePart, sealedRow } from './support/disk.mjs';
import { launchMailer, run, secondTab } from './support/mailer-page.mjs';

const { chromium, identities, close } = await launchMailer();
after(close);

/** Stores Alice's identity, sealed by the passphrase of the tests; its id. */
const withAlice = (page) => run(page, ({ storeAlice }) => storeAlice());

/** Opens `window.mailer`. */
const open = (page) =>
  run(page, async ({ aliceMailer }) => {
    window.mailer = await aliceMailer();
  });

/** Opens `window.mailer` and unlocks. */
const unlock = (page, options) =>
  run(page, async ({ aliceMailer, passphrase }, options) => {
    window.mailer ??= await aliceMailer();
    return (await window.mailer.unlock({ passphrase, ...options })).unlocked;
  }, options ?? {});

const isLocked = (page) => page.evaluate(async () => (await window.mailer.lockState()).isLocked);

/** Waits for what comes by a message of another tab. */
const until = async (condition) => {
  for (const began = Date.now(); Date.now() - began < 30_000;) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail('it did not come');
};

/** An authenticator in the computer, which always says yes; the page moves to where there is a domain. */
async function authenticator(page) {
  await page.goto(chromium.origin.replace('127.0.0.1', 'localhost'));
  const session = await page.createCDPSession();
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return (method) => session.send(`WebAuthn.${method}`, { authenticatorId });
}

test('K1: a passphrase, a passkey and the device each unlock', () =>
  chromium.page(async (page) => {
    await authenticator(page);
    const id = await withAlice(page);
    await unlock(page);
    const found = await run(page, async ({ code, passphrase }, id) => {
      const { mailer } = window;
      const passkey = await mailer.createPasskey({ name: 'alice@example.com' });
      await mailer.addUnlock({ id, seal: { passkey } });
      await mailer.addUnlock({ id, seal: { device: true } });
      const [{ ways }] = await mailer.identities();
      const unlocked = [];
      for (const way of [{ passphrase }, { passkey: true }, { passkey }, { device: true }]) {
        await mailer.lock();
        const before = (await mailer.lockState()).isLocked;
        const opened = await mailer.unlock(way);
        unlocked.push([before, opened.unlocked[0] === id, (await mailer.lockState()).isLocked]);
      }
      return {
        kinds: ways.map(({ kind }) => kind),
        named: ways[1].passkey === passkey.id && ways[0].passkey === undefined,
        distinct: new Set(ways.map(({ id }) => id)).size,
        unlocked,
        wrong: await code(mailer.unlock({ passphrase: 'wrong' })),
        stillUnlocked: !(await mailer.lockState()).isLocked,
      };
    }, id);
    assert.deepEqual(found, {
      kinds: ['passphrase', 'passkey', 'device'],
      named: true,
      distinct: 3,
      unlocked: Array(4).fill([true, true, false]),
      wrong: 'store/wrong-passphrase',
      stillUnlocked: true,
    });
  }));

test('lock of the package locks the mailers of the page, in all tabs', () =>
  chromium.page(async (page) => {
    await withAlice(page);
    await unlock(page);
    const tab = await secondTab(page);
    await open(tab);
    assert.equal(await isLocked(tab), false);
    const found = await run(page, async ({ aliceMailer }) => {
      const other = await aliceMailer();
      const heard = [];
      other.on('locked', () => heard.push('locked'));
      const { lock } = await import('/smime-wasm/index.js');
      await lock();
      const states = await Promise.all([window.mailer, other].map((mailer) => mailer.lockState()));
      const [{ id }] = await other.identities();
      const refused = await other.exportP12({ id, password: 'secret' }).catch(({ code }) => code);
      return [states.map(({ isLocked }) => isLocked), heard, refused];
    });
    assert.deepEqual(found, [[true, true], ['locked'], 'identity/locked']);
    await until(() => isLocked(tab));
  }));

test('lock of the package forgets what a closed mailer had unlocked', () =>
  chromium.page(async (page) => {
    await withAlice(page);
    await unlock(page);
    const found = await run(page, async ({ aliceMailer }) => {
      const { lock } = await import('/smime-wasm/index.js');
      window.mailer.close();
      const next = await aliceMailer();
      const before = (await next.lockState()).isLocked;
      next.close();
      await lock();
      return [before, (await (await aliceMailer()).lockState()).isLocked];
    });
    assert.deepEqual(found, [false, true]);
  }));

test('K1: a passkey that is gone opens nothing, and the other ways do', () =>
  chromium.page(async (page) => {
    const tell = await authenticator(page);
    const id = await withAlice(page);
    await unlock(page);
    await run(page, async (_, id) => {
      const passkey = await window.mailer.createPasskey({ name: 'alice@example.com' });
      await window.mailer.addUnlock({ id, seal: { passkey } });
      await window.mailer.lock();
    }, id);
    await tell('clearCredentials');
    const codes = await run(page, async ({ code, passphrase }) => {
      const { mailer } = window;
      return [
        await code(mailer.unlock({ passkey: true })),
        await code(mailer.unlock({ device: true })),
        (await mailer.lockState()).isLocked,
        await code(mailer.unlock({ passphrase })),
      ];
    });
    assert.deepEqual(codes, ['passkey/not-given', 'store/wrong-key', true, 'done']);
  }));

test('K1: ways come and go, but never the last', () =>
  chromium.page(async (page) => {
    const id = await withAlice(page);
    await unlock(page);
    const found = await run(page, async ({ code, passphrase }, id) => {
      const { mailer } = window;
      const ways = async () => (await mailer.identities())[0].ways;
      const [first] = await ways();
      const last = await code(mailer.removeUnlock({ id, way: first.id }));
      await mailer.addUnlock({ id, seal: { passphrase: 'another' } });
      await mailer.removeUnlock({ id, way: first.id });
      const gone = await code(mailer.removeUnlock({ id, way: first.id }));
      await mailer.lock();
      return {
        last,
        gone,
        left: (await ways()).map(({ kind }) => kind),
        locked: [
          await code(mailer.addUnlock({ id, seal: { passphrase } })),
          await code(mailer.removeUnlock({ id, way: first.id })),
          await code(mailer.renewKey({ id, seal: { passphrase } })),
        ],
        old: await code(mailer.unlock({ passphrase })),
        another: await code(mailer.unlock({ passphrase: 'another' })),
      };
    }, id);
    assert.deepEqual(found, {
      last: 'store/last-way',
      gone: 'store/not-found',
      left: ['passphrase'],
      locked: Array(3).fill('identity/locked'),
      old: 'store/wrong-passphrase',
      another: 'done',
    });
  }));

test('K1: a new passphrase is one for all, and a new key closes all old ways', () =>
  chromium.page(async (page) => {
    const id = await withAlice(page);
    const bob = await run(page, ({ storeIdentity }) => storeIdentity('bob.p12'));
    await unlock(page);
    const found = await run(page, async ({ code, passphrase }, id, ids) => {
      const { mailer } = window;
      const composed = 'schl\u00fcssel';
      const { changed } = await mailer.changePassphrase({ passphrase, newPassphrase: composed });
      await mailer.lock();
      const old = await code(mailer.unlock({ passphrase }));
      const { unlocked } = await mailer.unlock({ passphrase: 'schlu\u0308ssel' });
      await mailer.addUnlock({ id, seal: { device: true } });
      await mailer.renewKey({ id, seal: { passphrase: 'new' } });
      const still = (await mailer.identities()).every(({ isUnlocked }) => isUnlocked);
      await mailer.lock();
      return {
        changed: changed.toSorted().join() === ids,
        old,
        unlocked: unlocked.toSorted().join() === ids,
        still,
        device: await code(mailer.unlock({ device: true })),
        others: (await mailer.unlock({ passphrase: composed })).unlocked.includes(id),
        renewed: (await mailer.unlock({ passphrase: 'new' })).unlocked,
        all: (await mailer.identities()).every(({ isUnlocked }) => isUnlocked),
      };
    }, id, [id, bob].toSorted().join());
    assert.deepEqual(found, {
      changed: true,
      old: 'store/wrong-passphrase',
      unlocked: true,
      still: true,
      device: 'store/wrong-key',
      others: false,
      renewed: [id],
      all: true,
    });
  }));

test('R1: what one tab unlocks all have, also those opened later, until one locks', () =>
  chromium.page(async (page) => {
    const id = await withAlice(page);
    const second = await secondTab(page);
    await open(second);
    await second.evaluate(() => {
      window.told = new Promise((resolve) => window.mailer.on('unlocked', resolve));
    });
    assert.deepEqual(await unlock(page), [id]);
    await second.evaluate(() => window.told);
    assert.equal(await isLocked(second), false);
    const third = await secondTab(page);
    await open(third);
    assert.equal(await isLocked(third), false, 'opened later');
    await page.close();
    const fourth = await secondTab(second);
    await open(fourth);
    assert.equal(await isLocked(fourth), false, 'the tab that unlocked is not needed any more');
    await third.evaluate(() => window.mailer.lock());
    for (const tab of [second, third, fourth]) await until(() => isLocked(tab));
    await unlock(fourth);
    await until(async () => !(await isLocked(second)));
  }));

test('K1: what was imported is unlocked, in all tabs, unless the host says otherwise', () =>
  chromium.page(async (page) => {
    await open(page);
    const other = await secondTab(page);
    await open(other);
    const imported = await run(page, async ({ file, passphrase }) => {
      const told = [];
      window.mailer.on('unlocked', () => told.push('unlocked'));
      const from = async (name, options) =>
        window.mailer.importP12({ files: [{ data: await file(name) }], password: 'secret', seal: { passphrase }, ...options });
      const states = async () => (await window.mailer.identities()).map(({ isUnlocked }) => isUnlocked);
      await from('alice.p12', { unlock: false });
      const locked = [await states(), (await window.mailer.lockState()).isLocked];
      await from('alice.p12', { password: 'wrong' });
      const failed = [(await window.mailer.lockState()).isLocked, told.length];
      await from('bob.p12');
      const { isLocked, expires } = await window.mailer.lockState();
      return { locked, failed, states: (await states()).toSorted(), isLocked, minutes: Math.round((expires - Date.now()) / 60_000), told };
    });
    assert.deepEqual(imported, {
      locked: [[false], true],
      failed: [true, 0],
      states: [false, true],
      isLocked: false,
      minutes: 15,
      told: ['unlocked'],
    });
    await until(async () => !(await isLocked(other)));
    await run(page, () => window.mailer.lock());
    await until(() => isLocked(other));
  }));

test('C2: what needs no key goes on while everything is locked', () =>
  chromium.page(async (page) => {
    await withAlice(page);
    await unlock(page);
    const found = await run(page, async ({ code }) => {
      const { mailer } = window;
      const to = ['bob@example.com'];
      const running = [
        mailer.identities().then((list) => list.length),
        mailer.storage().then(({ storeId }) => storeId === mailer.storeId),
        mailer.certificates().then(({ total }) => total),
        mailer.recipients({ from: 'alice@example.com', to }).then(({ recipients }) => recipients.length),
        code(mailer.protect({ message: new TextEncoder().encode('From: alice@example.com\r\nTo: bob@example.com\r\n\r\nx'), sign: true })),
      ];
      // Now the worker has them, and no time to answer.
      for (let step = 0; step < 100; step++) await null;
      await mailer.lock();
      return Promise.all(running);
    });
    assert.deepEqual(found, [1, true, 1, 1, 'identity/locked']);
  }));

test('R1: a reload of the only tab locks: the key of the session is nowhere', () =>
  chromium.page(async (page) => {
    await withAlice(page);
    await unlock(page);
    await page.reload();
    await open(page);
    assert.equal(await isLocked(page), true);
  }));

test('R1: two passphrases in two tabs unlock for both', () =>
  chromium.page(async (page) => {
    await withAlice(page);
    await run(page, ({ storeIdentity }) => storeIdentity('bob.p12', 'the other'));
    const second = await secondTab(page);
    const both = await Promise.all([unlock(page), unlock(second, { passphrase: 'the other' })]);
    assert.deepEqual(both.map(({ length }) => length), [1, 1]);
    for (const tab of [page, second]) {
      await until(() =>
        tab.evaluate(async () => (await window.mailer.identities()).every(({ isUnlocked }) => isUnlocked)));
    }
  }));

test('R1: two calls at once undo nothing of what the other unlocked', () =>
  chromium.page(async (page) => {
    await withAlice(page);
    await run(page, ({ storeIdentity }) => storeIdentity('bob.p12', 'the other'));
    const found = await run(page, async ({ aliceMailer, passphrase }) => {
      const mailer = await aliceMailer();
      await Promise.all([mailer.unlock({ passphrase }), mailer.unlock({ passphrase: 'the other' })]);
      const unlocked = (await mailer.identities()).map(({ isUnlocked }) => isUnlocked);
      const [{ id: removed }, { id }] = await mailer.identities();
      await Promise.all([mailer.removeIdentity({ id: removed }), mailer.renewKey({ id, seal: { passphrase: 'new' } })]);
      return [unlocked, (await mailer.identities()).map((one) => [one.id === id, one.isUnlocked])];
    });
    assert.deepEqual(found, [[true, true], [[true, true]]]);
  }));

test('R1: after a trap the new worker goes on with what was unlocked', () =>
  chromium.page(async (page) => {
    await withAlice(page);
    await unlock(page);
    assert.equal(await run(page, ({ code, trap }) => code(trap())), 'internal/trap');
    assert.equal(await isLocked(page), false);
    await page.evaluate(() => window.mailer.lock());
    assert.equal(await run(page, ({ code, trap }) => code(trap())), 'internal/trap');
    assert.equal(await isLocked(page), true, 'what was locked stays so');
  }));

test('C2: the lock comes when nothing was used for a while, and use puts it off', () =>
  chromium.page(async (page) => {
    await withAlice(page);
    await run(page, async ({ aliceMailer, hurry }) => {
      hurry(10);
      window.mailer = await aliceMailer({ worker: false });
    });
    await unlock(page, { lockAfter: 120_000 });
    const first = await page.evaluate(async () => {
      window.locked = new Promise((resolve) => window.mailer.on('locked', resolve));
      const { expires } = await window.mailer.lockState();
      await new Promise((resolve) => setTimeout(resolve, 30_000));
      const looked = await window.mailer.lockState();
      return [expires.getTime(), looked.expires.getTime()];
    });
    assert.equal(first[1], first[0], 'to look is no use');
    const later = await run(page, async ({ code }) => {
      // Any call that works with keys.
      const used = await code(window.mailer.removeUnlock({ id: 'none', way: 'none' }));
      return [used, (await window.mailer.lockState()).expires.getTime()];
    });
    assert.equal(later[0], 'identity/locked');
    assert.ok(later[1] > first[1], 'a use is');
    await page.evaluate(() => window.locked);
    assert.equal(await isLocked(page), true);
  }));

test('C2: who unlocks in the moment in which the time is over has unlocked', () =>
  chromium.page(async (page) => {
    await withAlice(page);
    const found = await run(page, async ({ aliceMailer, rows, write, passphrase, code }) => {
      const [locks, wait] = [[], setTimeout];
      window.setTimeout = (work, ms, ...rest) => (ms > 30_000 ? locks.push(work) : wait(work, ms, ...rest));
      const mailer = await aliceMailer();
      await mailer.unlock({ passphrase });
      const lock = (await rows('meta')).find(({ id }) => id === 'lock');
      const value = lock.value.slice();
      // The expiry, before the seven octets of how long it may be idle: a moment in 2004.
      value.fill(0, value.length - 12, value.length - 7);
      await write('meta', { ...lock, value });
      let wasLocked = false;
      mailer.on('locked', () => (wasLocked = true));
      const again = code(mailer.unlock({ passphrase }));
      locks.at(-1)();
      return [await again, wasLocked, (await mailer.identities())[0].isUnlocked];
    });
    assert.deepEqual(found, ['done', true, true]);
  }));

test('C1: where the administrator locked it, nobody stays unlocked for longer', () =>
  chromium.page(async (page) => {
    await withAlice(page);
    const minutes = await run(page, async ({ aliceMailer, passphrase }) => {
      const found = [];
      for (const [value, locked, lockAfter] of [
        [120_000, true, undefined],
        [120_000, true, 3_600_000],
        [120_000, true, 60_000],
        [120_000, false, 3_600_000],
      ]) {
        const mailer = await aliceMailer({ policy: { lockAfter: { value, locked } } });
        const began = Date.now();
        await mailer.unlock({ passphrase, lockAfter });
        const { expires } = await mailer.lockState();
        found.push(Math.floor((expires - began) / 60_000));
        await mailer.lock();
        mailer.close();
      }
      return found;
    });
    assert.deepEqual(minutes, [2, 2, 1, 60]);
  }));

test('C2: the clock of the lock is not the moment a call answers for', () =>
  chromium.page(async (page) => {
    await withAlice(page);
    await unlock(page);
    const states = await page.evaluate(async () => {
      const past = await window.mailer.lockState({ now: new Date(0) });
      const future = await window.mailer.lockState({ now: new Date(4e12) });
      return [past.isLocked, future.isLocked];
    });
    assert.deepEqual(states, [false, false]);
  }));

test('C2: the databases of two users know nothing of each other', () =>
  chromium.page(async (page) => {
    await withAlice(page);
    await unlock(page);
    const found = await run(page, async ({ aliceMailer, code, passphrase }) => {
      const other = await aliceMailer({ database: 'bob' });
      return [
        (await other.lockState()).isLocked,
        (await other.identities()).length,
        await code(other.unlock({ passphrase })),
      ];
    });
    assert.deepEqual(found, [true, 0, 'store/no-identity']);
  }));

test('C2: a lock that was tampered with opens nothing', () =>
  chromium.page(async (page) => {
    await withAlice(page);
    await unlock(page);
    await page.evaluate(() => window.mailer.lock());
    const found = await run(page, async ({ rows, write }) => {
      const meta = await rows('meta');
      const lock = meta.find(({ id }) => id === 'lock');
      // The expiry stands at the end: a moment in the far future.
      const value = lock.value.slice();
      value.fill(0x7f, value.length - 5);
      await write('meta', { ...lock, value });
      const { isLocked } = await window.mailer.lockState();
      await write('meta', { ...lock, value: new Uint8Array([0x30, 0]) });
      return [isLocked, (await window.mailer.lockState()).isLocked];
    });
    assert.deepEqual(found, [true, true]);
  }));

test('K1: bad options have codes, and change nothing', () =>
  chromium.page(async (page) => {
    const id = await withAlice(page);
    await unlock(page);
    const [codes, before, after] = await run(page, async ({ code, rows, passphrase }, id) => {
      const { mailer } = window;
      const state = async () => JSON.stringify(await rows('identities'));
      const before = await state();
      const seal = { passphrase };
      const attempts = [
        () => mailer.unlock(),
        () => mailer.unlock({}),
        () => mailer.unlock({ passphrase, device: true }),
        () => mailer.unlock({ passphrase: '' }),
        () => mailer.unlock({ passphrase, color: 'red' }),
        () => mailer.unlock({ passkey: 'mine' }),
        () => mailer.unlock({ device: 'yes' }),
        () => mailer.lockState({ color: 'red' }),
        () => mailer.createPasskey({}),
        () => mailer.createPasskey({ name: 'a', color: 'red' }),
        () => mailer.changePassphrase({ passphrase }),
        () => mailer.changePassphrase({ passphrase, newPassphrase: 'a', ids: 'all' }),
        () => mailer.changePassphrase({ passphrase, newPassphrase: 'a', ids: ['none'] }),
        () => mailer.addUnlock({ id }),
        () => mailer.addUnlock({ id, seal: {} }),
        () => mailer.addUnlock({ id, seal: { ...seal, color: 'red' } }),
        () => mailer.addUnlock({ id, seal: { passkey: {} } }),
        () => mailer.addUnlock({ id: 'none', seal }),
        () => mailer.removeUnlock({ id }),
        () => mailer.removeUnlock({ id, way: 'none' }),
        () => mailer.renewKey({ seal }),
      ];
      const codes = [];
      for (const attempt of attempts) codes.push(await code(attempt()));
      const after = await state();
      mailer.close();
      for (const attempt of attempts.slice(-4)) codes.push(await code(attempt()));
      return [codes, before, after];
    }, id);
    assert.deepEqual(codes, [
      'usage/missing-option',
      'usage/missing-option',
      'usage/wrong-option',
      'usage/wrong-option',
      'usage/unknown-option',
      'usage/wrong-option',
      'usage/wrong-option',
      'usage/unknown-option',
      'usage/wrong-option',
      'usage/unknown-option',
      'usage/missing-option',
      'usage/wrong-option',
      'store/not-found',
      'usage/missing-option',
      'usage/missing-option',
      'usage/unknown-option',
      'usage/wrong-option',
      'identity/locked',
      'usage/missing-option',
      'store/not-found',
      'usage/missing-option',
      ...Array(4).fill('store/closed'),
    ]);
    assert.equal(after, before);
  }));

test('K1: what of the keys is on the disk after each way', async () => {
  // Pages of the browser's own profile: those of `chromium.page` keep their storage in memory.
  const page = await chromium.browser.newPage();
  await authenticator(page);
  const id = await withAlice(page);
  await unlock(page);
  const second = await secondTab(page);
  await open(second);
  await until(async () => !(await isLocked(second)));
  const secret = privatePart((await identities.all())['alice.key']);
  const session = await sealed(page, 'session');
  await assertNowhere(profile(), secret, 'a passphrase');

  await page.bringToFront(); // passkeys are asked where the user looks
  await run(page, async (_, id) => {
    const { mailer } = window;
    const passkey = await mailer.createPasskey({ name: 'alice@example.com' });
    await mailer.addUnlock({ id, seal: { passkey } });
    await mailer.lock();
    await mailer.unlock({ passkey: true });
  }, id);
  await assertNowhere(profile(), secret, 'a passkey');

  await run(page, async (_, id) => {
    const { mailer } = window;
    await mailer.addUnlock({ id, seal: { device: true } });
    await mailer.lock();
    await mailer.unlock({ device: true });
  }, id);
  const device = await sealed(page, 'device');
  const last = await sealed(page, 'session');
  await page.close();
  await second.close();
  await assertNowhere(profile(), secret, 'the device');

  // What sealed the session is nowhere; what seals the device's secret lies beside it.
  for (const row of [session, last]) assert.equal(await isKeyStored(profile(), row), false, 'of the session');
  assert.equal(await isKeyStored(profile(), device), true, 'of the device');
});

/** What a row of `meta` has sealed. */
const sealed = async (page, id) =>
  sealedRow(id, await run(page, async ({ rows }, id) => [...(await rows('meta')).find((row) => row.id === id).value], id));

/** The folder of the browser's profile. */
const profile = () =>
  chromium.browser.process().spawnargs
    .find((argument) => argument.startsWith('--user-data-dir='))
    .slice('--user-data-dir='.length);
