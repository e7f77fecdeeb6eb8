// What is in the bytes that come and go, in Chromium: old ciphers, S/MIME under other types, the keys of each
// copy, and files in archives.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { crc32, deflateRawSync } from 'node:zlib';

import { makeMails } from '../support/reading.mjs';
import { issue } from './support/issue.mjs';
import { launchMailer, run } from './support/mailer-page.mjs';

const { chromium, identities, close } = await launchMailer();
const { folder } = identities;
after(close);

const openssl = (options, input) => execFileSync('openssl', options, { cwd: folder, input, stdio: 'pipe' });

before(async () => {
  await makeMails(folder);
  await issue(folder, { name: 'team', addresses: ['team@example.com'] });
  await issue(folder, { name: 'office', addresses: ['office@example.com'] });
  for (const name of ['erin', 'frank']) withRsa(name);
  for (const bits of ['40', '128']) {
    const providers = ['-provider', 'legacy', '-provider', 'default'];
    openssl(['cms', '-encrypt', `-rc2-${bits}`, ...providers, '-in', 'body', '-out', `rc2-${bits}.eml`, 'alice.pem']);
  }
  openssl(['cms', '-encrypt', '-aes256', '-keyid', '-in', 'body', '-out', 'identifier.eml', 'alice.pem']);
  const key = openssl(['pkcs12', '-export', '-inkey', 'alice.key', '-in', 'alice.pem', '-passout', 'pass:secret']);
  writeFileSync(join(folder, 'keys.zip'), zip('mail/alice.p12', key));
  writeFileSync(join(folder, 'streamed.zip'), zip('mail/alice.pfx', key, { isStreamed: true }));
  writeFileSync(join(folder, 'letters.zip'), zip('mail/letter.txt', Buffer.from('Dear Bob, the file is alice.txt. '.repeat(50))));
});

/** Runs a function with the helpers of mailer-page: tab.js, sending.js and reading.js. */
const work = (page, work, ...rest) => {
  const helpers = ['sending', 'reading'].map((name) => `...(await import('/mailer-page/${name}.js'))`);
  return run(page, `async (tab, ...rest) => (${work})({ ...tab, ${helpers.join(', ')} }, ...rest)`, ...rest);
};

test('R5: mail in RC2 opens, and is shown as weakly encrypted', () =>
  chromium.page(async (page) => {
    const found = await work(page, async ({ ready, file, codes }) => {
      const mailer = await ready();
      const found = [];
      for (const bits of [40, 128]) {
        const { view, lock } = await mailer.open({ message: await file(`rc2-${bits}.eml`) });
        found.push([view.bodies[0].text.trim(), lock.code, ...codes(lock.reasons)]);
      }
      return found;
    });
    assert.deepEqual(found, Array(2).fill(['Hello Alice', 'lock/weak', 'cipher/weak', 'cipher/no-integrity']));
  }));

test('R5: signatures and envelopes are no attachments either under types that old gateways give them', () =>
  chromium.page(async (page) => {
    const found = await work(page, async ({ ready, file, base64, text }) => {
      const mailer = await ready();
      const envelope = base64(await file('bare.p7m'));
      const fields = (type) => [
        `Content-Type: ${type}`, 'Content-Transfer-Encoding: base64',
        'Content-Disposition: attachment; filename=smime.p7m', '', envelope,
      ];
      const mailWith = (lines) =>
        new TextEncoder().encode(['From: bob@example.com', 'MIME-Version: 1.0', ...lines, ''].join('\r\n'));
      const inside = (type) => mailWith([
        'Content-Type: multipart/mixed; boundary=b', '', '--b', 'Content-Type: text/plain', '', 'See below', '--b',
        ...fields(type), '--b--',
      ]);
      const names = (parts) => parts.map(({ name }) => name).join();
      const found = {};
      for (const type of ['application/octet-stream', 'application/x-pkcs7-mime', 'application/octet-stream; name=smime.p7m']) {
        const { view } = await mailer.open({ message: inside(type) });
        const whole = await mailer.open({ message: mailWith(fields(type)) });
        found[type] = [names(view.attachments), names(view.smimeParts), text(whole), names(whole.view.attachments)];
      }
      return found;
    });
    for (const [type, parts] of Object.entries(found)) assert.deepEqual(parts, ['', 'smime.p7m', 'Hello Alice', ''], type);
  }));

test('R10: what only the bytes tell is unknown in a mail list, in words too', () =>
  chromium.page(async (page) => {
    const found = await work(page, async ({ ready, label, explain }) => {
      const mailer = await ready();
      const headers = new TextEncoder().encode('Content-Type: application/octet-stream; name=smime.p7m\r\n\r\n');
      const bodyStructure = '("application" "octet-stream" ("name" "smime.p7m") NIL NIL "base64" 99)';
      const found = [];
      for (const given of [{ headers }, { bodyStructure }]) {
        const { verdict } = await mailer.classify(given);
        found.push([verdict.badge, verdict.lock]);
      }
      const words = ['de', 'en'].map((language) => [label('lock/unknown', language), explain({ code: 'lock/unknown' }, language)]);
      return [found, words];
    });
    assert.deepEqual(found[0], Array(2).fill(['badge/unknown', 'lock/unknown']));
    for (const [label, sentence] of found[1]) assert.ok(label && sentence.length > label.length, label);
  }));

test('K6: mail names the certificates it is for, so that the host can count what a key opens', () =>
  chromium.page(async (page) => {
    const found = await work(page, async ({ ready, file }) => {
      const { inspect } = await import('/smime-wasm/index.js');
      const mailer = await ready();
      const [{ id }] = await mailer.identities();
      const { certificate, details } = await mailer.certificate({ id });
      const found = {};
      for (const name of ['encrypted.eml', 'identifier.eml', 'foreign.eml', 'signed.eml', 'hello.eml']) {
        const { layers } = await inspect({ message: await file(name) });
        found[name] = layers.flatMap(({ recipients = [] }) => recipients).map((one) => [
          one.issuer === certificate.issuer && one.serialNumber === certificate.serialNumber,
          one.subjectKeyIdentifier === details.subjectKeyIdentifier,
        ]);
      }
      return found;
    });
    assert.deepEqual(found, {
      'encrypted.eml': [[true, false]],
      'identifier.eml': [[false, true]],
      'foreign.eml': [[false, false]],
      'signed.eml': [],
      'hello.eml': [],
    });
  }));

test('S4: every copy has keys of its own', () =>
  chromium.page(async (page) => {
    const { outgoing, sentCopy } = await work(page, async ({ sender, mail, to, sent }) => {
      const mailer = await sender({ known: ['carol', 'team', 'office'] });
      const message = await mail({ to: to('carol@example.com') });
      return sent(await mailer.protect({ message, bcc: ['team@example.com', 'office@example.com'], encrypt: true }));
    });
    const copies = [...outgoing.map(({ message }) => message), sentCopy];
    const keys = copies.map((message) => contentKey(message).toString('hex'));
    assert.equal(copies.length, 4);
    assert.equal(new Set(keys).size, copies.length, keys.join());
  }));

test('S4: the order of RecipientInfos is theirs, and tells nothing of the order of addresses', () =>
  chromium.page(async (page) => {
    const found = await work(page, async ({ sender, mail, to }) => {
      const { inspect } = await import('/smime-wasm/index.js');
      const names = ['bob', 'erin', 'frank'];
      const mailer = await sender({ known: names });
      const order = async (names) => {
        const message = await mail({ to: to(...names.map((name) => `${name}@example.com`)) });
        const { outgoing } = await mailer.protect({ message, encrypt: true });
        const { layers } = await inspect({ message: outgoing[0].message });
        return layers[0].recipients.map(({ serialNumber, subjectKeyIdentifier }) => serialNumber ?? subjectKeyIdentifier);
      };
      return [await order(names), await order(names.toReversed())];
    });
    assert.equal(new Set(found[0]).size, 4);
    assert.deepEqual(found[0], found[1]);
  }));

test('S11: a private key in a ZIP file stops sending, deflated or streamed', () =>
  chromium.page(async (page) => {
    const found = await work(page, async ({ sender, mail, to, file }) => {
      const mailer = await sender();
      const found = {};
      for (const name of ['keys.zip', 'streamed.zip', 'letters.zip']) {
        const message = await mail({ to: to('bob@example.com'), attachments: [{ name, data: await file(name) }] });
        found[name] = await mailer.protect({ message }).then(() => 'sent', ({ code, details }) => [code, details.name]);
      }
      return found;
    });
    assert.deepEqual(found, {
      'keys.zip': ['refused/private-key', 'keys.zip (mail/alice.p12)'],
      'streamed.zip': ['refused/private-key', 'streamed.zip (mail/alice.pfx)'],
      'letters.zip': 'sent',
    });
  }));

/** Makes a certificate for a key of RSA, whose RecipientInfo has nothing random before the certificate's number. */
function withRsa(name) {
  openssl(['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`]);
  const extensions = ['keyUsage=critical,keyEncipherment', 'extendedKeyUsage=emailProtection', `subjectAltName=email:${name}@example.com`];
  writeFileSync(join(folder, `${name}.ext`), extensions.join('\n'));
  const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-days', '365', '-extfile', `${name}.ext`];
  openssl(['x509', '-req', '-in', `${name}.csr`, ...signing, '-outform', 'DER', '-out', `${name}.der`]);
}

/** The key that a message's content is encrypted with, by Alice's RSA key; nobody else's in it is of RSA. */
function contentKey(message) {
  const text = Buffer.from(message, 'base64').toString('latin1');
  const der = Buffer.from(text.slice(text.indexOf('\r\n\r\n')), 'base64');
  const parsed = openssl(['asn1parse', '-inform', 'DER'], der).toString();
  const wrapped = [...parsed.matchAll(/^ *(\d+):d=\d+ +hl=(\d+) l= *256 prim: OCTET STRING/gm)];
  assert.equal(wrapped.length, 1, parsed);
  const [, at, head] = wrapped[0].map(Number);
  const key = der.subarray(at + head, at + head + 256);
  return openssl(['pkeyutl', '-decrypt', '-inkey', 'alice.key'], key);
}

/** A ZIP file (APPNOTE, 4.3) with one file; streamed, its sizes stand behind it. */
function zip(name, data, { isStreamed } = {}) {
  const packed = deflateRawSync(data);
  const u16 = (...values) => Buffer.from(values.flatMap((value) => [value & 255, value >> 8]));
  const u32 = (...values) => Buffer.concat(values.map((value) => u16(value & 0xffff, value >>> 16)));
  const sizes = u32(crc32(data), packed.length, data.length);
  const [version, flags, deflated, time, date] = [20, isStreamed ? 8 : 0, 8, 0, 0x5b76];
  const common = u16(version, flags, deflated, time, date);
  const before = isStreamed ? u32(0, 0, 0) : sizes;
  const local = [u32(0x04034b50), common, before, u16(name.length, 0), Buffer.from(name), packed];
  const file = Buffer.concat(isStreamed ? [...local, u32(0x08074b50), sizes] : local);
  const entry = [u32(0x02014b50), u16(version), common, sizes, u16(name.length, 0, 0, 0, 0), u32(0, 0), Buffer.from(name)];
  const directory = Buffer.concat(entry);
  const end = Buffer.concat([u32(0x06054b50), u16(0, 0, 1, 1), u32(directory.length, file.length), u16(0)]);
  return Buffer.concat([file, directory, end]);
}
