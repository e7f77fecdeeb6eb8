// What the list of features promises beside what the other files show, in Chromium.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';

import { makeMails } from '../support/reading.mjs';
import { issue } from './support/issue.mjs';
import { launchMailer, run } from './support/mailer-page.mjs';

const { chromium, identities, close } = await launchMailer();
const { folder } = identities;
after(close);
await makeMails(folder);

const DAY = 86_400_000;
const keytool = '/usr/bin/keytool';

/** Runs a function with the helpers of mailer-page: tab.js, sending.js and reading.js. */
const work = (page, work, ...rest) => {
  const helpers = ['sending', 'reading'].map((name) => `...(await import('/mailer-page/${name}.js'))`);
  return run(page, `async (tab, ...rest) => (${work})({ ...tab, ${helpers.join(', ')} }, ...rest)`, ...rest);
};

test('K1: a keystore of Java with two identities', { skip: !existsSync(keytool) && 'keytool is not installed' }, async () => {
  const store = join(folder, 'java.p12');
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

test('K4: what an assigned gateway signs is not verified, though mail is encrypted to it', () =>
  chromium.page(async (page) => {
    await issue(folder, { name: 'gateway', addresses: ['gateway@partner.example'], isSelfSigned: true });
    const found = await work(page, async ({ ready, file, mailBy }) => {
      const mailer = await ready({ harvest: 'always' });
      const look = async (address) => {
        const { badge, learned } = await mailer.open({ message: await mailBy('gateway', address) });
        const { recipients: [{ isReady }] } = await mailer.recipients({ from: 'alice@example.com', to: [address] });
        return [isReady, badge.code, learned.length];
      };
      const [{ entry: { id } }] = await mailer.importCertificates({
        data: await file('gateway.der'),
        assign: { domains: ['partner.example'] },
      });
      const assigned = [await look('anybody@partner.example'), await look('gateway@partner.example')];
      await mailer.setTrust({ id, trust: 'trusted' });
      return [...assigned, await look('gateway@partner.example')];
    });
    assert.deepEqual(found, [
      [true, 'badge/not-verified', 0],
      [true, 'badge/not-verified', 0],
      [true, 'badge/verified', 1],
    ]);
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

test('K8: whom the issuer checked is said in words, and “Klasse” only where the certificate says it', () =>
  chromium.page(async (page) => {
    const policy = (level) => ({ extensions: [`certificatePolicies=2.23.140.1.5.${level}.2`] });
    const made = {
      mailbox: policy(1),
      organization: policy(2),
      sponsor: policy(3),
      individual: policy(4),
      claimed: { subject: '/O=claimed' },
      silent: {},
      subject: { subject: '/OU=Klasse 2' },
      named: {
        extensions: ['certificatePolicies=@named', '[named]', 'policyIdentifier=2.23.140.1.5.1.2', 'CPS=https://example.com/class-1'],
      },
    };
    for (const [name, options] of Object.entries(made)) {
      await issue(folder, { name, addresses: [`${name}@example.com`], ...options });
    }
    const said = await work(page, async ({ aliceMailer, file }, names) => {
      const { explainValidation } = await import('/smime-wasm/texts.js');
      const mailer = await aliceMailer();
      const said = {};
      for (const name of names) {
        await mailer.importCertificates({ data: await file(`${name}.der`) });
        const { entries: [{ id }] } = await mailer.certificates({ address: `${name}@example.com` });
        const { details } = await mailer.certificate({ id });
        said[name] = ['de', 'en'].map((language) => explainValidation(details, language));
      }
      return said;
    }, Object.keys(made));
    const words = {
      mailbox: [/Adresse ankommen, nicht aber, wer sie liest/, /address arrives, but not who reads it/],
      organization: [/die Organisation geprüft, nicht aber eine einzelne Person/, /the organization, but no single person/],
      sponsor: [/Organisation geprüft, und sie steht für die Person ein/, /organization, which vouches for the person/],
      individual: [/hat die Person geprüft/, /checked the person/],
      claimed: [/die Organisation geprüft.*folgt aus den Angaben/, /the organization.*follows from what stands/],
      silent: [/sagt das Zertifikat nicht/, /does not say whom/],
      subject: [/sagt das Zertifikat nicht.*„Klasse 2“/, /does not say whom.*“Klasse 2”/],
      named: [/wer sie liest.*class-1“ \(Klasse 1\)/, /who reads it.*class-1” \(class 1\)/],
    };
    for (const [name, [german, english]] of Object.entries(said)) {
      assert.match(german, words[name][0]);
      assert.match(english, words[name][1]);
      assert.match(german, /\. Signatur und Verschlüsselung sind bei jeder Stufe gleich stark\.$/);
      assert.match(english, /\. Signatures and encryption are equally strong at every level\.$/);
      const namesClass = ['subject', 'named'].includes(name);
      assert.equal(/klasse|class/i.test(german + english), namesClass, german);
    }
  }));

test('K9: one’s own certificate and an intermediate authority are trusted by hand, and that is taken back', () =>
  chromium.page(async (page) => {
    await issue(folder, { name: 'below', isAuthority: true });
    await issue(folder, { name: 'frank', addresses: ['frank@example.com'], issuer: 'below' });
    await issue(folder, { name: 'self', addresses: ['alice@example.com'], isSelfSigned: true });
    const found = await work(page, async ({ openMailer, storeIdentity, file, accounts, passphrase, mailBy }) => {
      const own = await storeIdentity('self.p12', passphrase);
      // No authority is known here.
      const mailer = await openMailer({ accounts, trustAnchors: [] });
      await mailer.unlock({ passphrase });
      const [{ entry: { id: below } }] = await mailer.importCertificates({ data: await file('below.der') });
      await mailer.importCertificates({ data: await file('frank.der') });
      const look = async () => {
        const { sign, encrypt, recipients } = await mailer.recipients({ from: 'alice@example.com', to: ['frank@example.com'] });
        const { badge } = await mailer.open({ message: await mailBy('frank', 'frank@example.com') });
        return [sign, recipients[0].isReady, encrypt, badge.code];
      };
      const states = [await look()];
      for (const [id, trust] of [[own, 'trusted'], [below, 'trusted'], [below, 'automatic']]) {
        await mailer.setTrust({ id, trust });
        states.push(await look());
      }
      return states;
    });
    assert.deepEqual(found, [
      [false, false, false, 'badge/not-verified'],
      [true, false, false, 'badge/not-verified'],
      [true, true, true, 'badge/verified'],
      [true, false, false, 'badge/not-verified'],
    ]);
  }));

test('K9: an authority that is trusted for a domain counts there alone, for mail that comes and goes', () =>
  chromium.page(async (page) => {
    await issue(folder, { name: 'company', isAuthority: true, isSelfSigned: true });
    const addresses = ['erik@company.example', 'erik@elsewhere.example'];
    for (const address of addresses) await issue(folder, { name: address, addresses: [address], issuer: 'company' });
    const found = await work(page, async ({ ready, file, codes, mailBy }, addresses) => {
      const mailer = await ready();
      const [{ entry: { id } }] = await mailer.importCertificates({ data: await file('company.der') });
      await mailer.setTrust({ id, trust: 'trusted', domains: ['company.example'] });
      const states = [];
      for (const address of addresses) {
        await mailer.importCertificates({ data: await file(`${address}.der`) });
        const { badge } = await mailer.open({ message: await mailBy(address, address) });
        const { recipients: [{ isReady, problems }] } = await mailer.recipients({ from: 'alice@example.com', to: [address] });
        states.push([badge.code, ...codes(badge.reasons), isReady, ...codes(problems)]);
      }
      return states;
    }, addresses);
    assert.deepEqual(found, [
      ['badge/verified', true],
      ['badge/not-verified', 'path/anchor-address', false, 'recipient/untrusted'],
    ]);
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
  await promisify(execFile)('sh', ['-ec', script], { cwd: folder });
  return (await identities.all())[`${name}.crl`];
}
