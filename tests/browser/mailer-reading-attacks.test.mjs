// What senders and servers try with mail that is read, and what the mailer makes of it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { makeAuthority, serveAuthority } from '../support/authority.mjs';
import { issue } from './support/issue.mjs';
import { launchMailer, run } from './support/mailer-page.mjs';

const { chromium, identities, close } = await launchMailer();
const { folder } = identities;
const authority = await makeAuthority();
const server = await serveAuthority(authority);
after(async () => {
  await close();
  await server.close();
  await authority.remove();
});

before(async () => {
  await issue(folder, { name: 'bob-before', addresses: ['bob@example.com'], from: -50 });
  await issue(folder, { name: 'bob-new', addresses: ['bob@example.com'] });
  await issue(folder, { name: 'mallory', addresses: ['mallory@example.com', 'bob@example.com'] });
  await issue(folder, { name: 'mallory-signing', addresses: ['mallory@example.com', 'bob@example.com'], usage: 'digitalSignature' });
  await issue(folder, { name: 'bob-by-mallory', addresses: ['bob@example.com'], usage: 'keyAgreement' });
  await issue(folder, { name: 'archive', addresses: ['archive@example.com'] });
  await issue(folder, { name: 'bob-expired', addresses: ['bob@example.com'], from: -9, until: -1, isSelfSigned: true });
  for (let i = 0; i < 7; i++) {
    await issue(folder, { name: `flood-${i}`, addresses: ['bob@example.com'], isSelfSigned: true });
  }
});

/** Runs a function on a page with `sending.js` and a few helpers beside `tab.js`. */
const attack = (page, work, ...rest) =>
  run(
    page,
    `async (tab, ...rest) => {
      const verbs = await import('/smime-wasm/index.js');
      const sending = await import('/mailer-page/sending.js');
      const signedBy = async (name, from, options) => {
        const { identities: signers } = await verbs.importP12({ data: await tab.file(name + '.p12'), password: 'secret' });
        const message = new TextEncoder().encode('From: ' + from + '\\r\\nTo: alice@example.com\\r\\nSubject: x\\r\\n\\r\\nHello\\r\\n');
        return verbs.sign({ message, signers, ...options });
      };
      const certificate = async (name) => (await verbs.parseCertificates({ data: await tab.file(name + '.der') }))[0];
      const chosen = async (mailer, address) => {
        const { recipients: [one] } = await mailer.recipients({ from: 'alice@example.com', to: [address] });
        return one.certificates.map(({ certificate }) => certificate.subject);
      };
      return (${work})({ ...tab, ...sending, verbs, signedBy, certificate, chosen }, ...rest);
    }`,
    ...rest,
  );

test('R2: who has somebody else’s address in the certificate too does not take their place', () =>
  chromium.page(async (page) => {
    const found = await attack(page, async ({ sender, signedBy, certificate, chosen }) => {
      const mailer = await sender({ known: ['bob-before'] });
      const mails = [
        await signedBy('mallory', 'mallory@example.com'),
        await signedBy('mallory-signing', 'mallory@example.com', { encryptionCertificate: await certificate('bob-by-mallory') }),
      ];
      const seen = [];
      for (const message of mails) {
        const { badge, learned, offered } = await mailer.open({ message });
        seen.push([badge.code, learned.length, offered.map(({ isChanged }) => isChanged)]);
      }
      return { seen, bob: await chosen(mailer, 'bob@example.com') };
    });
    assert.deepEqual(found.seen, [['badge/verified', 0, [true]], ['badge/verified', 0, [true]]]);
    assert.deepEqual(found.bob, ['CN=bob-before']);
  }));

test('R2: whoever sends many certificates for somebody fills no store, and pushes nothing out', () =>
  chromium.page(async (page) => {
    const found = await attack(page, async ({ sender, signedBy, codes }) => {
      const mailer = await sender({ policy: { harvest: { value: 'always' } } });
      const from = (name) => signedBy(name, 'bob@example.com');
      const seen = [];
      for (let i = 0; i < 7; i++) {
        const { learned, offered, problems } = await mailer.open({ message: await from(`flood-${i}`) });
        seen.push([learned.length, offered.length, ...codes(problems).filter((code) => code.startsWith('store/'))].join(' '));
      }
      const stored = (await mailer.certificates({ address: 'bob@example.com' })).total;
      const again = await mailer.open({ message: await from('flood-0') });
      const left = (await mailer.open({ message: await from('flood-6') })).offered[0].reasons;
      const genuine = await mailer.open({ message: await from('bob-new') });
      return { seen, stored, genuine: genuine.learned[0].news, again: again.offered.length, left: codes(left) };
    });
    assert.deepEqual(found.seen, [...Array(5).fill('1 0'), ...Array(2).fill('0 1 store/too-many-certificates')]);
    assert.equal(found.stored, 5);
    assert.ok(found.genuine.includes('certificate'), 'one that is trusted is kept all the same');
    assert.equal(found.again, 0);
    assert.deepEqual(found.left, ['path/unknown-issuer']);
  }));

test('R2: what has expired is not offered', () =>
  chromium.page(async (page) => {
    const found = await attack(page, async ({ sender, signedBy }) => {
      const mailer = await sender();
      const then = new Date(Date.now() - 4 * 86_400_000);
      const old = await signedBy('bob-expired', 'bob@example.com', { now: then });
      const offered = async (message, options) => (await mailer.open({ message, ...options })).offered.length;
      return [await offered(old, { receivedAt: then }), await offered(await signedBy('flood-0', 'bob@example.com'))];
    });
    assert.deepEqual(found, [0, 1]);
  }));

test('R2: where nothing more can be stored, a mail is read all the same', () =>
  chromium.page(async (page) => {
    const found = await attack(page, async ({ sender, signedBy, codes }) => {
      const mailer = await sender({ policy: { harvest: { value: 'always' } }, worker: false });
      const message = await signedBy('bob-new', 'bob@example.com');
      // As a full disk does. Chromium looks how full it is too seldom to wait for it here.
      const { put } = IDBObjectStore.prototype;
      IDBObjectStore.prototype.put = function (...row) {
        if (this.name === 'certificates') throw new DOMException('no room', 'QuotaExceededError');
        return put.apply(this, row);
      };
      const { badge, learned, problems, view } = await mailer.open({ message });
      return [badge.code, learned, codes(problems), view.bodies[0].text.trim()];
    });
    assert.deepEqual(found, ['badge/verified', [], ['store/not-learned'], 'Hello']);
  }));

test('R3: a mail that lies among sent ones is somebody’s own only if the author is', () =>
  chromium.page(async (page) => {
    const found = await attack(page, async ({ sender, signedBy, codes }) => {
      const mailer = await sender({ known: ['bob-before'], policy: { trustNewOfKnown: { value: false } } });
      const message = await signedBy('bob-new', 'bob@example.com');
      const { badge } = await mailer.open({ message, direction: 'sent' });
      const own = await mailer.open({ message: await signedBy('alice', 'alice@example.com'), direction: 'sent' });
      return [badge.code, codes(badge.reasons), own.badge.code];
    });
    assert.deepEqual(found, ['badge/not-verified', ['trust/changed-certificate'], 'badge/verified']);
  }));

test('R4: an old mail takes nothing back of what is known to be revoked', () =>
  chromium.page(async (page) => {
    // The relay is a server of its own here, which the page's policy forbids.
    await page.setBypassCSP(true);
    await page.reload();
    const files = Object.fromEntries(
      Object.entries(await authority.all()).map(([name, data]) => [name, data.toString('base64')]),
    );
    const found = await attack(
      page,
      async ({ verbs, storeAlice, openMailer, accounts, passphrase, file, codes }, files, relay) => {
        const bytes = (name) => Uint8Array.from(atob(files[name]), (letter) => letter.charCodeAt(0));
        const { identities: signers } = await verbs.importP12({ data: bytes('mallory.p12'), password: 'secret' });
        const text = new TextEncoder().encode('From: mallory@example.com\r\n\r\nHello\r\n');
        const message = await verbs.sign({ message: text, signers });
        await storeAlice();
        const mailer = await openMailer({
          accounts,
          trustAnchors: [bytes('root.der'), await file('ca.der')],
          policy: { onlineValidation: { value: true } },
          fetch: async (url, { signal, maxBytes, ...request }) => {
            const response = await fetch(`${relay}/relay?${new URLSearchParams({ url })}`, request);
            return response.ok ? response.arrayBuffer() : null;
          },
        });
        await mailer.unlock({ passphrase });
        for (const name of ['mallory.der', 'issuer.der']) await mailer.importCertificates({ data: bytes(name) });
        const { entries: [{ id }] } = await mailer.certificates({ address: 'mallory@example.com' });
        await mailer.checkCertificate({ id });
        const { notBefore } = await mailer.certificate({ id });
        const old = await mailer.open({ message, receivedAt: new Date(notBefore.getTime() + 2_000) });
        const { recipients: [{ isReady, problems }] } = await mailer.recipients({ from: 'alice@example.com', to: ['mallory@example.com'] });
        const { state } = await mailer.certificate({ id });
        return [old.badge.code, codes(old.badge.reasons), state, isReady, codes(problems)];
      },
      files,
      server.origin,
    );
    const because = ['revocation/revoked'];
    assert.deepEqual(found, ['badge/not-verified', because, 'revoked', false, because]);
  }));

test('R6: what was decided against somebody counts for archived mail too', () =>
  chromium.page(async (page) => {
    const found = await attack(page, async ({ sender, signedBy, codes }) => {
      const mailer = await sender({ known: ['bob-before'] });
      const { evidence, opened } = await mailer.archive({ message: await signedBy('bob-before', 'bob@example.com') });
      const { entries: [{ id }] } = await mailer.certificates({ address: 'bob@example.com' });
      const before = await mailer.checkArchived({ evidence });
      await mailer.setTrust({ id, trust: 'distrusted' });
      const after = await mailer.checkArchived({ evidence });
      // A mail that was only signed has its header once.
      const from = before.headers.filter(({ name }) => name === 'From').length;
      return [opened.badge.code, before.badge.code, codes(before.badge.reasons), from, after.badge.code, codes(after.badge.reasons)];
    });
    assert.deepEqual(found, ['badge/verified', 'badge/verified', [], 1, 'badge/not-verified', ['trust/distrusted']]);
  }));

test('R6: a copy of what could have been altered asks nobody and teaches nothing', () =>
  chromium.page(async (page) => {
    const found = await attack(page, async ({ sender, signedBy, certificate, verbs }) => {
      const urls = [];
      const policy = { onlineValidation: { value: true }, harvest: { value: 'always' }, keepCopies: { value: 'decrypted' } };
      const mailer = await sender({ policy, fetch: async (url) => (urls.push(url), null) });
      const recipients = [await certificate('alice')];
      const message = await verbs.encrypt({ message: await signedBy('bob-new', 'bob@example.com'), recipients, cipher: 'aes-256-cbc', protectHeaders: 'off' });
      const archived = await mailer.archive({ message });
      await mailer.open({ message: archived.message });
      // As a host does that stored it.
      await mailer.open({ message: archived.message.slice(), mayFetch: archived.mayFetch });
      return [archived.mayFetch, urls];
    });
    assert.deepEqual(found, [false, []]);
  }));

test('R8: with the setting, mail that arrives is kept for the archive too, but not what could have been altered', () =>
  chromium.page(async (page) => {
    const found = await attack(page, async ({ sender, file, certificate, verbs, opensFor, codes }) => {
      const archive = new TextDecoder().decode(await file('archive.pem'));
      const policy = { archiveRecipients: { value: [archive] }, archiveOnOpening: { value: true } };
      const mailer = await sender({ policy });
      const recipients = [await certificate('alice')];
      const text = 'From: bob@example.com\r\nTo: alice@example.com\r\nSubject: x\r\nContent-Type: text/plain\r\n\r\nHello\r\n';
      const encrypted = (cipher) =>
        verbs.encrypt({ message: new TextEncoder().encode(text), recipients, cipher, protectHeaders: 'off' });
      const sealed = await mailer.open({ message: await encrypted('aes-256-gcm') });
      const again = await mailer.open({ message: sealed.readdressed });
      const doubtful = await mailer.open({ message: await encrypted('aes-256-cbc') });
      const { explain } = await import('/smime-wasm/texts.js');
      const told = ({ problems }) => problems.filter(({ code }) => code === 'archive/not-added').map((one) => explain(one, 'de'));
      return [
        [told(again), told(doubtful)],
        codes(sealed.problems),
        await opensFor('archive', sealed.readdressed),
        again.view.bodies[0].text.trim(),
        [again.readdressed, doubtful.readdressed].map((message) => message === undefined),
      ];
    });
    const altered = 'Die Nachricht wurde nicht auch für das Archiv verschlüsselt, denn es lässt sich nicht feststellen, ob sie unterwegs verändert wurde. Sie bleibt, wie sie ist.';
    assert.deepEqual(found, [[[], [altered]], ['archive/added'], 'Hello', 'Hello', [true, true]]);
  }));

test('R8: the archive is added to mail for the user alone, and who reads is told why to no other', () =>
  chromium.page(async (page) => {
    const found = await attack(page, async ({ sender, file, certificate, verbs, codes }) => {
      const archive = new TextDecoder().decode(await file('archive.pem'));
      const policy = { archiveRecipients: { value: [archive] }, archiveOnOpening: { value: true } };
      const mailer = await sender({ known: ['bob-before'], policy });
      const text = 'From: bob@example.com\r\nTo: alice@example.com\r\nSubject: x\r\nContent-Type: text/plain\r\n\r\nHello\r\n';
      const { explain } = await import('/smime-wasm/texts.js');
      const opened = async (...names) => {
        const recipients = await Promise.all(names.map(certificate));
        const message = await verbs.encrypt({ message: new TextEncoder().encode(text), recipients, cipher: 'aes-256-gcm', protectHeaders: 'off' });
        const { readdressed, problems } = await mailer.open({ message });
        return [readdressed !== undefined, codes(problems).join(), explain(problems[0] ?? {}, 'de')];
      };
      const answers = {
        alone: await opened('alice'),
        // Who sent it has a copy too.
        sender: await opened('alice', 'bob-before'),
        others: await opened('alice', 'bob-before', 'carol'),
        stranger: await opened('alice', 'carol'),
        named: await opened('alice', 'carol', 'archive'),
      };
      const none = await sender({ policy: { archiveOnOpening: { value: true } }, database: 'none' });
      const recipients = [await certificate('alice'), await certificate('carol')];
      const message = await verbs.encrypt({ message: new TextEncoder().encode(text), recipients, cipher: 'aes-256-gcm', protectHeaders: 'off' });
      return { ...answers, none: codes((await none.open({ message })).problems) };
    });
    const [yes, no] = [found.alone, found.others];
    assert.deepEqual([yes[0], yes[1]], [true, 'archive/added']);
    assert.deepEqual([no[0], no[1]], [false, 'archive/not-added']);
    assert.match(no[2], /, denn sie ist nicht für Sie allein verschlüsselt\. Sie bleibt/);
    assert.deepEqual(found, { alone: yes, sender: yes, others: no, stranger: no, named: [false, '', found.named[2]], none: [] });
  }));
