// The mailer in Chromium: what it is opened with, and what is unlocked.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { launchMailer, run } from './support/mailer-page.mjs';

const { chromium, close } = await launchMailer();
after(close);

test('one passphrase unlocks what it opens, until the mailer is locked', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, storeAlice, passphrase, code }) => {
      const mailer = await aliceMailer();
      const none = await code(mailer.unlock({ passphrase }));
      const id = await storeAlice();
      const states = [];
      const state = async () => {
        const [alice] = await mailer.identities();
        states.push(alice.isUnlocked);
      };
      await state();
      const wrong = await code(mailer.unlock({ passphrase: 'wrong' }));
      const { unlocked } = await mailer.unlock({ passphrase });
      await state();
      await mailer.lock();
      await state();
      return { none, wrong, own: unlocked.length === 1 && unlocked[0] === id, states };
    });
    assert.deepEqual(found, {
      none: 'store/no-identity',
      wrong: 'store/wrong-passphrase',
      own: true,
      states: [false, true, false],
    });
  }));

test('bad options have codes, and open nothing', () =>
  chromium.page(async (page) => {
    const codes = await run(page, async ({ openMailer, aliceMailer, accounts, code }) => {
      const mailer = await aliceMailer();
      mailer.close();
      const attempts = [
        () => openMailer(),
        () => openMailer({ accounts, speed: 9 }),
        () => openMailer({ accounts: 'alice@example.com' }),
        () => openMailer({ accounts: [{ address: 1 }] }),
        () => openMailer({ accounts: [{ address: 'erika' }] }),
        () => openMailer({ accounts: [{ address: 'erika@example.com ' }] }),
        () => openMailer({ accounts: [{ ...accounts[0], aliases: ['erika'] }] }),
        () => openMailer({ accounts, database: '' }),
        () => openMailer({ accounts, trustAnchors: 'everybody' }),
        () => mailer.identities(),
        ...[-1, 0, 900, 59_999, 1e12].map((lockAfter) => async () => (await aliceMailer()).unlock({ passphrase: 'x', lockAfter })),
        async () => (await aliceMailer()).identities({ color: 'red' }),
      ];
      return Promise.all(attempts.map((attempt) => code(attempt())));
    });
    assert.deepEqual(codes, [
      'usage/wrong-option',
      'usage/unknown-option',
      ...Array(7).fill('usage/wrong-option'),
      'store/closed',
      ...Array(5).fill('usage/wrong-option'),
      'usage/unknown-option',
    ]);
  }));

test('C2: a mailer that is opened again in its page tells when what was unlocked there locks', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, storeAlice, passphrase, hurry }) => {
      await storeAlice();
      hurry(15);
      const before = await aliceMailer({ worker: false });
      await before.unlock({ passphrase, lockAfter: 60_000 });
      before.close();
      const mailer = await aliceMailer({ worker: false });
      const locked = new Promise((resolve) => mailer.on('locked', resolve));
      const { isLocked } = await mailer.lockState();
      await locked;
      return [isLocked, (await mailer.lockState()).isLocked];
    });
    assert.deepEqual(found, [false, true]);
  }));

test('R1: a page that is loaded again while the lock holds unlocks anew', () =>
  chromium.page(async (page) => {
    const unlocked = () =>
      run(page, async ({ aliceMailer, passphrase }) => {
        const mailer = await aliceMailer();
        const [{ isUnlocked }] = await mailer.identities();
        await mailer.unlock({ passphrase });
        return [isUnlocked, (await mailer.identities())[0].isUnlocked];
      });
    await run(page, ({ storeAlice }) => storeAlice());
    await unlocked();
    await page.reload();
    assert.deepEqual(await unlocked(), [false, true]);
  }));
