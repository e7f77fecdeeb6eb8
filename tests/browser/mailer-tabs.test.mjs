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
