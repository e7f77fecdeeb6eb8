// What the list of features promises beside what the other files show, in Chromium.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';

import { makeMails } from '../support/reading.mjs';
import { launchMailer, run } from './support/mailer-page.mjs';

const { chromium, identities, close } = await launchMailer();
after(close);
await makeMails(identities.folder);

const DAY = 86_400_000;
const keytool = '/usr/bin/keytool';

/** Runs a function with the helpers of mailer-page: tab.js, sending.js and reading.js. */
const work = (page, work, ...rest) => {
  const helpers = ['sending', 'reading'].map((name) => `...(await import('/mailer-page/${name}.js'))`);
  return run(page, `async (tab, ...rest) => (${work})({ ...tab, ${helpers.join(', ')} }, ...rest)`, ...rest);
};

test('K1: a keystore of Java with two identities', { skip: !existsSync(keytool) && 'keytool is not installed' }, async () => {
  const store = join(identities.folder, 'java.p12');
  for (const name of ['alice', 'bob']) {
    await promisify(execFile)(keytool, [
      '-genkeypair', '-alias', name, '-keyalg', 'RSA', '-dname', `CN=${name}`, '-ext', `SAN=email:${name}@example.com`,
      '-storetype', 'PKCS12', '-keystore', store, '-storepass', 'secret',
    ]);
  }
  await chromium.page(async (page) => {
    const found = await work(page, async ({ aliceMailer, file, codes, passphrase }) => {
      const mailer = await aliceMailer();
      const files = [{ data: await file('java.p12'), password: 'secret' }];
      const [{ identities, error }] = await mailer.importP12({ files, seal: { passphrase } });
      const { unlocked } = await mailer.unlock({ passphrase });
      const all = identities.map(({ addresses, problems }) => [addresses[0], codes(problems).sort()]);
      return [error?.code ?? null, unlocked.length, all.sort()];
    });
    assert.deepEqual(found, [null, 2, [
      ['alice@example.com', ['import/untrusted']],
      ['bob@example.com', ['import/no-account', 'import/untrusted']],
    ]]);
  });
});

test('K1: what belongs to no account is usable once there is the account', () =>
  chromium.page(async (page) => {
    const found = await work(page, async ({ aliceMailer, file, codes, passphrase }) => {
      let mailer = await aliceMailer();
      const files = [{ data: await file('bob.p12'), password: 'secret' }];
      const [{ identities }] = await mailer.importP12({ files, seal: { passphrase } });
      mailer.close();
      mailer = await aliceMailer({ accounts: [{ address: 'alice@example.com' }, { address: 'bob@example.com' }] });
      const { sender, canSign, sign } = await mailer.recipients({ from: 'bob@example.com' });
      return [codes(identities[0].problems), sender.own.length, canSign, sign];
    });
    assert.deepEqual(found, [['import/no-account'], 1, true, true]);
  }));

test('K4: a certificate that somebody attached to a mail (K5) is taken from there', () =>
  chromium.page(async (page) => {
    const found = await work(page, async ({ ready, openMailer, mail, to, codes }) => {
      const mailer = await ready();
      const [{ id }] = await mailer.identities();
      const attachments = [];
      for (const format of ['der', 'pem', 'p7b']) {
        attachments.push({ name: `alice.${format}`, data: await mailer.exportCertificate({ id, format }) });
      }
      const message = await mail({ to: to('bob@example.com'), attachments });
      const { outgoing } = await mailer.protect({ message });
      const other = await openMailer({ accounts: [{ address: 'bob@example.com' }], database: 'bob', trustAnchors: [] });
      const { view } = await other.open({ message: outgoing[0].message });
      const taken = [];
      for (const attachment of view.attachments) {
        const imported = await other.importCertificates({ data: await attachment.data(), origin: 'attachment' });
        taken.push([attachment.name, ...imported.map(({ entry, isNew }) => `${entry.name} ${isNew}`)]);
      }
      const { entries } = await other.certificates({ address: 'alice@example.com' });
      return [taken, entries.map(({ isOwn, origin }) => [isOwn, origin]), codes(other.problems).includes('store/vanished')];
    });
    assert.deepEqual(found[0].map(([name]) => name), ['alice.der', 'alice.pem', 'alice.p7b']);
    assert.ok(found[0].every((taken) => taken.some((one) => one.startsWith('alice '))));
    assert.deepEqual(found.slice(1), [[[false, 'attachment']], false]);
  }));

test('K6: an own key that expired or was revoked opens mail and never signs', () =>
  chromium.page(async (page) => {
    const crl = [...(await revocationOf('alice'))];
    const found = await work(page, async ({ ready, file, mail, to, text, code }, crl, later) => {
      const mailer = await ready();
      const message = await mail({ to: to('bob@example.com') });
      const now = new Date(Date.now() + later);
      const reason = (promise) => promise.then(() => 'signed', ({ code, details }) => [code, details.reason]);
      const expired = [
        await reason(mailer.protect({ message, sign: true, now })),
        text(await mailer.open({ message: await file('encrypted.eml'), now })),
      ];
      const before = await reason(mailer.protect({ message, sign: true }));
      const [{ id }] = await mailer.identities();
      const { state } = await mailer.checkCertificate({ id, online: false, crls: [new Uint8Array(crl)] });
      const revoked = [
        await reason(mailer.protect({ message, sign: true })),
        text(await mailer.open({ message: await file('encrypted.eml') })),
        await code(mailer.exportP12({ id, password: 'x' })),
      ];
      return { expired, before, state, revoked };
    }, crl, 400 * DAY);
    assert.deepEqual(found, {
      expired: [['refused/sender', 'sender/expired'], 'Hello Alice'],
      before: 'signed',
      state: 'revoked',
      revoked: [['refused/sender', 'sender/revoked'], 'Hello Alice', 'done'],
    });
  }));

test('R4: a certificate counts that was valid when the mail arrived', () =>
  chromium.page(async (page) => {
    const found = await work(page, async ({ ready, file, codes }, later) => {
      const mailer = await ready();
      const message = await file('signed.eml');
      const now = new Date(Date.now() + later);
      const state = ({ badge }) => [badge.code, codes(badge.reasons)];
      return [
        state(await mailer.open({ message, now })),
        state(await mailer.open({ message, now, receivedAt: new Date() })),
        state(await mailer.open({ message, receivedAt: new Date(Date.now() - later) })),
      ];
    }, 400 * DAY);
    assert.deepEqual(found.map(([code]) => code), ['badge/not-verified', 'badge/verified', 'badge/not-verified']);
    assert.ok(found[0][1].includes('path/expired') && found[2][1].includes('path/not-yet-valid'), JSON.stringify(found));
  }));

test('R7: bare files open with keys that expired long ago, in DER and in base64', () =>
  chromium.page(async (page) => {
    const found = await work(page, async ({ ready, storeIdentity, file, text, passphrase }) => {
      await storeIdentity('old.p12', passphrase);
      const mailer = await ready();
      const mail = new TextDecoder().decode(await file('old.eml'));
      const base64 = mail.slice(mail.search(/\r?\n\r?\n/)).replace(/\s/g, '');
      const der = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const pem = new TextEncoder().encode(`-----BEGIN PKCS7-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END PKCS7-----\n`);
      return [text(await mailer.open({ message: der })), text(await mailer.open({ message: pem }))];
    });
    assert.deepEqual(found, ['Hello Alice', 'Hello Alice']);
  }));

test('S9: of mail that comes it is said which fields are protected', () =>
  chromium.page(async (page) => {
    const found = await work(page, async ({ ready, mail, to, file }) => {
      const mailer = await ready();
      const subject = async (message) => (await mailer.open({ message })).headers.find(({ name }) => name === 'Subject').protection;
      const own = await mailer.protect({ message: await mail({ to: to('bob@example.com') }), sign: true });
      return [await subject(await file('signed.eml')), await subject(own.outgoing[0].message)];
    });
    assert.deepEqual(found, ['none', 'signed']);
  }));

/** A CRL of the CA that revokes somebody. */
async function revocationOf(name) {
  const script = `
    openssl ca -config ca.cnf -revoke ${name}.pem -crl_reason superseded
    openssl ca -config ca.cnf -gencrl -crldays 7 | openssl crl -outform DER -out ${name}.crl`;
  await promisify(execFile)('sh', ['-ec', script], { cwd: identities.folder });
  return (await identities.all())[`${name}.crl`];
}
