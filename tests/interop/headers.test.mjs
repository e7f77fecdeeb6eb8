// Thunderbird, which reads no protected header fields in S/MIME, shows messages that have them all the
// same: signatures and encryption are good, and what is hidden outside stands before the text.

import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';

import * as smime from 'smime-wasm';

import { makeIdentities } from '../support/identities.mjs';
import { Absent } from './matrix/execute.mjs';
import { open } from './peers/thunderbird.mjs';

const subject = 'Until five';

if (!process.env.SMIME_TEST_ALL) test('Thunderbird', { skip: 'SMIME_TEST_ALL is not set' });
else await ask();

async function ask() {
  const { folder, remove } = await makeIdentities();
  after(remove);
  const place = join(folder, 'thunderbird');
  await mkdir(place);
  let thunderbird;
  try {
    thunderbird = await open({ folder, kinds: ['alice', 'bob'] }, place);
  } catch (error) {
    if (!(error instanceof Absent)) throw error;
    test('Thunderbird', { skip: error.message });
    return;
  }
  after(() => thunderbird.close());

  const person = async (name) => {
    const data = await readFile(join(folder, `${name}.p12`));
    return (await smime.importP12({ data, password: 'secret' })).identities[0];
  };
  const [alice, bob] = [await person('alice'), await person('bob')];
  const message = await smime.composeMessage({
    from: { name: 'Alice', address: 'alice@example.com' },
    to: [{ address: 'bob@example.com' }],
    subject,
    text: 'Hello\n',
    html: '<body><p>Hello</p></body>',
  });
  const show = async (message) => {
    const [{ signatures, encryption, text }] = await thunderbird.show([message]);
    const shown = /<div class="moz-text-html".*/s.exec(text)[0];
    return { good: `${signatures}|${encryption}`, title: /<title>(.*)<\/title>/.exec(text)[1], shown };
  };

  test(`Thunderbird ${thunderbird.version} shows a signed header as any other`, async () => {
    const { good, title, shown } = await show(await smime.sign({ message, signers: [alice] }));
    assert.deepEqual([good, title], ['0|', subject]);
    assert.ok(!shown.includes(subject), shown);
  });

  for (const [protectHeaders, expected] of [['clear', subject], ['baseline', '[...]'], ['shy', '[...]']]) {
    test(`Thunderbird ${thunderbird.version} shows what is hidden, ${protectHeaders}`, async () => {
      const options = { message, signers: [alice], recipients: [bob.certificate], protectHeaders };
      const { outgoing } = await smime.protectMessage(options);
      const { good, title, shown } = await show(outgoing[0].message);
      assert.deepEqual([good, title], ['0|0', expected]);
      assert.equal(shown.includes(`Subject: ${subject}`), protectHeaders !== 'clear', shown);
    });
  }
}
