// In WebKit, a worker that ends while it reads and writes leaves a database in which nothing is read or written any
// more (page-databases.js).

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { makeIdentities } from '../support/identities.mjs';
import { mailerFolders, run } from './support/mailer-page.mjs';
import { launchWebKit, noWebKit } from './support/webkit.mjs';

const skip = (!process.env.SMIME_TEST_ALL && 'SMIME_TEST_ALL is not set') || noWebKit;
const ROUNDS = 60;

const identities = await makeIdentities();
after(identities.remove);

/** Begins to read and write, and does not wait for it. */
const begin = (page, database) =>
  run(page, async ({ openMailer, certificateOf }, database) => {
    window.mailer = await openMailer({ accounts: [], trustAnchors: [], database });
    const { der } = await certificateOf('bob');
    const work = async (contact) => {
      for (;;) {
        await Promise.all([
          mailer.settings({ contact }),
          mailer.certificates(),
          mailer.identities(),
          mailer.changeSettings({ contact, values: { encryptTo: 'all' } }),
          mailer.importCertificates({ data: der }),
        ]);
      }
    };
    for (const contact of ['a@example.com', 'b@example.com']) work(contact).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 30 + Math.random() * 30));
  }, database);

/** Whether a database can be written still. */
const canWrite = (page, database) =>
  run(page, async ({ openMailer, code }, database) => {
    const mailer = await openMailer({ accounts: [], trustAnchors: [], database });
    const isTooLong = new Promise((resolve) => setTimeout(resolve, 10_000, 'too long'));
    const values = { encryptTo: 'newest' };
    return Promise.race([code(mailer.changeSettings({ contact: 'c@example.com', values })), isTooLong]);
  }, database);

test('a store that is locked or reloaded while it reads and writes goes on, in WebKit', { skip }, async () => {
  const webkit = await launchWebKit({ folders: mailerFolders(identities) });
  try {
    await webkit.page(async (page) => {
      for (let round = 0; round < ROUNDS; round++) {
        await begin(page, `locked ${round}`);
        await run(page, () => window.mailer.lock());
        assert.equal(await canWrite(page, `locked ${round}`), 'done', `after it was locked, round ${round}`);
        await begin(page, `reloaded ${round}`);
        await page.reload();
        assert.equal(await canWrite(page, `reloaded ${round}`), 'done', `after a reload, round ${round}`);
      }
    });
  } finally {
    await webkit.close();
  }
});
