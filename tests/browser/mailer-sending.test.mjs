// Settings and sending in Chromium.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';

import { decrypted, issue } from './support/issue.mjs';
import { launchMailer, run } from './support/mailer-page.mjs';

const { chromium, identities, close } = await launchMailer();
const { folder } = identities;
after(close);

before(async () => {
  const bob = ['bob@example.com'];
  const alice = ['alice@example.com'];
  await issue(folder, { name: 'bob-older', addresses: bob, from: -300 });
  await issue(folder, { name: 'bob-newer', addresses: bob, from: -1 });
  await issue(folder, { name: 'bob-expired', addresses: bob, from: -400, until: -2 });
  await issue(folder, { name: 'bob-signing', addresses: bob, from: -1, usage: 'digitalSignature' });
  await issue(folder, { name: 'erin-unknown', addresses: ['erin@example.com'], isSelfSigned: true });
  await issue(folder, { name: 'alice-unknown', addresses: alice, isSelfSigned: true });
  await issue(folder, { name: 'alice-second', addresses: alice, from: -100 });
  await issue(folder, { name: 'alice-signing', addresses: alice, from: -1, usage: 'digitalSignature' });
  await issue(folder, { name: 'alice-encryption', addresses: alice, from: -1, usage: 'keyAgreement' });
  await issue(folder, { name: 'team', addresses: ['team@example.com'] });
  await issue(folder, { name: 'archive', addresses: ['archive@example.com'] });
  await issue(folder, { name: 'gateway', addresses: ['gateway@example.org'] });
  await issue(folder, { name: 'below', isAuthority: true });
  await issue(folder, { name: 'alice-below', addresses: alice, issuer: 'below' });
  await issue(folder, { name: 'frank-below', addresses: ['frank@example.com'], issuer: 'below' });
  await issue(folder, { name: 'alice-ending', addresses: alice, until: 10 });
  const [short, long, gcm] = ['aes-128-cbc', 'aes-256-cbc', 'aes-256-gcm'];
  await issue(folder, { name: 'grace-short', addresses: ['grace@example.com'], reads: [short] });
  await issue(folder, { name: 'heidi-gcm', addresses: ['heidi@example.com'], reads: [gcm, long, short] });
  await issue(folder, { name: 'archive-gcm', addresses: ['archive@example.com'], reads: [gcm, long] });
  await issue(folder, { name: 'alice-cbc', addresses: alice, reads: [long, short] });
});

/** Runs a function on a page with `sending.js` beside `tab.js`. */
const send = (page, work, ...rest) => {
  const source = `async (tab, ...rest) => (${work})({ ...tab, ...(await import('/mailer-page/sending.js')) }, ...rest)`;
  return run(page, source, ...rest);
};

/** Who of these can read a message. */
const readers = async (message, names) => {
  const found = [];
  for (const name of names) if (await decrypted(folder, message, name)) found.push(name);
  return found;
};

test('C1: administrators set and lock settings', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, code }) => {
      const policy = { alwaysSign: { value: false, locked: true }, harvest: { value: 'ask' } };
      const mailer = await aliceMailer({ policy });
      const before = await mailer.settings();
      const refused = await code(mailer.changeSettings({ values: { searchText: true, alwaysSign: true } }));
      const untouched = await mailer.settings();
      await mailer.changeSettings({ values: { harvest: 'never' } });
      const { values, locked } = await mailer.settings({ account: 'alice@example.com' });
      return {
        before: [before.values.alwaysSign, before.values.harvest, before.locked],
        refused,
        untouched: untouched.values.searchText,
        now: [values.alwaysSign, values.harvest, locked],
        wrong: await Promise.all(
          [{ alwaysSing: { value: true } }, { harvest: { value: 'now' } }, { harvest: 'ask' }, 7].map((policy) =>
            code(aliceMailer({ policy })),
          ),
        ),
      };
    });
    assert.deepEqual(found, {
      before: [false, 'ask', ['alwaysSign']],
      refused: 'refused/setting-locked',
      untouched: false,
      now: [false, 'never', ['alwaysSign']],
      wrong: ['usage/unknown-option', 'usage/wrong-option', 'usage/wrong-option', 'usage/wrong-option'],
    });
  }));

test('settings are kept for everything, an account and a contact, and bad ones change nothing', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, code }) => {
      const mailer = await aliceMailer();
      const account = 'alice@example.com';
      const contact = 'bob@example.com';
      await mailer.changeSettings({ values: { encryptTo: 'all', remindDays: [14] } });
      await mailer.changeSettings({ account, values: { encryptTo: 'newest' } });
      await mailer.changeSettings({ contact, values: { encryptTo: 'next-newest' } });
      mailer.close();
      const again = await aliceMailer();
      const of = async (options) => (await again.settings(options)).values;
      const codes = await Promise.all(
        [
          {},
          { values: [] },
          { values: { encryptTo: 'oldest' } },
          { values: { encryptTo: 1 } },
          { values: { remindDays: [0.5] } },
          { values: { volume: 11 } },
          { values: {}, account: 'eve@example.com' },
          { values: {}, account, contact },
          { values: { alwaysSign: false }, contact },
          { values: {}, colour: 'red' },
        ].map((options) => code(again.changeSettings(options))),
      );
      return {
        values: [(await of()).encryptTo, (await of({ account })).encryptTo, (await of({ account, contact })).encryptTo],
        remindDays: (await of()).remindDays,
        codes,
      };
    });
    assert.deepEqual(found.values, ['all', 'newest', 'next-newest']);
    assert.deepEqual(found.remindDays, [14]);
    assert.deepEqual(found.codes, [
      'usage/missing-option',
      ...Array(4).fill('usage/wrong-option'),
      'usage/unknown-option',
      ...Array(3).fill('usage/wrong-option'),
      'usage/unknown-option',
    ]);
  }));

test('S1: always signed from the first valid certificate on, unless switched off for the account or the mail', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to }) => {
      const account = 'alice@example.com';
      const isSigned = async (mailer, options) =>
        (await mailer.protect({ message: await mail({ to: to('carol@example.com') }), ...options })).isSigned;
      const without = await sender({ own: [], database: 'none' });
      const none = [(await without.settings({ account })).values.alwaysSign, await isSigned(without)];
      const mailer = await sender();
      const first = [(await mailer.settings({ account })).values.alwaysSign, await isSigned(mailer)];
      const off = await isSigned(mailer, { sign: false });
      await mailer.changeSettings({ account, values: { alwaysSign: false } });
      return { none, first, off, changed: [await isSigned(mailer), await isSigned(mailer, { sign: true })] };
    });
    assert.deepEqual(found, { none: [false, false], first: [true, true], off: false, changed: [false, true] });
  }));

test('S1: invitations, answers to them, bulk and automatic mail go as they are, unless said otherwise', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to, text }) => {
      const mailer = await sender({ known: ['bob'] });
      const lines = (...parts) => new TextEncoder().encode(parts.join('\r\n'));
      const invitation = (method) =>
        lines(
          'From: alice@example.com', 'To: bob@example.com', 'MIME-Version: 1.0',
          'Content-Type: multipart/alternative; boundary=b', '', '--b', '', 'Meet me', '--b',
          `Content-Type: text/calendar; method=${method}; charset=utf-8`, '', 'BEGIN:VCALENDAR', 'END:VCALENDAR', '--b--', '',
        );
      const of = async (message, options) => {
        const { kind, isSigned, isEncrypted, outgoing } = await mailer.protect({ message, ...options });
        return [kind, isSigned, isEncrypted, /pkcs7/.test(text(outgoing[0].message))];
      };
      const headers = (headers) => mail({ to: to('bob@example.com'), headers });
      const answer = {
        request: await of(invitation('REQUEST')),
        reply: await of(invitation('REPLY')),
        list: await of(await headers({ 'List-Id': 'news.example.com' })),
        automatic: await of(await headers({ 'Auto-Submitted': 'auto-replied' })),
        person: await of(await headers({ 'Auto-Submitted': 'no' })),
        said: await of(invitation('REQUEST'), { kind: 'mail' }),
        asked: await of(invitation('REQUEST'), { sign: true, encrypt: true }),
        readiness: await mailer
          .recipients({ from: 'alice@example.com', to: ['bob@example.com'], kind: 'bulk' })
          .then(({ sign, encrypt, canEncrypt }) => [sign, encrypt, canEncrypt]),
      };
      await mailer.changeSettings({ values: { protectInvitations: true } });
      return { ...answer, chosen: await of(invitation('REQUEST')) };
    });
    assert.deepEqual(found, {
      request: ['invitation', false, false, false],
      reply: ['invitation', false, false, false],
      list: ['bulk', false, false, false],
      automatic: ['automatic', false, false, false],
      person: ['mail', true, true, true],
      said: ['mail', true, true, true],
      asked: ['invitation', true, true, true],
      readiness: [false, false, true],
      chosen: ['invitation', true, true, true],
    });
  }));

test('S2: who is ready, why not, and what would help', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, to }) => {
      const from = 'alice@example.com';
      const mailer = await sender({ isLocked: true, known: ['bob', 'carol', 'dave', 'bob-expired', 'erin-unknown'] });
      const reasons = ({ problems }) => problems.map(({ code, help }) => [code, help]);
      const whole = await mailer.recipients({
        from: { name: 'Alice', address: from },
        to: ['BOB@example.com', 'nobody@example.org'],
        cc: to('dave@example.com'),
        bcc: ['erin@example.com'],
      });
      const ready = await mailer.recipients({ from, to: ['bob@example.com', 'carol@example.com'] });
      const nobody = await mailer.recipients({ from });
      return {
        sender: [whole.sender.account, whole.sender.isLocked, reasons(whole.sender), whole.sender.own.length],
        whole: [whole.canSign, whole.canEncrypt, whole.sign, whole.encrypt],
        recipients: whole.recipients.map((one) => [
          one.address, one.field, one.isReady, reasons(one),
          one.certificates.map(({ certificate }) => certificate.canEncrypt),
        ]),
        ready: [ready.canSign, ready.canEncrypt, ready.sign, ready.encrypt],
        nobody: [nobody.canSign, nobody.canEncrypt, nobody.encrypt],
      };
    });
    assert.deepEqual(found, {
      sender: ['alice@example.com', true, [['sender/locked', 'unlock']], 1],
      whole: [true, false, true, false],
      recipients: [
        ['BOB@example.com', 'to', true, [], [true]],
        ['nobody@example.org', 'to', false, [['recipient/no-certificate', 'ask-for-certificate']], []],
        ['dave@example.com', 'cc', false, [['recipient/not-for-encryption', 'ask-for-certificate']], []],
        ['erin@example.com', 'bcc', false, [['recipient/untrusted', 'trust-certificate']], []],
      ],
      ready: [true, true, true, true],
      nobody: [true, false, false],
    });
  }));

test('S2: what is no address yet is not ready, and the others are told all the same', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, code, mail, to }) => {
      const mailer = await sender({ known: ['bob'] });
      const from = 'alice@example.com';
      const typed = ['bob@example.com ', 'bo', '', 'Bob <bob@example.com>', { name: 'Bob', address: 'bob@' }];
      const { recipients, canEncrypt, encrypt } = await mailer.recipients({ from, to: typed });
      return {
        rows: recipients.map(({ address, isReady, problems }) => [address, isReady, problems.map(({ code }) => code).join()]),
        all: [canEncrypt, encrypt],
        sent: await code(mailer.protect({ message: await mail({ to: to('bob@example.com') }), to: ['bo'] })),
      };
    });
    const not = (address) => [address, false, 'recipient/no-address'];
    assert.deepEqual(found, {
      rows: [['bob@example.com', true, ''], not('bo'), not(''), not('Bob <bob@example.com>'), not('bob@')],
      all: [false, false],
      sent: 'usage/wrong-option',
    });
  }));

test('S2: whose own certificate has ended is told that mail goes unsigned and unencrypted, and who never had one is not', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to }) => {
      const days = (number) => new Date(Date.now() + number * 86_400_000);
      const of = (mailer) => async (options) => {
        const message = await mail({ to: to('bob@example.com') });
        const { isSigned, isEncrypted, problems } = await mailer.protect({ message, ...options });
        return [isSigned, isEncrypted, problems.map(({ code }) => code).join(' ')];
      };
      const ending = of(await sender({ own: ['alice-ending'], known: ['bob'] }));
      const never = of(await sender({ own: [], known: ['bob'], database: 'none' }));
      return {
        before: await ending(),
        after: await ending({ now: days(20) }),
        alone: await ending({ now: days(20), encrypt: false }),
        said: await ending({ now: days(20), sign: false, encrypt: false }),
        unsigned: await ending({ now: days(20), sign: false }),
        bulk: await ending({ now: days(20), kind: 'bulk' }),
        never: await never(),
      };
    });
    const reasons = 'sender/expired sender/no-encryption-certificate';
    assert.deepEqual(found, {
      before: [true, true, ''],
      after: [false, false, `sending/unsigned sending/unencrypted ${reasons}`],
      alone: [false, false, `sending/unsigned ${reasons}`],
      said: [false, false, ''],
      unsigned: [false, false, ''],
      bulk: [false, false, ''],
      never: [false, false, ''],
    });
  }));

test('S2: a certificate that is expired, or for signing only, does not stand in the way of another', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender }) => {
      const bob = async (known, database) => {
        const mailer = await sender({ own: [], known, database });
        const { recipients } = await mailer.recipients({ from: 'alice@example.com', to: ['bob@example.com'] });
        const [{ certificates, problems }] = recipients;
        return [certificates.map(({ certificate }) => certificate.subject), problems.map(({ code }) => code)];
      };
      return [
        await bob(['bob-expired', 'bob-signing', 'bob-older'], 'a'),
        await bob(['bob-expired', 'bob-signing'], 'b'),
      ];
    });
    assert.deepEqual(found, [
      [['CN=bob-older'], []],
      [[], ['recipient/not-for-encryption', 'recipient/expired']],
    ]);
  }));

test('S2: who signs with one certificate and decrypts with another tells others which', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to, composeMessage, certificateOf, base64 }) => {
      const { fingerprint } = await certificateOf('alice-encryption');
      const isForEncryption = ({ certificate }) => certificate.fingerprint === fingerprint;
      const alice = await sender({ own: ['alice-signing', 'alice-encryption'] });
      const { outgoing } = await alice.protect({ message: await mail({ to: to('bob@example.com') }), encrypt: false });
      const [{ message: signed }] = outgoing;
      const accounts = [{ address: 'bob@example.com' }];
      const bob = await sender({ own: ['bob'], accounts, database: 'bob' });
      const opened = await bob.open({ message: signed });
      const from = { address: 'bob@example.com' };
      const answer = await composeMessage({ from, to: to('alice@example.com'), subject: 'plan', text: 'yes' });
      const [{ message }] = (await bob.protect({ message: answer, encrypt: true })).outgoing;
      const read = await alice.open({ message });
      // What is new speaks against itself alone, not against the signature.
      const policy = { trustNewOfKnown: { value: false } };
      const known = ['alice', 'alice-signing'];
      const strict = await sender({ own: ['bob'], known, accounts, policy, database: 'strict' });
      const { badge, offered } = await strict.open({ message: signed });
      return {
        signed: base64(signed),
        learned: opened.learned.map(isForEncryption),
        read: [read.lock.code, read.view.bodies[0].text.trim()],
        strict: [badge.code, offered.map((offer) => [isForEncryption(offer), offer.isChanged])],
      };
    });
    assert.deepEqual(found.learned, [false, true]);
    assert.deepEqual(found.read, ['lock/encrypted', 'yes']);
    assert.deepEqual(found.strict, ['badge/verified', [[true, true]]]);
    const printed = execFileSync('openssl', ['cms', '-cmsout', '-print', '-noout'], { input: Buffer.from(found.signed, 'base64') });
    assert.match(printed.toString(), /id-smime-aa-encrypKeyPref/);
  }));

test('S3: those without a certificate are named, and the user chooses what happens', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to, sent, text }) => {
      const mailer = await sender({ known: ['bob'] });
      const all = { to: [{ name: 'Bob Ü', address: 'bob@example.com' }, ...to('nobody@example.org')], cc: to('none@example.org') };
      const message = await mail(all);
      const attempt = (options) =>
        mailer.protect({ message: message.slice(), ...options }).then(sent, ({ code, details }) => ({ code, details }));
      const request = await mailer.requestCertificate({
        from: { address: 'alice@example.com' }, to: to('nobody@example.org', 'none@example.org'), language: 'de-DE',
      });
      const [{ message: asked }] = request.messages;
      const asking = await mailer.protect({ message: asked.slice(), sign: true, encrypt: false });
      return {
        asked: await attempt({ encrypt: true }),
        everyone: await attempt({ encrypt: true, without: 'everyone-unencrypted' }),
        answer: await attempt({ mustEncrypt: true, without: 'everyone-unencrypted' }),
        leaveOut: await attempt({ encrypt: true, without: 'leave-out' }),
        nobodyLeft: await attempt({ encrypt: true, without: 'leave-out', to: ['nobody@example.org'], cc: [] }),
        bySetting: await attempt({}),
        wrong: await attempt({ without: 'somehow' }),
        request: [request.subject, asking.isSigned, asking.isEncrypted, /Zertifikat/.test(request.text)],
        asking: [request.messages.map(({ to }) => to), text(asked).match(/^To: .*$/m)[0]],
      };
    });
    const addresses = ['nobody@example.org', 'none@example.org'];
    const reasons = Array(2).fill('recipient/no-certificate');
    assert.deepEqual(found.asked, { code: 'refused/no-certificate', details: { addresses, fields: ['to', 'cc'], reasons } });
    assert.deepEqual(found.asking, [addresses, 'To: <nobody@example.org>']);
    assert.equal(found.answer.code, 'refused/must-encrypt');
    assert.equal(found.nobodyLeft.code, 'refused/no-certificate');
    assert.equal(found.wrong.code, 'usage/wrong-option');
    assert.deepEqual(found.request, ['Bitte um eine signierte Mail', true, false, true]);

    const { everyone, leaveOut, bySetting } = found;
    assert.deepEqual([everyone.isSigned, everyone.isEncrypted, everyone.outgoing.length], [true, false, 1]);
    assert.deepEqual(everyone.outgoing[0].envelope.to, ['bob@example.com', ...addresses]);
    assert.deepEqual(everyone.problems, [{ code: 'sending/unencrypted', details: { addresses } }]);
    assert.deepEqual([bySetting.isSigned, bySetting.isEncrypted, bySetting.problems], [true, false, everyone.problems]);

    assert.deepEqual(leaveOut.outgoing.map(({ envelope }) => envelope.to), [['bob@example.com']]);
    assert.deepEqual(leaveOut.problems, [{ code: 'sending/left-out', details: { addresses } }]);
    const outside = Buffer.from(leaveOut.outgoing[0].message, 'base64').toString();
    assert.match(outside, /^To: .*bob@example\.com/m);
    assert.doesNotMatch(outside, /nobody|none@|^Cc:/m);
    assert.match(outside, /^To: =\?utf-8/im);
  }));

test('S4: To, Cc and Bcc are encrypted, each Bcc in a copy of their own that names no other', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to, sent }) => {
      const mailer = await sender({ known: ['bob', 'carol', 'team', 'gateway'] });
      const message = await mail({ to: to('bob@example.com'), cc: to('carol@example.com') });
      const bcc = ['team@example.com', 'gateway@example.org'];
      return sent(await mailer.protect({ message, bcc, encrypt: true }));
    });
    const everybody = ['bob', 'carol', 'team', 'gateway', 'alice'];
    const read = await Promise.all(found.outgoing.map(({ message }) => readers(message, everybody)));
    assert.deepEqual(found.outgoing.map(({ envelope }) => envelope.to), [
      ['bob@example.com', 'carol@example.com'],
      ['team@example.com'],
      ['gateway@example.org'],
    ]);
    assert.deepEqual(read, [['bob', 'carol', 'alice'], ['team', 'alice'], ['gateway', 'alice']]);
    const texts = await Promise.all(
      found.outgoing.map(({ message }, index) => decrypted(folder, message, ['bob', 'team', 'gateway'][index])),
    );
    for (const text of texts) assert.doesNotMatch(text, /Bcc|team@|gateway@/);
    const raw = found.outgoing.map(({ message }) => Buffer.from(message, 'base64').toString());
    for (const text of raw) assert.doesNotMatch(text, /Bcc|team@|gateway@/);
    assert.equal(new Set(raw.map((text) => text.match(/^Message-ID: .*$/im)[0])).size, 1);
    assert.match(await decrypted(folder, found.sentCopy, 'alice'), /Bcc: team@example\.com/);
  }));

test('S5: the sender reads what they sent with every own current key', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to, sent }) => {
      const mailer = await sender({ own: ['alice', 'alice-second', 'alice-signing'], known: ['bob'] });
      return sent(await mailer.protect({ message: await mail({ to: to('bob@example.com') }), encrypt: true }));
    });
    const names = ['alice', 'alice-second', 'bob'];
    assert.deepEqual(await readers(found.sentCopy, names), ['alice', 'alice-second']);
    assert.deepEqual(await readers(found.outgoing[0].message, names), ['alice', 'alice-second', 'bob']);
  }));

test('S6: encrypted only together with a signature, unless the setting says otherwise', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to, code }) => {
      const from = 'alice@example.com';
      const encrypting = await sender({ own: ['alice-encryption'], known: ['bob'] });
      const message = () => mail({ to: to('bob@example.com') });
      const readiness = async () => {
        const { canEncrypt, encrypt, sender } = await encrypting.recipients({ from, to: ['bob@example.com'] });
        return [canEncrypt, encrypt, sender.problems.map(({ code, help }) => [code, help])];
      };
      const before = await readiness();
      const refused = [
        await code(encrypting.protect({ message: await message(), encrypt: true })),
        await code(encrypting.protect({ message: await message(), encrypt: true, sign: false })),
      ];
      const plain = await encrypting.protect({ message: await message() });
      await encrypting.changeSettings({ values: { encryptOnlySigned: false } });
      const { isSigned, isEncrypted } = await encrypting.protect({ message: await message(), encrypt: true });
      return { before, refused, plain: [plain.isSigned, plain.isEncrypted], now: [isSigned, isEncrypted], after: await readiness() };
    });
    const reasons = [['sender/not-for-signing', 'import-own']];
    assert.deepEqual(found, {
      before: [false, false, reasons],
      refused: ['refused/sender', 'refused/unsigned-encryption'],
      plain: [false, false],
      now: [false, true],
      after: [true, true, reasons],
    });
  }));

test('S7: the newest certificate, the next-newest or all, per contact and for everybody', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to, sent, remember }) => {
      const contact = 'bob@example.com';
      const mailer = await sender({ known: ['bob-older'] });
      const chosen = async () => {
        const { recipients } = await mailer.recipients({ from: 'alice@example.com', to: [contact] });
        const [{ certificates, problems }] = recipients;
        return [...certificates.map(({ certificate }) => certificate.subject), ...problems.map(({ code }) => code)];
      };
      await mailer.changeSettings({ values: { encryptTo: 'next-newest' } });
      const only = await chosen();
      await remember(['bob-newer', 'bob-expired']);
      const next = await chosen();
      await mailer.changeSettings({ contact, values: { encryptTo: 'newest' } });
      const newest = await chosen();
      await mailer.changeSettings({ contact, values: { encryptTo: 'all' } });
      return { only, next, newest, all: await chosen(), sent: sent(await mailer.protect({ message: await mail({ to: to(contact) }), encrypt: true })) };
    });
    assert.deepEqual(found.only, ['recipient/newest-excluded']);
    assert.deepEqual(found.next, ['CN=bob-older']);
    assert.deepEqual(found.newest, ['CN=bob-newer']);
    assert.deepEqual(found.all, ['CN=bob-newer', 'CN=bob-older']);
    const names = ['bob-newer', 'bob-older', 'bob-expired'];
    assert.deepEqual(await readers(found.sent.outgoing[0].message, names), ['bob-newer', 'bob-older']);
  }));

test('S8: the cipher is one that all who get a copy read, the archive and the sender too, down to AES-128', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to, text, file }) => {
      const { inspect } = await import('/smime-wasm/index.js');
      const ciphers = async ({ own, archive, whom }) => {
        const policy = archive && { archiveRecipients: { value: [text(await file(`${archive}.pem`))] } };
        const known = ['bob', 'grace-short', 'heidi-gcm'];
        const database = [own ?? '', archive ?? '', ...whom].join(' ');
        const mailer = await sender({ own: [own ?? 'alice'], known, database, policy });
        const message = await mail({ to: to(...whom.map((name) => `${name}@example.com`)) });
        const { outgoing, sentCopy } = await mailer.protect({ message, encrypt: true });
        const cipher = async (message) => (await inspect({ message })).layers.find(({ cipher }) => cipher).cipher;
        return [...new Set([await cipher(outgoing[0].message), await cipher(sentCopy)])].join();
      };
      const answers = [];
      for (const one of [
        { whom: ['grace'] },
        { whom: ['grace', 'bob'] },
        { whom: ['grace', 'heidi'] },
        { whom: ['bob'] },
        { whom: ['heidi'] },
        { whom: ['heidi'], archive: 'archive' },
        { whom: ['heidi'], archive: 'archive-gcm' },
        { whom: ['heidi'], own: 'alice-cbc' },
      ]) answers.push(await ciphers(one));
      return answers;
    });
    assert.deepEqual(found, [
      'aes-128-cbc', 'aes-128-cbc', 'aes-128-cbc',
      'aes-256-cbc', 'aes-256-gcm',
      'aes-256-cbc', 'aes-256-gcm', 'aes-256-cbc',
    ]);
  }));

test('S9: subject, date and people are signed, and the subject hidden where the user says so', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to, sent }) => {
      const mailer = await sender({ known: ['bob'] });
      const message = () => mail({ to: to('bob@example.com'), subject: 'secret plan' });
      const signed = sent(await mailer.protect({ message: await message(), encrypt: false }));
      const clear = sent(await mailer.protect({ message: await message(), encrypt: true }));
      await mailer.changeSettings({ values: { protectHeaders: 'baseline' } });
      const hidden = sent(await mailer.protect({ message: await message(), encrypt: true }));
      const onlySigned = sent(await mailer.protect({ message: await message(), encrypt: false }));
      await mailer.changeSettings({ values: { legacyDisplay: false } });
      const quiet = sent(await mailer.protect({ message: await message(), encrypt: true }));
      await mailer.changeSettings({ values: { protectHeaders: 'off' } });
      return { signed, clear, hidden, onlySigned, quiet, off: sent(await mailer.protect({ message: await message(), encrypt: false })) };
    });
    const raw = ({ outgoing }) => Buffer.from(outgoing[0].message, 'base64').toString();
    const inside = ({ outgoing }) => decrypted(folder, outgoing[0].message, 'bob');
    const count = (text) => text.match(/secret plan/g)?.length ?? 0;
    assert.match(raw(found.signed), /hp="?clear/);
    assert.equal(count(raw(found.signed)), 2);
    assert.match(raw(found.clear), /^Subject: secret plan/m);
    assert.doesNotMatch(raw(found.hidden), /secret plan/);
    // In the header, and in the text for those who don't see that one.
    assert.equal(count(await inside(found.hidden)), 2);
    assert.equal(count(await inside(found.quiet)), 1);
    assert.match(raw(found.onlySigned), /^Subject: secret plan/m);
    assert.equal(count(raw(found.off)), 1);
  }));

test('S9: what answers an encrypted mail hides at least what that hid, whatever the setting is', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to, sent, code }) => {
      const { replyTo } = await import('/smime-wasm/index.js');
      const mailer = await sender({ known: ['bob'], policy: { protectHeaders: { value: 'off' } } });
      const { protectHeaders } = await mailer.protect({
        message: await mail({ to: to('bob@example.com'), subject: 'secret plan' }), encrypt: true, protectHeaders: 'baseline',
      }).then(async ({ sentCopy }) => replyTo({ opened: await mailer.open({ message: sentCopy }) }));
      const message = () => mail({ to: to('bob@example.com'), subject: 'secret plan' });
      const locked = await sender({ known: ['bob'], database: 'locked', policy: { protectHeaders: { value: 'off', locked: true } } });
      return {
        protectHeaders,
        hidden: sent(await mailer.protect({ message: await message(), encrypt: true, protectHeaders })),
        clear: sent(await mailer.protect({ message: await message(), encrypt: true })),
        signed: sent(await mailer.protect({ message: await message(), encrypt: false, protectHeaders })),
        locked: await code(locked.protect({ message: await message(), encrypt: true, protectHeaders })),
        wrong: await code(mailer.protect({ message: await message(), protectHeaders: 'off' })),
      };
    });
    const raw = ({ outgoing }) => Buffer.from(outgoing[0].message, 'base64').toString();
    assert.equal(found.protectHeaders, 'baseline');
    assert.doesNotMatch(raw(found.hidden), /secret plan/);
    assert.match(raw(found.clear), /^Subject: secret plan/m);
    assert.match(raw(found.signed), /^Subject: secret plan/m);
    assert.deepEqual([found.locked, found.wrong], ['refused/setting-locked', 'usage/wrong-option']);
  }));

test('S10: a shared account signs and encrypts', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to, sent, base64 }) => {
      const { verify, parseCertificates } = await import('/smime-wasm/index.js');
      const accounts = [{ address: 'alice@example.com' }, { address: 'team@example.com', kind: 'shared', name: 'Team' }];
      const mailer = await sender({ own: ['alice', 'team'], known: ['bob'], accounts });
      const message = await mail({ from: { address: 'team@example.com' }, to: to('bob@example.com') });
      const answer = await mailer.protect({ message: message.slice(), encrypt: true });
      const { outgoing } = await mailer.protect({ message, encrypt: false });
      const { signatures } = await verify({ message: outgoing[0].message });
      return { ...sent(answer), signer: signatures[0].signer.subject, author: signatures[0].author };
    });
    assert.deepEqual([found.isSigned, found.isEncrypted, found.signer, found.author], [true, true, 'CN=team', 'match']);
    assert.deepEqual(await readers(found.sentCopy, ['team', 'alice']), ['team']);
    assert.deepEqual(found.outgoing[0].envelope.from, 'team@example.com');
  }));

test('S11: a private key among the attachments stops sending', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to, file }) => {
      const mailer = await sender();
      const bytes = (text) => new TextEncoder().encode(text);
      const zip = (name) => {
        const data = new Uint8Array(30 + name.length);
        data.set([0x50, 0x4b, 3, 4]);
        data[26] = name.length;
        data.set(bytes(name), 30);
        return data;
      };
      const attempt = async (name, data) => {
        const message = await mail({ to: to('bob@example.com'), attachments: [{ name, data }] });
        return mailer.protect({ message }).then(() => 'sent', ({ code, details }) => [code, details.name]);
      };
      return [
        await attempt('Alice.P12', await file('alice.p12')),
        await attempt('Schlüssel.pfx', await file('alice.p12')),
        await attempt('notes.txt', await file('alice.key')),
        await attempt('all.zip', zip('mail/alice.p12')),
        await attempt('all.zip', zip('mail/alice.pem')),
        await attempt('alice.pem', await file('alice.pem')),
      ];
    });
    const code = 'refused/private-key';
    assert.deepEqual(found, [
      [code, 'Alice.P12'],
      [code, 'Schlüssel.pfx'],
      [code, 'notes.txt'],
      [code, 'all.zip (mail/alice.p12)'],
      'sent',
      'sent',
    ]);
  }));

test('S12: drafts are encrypted to the sender, also while everything is locked', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to, base64, code }) => {
      const mailer = await sender({ isLocked: true });
      const message = await mail({ to: to('bob@example.com'), subject: 'secret plan' });
      const draft = await mailer.protectDraft({ message: message.slice(), from: 'alice@example.com' });
      const without = await sender({ own: [], database: 'none' });
      return {
        draft: base64(draft),
        none: await code(without.protectDraft({ message: message.slice(), from: 'alice@example.com' })),
        other: await code(mailer.protectDraft({ message, from: 'eve@example.com' })),
      };
    });
    assert.equal(found.none, 'refused/sender');
    assert.equal(found.other, 'usage/wrong-option');
    assert.doesNotMatch(Buffer.from(found.draft, 'base64').toString(), /secret plan/);
    assert.match(await decrypted(folder, found.draft, 'alice'), /secret plan[^]*hello/);
    assert.equal(await decrypted(folder, found.draft, 'bob'), undefined);
  }));

test('S13: many messages are signed with progress, errors beside each, and an end', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to, sent }) => {
      const mailer = await sender({ known: ['bob', 'carol'] });
      const message = (number) => mail({ to: to(`customer-${number}@example.org`), subject: `Invoice ${number}` });
      const progress = [];
      const answers = [];
      const messages = [{ message: await message(1) }, { message: await message(2), from: 'eve@example.com' }, { message: await message(3) }];
      for await (const answer of mailer.protectMany({ messages, onProgress: (...done) => progress.push(done) })) {
        answers.push([answer.index, answer.error?.code, answer.isSigned, answer.kind]);
      }
      const controller = new AbortController();
      const endless = (async function* () {
        for (let number = 0; ; number += 1) yield { message: await message(number) };
      })();
      let done = 0;
      const aborted = await (async () => {
        for await (const _ of mailer.protectMany({ messages: endless, signal: controller.signal })) {
          done += 1;
          if (done === 3) controller.abort();
        }
      })().catch(({ code }) => code);
      const [copies] = await (async () => {
        const all = [];
        const one = { message: await mail({ to: to('bob@example.com', 'carol@example.com') }), encrypt: true, separately: true };
        for await (const answer of mailer.protectMany({ messages: [one] })) all.push(sent(answer));
        return all;
      })();
      await mailer.lock();
      const locked = await (async () => {
        for await (const _ of mailer.protectMany({ messages: [{ message: await message(1) }] }));
      })().catch(({ code }) => code);
      const wrong = await mailer.protectMany({ messages: 7 }).next().catch(({ code }) => code);
      return { answers, progress, aborted, done, copies, locked, wrong };
    });
    assert.deepEqual(found.answers, [
      [0, null, true, 'bulk'],
      [1, 'usage/wrong-option', null, null],
      [2, null, true, 'bulk'],
    ]);
    assert.deepEqual(found.progress, [[1, 3], [2, 3], [3, 3]]);
    assert.deepEqual([found.aborted, found.done], ['aborted', 3]);
    assert.deepEqual([found.locked, found.wrong], ['identity/locked', 'usage/wrong-option']);
    assert.deepEqual(found.copies.outgoing.map(({ envelope }) => envelope.to), [['bob@example.com'], ['carol@example.com']]);
    const [first, second] = found.copies.outgoing;
    assert.deepEqual(await readers(first.message, ['bob', 'carol']), ['bob']);
    assert.deepEqual(await readers(second.message, ['bob', 'carol']), ['carol']);
  }));

test('R8: encrypted mail is encrypted to the archive besides, and is kept decrypted where that is chosen', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to, sent, remember, file, text, code }) => {
      const mailer = await sender({ known: ['bob'] });
      const [id] = await remember(['archive']);
      await mailer.changeSettings({ account: 'alice@example.com', values: { archiveRecipients: [id], keepCopies: 'decrypted' } });
      const message = () => mail({ to: to('bob@example.com') });
      const byId = sent(await mailer.protect({ message: await message(), encrypt: true }));
      const pem = text(await file('archive.pem'));
      await mailer.changeSettings({ account: 'alice@example.com', values: { archiveRecipients: [pem] } });
      const byPem = sent(await mailer.protect({ message: await message(), encrypt: true }));
      await mailer.changeSettings({ account: 'alice@example.com', values: { archiveRecipients: ['0'.repeat(64)] } });
      return { byId, byPem, gone: await code(mailer.protect({ message: await message(), encrypt: true })) };
    });
    for (const { outgoing, sentCopy } of [found.byId, found.byPem]) {
      assert.deepEqual(await readers(outgoing[0].message, ['archive', 'bob']), ['archive', 'bob']);
      assert.deepEqual(await readers(sentCopy, ['archive', 'bob']), ['archive']);
    }
    assert.equal(found.gone, 'refused/archive');
    assert.equal(found.byId.visibility, 'private');
    assert.match(found.byId.archiveCopy, /multipart\/signed[^]*hello/);
  }));

test('R8: who writes is told of the archive, before and after', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to, text, file }) => {
      const { explain } = await import('/smime-wasm/texts.js');
      const policy = { archiveRecipients: { value: [text(await file('archive.pem'))] } };
      const mailer = await sender({ known: ['bob'], policy });
      const told = ({ archive, problems }) => [
        archive.map(({ subject, addresses }) => [subject, ...addresses].join()),
        problems.map((problem) => `${problem.code}: ${explain(problem, 'de')} ${explain(problem)}`),
      ];
      const message = () => mail({ to: to('bob@example.com') });
      const without = await sender({ known: ['bob'], database: 'none' });
      const question = { from: 'alice@example.com', to: ['bob@example.com'] };
      return {
        readiness: told(await mailer.recipients(question)),
        encrypted: told(await mailer.protect({ message: await message(), encrypt: true })),
        signed: told(await mailer.protect({ message: await message(), encrypt: false })),
        without: [told(await without.recipients(question)), told(await without.protect({ message: await message(), encrypt: true }))],
      };
    });
    const archived = [
      ['CN=archive,archive@example.com'],
      ['sending/archived: Verschlüsselte Mail kann auch das Archiv Ihrer Firma lesen: archive. Encrypted mail can be read by your company’s archive too: archive.'],
    ];
    assert.deepEqual(found, { readiness: archived, encrypted: archived, signed: [[], []], without: [[[], []], [[], []]] });
  }));

test('K1: an own certificate nobody vouches for is not signed with by itself', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to, sent }) => {
      const mailer = await sender({ own: ['alice-unknown'], known: ['bob'] });
      const message = () => mail({ to: to('bob@example.com') });
      const codes = ({ isSigned, problems }) => [isSigned, problems.map(({ code }) => code)];
      const byItself = codes(await mailer.protect({ message: await message() }));
      const asked = codes(await mailer.protect({ message: await message(), sign: true, encrypt: false }));
      await mailer.changeSettings({ values: { alwaysSign: true } });
      return { byItself, asked, chosen: codes(await mailer.protect({ message: await message() })) };
    });
    assert.deepEqual(found, {
      byItself: [false, ['sending/unsigned', 'sending/unencrypted', 'sender/untrusted']],
      asked: [true, ['sender/untrusted']],
      chosen: [false, ['sending/unsigned', 'sender/untrusted', 'sending/unencrypted']],
    });
  }));

test('bad options to sending have codes', () =>
  chromium.page(async (page) => {
    const codes = await send(page, async ({ sender, mail, to, code }) => {
      const mailer = await sender({ known: ['bob'] });
      const message = await mail({ to: to('bob@example.com') });
      const closed = await sender({ own: [] });
      closed.close();
      const attempts = [
        () => mailer.recipients(),
        () => mailer.recipients({ from: 'eve@example.com' }),
        () => mailer.recipients({ from: 'alice@example.com', to: [7] }),
        () => mailer.recipients({ from: 'alice@example.com', to: 'bob@example.com' }),
        () => mailer.recipients({ from: 'alice@example.com', kind: 'letter' }),
        () => mailer.protect({ message, colour: 'red' }),
        () => mailer.protect({}),
        () => mailer.protect({ message: 'From: a' }),
        () => mailer.protect({ message: new Uint8Array(3) }),
        () => mailer.protect({ message: message.slice(), sign: 'yes' }),
        () => mailer.protect({ message: message.slice(), limits: { inputBytes: 10 } }),
        () => mailer.protectDraft({ message: message.slice() }),
        () => closed.protect({ message: message.slice() }),
        () => closed.requestCertificate({ from: { address: 'alice@example.com' }, to: [] }),
      ];
      return Promise.all(attempts.map((attempt) => code(attempt())));
    });
    assert.deepEqual(codes, [
      'usage/missing-option',
      'usage/wrong-option',
      'usage/wrong-option',
      'usage/wrong-option',
      'usage/wrong-option',
      'usage/unknown-option',
      'usage/missing-option',
      'usage/wrong-option',
      'malformed/mime',
      'usage/wrong-option',
      'limit/input-bytes',
      'usage/missing-option',
      'store/closed',
      'store/closed',
    ]);
  }));

test('S2: what was trusted, distrusted or assigned by hand counts, and new certificates wait where that is chosen', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, remember, file, mail, to, sent }) => {
      const mailer = await sender({ known: ['bob-older'] });
      const from = 'alice@example.com';
      const of = async (address) => {
        const { recipients } = await mailer.recipients({ from, to: [address] });
        const [{ certificates, problems }] = recipients;
        return [
          certificates.map(({ certificate, isAssigned }) => [certificate.subject, isAssigned]),
          problems.map(({ code, help }) => [code, help].join(' ')),
        ];
      };
      const answers = {};
      const [erin] = await remember(['erin-unknown']);
      answers.unknown = await of('erin@example.com');
      await mailer.setTrust({ id: erin, trust: 'trusted' });
      answers.trusted = await of('erin@example.com');
      await mailer.setTrust({ id: erin, trust: 'distrusted' });
      answers.distrusted = await of('erin@example.com');

      await mailer.importCertificates({ data: await file('gateway.der'), assign: { domains: ['example.net', '.example.net'] } });
      answers.gateway = [await of('any@example.net'), await of('any@sub.example.net'), await of('any@example.org')];
      answers.sent = sent(await mailer.protect({ message: await mail({ to: to('any@sub.example.net') }), encrypt: true }));

      return answers;
    });
    assert.deepEqual(found.unknown, [[], ['recipient/untrusted trust-certificate']]);
    assert.deepEqual(found.trusted, [[['CN=erin-unknown', false]], []]);
    assert.deepEqual(found.distrusted, [[], ['recipient/distrusted trust-certificate']]);
    const assigned = [[['CN=gateway', true]], ['recipient/assigned ']];
    assert.deepEqual(found.gateway, [assigned, assigned, [[], ['recipient/no-certificate ask-for-certificate']]]);
    assert.deepEqual(await readers(found.sent.outgoing[0].message, ['gateway', 'bob']), ['gateway']);
  }));

test('S2: a new certificate waits where that is chosen, until somebody accepts it', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, file, mail, to, importP12, code }) => {
      const mailer = await sender({ policy: { harvest: { value: 'always' } } });
      const from = 'alice@example.com';
      const bob = async () => {
        const { recipients } = await mailer.recipients({ from, to: ['bob@example.com'] });
        const [{ certificates, problems }] = recipients;
        return [
          certificates.map(({ certificate }) => certificate.subject),
          problems.map(({ code, help }) => [code, help].join(' ')),
        ];
      };
      const { sign, composeMessage } = await import('/smime-wasm/index.js');
      const receive = async (name) => {
        const { identities } = await importP12({ data: await file(`${name}.p12`), password: 'secret' });
        const text = { from: { address: 'bob@example.com' }, subject: 'hello', text: 'hello' };
        return mailer.open({ message: await sign({ message: await composeMessage(text), signers: identities }) });
      };
      const protect = async () => code(mailer.protect({ message: await mail({ to: to('bob@example.com') }), encrypt: true }));
      const only = (values) => mailer.changeSettings({ values });
      const answers = {};
      await only({ trustNew: false });
      const { learned, offered } = await receive('bob-older');
      const [{ id }] = learned;
      answers.kept = [learned[0].news, offered.length];
      answers.unaccepted = [await bob(), await protect()];
      await only({ trustNew: true });
      answers.trusted = await bob();
      await only({ trustNew: false });
      const accepted = await mailer.acceptCertificate({ id });
      answers.accepted = [accepted.map(({ news }) => news), await bob(), await protect()];
      answers.again = await mailer.acceptCertificate({ id });
      // Another one of theirs, which is offered and not stored.
      const changed = await receive('bob-newer');
      answers.changed = [changed.offered.length, await bob()];
      await mailer.acceptCertificate({ offer: changed.offered[0] });
      answers.newer = await bob();
      answers.wrong = [
        await code(mailer.acceptCertificate({ id: 'none' })),
        await code(mailer.acceptCertificate({ id: 1 })),
        await code(mailer.acceptCertificate({ id, offer: changed.offered[0] })),
      ];
      return answers;
    });
    const waits = [[], ['recipient/not-accepted accept-certificate']];
    const older = [['CN=bob-older'], []];
    assert.deepEqual(found, {
      kept: [['certificate'], 0],
      unaccepted: [waits, 'refused/no-certificate'],
      trusted: older,
      accepted: [[['confirmed']], older, 'done'],
      again: [],
      changed: [1, older],
      newer: [['CN=bob-newer'], []],
      wrong: ['store/not-found', 'usage/wrong-option', 'usage/wrong-option'],
    });
  }));

test('S2: an intermediate authority that is distrusted leads nowhere, whoever brought it', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, remember, file }) => {
      const mailer = await sender({ own: ['alice-below'], known: ['frank-below'] });
      const ready = async () => {
        const { sender, recipients } = await mailer.recipients({ from: 'alice@example.com', to: ['frank@example.com'] });
        const codes = ({ problems }) => problems.map(({ code }) => code);
        return [sender.signer?.certificate.subject ?? null, codes(sender), recipients[0].isReady, codes(recipients[0])];
      };
      const before = await ready();
      const [id] = await remember(['below']);
      await mailer.setTrust({ id, trust: 'distrusted' });
      const distrusted = await ready();
      const files = [{ data: await file('alice-below.p12') }];
      const [{ identities }] = await mailer.importP12({ files, password: 'secret', seal: { passphrase: 'other' } });
      return [before, distrusted, identities[0].problems.map(({ code }) => code)];
    });
    assert.deepEqual(found, [
      ['CN=alice-below', [], true, []],
      [null, ['sender/untrusted'], false, ['recipient/untrusted']],
      ['import/untrusted'],
    ]);
  }));
