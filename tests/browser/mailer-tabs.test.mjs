// Two tabs that write at once lose nothing of what either was told is done.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { launchMailer, run, secondTab } from './support/mailer-page.mjs';

const { chromium, close } = await launchMailer();
after(close);

test('C2: what is decided and chosen while the first identity comes is bound by it, or refused', () =>
  chromium.page(async (page) => {
    const second = await secondTab(page);
    for (const [round, importing] of [second, page, second, page].entries()) {
      const database = `race ${round}`;
      for (const tab of [page, second]) {
        await run(tab, async ({ openMailer, accounts }, database) => {
          window.mailer = await openMailer({ accounts, trustAnchors: [], database });
          window.isDeciding = false;
        }, database);
      }
      const deciding = run(page, async ({ code, certificateOf }) => {
        const { mailer } = window;
        const [{ entry: { id } }] = await mailer.importCertificates({ data: (await certificateOf('bob')).der });
        const done = { id, by: [], contacts: [] };
        let isLocked = false;
        mailer.on('locked', () => (isLocked = true));
        for (let n = 0; ; n++) {
          const wasLocked = isLocked;
          const by = String(n);
          const contact = `c${n}@example.com`;
          const said = await Promise.all([
            code(mailer.setTrust({ id, trust: n % 2 ? 'trusted' : 'distrusted', by })),
            code(mailer.changeSettings({ contact, values: { encryptTo: 'all' } })),
          ]);
          if (said[0] === 'done') done.by.push(by);
          if (said[1] === 'done') done.contacts.push(contact);
          window.isDeciding = true;
          // To lock ends what runs: that one may have been written in the same moment.
          if (said.includes('identity/locked')) return { ...done, said, ended: wasLocked ? undefined : by };
          await new Promise((resolve) => setTimeout(resolve, 15));
        }
      });
      deciding.catch(() => {}); // what fails first is told
      await page.waitForFunction('window.isDeciding', { polling: 20 });
      await run(importing, async ({ file, passphrase }) => {
        const files = [{ data: await file('alice.p12') }];
        const [{ error }] = await window.mailer.importP12({ files, password: 'secret', seal: { passphrase } });
        if (error) throw error;
        await window.mailer.lock();
      });
      const done = await deciding;
      const found = await run(page, async ({ passphrase, codes }, { id, contacts }) => {
        const { mailer } = window;
        await mailer.unlock({ passphrase });
        const { decision, problems } = await mailer.certificate({ id });
        const values = [];
        for (const contact of contacts) values.push((await mailer.settings({ contact })).values.encryptTo);
        return { by: decision?.by, problems: codes(problems), values };
      }, done);
      assert.ok(done.by.length > 0 && !found.problems.includes('store/altered'), JSON.stringify([done, found]));
      assert.ok([done.by.at(-1), done.ended].includes(found.by), JSON.stringify([done, found]));
      assert.deepEqual(found.values, done.contacts.map(() => 'all'));
    }
  }));

test('C2: what another tab begins in the database and never ends is said, and what was to be written is not', () =>
  chromium.page(async (page) => {
    const second = await secondTab(page);
    await run(page, async ({ openMailer, accounts, hurry }) => {
      window.mailer = await openMailer({ accounts, trustAnchors: [], worker: false });
      window.isBlocked = false;
      window.mailer.on('blocked', () => (window.isBlocked = true));
      hurry(50);
    });
    await run(second, async ({ holdTable }) => holdTable('settings'));
    const change = () =>
      run(page, async ({ code }) =>
        code(window.mailer.changeSettings({ contact: 'bob@example.com', values: { encryptTo: 'all' } })));
    assert.equal(await change(), 'store/blocked');
    assert.equal(await page.evaluate('window.isBlocked'), true);
    await second.evaluate('window.release()');
    const chosen = () =>
      run(page, async () => (await window.mailer.settings({ contact: 'bob@example.com' })).values.encryptTo);
    assert.equal(await chosen(), 'newest');
    assert.equal(await change(), 'done');
    assert.equal(await chosen(), 'all');
  }));

test('C2: a tab that froze while it unlocked keeps no other from that', () =>
  chromium.page(async (page) => {
    const second = await secondTab(page);
    await run(page, async ({ storeAlice, aliceMailer, hurry }) => {
      await storeAlice();
      window.mailer = await aliceMailer();
      hurry(10);
    });
    await second.evaluate(async () => {
      await new Promise((resolve) =>
        navigator.locks.request('smime-wasm unlock smime-wasm', () => (resolve(), new Promise(() => {}))));
    });
    const unlocked = await run(page, async ({ passphrase }) => {
      const { held } = await navigator.locks.query();
      const { unlocked } = await window.mailer.unlock({ passphrase });
      return [held.some(({ name }) => name === 'smime-wasm unlock smime-wasm'), unlocked.length];
    });
    assert.deepEqual(unlocked, [true, 1]);
  }));
