// What is kept of an answer about revocation, in Chromium: in the store when a mail is opened, and in the
// evidence that is archived with it. The authority is OpenSSL's (tests/support/authority.mjs).

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { makeAuthority, whatIsAt } from '../support/authority.mjs';
import { launchMailer, run } from './support/mailer-page.mjs';

const authority = await makeAuthority();
const { chromium, close } = await launchMailer({ folders: { '/authority/': authority.folder + '/' } });
after(async () => {
  await close();
  await authority.remove();
});

const made = (name) => readFile(join(authority.folder, name));

/** A page whose `askAuthority` fetches what is at an address, and what it answered, by address. */
async function withAuthority(page) {
  const answers = {};
  await page.exposeFunction('askAuthority', async (url, body) => {
    answers[url] = await whatIsAt(authority.folder, url, Buffer.from(body, 'base64'));
    return answers[url].toString('base64');
  });
  return answers;
}

/**
 * Runs a function with `mailBy`, which makes a signed mail of somebody's, and with `online`: options of a mailer
 * that asks the authority, but nothing at addresses that have a word in them.
 */
const work = (page, work, ...rest) =>
  run(page, `async (tab, ...rest) => {
    const { base64 } = await import('/mailer-page/sending.js');
    const { importP12, sign } = await import('/smime-wasm/index.js');
    const authorityFile = async (name) => new Uint8Array(await (await fetch('/authority/' + name)).arrayBuffer());
    const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const mailBy = async (name) => {
      const { identities: signers } = await importP12({ data: await authorityFile(name + '.p12'), password: 'secret' });
      const lines = ['From: ' + name + '@example.com', 'To: alice@example.com', 'Content-Type: text/plain', '', 'Hello', ''];
      return sign({ message: new TextEncoder().encode(lines.join('\\r\\n')), signers });
    };
    const online = async (but) => ({
      accounts: tab.accounts,
      trustAnchors: [await authorityFile('root.der')],
      policy: { onlineValidation: { value: true }, trustWithoutAnswer: { value: false } },
      fetch: async (url, { body }) => (url.includes(but) ? null : bytes(await askAuthority(url, base64(body ?? [])))),
    });
    return (${work})({ ...tab, base64, authorityFile, mailBy, online }, ...rest);
  }`, ...rest);

test('R4: what the issuer said is stored with its time, and is there when the mailer is opened again', () =>
  chromium.page(async (page) => {
    await withAuthority(page);
    const found = await work(page, async ({ openMailer, authorityFile, mailBy, online }) => {
      const began = Date.now();
      const mailer = await openMailer(await online('nothing'));
      await mailer.importCertificates({ data: await authorityFile('mallory.der') });
      for (const name of ['grace', 'mallory']) await mailer.open({ message: await mailBy(name) });
      mailer.close();
      const { fetch, ...offline } = await online();
      const again = await openMailer(offline);
      const stored = [];
      for (const name of ['grace', 'mallory']) {
        const { entries } = await again.certificates({ address: `${name}@example.com` });
        stored.push(entries.map(({ revocation: { status, checked } }) => [status, checked >= began && checked <= Date.now()]));
      }
      return stored;
    });
    assert.deepEqual(found, [[['good', true]], [['revoked', true]]]);
  }));

for (const [kind, but] of [['OCSP responses', 'nothing'], ['CRLs alone', 'ocsp']]) {
  test(`R6: the evidence has the signed entity byte for byte, the chain, times, and ${kind}`, () =>
    chromium.page(async (page) => {
      const answers = await withAuthority(page);
      const found = await work(page, async (tab, but) => {
        const { openMailer, storeAlice, passphrase, certificateOf, mailBy, online, base64 } = tab;
        const { encrypt } = await import('/smime-wasm/index.js');
        await storeAlice();
        const mailer = await openMailer(await online(but));
        await mailer.unlock({ passphrase });
        const signed = await mailBy('grace');
        const recipients = [await certificateOf('alice')];
        const message = await encrypt({ message: signed.slice(), recipients, cipher: 'aes-256-gcm' });
        const receivedAt = new Date();
        const { evidence } = await mailer.archive({ message, receivedAt });
        mailer.close();

        const { fetch, ...offline } = await online();
        const later = await openMailer(offline);
        const now = new Date(Date.now() + 400 * 86_400_000);
        const check = async (evidence) => {
          const { badge, signatures, isGenuine, ...times } = await later.checkArchived({ evidence, now });
          return [badge.code, signatures[0].revocation, isGenuine ?? null, times.receivedAt - receivedAt];
        };
        const { checkedAt } = await later.checkArchived({ evidence });
        const genuine = await check(evidence);
        await later.lock();
        return {
          signed: base64(signed),
          evidence: base64(evidence),
          genuine,
          locked: await check(evidence),
          wasNow: Math.abs(checkedAt - Date.now()) < 600_000,
        };
      }, but);

      const [evidence, signed] = [found.evidence, found.signed].map((text) => Buffer.from(text, 'base64'));
      const entity = signed.subarray(signed.indexOf('\r\n\r\n') + 4);
      assert.ok(entity.includes('Hello') && evidence.includes(entity), 'the signed entity');
      for (const name of ['grace.der', 'issuer.der']) assert.ok(evidence.includes(await made(name)), name);
      const said = Object.entries(answers).filter(([url]) => url.includes(but === 'ocsp' ? 'crl' : 'ocsp'));
      assert.ok(said.length > 0, Object.keys(answers).join());
      for (const [url, answer] of said) assert.ok(evidence.includes(answer), url);
      assert.deepEqual(found.genuine, ['badge/verified', 'good', true, 0]);
      assert.deepEqual(found.locked, ['badge/verified', 'good', null, 0]);
      assert.ok(found.wasNow);
    }));
}
