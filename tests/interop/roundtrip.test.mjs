// Thunderbird calls every mail of the collection good that the package signs. tests/interop/roundtrip.rs
// asks OpenSSL the same.

import assert from 'node:assert/strict';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';

import * as smime from 'smime-wasm';

import { makeIdentities } from '../support/identities.mjs';
import { Absent } from './matrix/execute.mjs';
import { open } from './peers/thunderbird.mjs';

const mails = new URL('../mails/', import.meta.url);
const formats = ['detached', 'opaque'];
/** As many as are displayed at once. */
const batch = 10;

if (!process.env.SMIME_TEST_ALL) test('Thunderbird', { skip: 'SMIME_TEST_ALL is not set' });
else await ask();

async function ask() {
  const { folder, remove } = await makeIdentities();
  after(remove);
  const place = join(folder, 'thunderbird');
  await mkdir(place);
  let thunderbird;
  try {
    thunderbird = await open({ folder, kinds: ['alice'] }, place);
  } catch (error) {
    if (!(error instanceof Absent)) throw error;
    test('Thunderbird', { skip: error.message });
    return;
  }
  after(() => thunderbird.close());

  const data = await readFile(join(folder, 'alice.p12'));
  const { identities: signers } = await smime.importP12({ data, password: 'secret' });
  const files = (await readdir(mails, { recursive: true })).filter((name) => name.endsWith('.eml')).sort();
  for (const form of formats) {
    test(`Thunderbird ${thunderbird.version}: every mail, ${form}`, async () => {
      const wrong = [];
      for (let i = 0; i < files.length; i += batch) {
        const names = files.slice(i, i + batch);
        const signed = names.map(async (name) => {
          const message = dated(await readFile(new URL(name, mails)));
          return smime.sign({ message, signers, form });
        });
        const shown = await thunderbird.show(await Promise.all(signed));
        for (const [j, { outermost }] of shown.entries()) {
          // Those that are signed before hold signatures that nobody can check.
          if (outermost !== 0) wrong.push(`${names[j]}: ${outermost}`);
        }
      }
      assert.deepEqual(wrong, []);
    });
  }
}

/** The mail with a Date, which Thunderbird compares with the time of the signature. */
function dated(mail) {
  const text = mail.toString('latin1');
  const [lineEnd] = /\r?\n/.exec(text);
  return Buffer.from(text.replace(/^From: /m, `Date: ${new Date().toUTCString()}${lineEnd}From: `), 'latin1');
}
