// S13: mail that a server sends, in Node, as docs/examples/invoices.mjs shows it. OpenSSL checks what comes
// out.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { signInvoices } from '../../docs/examples/invoices.mjs';
import { makeIdentities } from '../support/identities.mjs';

const identities = await makeIdentities();
const { folder } = identities;
after(identities.remove);

const read = (name) => readFile(join(folder, name));
const openssl = (input, ...options) => execFileSync('openssl', options, { cwd: folder, input, encoding: 'utf8', stdio: 'pipe' });

const from = { name: 'Alice', address: 'alice@example.com' };
const invoice = (number, address, more) => ({
  from, number, to: { address }, pdf: new TextEncoder().encode(`%PDF ${number}`), ...more,
});

async function collect(options) {
  const answers = [];
  for await (const answer of signInvoices({ p12: await read('alice.p12'), password: 'secret', ...options })) answers.push(answer);
  return answers;
}

test('S13: invoices are signed in Node, encrypted where there is a certificate, and one error ends nothing', async () => {
  const invoices = [
    invoice('1', 'customer@example.org'),
    invoice('2', 'bob@example.com', { certificate: await read('bob.der') }),
    invoice('3', 'other@example.org', { certificate: await read('bob.der') }),
    invoice('4', 'customer@example.org'),
  ];
  const [first, second, third, fourth] = await collect({ invoices });
  const verify = (message) => openssl(message, 'cms', '-verify', '-CAfile', 'ca.pem', '-purpose', 'any');
  assert.match(verify(first.outgoing[0].message), /application\/pdf/);
  assert.deepEqual(first.outgoing[0].envelope, { from: from.address, to: ['customer@example.org'] });
  const inside = openssl(second.outgoing[0].message, 'cms', '-decrypt', '-inkey', 'bob.key', '-recip', 'bob.pem');
  assert.match(verify(inside), /Invoice 2|application\/pdf/);
  assert.equal(third.error.code, 'refused/no-certificate');
  assert.match(verify(fourth.outgoing[0].message), /application\/pdf/);
});

test('S13: the job ends when it is told to', async () => {
  const controller = new AbortController();
  const invoices = (function* () {
    for (let number = 1; ; number += 1) {
      if (number === 3) controller.abort();
      yield invoice(String(number), 'customer@example.org');
    }
  })();
  await assert.rejects(collect({ invoices, signal: controller.signal }), { code: 'aborted' });
});
