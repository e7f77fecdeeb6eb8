// Every example of the README does what the text around it says.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { makeAuthority, serveAuthority } from '../support/authority.mjs';
import { makeIdentities } from '../support/identities.mjs';
import { launch } from './support/chromium.mjs';

const identities = await makeIdentities();
const authority = await makeAuthority();
const server = await serveAuthority(authority);
const folder = await mkdtemp(join(tmpdir(), 'smime-wasm-readme-'));
const chromium = await launch({ folders: { '/files/': identities.folder + '/', '/readme/': folder + '/' } });
after(async () => {
  await chromium.close();
  await server.close();
  await identities.remove();
  await authority.remove();
  await rm(folder, { recursive: true });
});

before(async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const examples = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code);
  assert.equal(examples.length, 7, 'an example without a test, or a test without its example');
  for (const [index, code] of examples.entries()) {
    // The page has no bundler.
    const served = code
      .replace(/'smime-wasm\/(\w+)'/g, "'/smime-wasm/$1.js'")
      .replaceAll("'smime-wasm'", "'/smime-wasm/index.js'")
      .replaceAll('`/relay', `\`${server.origin}/relay`);
    await writeFile(join(folder, `${index}.js`), served);
  }
});

test('a mailer imports keys, tells who is ready, sends and reads', () =>
  chromium.page(async (page) => {
    const found = await page.evaluate(async () => {
      const { parseCertificates } = await import('/smime-wasm/index.js');
      const { start, importKeys, unready, send, read } = await import('/readme/0.js');
      const file = async (name) => (await fetch(`/files/${name}`)).blob();
      const trustAnchors = await parseCertificates({ data: await file('ca.pem') });
      const open = async (name) => {
        const address = `${name}@example.com`;
        const mailer = await start({ id: name, address }, trustAnchors);
        const [{ identities }] = await importKeys(mailer, [await file(`${name}.p12`)], 'secret', `key of ${name}`);
        return { mailer, address, identities };
      };
      const [alice, bob] = [await open('alice'), await open('bob')];
      const write = (from, to, encrypt) =>
        send(from.mailer, { from: from.address, to: [to.address], bcc: [], subject: 'Angebot', text: 'Guten Tag' }, encrypt);
      const before = await unready(alice.mailer, alice.address, [bob.address]);
      const { outgoing: [{ message: signed }] } = await write(bob, alice, false);
      const first = await read(alice.mailer, signed, alice.address, new Date());
      const after = await unready(alice.mailer, alice.address, [bob.address]);
      const { outgoing: [{ message }] } = await write(alice, bob, true);
      const answer = await read(bob.mailer, message, bob.address, new Date());
      return { before, badge: first.badge, after, answer: { ...answer, view: answer.view.bodies[0].text.trim() } };
    });
    assert.match(found.before.join(), /^bob@example\.com: .*Zertifikat/);
    assert.deepEqual(found.after, []);
    const { badge, lock, reasons, view, locked } = found.answer;
    assert.equal(badge, found.badge);
    assert.deepEqual([reasons, view, locked], [[], 'Guten Tag', []]);
    assert.match(badge, /signiert/i);
    assert.match(lock, /verschlüsselt/i);
  }));

test('a mail is signed and encrypted, and read again', () =>
  chromium.page(async (page) => {
    const found = await page.evaluate(async () => {
      const { importP12, parseCertificates } = await import('/smime-wasm/index.js');
      const { write, read } = await import('/readme/1.js');
      const file = async (name) => (await fetch(`/files/${name}`)).blob();
      const [bob] = await parseCertificates({ data: await file('bob.pem') });
      const trustAnchors = await parseCertificates({ data: await file('ca.pem') });
      const { outgoing: [{ message: mail }] } = await write(await file('alice.p12'), 'secret', bob);
      const { identities } = await importP12({ data: await file('bob.p12'), password: 'secret' });
      return read(mail, identities, trustAnchors);
    });
    assert.equal(found.status, 'verified');
    assert.equal(found.encryption, 'protected');
    assert.deepEqual(found.reasons, []);
    assert.match(found.texts.join(), /anbei das Angebot/);
    assert.equal(found.error, undefined);
  }));

test('a mail is answered, and what was hidden stays so', () =>
  chromium.page(async (page) => {
    const found = await page.evaluate(async () => {
      const { encrypt, importP12, openMessage, parseCertificates } = await import('/smime-wasm/index.js');
      const { reply } = await import('/readme/2.js');
      const file = async (name) => (await fetch(`/files/${name}`)).blob();
      const certificates = async (name) => parseCertificates({ data: await file(name) });
      const identity = async (name) => (await importP12({ data: await file(name), password: 'secret' })).identities[0];
      const [alice, bob] = [await identity('alice.p12'), await identity('bob.p12')];
      const text = 'From: alice@example.com\r\nTo: bob@example.com\r\nSubject: Gehalt\r\n\r\nHallo\r\n';
      const message = await encrypt({
        message: new TextEncoder().encode(text),
        recipients: await certificates('bob.pem'),
        cipher: 'aes-256-gcm',
        protectHeaders: 'baseline',
      });
      const opened = await openMessage({ message, identities: [bob] });
      const recipients = [alice.certificate, bob.certificate];
      const { outgoing, sentCopy } = await reply(opened, bob, recipients, [{ address: 'bob@example.com' }]);
      const answer = await openMessage({ message: outgoing[0].message, identities: [alice] });
      const field = ({ headers }, name) => headers.find((header) => header.name === name);
      const { value, outer } = field(answer, 'Subject');
      return {
        envelopes: outgoing.map(({ envelope }) => envelope.to),
        subject: [value, outer],
        bcc: [field(answer, 'Bcc')?.value ?? 'none', field(await openMessage({ message: sentCopy, identities: [bob] }), 'Bcc')?.value],
        text: answer.view.bodies[0].text,
      };
    });
    assert.deepEqual(found.envelopes, [['alice@example.com'], ['bob@example.com']]);
    assert.deepEqual(found.subject, ['Re: Gehalt', '[...]']);
    assert.equal(found.bcc[0], 'none');
    assert.match(found.bcc[1], /bob@example\.com/);
    assert.match(found.text, /Ja![^]*> Hallo/);
  }));

test('a key is kept in the store and unlocked', () =>
  chromium.page(async (page) => {
    const found = await page.evaluate(async () => {
      const { sign } = await import('/smime-wasm/index.js');
      const { keep, unlock } = await import('/readme/3.js');
      const file = await (await fetch('/files/alice.p12')).blob();
      const store = await keep(file, 'secret', 'correct horse');
      const identity = await unlock(store, 'alice@example.com', 'correct horse');
      const message = new TextEncoder().encode('From: alice@example.com\r\n\r\nHello\r\n');
      const signed = await sign({ message, signers: [identity] });
      const wrong = await unlock(store, 'alice@example.com', 'wrong').catch(({ code }) => code);
      return { signed: signed.length, wrong };
    });
    assert.ok(found.signed > 1000);
    assert.equal(found.wrong, 'store/wrong-passphrase');
  }));

test('a mail is verified with what a relay fetches', () =>
  chromium.page(async (page) => {
    // The relay is a server of its own here, which the page's policy forbids.
    await page.setBypassCSP(true);
    await page.reload();
    const { 'root.der': root, 'mallory.p12': p12 } = await authority.all();
    const found = await page.evaluate(async (root, p12) => {
      const { importP12, sign } = await import('/smime-wasm/index.js');
      const { openStore } = await import('/smime-wasm/store.js');
      const { verifyOnline } = await import('/readme/4.js');
      const data = new Uint8Array(p12);
      const { identities: signers } = await importP12({ data, password: 'secret' });
      const text = new TextEncoder().encode('From: mallory@example.com\r\n\r\nHello\r\n');
      const message = await sign({ message: text, signers, include: 'certificate' });
      return verifyOnline(message, [new Uint8Array(root)], await openStore());
    }, [...root], [...p12]);
    assert.deepEqual(found, { status: 'unverified', revocation: ['revoked'] });
  }));

test('a wrong password is told by its code', () =>
  chromium.page(async (page) => {
    const found = await page.evaluate(async () => {
      const { tryPassword } = await import('/readme/5.js');
      const data = await (await fetch('/files/alice.p12')).blob();
      const damaged = await tryPassword(new Uint8Array([1, 2, 3]), 'secret').catch(({ code }) => code);
      return [await tryPassword(data, 'wrong'), (await tryPassword(data, 'secret')).identities.length, damaged];
    });
    assert.deepEqual(found, [null, 1, 'malformed/p12']);
  }));

test('reasons are sentences', () =>
  chromium.page(async (page) => {
    const found = await page.evaluate(async () => {
      const { importP12, parseCertificates, sign, verify } = await import('/smime-wasm/index.js');
      const { reasonsFor } = await import('/readme/6.js');
      const data = await (await fetch('/files/alice.p12')).blob();
      const { identities: signers } = await importP12({ data, password: 'secret' });
      const message = new TextEncoder().encode('From: eve@example.com\r\n\r\nHello\r\n');
      const trustAnchors = await parseCertificates({ data: await (await fetch('/files/ca.pem')).blob() });
      const result = await verify({ message: await sign({ message, signers }), trustAnchors });
      return reasonsFor(result, 'de');
    });
    assert.equal(found.length, 1);
    assert.match(found[0], /^Die Absenderadresse eve@example\.com .* für alice@example\.com gilt\. Die Mail kann/);
  }));
