// The `openssl` command accepts what the package writes, and the package opens what it writes, over
// the grid of algorithms, in Node and in Chromium; what is damaged gives the right code.
// tests/interop/openssl.rs does the same natively.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { makeIdentities } from '../support/identities.mjs';
import { openPlaces } from './places.mjs';

const identities = await makeIdentities();
const { folder } = identities;
const { places, close } = await openPlaces(folder);
after(async () => {
  await close();
  await identities.remove();
});

// With enough lines that -stream writes several pieces. In 7 bits, so that we sign it as it is.
const body =
  'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n' +
  'Gr=C3=BC=C3=9Fe aus der K=C3=BCche.\r\n'.repeat(1000);
const large = body.repeat(12);
const header = 'From: alice@example.com\r\nTo: bob@example.com\r\nSubject: Grid\r\nMIME-Version: 1.0\r\n';

const save = (name, data) => writeFile(join(folder, name), data);

/** Runs openssl in the folder of the files and returns what it writes. */
const openssl = async (...args) => {
  const options = { cwd: folder, encoding: 'buffer', maxBuffer: 1 << 26 };
  const { stdout } = await promisify(execFile)('openssl', args.flatMap(words), options);
  return stdout;
};
const words = (text) => text.split(' ').filter(Boolean);

const addresses = '-from alice@example.com -to bob@example.com -subject Grid';

/** What openssl signs for Alice. */
const sign = (...options) =>
  openssl('cms -sign -binary -in body.txt -signer alice.pem -inkey alice.key', addresses, ...options);

/** What openssl encrypts, by default for Bob. */
const encrypt = (cipher, transport, form, recipient = 'bob') =>
  openssl(`cms -encrypt -binary -in body.txt -${cipher}`, addresses, form, `-recip ${recipient}.pem`, transports[transport]);

const oaep = (digest, mgfDigest) =>
  `-keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:${digest} -keyopt rsa_mgf1_md:${mgfDigest}`;

const transports = {
  'v1.5': '',
  'oaep, sha1': oaep('sha1', 'sha1'),
  'oaep, sha256': oaep('sha256', 'sha256'),
  'oaep, sha512 with mgf1 of sha1': oaep('sha512', 'sha1'),
};

const signed = [];
for (const digest of ['sha256', 'sha384', 'sha512']) {
  for (const form of ['', '-nodetach', '-stream', '-nodetach -stream', '-keyid', '-noattr']) {
    signed.push({ digest, form, file: `signed-${signed.length}.eml` });
  }
}

const sealed = [];
for (const cipher of [
  'des3', 'aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc', 'aes-128-gcm', 'aes-192-gcm', 'aes-256-gcm',
]) {
  for (const transport of Object.keys(transports)) {
    for (const form of ['', '-stream', '-outform DER', '-outform PEM -stream', '-keyid']) {
      sealed.push({ cipher, transport, form, file: `sealed-${sealed.length}.eml` });
    }
  }
}

// What of openssl is damaged and how, and what the package has to say.

const untouched = (bytes) => bytes;
const half = (bytes) => bytes.subarray(0, bytes.length / 2);
const halfOfTheLines = (mail) => mail.subarray(0, mail.indexOf('\n', mail.length / 2));
const flip = (bytes, at) => bytes.with(at, bytes.at(at) ^ 1);
const encryptedKeyOf = (der) => der.indexOf('04820100', 'hex');
const replace = (bytes, from, to) => {
  const start = bytes.indexOf(from);
  const end = start + Buffer.byteLength(from);
  return Buffer.concat([bytes.subarray(0, start), Buffer.from(to), bytes.subarray(end)]);
};
/** Changes the end of the last but one line of base64, which is in the signature. */
const alterSignature = (mail) => {
  const end = mail.lastIndexOf('\n', mail.lastIndexOf('\n\n--') - 1) - 1;
  return mail.with(end, mail[end] === 0x41 ? 0x42 : 0x41);
};
const random = createHash('shake256', { outputLength: 3000 }).update('random').digest();

const opaque = () => sign('-nodetach -outform DER');
const contentAltered = { status: 'failed', problems: ['signature/content-altered'] };
const signatureAltered = { status: 'failed', problems: ['signature/invalid'] };
const noCertificate = { status: 'unverified', problems: ['signature/no-certificate'] };

const damagedSignatures = [
  ['altered body', sign, (mail) => replace(mail, 'K=C3=BCche', 'Kirche'), contentAltered],
  ['altered body, opaque', opaque, (der) => replace(der, 'K=C3=BCche', 'K=C3=B6che'), contentAltered],
  ['altered signature', sign, alterSignature, signatureAltered],
  ['altered signature, opaque', opaque, (der) => flip(der, -1), signatureAltered],
  ['no certificate', () => sign('-nocerts'), untouched, noCertificate],
  ['no certificate, opaque', () => sign('-nocerts -nodetach'), untouched, noCertificate],
  ['a half', sign, half, { error: 'malformed/truncated' }],
  ['all but the last line', sign, (mail) => mail.subarray(0, mail.lastIndexOf('\n--')), { error: 'malformed/truncated' }],
  ['a half, opaque', () => sign('-nodetach'), halfOfTheLines, { error: 'malformed/truncated' }],
  ['a half, opaque, DER', opaque, half, { error: 'malformed/truncated' }],
  ['random bytes', () => random, untouched, { status: 'unsigned' }],
  ['random bytes in a SEQUENCE', () => random, (bytes) => bytes.with(0, 0x30), { error: 'malformed/asn1' }],
];

const noRecipient = { error: 'decrypt/no-recipient' };
const failed = { error: 'decrypt/failed' };
const gcm = (transport) => () => encrypt('aes-256-gcm', transport, '-outform DER');

const damagedEnvelopes = [
  ['wrong recipient', () => encrypt('aes-256-cbc', 'v1.5', '', 'alice'), untouched, noRecipient],
  ['wrong recipient, keyid', () => encrypt('aes-256-gcm', 'oaep, sha256', '-keyid', 'alice'), untouched, noRecipient],
  ['altered content, GCM', gcm('v1.5'), (der) => flip(der, -100), failed],
  ['altered tag, GCM', gcm('v1.5'), (der) => flip(der, -1), failed],
  ['altered key, v1.5', gcm('v1.5'), (der) => flip(der, encryptedKeyOf(der) + 100), failed],
  ['altered key, OAEP', gcm('oaep, sha256'), (der) => flip(der, encryptedKeyOf(der) + 100), failed],
  ['a half', () => encrypt('aes-256-cbc', 'v1.5', ''), halfOfTheLines, { error: 'malformed/asn1' }],
  ['a half, DER', () => encrypt('aes-256-cbc', 'v1.5', '-outform DER'), half, { error: 'malformed/asn1' }],
  ['a half, -stream', () => encrypt('aes-256-cbc', 'v1.5', '-stream'), halfOfTheLines, { error: 'malformed/asn1' }],
  ['a half, PEM', () => encrypt('aes-256-gcm', 'v1.5', '-outform PEM'), halfOfTheLines, { error: 'malformed/cms' }],
  ['random bytes', () => random, untouched, { error: 'decrypt/not-encrypted' }],
  ['random bytes in a SEQUENCE', () => random, (bytes) => bytes.with(0, 0x30), { error: 'malformed/asn1' }],
];

const damaged = [
  ...damagedSignatures.map((row) => ['verify', ...row]),
  ...damagedEnvelopes.map((row) => ['decrypt', ...row]),
].map(([verb, what, make, damage, expected], i) => ({
  verb, what: `${verb}: ${what}`, make, damage, expected, file: `damaged-${i}.eml`,
}));

before(async () => {
  await save('body.txt', body);
  await save('message.eml', header + body);
  for (const { digest, form, file } of signed) await save(file, await sign(`-md ${digest}`, form));
  for (const { cipher, transport, form, file } of sealed) {
    await save(file, await encrypt(cipher, transport, form));
  }
  for (const { make, damage, file } of damaged) await save(file, damage(await make()));
});

for (const [place, run] of Object.entries(places)) {
  const work = (tasks) => run('work.js', tasks);

  test(`${place} verifies what openssl signs`, async () => {
    const results = await work(signed.map(({ file }) => ({ verb: 'verify', message: file })));
    for (const [i, { bytes, ...result }] of results.entries()) {
      const row = `${signed[i].digest} ${signed[i].form}`;
      assert.deepEqual(result, { status: 'verified', problems: [] }, row);
      assert.equal(textOf(bytes), body, row);
    }
  });

  test(`${place} decrypts what openssl encrypts`, async () => {
    const results = await work(sealed.map(({ file }) => ({ verb: 'decrypt', message: file })));
    for (const [i, { bytes, ...result }] of results.entries()) {
      const { cipher, transport, form } = sealed[i];
      const row = `${cipher} ${transport} ${form}`;
      const integrity = cipher.endsWith('gcm') ? 'protected' : 'none';
      assert.deepEqual(result, { cipher: cipher.replace('des3', '3des-cbc'), integrity }, row);
      assert.equal(textOf(bytes), body, row);
    }
  });

  test(`openssl verifies what ${place} signs`, async () => {
    const rows = ['detached', 'opaque'].flatMap((form) =>
      ['sha-256', 'sha-384', 'sha-512'].map((digest) => ({ form, digest })),
    );
    const results = await work(rows.map((row) => ({ verb: 'sign', message: 'message.eml', ...row })));
    for (const [i, { bytes, error }] of results.entries()) {
      assert.equal(error, undefined);
      await save('ours.eml', Buffer.from(bytes, 'base64'));
      const shown = await openssl('cms -verify -in ours.eml -CAfile ca.pem -purpose smimesign');
      assert.equal(shown.toString(), body, JSON.stringify(rows[i]));
    }
  });

  test(`openssl decrypts what ${place} encrypts`, async () => {
    const rows = ['aes-128-cbc', 'aes-256-cbc', 'aes-128-gcm', 'aes-256-gcm'].flatMap((cipher) =>
      ['rsaes-pkcs1-v1_5', 'rsaes-oaep'].map((keyTransport) => ({ cipher, keyTransport })),
    );
    const results = await work(rows.map((row) => ({ verb: 'encrypt', message: 'message.eml', ...row })));
    for (const [i, { bytes, error }] of results.entries()) {
      assert.equal(error, undefined);
      await save('ours.eml', Buffer.from(bytes, 'base64'));
      for (const name of ['bob', 'alice']) {
        const shown = await openssl(`cms -decrypt -in ours.eml -recip ${name}.pem -inkey ${name}.key`);
        assert.equal(shown.toString(), body, JSON.stringify(rows[i]));
      }
    }
  });

  test(`openssl reads the P12 files ${place} exports`, async () => {
    const profiles = ['modern', 'compatible'];
    const results = await work(profiles.map((profile) => ({ verb: 'exportP12', password: 'geheim', profile })));
    for (const [i, { bytes, error }] of results.entries()) {
      assert.equal(error, undefined, profiles[i]);
      await save('ours.p12', Buffer.from(bytes, 'base64'));
      const read = (password) => openssl(`pkcs12 -in ours.p12 -nodes -passin pass:${password}`);
      const shown = (await read('geheim')).toString();
      assert.ok(shown.includes('PRIVATE KEY') && shown.includes('alice@example.com'), shown);
      await assert.rejects(read('falsch'));
    }
  });

  test(`${place} says what is wrong with damaged messages, and goes on`, async () => {
    const from = { verify: { from: 'alice@example.com' }, decrypt: {} };
    const good = [
      { verb: 'verify', message: signed[0].file },
      { verb: 'decrypt', message: sealed[0].file },
    ];
    const tasks = damaged.flatMap(({ verb, file }) => [{ verb, message: file, ...from[verb] }, ...good]);
    const results = await work(tasks);
    for (const { what, expected } of damaged) {
      const [found, verified, decrypted] = results.splice(0, 3);
      assert.deepEqual(found, { ...found, ...expected }, what);
      assert.equal(verified.status, 'verified', `after ${what}`);
      assert.equal(textOf(decrypted.bytes), body, `after ${what}`);
    }
  });
}

function textOf(base64) {
  return Buffer.from(base64, 'base64').toString();
}
