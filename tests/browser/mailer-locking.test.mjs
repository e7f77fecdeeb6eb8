// What locking ends, and what tabs tell each other of keys, through the mailer in Chromium.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { launchMailer, run, secondTab } from './support/mailer-page.mjs';

const { chromium, close } = await launchMailer();
after(close);

/** Runs a function on a page with `sending.js` beside `tab.js`. */
const work = (page, work, ...rest) =>
  run(page, `async (tab, ...rest) => (${work})({ ...tab, ...(await import('/mailer-page/sending.js')) }, ...rest)`, ...rest);

test('R1: locking ends what is running, in a worker and without one, and a new worker goes on', () =>
  chromium.page(async (page) => {
    await work(page, ({ sender }) => sender());
    const [first] = page.workers();
    await first.evaluate(() => {
      self.isFirst = true;
    });
    const ended = await work(page, async ({ aliceMailer, file, mail, to, code, certificateOf, passphrase }) => {
      // Encrypting takes no key that could be missed after the lock: only an end ends it.
      const policy = { encryptOnlySigned: { value: false } };
      const ended = [];
      for (const worker of [true, false]) {
        const mailer = await aliceMailer({ worker, policy });
        await mailer.unlock({ passphrase });
        if (worker) await mailer.importCertificates({ data: await file('bob.der') });
        const attachments = [{ name: 'film', data: new Uint8Array(40_000_000) }];
        const message = await mail({ to: to('bob@example.com'), attachments });
        let locking;
        const onProgress = () => {
          locking ??= mailer.lock();
        };
        ended.push(await code(mailer.protect({ message, sign: false, encrypt: true, onProgress })));
        await locking;
        ended.push((await mailer.lockState()).isLocked);
        mailer.close();
      }
      return ended;
    });
    assert.deepEqual(ended, ['identity/locked', true, 'identity/locked', true]);
    const marks = page.workers().map((worker) => worker.evaluate(() => self.isFirst === true));
    assert.deepEqual(await Promise.all(marks), [false]);
  }));

test('R1: the key that tabs share can not be read out, and one that can is none of theirs', () =>
  chromium.page(async (page) => {
    const found = await work(page, async ({ sender, passphrase }) => {
      const mailer = await sender({ isLocked: true });
      const told = [];
      mailer.on('unlocked', () => told.push('unlocked'));
      const [tab, other] = [1, 2].map(() => new BroadcastChannel('smime-wasm smime-wasm'));
      const keys = [];
      const forged = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt']);
      await new Promise((resolve) => {
        other.onmessage = resolve; // the mailer, whose channel is older, heard it before
        tab.postMessage({ type: 'session', key: forged, expires: Date.now() + 60_000, epoch: 1 });
      });
      const before = [told.length, (await mailer.lockState()).isLocked];
      const posted = new Promise((resolve) => {
        other.onmessage = ({ data }) => data.type === 'session' && resolve(data.key);
      });
      await mailer.unlock({ passphrase });
      const key = await posted;
      const read = await crypto.subtle.exportKey('raw', key).catch(({ name }) => name);
      return { before, isKey: key instanceof CryptoKey, read };
    });
    assert.deepEqual(found, { before: [0, true], isKey: true, read: 'InvalidAccessError' });
  }));

test('R1: a tab that does not hear that another one locked is locked by the database', () =>
  chromium.page(async (page) => {
    await work(page, async ({ sender }) => {
      window.mailer = await sender();
    });
    const dumb = await secondTab(page, (tab) =>
      tab.evaluateOnNewDocument(() => {
        BroadcastChannel.prototype.postMessage = () => {};
      }));
    await work(dumb, async ({ aliceMailer, passphrase }) => {
      window.mailer = await aliceMailer();
      await window.mailer.unlock({ passphrase });
    });
    const use = () =>
      work(page, async ({ mail, to, code, passphrase }) => {
        const { mailer } = window;
        const [{ id }] = await mailer.identities();
        return [
          await code(mailer.protect({ message: await mail({ to: to('bob@example.com') }), sign: true, encrypt: false })),
          await code(mailer.addUnlock({ id, seal: { passphrase } })),
          (await mailer.identities())[0].isUnlocked,
        ];
      });
    assert.deepEqual(await use(), ['done', 'done', true]);
    await dumb.evaluate(() => window.mailer.lock());
    assert.deepEqual(await use(), ['identity/locked', 'identity/locked', false]);
  }));

test('R1: a call that is running signs no more once another tab has locked, though it hears nothing of it', () =>
  chromium.page(async (page) => {
    await run(page, ({ storeAlice }) => storeAlice());
    const deaf = await secondTab(page, (tab) =>
      tab.evaluateOnNewDocument(() => {
        BroadcastChannel.prototype.postMessage = () => {};
      }));
    await run(page, async ({ aliceMailer }) => {
      BroadcastChannel.prototype.postMessage = () => {};
      window.mailer = await aliceMailer();
    });
    await deaf.exposeFunction('lockElsewhere', () => page.evaluate(() => window.mailer.lock()));
    const found = await run(deaf, async ({ aliceMailer, passphrase }) => {
      const { composeMessage } = await import('/smime-wasm/index.js');
      const mailer = await aliceMailer();
      const from = { address: 'alice@example.com' };
      // Large enough that the other tab is done before this one is.
      for (let size = 30_000_000; ; size *= 2) {
        await mailer.unlock({ passphrase });
        const attachments = [{ name: 'a.bin', data: new Uint8Array(size) }];
        const message = await composeMessage({ from, to: [from], subject: 'a', text: 'b', attachments });
        let [locking, isLocked, isInTime] = [undefined, false, false];
        const onProgress = () => {
          locking ??= window.lockElsewhere().then(() => (isLocked = true));
          isInTime ||= isLocked;
        };
        const sent = mailer.protect({ message, sign: true, encrypt: false, onProgress });
        const outcome = await sent.then(({ isSigned }) => ({ isSigned }), ({ code }) => code);
        await locking;
        if (isInTime) return outcome;
      }
    });
    assert.equal(found, 'identity/locked');
  }));
