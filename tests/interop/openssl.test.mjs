// The `openssl` command accepts what the package writes, and the package opens what it writes, over
// the grid of algorithms, in Node and in Chromium. tests/interop/openssl.rs does the same natively.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import * as smime from 'smime-wasm';

import { launch } from '../browser/support/chromium.mjs';
import { makeIdentities } from '../support/identities.mjs';
import { work } from './work.js';

const identities = await makeIdentities();
const { folder } = identities;
const chromium = await launch({
  folders: {
    '/files/': folder + '/',
    '/tests/': fileURLToPath(new URL('./', import.meta.url)),
  },
});
after(async () => {
  await chromium.close();
  await identities.remove();
});

const places = {
  Node: (tasks) => work(smime, (name) => readFile(join(folder, name)), tasks),
  Chromium: (tasks) =>
    chromium.page((page) =>
      page.evaluate(async (tasks) => {
        const { work } = await import('/tests/work.js');
        const smime = await import('/smime-wasm/index.js');
        const load = async (name) => (await fetch(`/files/${name}`)).blob();
        return work(smime, load, tasks);
      }, tasks),
    ),
};

// With enough lines that -stream writes several pieces.
const body = 'Content-Type: text/plain; charset=utf-8\r\n\r\n' + 'Grüße aus der Küche.\r\n'.repeat(1000);
const header = 'From: alice@example.com\r\nTo: bob@example.com\r\nSubject: Grid\r\nMIME-Version: 1.0\r\n';

/** Runs openssl in the folder of the files and returns what it writes. */
const openssl = async (...args) => {
  const options = { cwd: folder, encoding: 'buffer', maxBuffer: 1 << 26 };
  const { stdout } = await promisify(execFile)('openssl', args, options);
  return stdout;
};

const addresses = ['-from', 'alice@example.com', '-to', 'bob@example.com', '-subject', 'Grid'];

// What openssl writes.

const signed = [];
for (const digest of ['sha256', 'sha384', 'sha512']) {
  for (const form of ['detached', 'opaque']) {
    for (const stream of [false, true]) signed.push({ digest, form, stream });
  }
}
const sealed = [];
for (const cipher of ['des3', 'aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc', 'aes-128-gcm', 'aes-256-gcm']) {
  for (const transport of ['v1.5', 'oaep sha1', 'oaep sha256', 'oaep sha512']) {
    for (const outform of ['SMIME', 'DER', 'PEM']) {
      for (const stream of [false, true]) sealed.push({ cipher, transport, outform, stream });
    }
  }
}

const fileOf = (row) => Object.values(row).join('-').replaceAll(' ', '-') + '.eml';

before(async () => {
  await writeFile(join(folder, 'body.txt'), body);
  await writeFile(join(folder, 'message.eml'), header + body);
  for (const { digest, form, stream } of signed) {
    await openssl(
      'cms', '-sign', '-in', 'body.txt', '-binary', '-signer', 'alice.pem', '-inkey', 'alice.key',
      '-md', digest, ...(form === 'opaque' ? ['-nodetach'] : []), ...(stream ? ['-stream'] : []),
      ...addresses, '-out', fileOf({ digest, form, stream }),
    );
  }
  for (const row of sealed) {
    const [kind, digest] = row.transport.split(' ');
    const oaep = ['rsa_padding_mode:oaep', `rsa_oaep_md:${digest}`, `rsa_mgf1_md:${digest}`];
    await openssl(
      'cms', '-encrypt', '-in', 'body.txt', '-binary', `-${row.cipher}`, '-outform', row.outform,
      ...(row.stream ? ['-stream'] : []), ...(row.outform === 'SMIME' ? addresses : []),
      '-out', fileOf(row), '-recip', 'bob.pem',
      ...(kind === 'oaep' ? oaep.flatMap((option) => ['-keyopt', option]) : []),
    );
  }
});

for (const [place, run] of Object.entries(places)) {
  test(`${place} verifies what openssl signs`, async () => {
    const results = await run(signed.map((row) => ({ verb: 'verify', message: fileOf(row) })));
    results.forEach((result, i) => {
      const row = fileOf(signed[i]);
      assert.equal(result.status, 'verified', `${row}: ${result.error} ${result.problems}`);
      assert.equal(Buffer.from(result.bytes, 'base64').toString(), body, row);
    });
  });

  test(`${place} decrypts what openssl encrypts`, async () => {
    const results = await run(sealed.map((row) => ({ verb: 'decrypt', message: fileOf(row) })));
    results.forEach((result, i) => {
      const row = fileOf(sealed[i]);
      assert.equal(result.error, undefined, row);
      assert.equal(Buffer.from(result.bytes, 'base64').toString(), body, row);
      assert.equal(result.integrity, sealed[i].cipher.endsWith('gcm') ? 'protected' : 'none', row);
      assert.equal(result.cipher, sealed[i].cipher.replace('des3', '3des-cbc'), row);
    });
  });

  test(`openssl verifies what ${place} signs`, async () => {
    const rows = ['detached', 'opaque'].flatMap((form) =>
      ['sha-256', 'sha-384', 'sha-512'].map((digest) => ({ form, digest })),
    );
    const results = await run(rows.map((row) => ({ verb: 'sign', message: 'message.eml', ...row })));
    for (const [i, { bytes, error }] of results.entries()) {
      assert.equal(error, undefined);
      await writeFile(join(folder, 'ours.eml'), Buffer.from(bytes, 'base64'));
      const shown = await openssl('cms', '-verify', '-in', 'ours.eml', '-CAfile', 'ca.pem', '-purpose', 'smimesign');
      assert.equal(shown.toString(), body, JSON.stringify(rows[i]));
    }
  });

  test(`openssl decrypts what ${place} encrypts`, async () => {
    const rows = ['aes-128-cbc', 'aes-256-cbc', 'aes-128-gcm', 'aes-256-gcm'].flatMap((cipher) =>
      ['rsaes-pkcs1-v1_5', 'rsaes-oaep'].map((keyTransport) => ({ cipher, keyTransport })),
    );
    const results = await run(rows.map((row) => ({ verb: 'encrypt', message: 'message.eml', ...row })));
    for (const [i, { bytes, error }] of results.entries()) {
      assert.equal(error, undefined);
      await writeFile(join(folder, 'ours.eml'), Buffer.from(bytes, 'base64'));
      for (const name of ['bob', 'alice']) {
        const args = ['-recip', `${name}.pem`, '-inkey', `${name}.key`];
        const shown = await openssl('cms', '-decrypt', '-in', 'ours.eml', ...args);
        assert.equal(shown.toString(), body, JSON.stringify(rows[i]));
      }
    }
  });
}

test('openssl reads the P12 files we export', async () => {
  const data = await readFile(join(folder, 'alice.p12'));
  const [identity] = (await smime.importP12({ data, password: 'secret' })).identities;
  for (const profile of ['modern', 'compatible']) {
    const file = await smime.exportP12({ identity, password: 'geheim', profile });
    await writeFile(join(folder, 'ours.p12'), file);
    const args = ['pkcs12', '-in', 'ours.p12', '-passin', 'pass:geheim', '-nodes'];
    const shown = (await openssl(...args)).toString();
    assert.ok(shown.includes('PRIVATE KEY') && shown.includes('alice@example.com'), shown);
    await assert.rejects(openssl('pkcs12', '-in', 'ours.p12', '-passin', 'pass:falsch', '-nodes'));
  }
});
