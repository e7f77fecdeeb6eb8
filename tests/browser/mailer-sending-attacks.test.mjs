// What must not weaken what goes out: forged certificates, a database that others write to, careless calls.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { decrypted, issue } from './support/issue.mjs';
import { launchMailer, run } from './support/mailer-page.mjs';

const { chromium, identities, close } = await launchMailer();
const { folder } = identities;
after(close);

const FORGED = Array.from({ length: 34 }, (_, index) => `forged-${index}`);

before(async () => {
  const bob = ['bob@example.com'];
  await issue(folder, { name: 'bob-first', addresses: bob, from: -50 });
  await issue(folder, { name: 'gateway', addresses: ['gateway@example.org', 'bob@example.com'], isSelfSigned: true });
  await issue(folder, { name: 'gateway-newer', addresses: ['gateway@example.org'], from: 0 });
  await issue(folder, { name: 'info', addresses: ['info@example.net'], from: -1 });
  await issue(folder, { name: 'chief', addresses: ['chief@example.net', 'info@example.net'], from: -30 });
  await issue(folder, { name: 'alice-second', addresses: ['alice@example.com'], from: -20 });
  await issue(folder, { name: 'archive', addresses: ['archive@example.com'], from: -20 });
  await issue(folder, { name: 'archive-expired', addresses: ['archive@example.com'], from: -20, until: -1 });
  for (const [index, name] of FORGED.entries()) {
    await issue(folder, { name, addresses: bob, from: index < 2 ? -10 : 100 + index, until: 600, isSelfSigned: true });
  }
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

test('S4: who gets a blind copy does not stand in the copy of the others, whatever their certificate names', () =>
  chromium.page(async (page) => {
    const { outgoing } = await send(page, async ({ sender, mail, to, sent }) => {
      const mailer = await sender({ known: ['info', 'chief'] });
      const message = await mail({ to: to('info@example.net') });
      return sent(await mailer.protect({ message, bcc: ['chief@example.net'], encrypt: true }));
    });
    const read = await Promise.all(outgoing.map(({ message }) => readers(message, ['info', 'chief', 'alice'])));
    assert.deepEqual(read, [['info', 'alice'], ['chief', 'alice']]);
  }));

test('S2: many certificates that are no good don’t push out the one that is', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to, file }, forged) => {
      const mailer = await sender({ known: ['bob-first'] });
      const isEncrypted = async () => (await mailer.protect({ message: await mail({ to: to('bob@example.com') }) })).isEncrypted;
      const before = await isEncrypted();
      for (const name of forged) await mailer.importCertificates({ data: await file(`${name}.der`), origin: 'attachment' });
      const { recipients } = await mailer.recipients({ from: 'alice@example.com', to: ['bob@example.com'] });
      return [before, await isEncrypted(), recipients[0].certificates.map(({ certificate }) => certificate.subject)];
    }, FORGED);
    assert.deepEqual(found, [true, true, ['CN=bob-first']]);
  }));

test('S1: only what is an invitation is taken for one, and what goes unprotected for its kind says so', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender }) => {
      const mailer = await sender({ known: ['bob-first'] });
      const calendar = (disposition) => [
        'Content-Type: text/calendar; method=REQUEST', ...disposition, '', 'BEGIN:VCALENDAR', 'END:VCALENDAR',
      ];
      const of = async (type, disposition = [], headers = []) => {
        const lines = [
          ...headers, 'From: alice@example.com', 'To: bob@example.com', 'MIME-Version: 1.0',
          ...(type
            ? [`Content-Type: ${type}; boundary=b`, '', '--b', '', 'text', '--b', ...calendar(disposition), '--b--', '']
            : calendar(disposition)),
        ];
        const message = new TextEncoder().encode(lines.join('\r\n'));
        const { kind, isSigned, isEncrypted, problems } = await mailer.protect({ message });
        return [kind, isSigned, isEncrypted, problems.map(({ code, details }) => [code, details.kind].join(' '))];
      };
      const attachment = ['Content-Disposition: attachment; filename=i.ics'];
      const found = {
        attached: await of('multipart/mixed', attachment),
        beside: await of('multipart/mixed'),
        alternative: await of('multipart/alternative'),
        attachedAlternative: await of('multipart/alternative', attachment),
        alone: await of(),
        list: await of('multipart/mixed', [], ['List-Id: <news.example.com>']),
      };
      const { problems } = await mailer.recipients({ from: 'alice@example.com', to: ['bob@example.com'], kind: 'bulk' });
      return { ...found, shown: problems };
    });
    const mail = ['mail', true, true, []];
    const invitation = ['invitation', false, false, ['sending/exempt invitation']];
    assert.deepEqual(found, {
      attached: mail,
      beside: mail,
      alternative: invitation,
      attachedAlternative: mail,
      alone: invitation,
      list: ['bulk', false, false, ['sending/exempt bulk']],
      shown: [{ code: 'sending/exempt', details: { kind: 'bulk' } }],
    });
  }));

test('C1: what the administrator locked holds for each mail, whatever is said of it', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to }) => {
      const locked = (value) => ({ value, locked: true });
      const policy = { alwaysSign: locked(true), encrypt: locked('always'), protectBulk: locked(false) };
      const mailer = await sender({ known: ['bob-first'], policy });
      const bob = to('bob@example.com');
      const of = async (mailer, options, addresses = bob) =>
        mailer.protect({ message: await mail({ to: addresses }), ...options }).then(
          ({ isSigned, isEncrypted }) => [isSigned, isEncrypted],
          ({ code, details }) => [code, details.setting ?? details.reason].join(' '),
        );
      const both = to('bob@example.com', 'nobody@example.org');
      const nobody = await sender({ own: [], database: 'nobody', policy: { alwaysSign: locked(true) } });
      const possible = await sender({ known: ['bob-first'], database: 'possible', policy: { encrypt: locked('when-possible') } });
      return {
        said: [await of(mailer, {}), await of(mailer, { sign: false }), await of(mailer, { encrypt: false })],
        kinds: [await of(mailer, { kind: 'automatic' }), await of(mailer, { kind: 'bulk' })],
        without: [
          await of(mailer, { without: 'everyone-unencrypted' }, both),
          await of(mailer, { without: 'leave-out' }, both),
        ],
        nobody: await of(nobody, {}),
        possible: [
          await of(possible, { encrypt: false }),
          await of(possible, { sign: false }),
          await of(possible, { encrypt: false }, both),
        ],
      };
    });
    assert.deepEqual(found, {
      said: [[true, true], 'refused/setting-locked alwaysSign', 'refused/setting-locked encrypt'],
      kinds: [[true, true], [false, false]],
      without: ['refused/setting-locked encrypt', [true, true]],
      nobody: 'refused/sender sender/no-certificate',
      possible: ['refused/setting-locked encrypt', 'refused/unsigned-encryption ', [true, false]],
    });
  }));

test('C1: what asks for a certificate goes unencrypted, as long as it says nothing else', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to }) => {
      const policy = { encrypt: { value: 'always', locked: true } };
      const mailer = await sender({ policy });
      const people = to('bob@example.com');
      const of = (message, options) =>
        mailer.protect({ message, sign: true, encrypt: false, ...options }).then(
          ({ isSigned, isEncrypted, kind, problems }) => [isSigned, isEncrypted, kind, ...problems.map(({ code }) => code)],
          ({ code }) => code,
        );
      const from = { name: 'Älice', address: 'alice@example.com' };
      const request = await mailer.requestCertificate({ from, to: people, language: 'de' });
      const { subject, text, messages: [{ message }] } = request;
      return {
        asked: await of(message.slice()),
        bySetting: await of(message.slice(), { sign: undefined, encrypt: undefined }),
        again: await of(await mail({ to: people, subject, text })),
        more: await of(await mail({ to: people, subject, text: `${text}\nThe password is …` })),
        subject: await of(await mail({ to: people, subject: 'The password is …', text })),
        file: await of(await mail({ to: people, subject, text, attachments: [{ name: 'plan.txt', data: new Uint8Array(3) }] })),
      };
    });
    const asked = [true, false, 'certificate-request', 'sending/exempt'];
    const refused = 'refused/setting-locked';
    assert.deepEqual(found, { asked, bySetting: asked, again: asked, more: refused, subject: refused, file: refused });
  }));

test('S3: who is left out gets nothing in the clear, and mail that could not be encrypted says so', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to }) => {
      const mailer = await sender({ known: ['bob-first'] });
      const attempt = async (options) =>
        mailer.protect({ message: await mail({ to: to('bob@example.com', 'nobody@example.org') }), ...options }).then(
          ({ isEncrypted, outgoing, problems }) => [isEncrypted, outgoing.map(({ envelope }) => envelope.to), problems],
          ({ code }) => code,
        );
      const answers = [await attempt({ without: 'leave-out' }), await attempt({ without: 'leave-out', encrypt: false }), await attempt({})];
      await mailer.changeSettings({ values: { encrypt: 'on-request' } });
      return [...answers, await attempt({})];
    });
    const details = { addresses: ['nobody@example.org'] };
    const all = [['bob@example.com', 'nobody@example.org']];
    assert.deepEqual(found, [
      [true, [['bob@example.com']], [{ code: 'sending/left-out', details }]],
      'usage/wrong-option',
      [false, all, [{ code: 'sending/unencrypted', details }]],
      [false, all, []],
    ]);
  }));

test('C1: while everything is locked, nothing goes by what nobody can tell the user chose', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to, file, write, text, code }) => {
      const forger = await sender({ own: [], database: 'forger' });
      const archiveRecipients = [text(await file('archive.pem'))];
      await forger.changeSettings({ values: { encryptOnlySigned: false, alwaysSign: false, archiveRecipients } });
      const forged = await new Promise((resolve) => {
        indexedDB.open('forger').onsuccess = ({ target: { result: db } }) => {
          db.transaction('settings').objectStore('settings').getAll().onsuccess = ({ target }) => {
            db.close();
            resolve(target.result[0]);
          };
        };
      });
      const mailer = await sender({ known: ['bob-first'] });
      await mailer.lock();
      const protect = async (options) => code(mailer.protect({ message: await mail({ to: to('bob@example.com') }), ...options }));
      const before = [await protect({ sign: false }), await protect({ sign: false, encrypt: false })];
      await write('settings', forged);
      return {
        before,
        altered: [await protect({ encrypt: true }), await protect({}), await protect({ sign: false, encrypt: false })],
        draft: await code(mailer.protectDraft({ message: await mail({}), from: 'alice@example.com' })),
        shown: await code(mailer.recipients({ from: 'alice@example.com', to: ['bob@example.com'] })),
      };
    });
    assert.deepEqual(found, {
      before: ['done', 'done'],
      altered: ['identity/locked', 'identity/locked', 'done'],
      draft: 'done',
      shown: 'done',
    });
  }));

test('K9: what is assigned to somebody is for nobody else that it names, and gives way to their own', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, file }) => {
      const mailer = await sender({ known: ['bob-first'] });
      const of = async (address) => {
        const { recipients } = await mailer.recipients({ from: 'alice@example.com', to: [address] });
        const [{ certificates, problems }] = recipients;
        return [...certificates.map(({ certificate }) => certificate.subject), ...problems.map(({ code }) => code)];
      };
      await mailer.importCertificates({ data: await file('gateway.der'), assign: { domains: ['partner.example'] } });
      const wider = [await of('any@partner.example'), await of('bob@example.com'), await of('gateway@example.org')];
      const domains = ['example.com', 'bücher.example'];
      await mailer.importCertificates({ data: await file('gateway-newer.der'), assign: { domains } });
      const { entries } = await mailer.certificates({ filter: 'gateway' });
      return {
        wider,
        personal: await of('bob@example.com'),
        domain: [await of('carol@example.com'), await of('any@bücher.example'), await of('any@xn--bcher-kva.example')],
        states: entries.map(({ state }) => state),
      };
    });
    const assigned = (name) => [`CN=${name}`, 'recipient/assigned'];
    assert.deepEqual(found, {
      wider: [assigned('gateway'), ['CN=bob-first'], ['recipient/untrusted']],
      personal: ['CN=bob-first'],
      domain: Array(3).fill(assigned('gateway-newer')),
      states: ['valid', 'valid'],
    });
  }));

test('S5: a certificate of one’s own that is distrusted is neither signed with nor encrypted to', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to, sent, certificateOf }) => {
      const mailer = await sender({ own: ['alice', 'alice-second'], known: ['bob-first'] });
      const idOf = async (name) => {
        const { fingerprint } = await certificateOf(name);
        return (await mailer.identities()).find(({ certificate }) => certificate.fingerprint === fingerprint).id;
      };
      const state = async () => {
        const { sender } = await mailer.recipients({ from: 'alice@example.com', to: ['bob@example.com'] });
        return [sender.own.map(({ certificate }) => certificate.subject), sender.problems.map(({ code, help }) => [code, help].join(' '))];
      };
      await mailer.setTrust({ id: await idOf('alice-second'), trust: 'distrusted' });
      const one = await state();
      const copy = sent(await mailer.protect({ message: await mail({ to: to('bob@example.com') }), encrypt: true }));
      await mailer.setTrust({ id: await idOf('alice'), trust: 'distrusted' });
      return { one, copy, none: await state() };
    });
    assert.deepEqual(found.one, [['CN=alice'], []]);
    assert.deepEqual(await readers(found.copy.sentCopy, ['alice', 'alice-second']), ['alice']);
    assert.deepEqual(found.none, [[], ['sender/distrusted import-own', 'sender/no-encryption-certificate import-own']]);
  }));

test('R8: without a usable certificate of the archive nothing is encrypted, and the compose window says why', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to, file, remember, text }) => {
      const mailer = await sender({ known: ['bob-first'] });
      const [id] = await remember(['archive']);
      const of = async (archiveRecipients) => {
        await mailer.changeSettings({ values: { archiveRecipients } });
        const { sender, canEncrypt, encrypt } = await mailer.recipients({ from: 'alice@example.com', to: ['bob@example.com'] });
        const sent = await mailer.protect({ message: await mail({ to: to('bob@example.com') }) }).then(
          ({ isEncrypted }) => isEncrypted,
          ({ code, details }) => [code, details.subject, details.reason],
        );
        const problems = sender.problems.map(({ code, details, help }) => [code, details.subject, details.reason, help]);
        return { canEncrypt, encrypt, sent, problems };
      };
      const pem = async (name) => text(await file(`${name}.pem`));
      const answers = [await of([id]), await of([await pem('archive-expired')]), await of(['0'.repeat(64)])];
      await mailer.setTrust({ id, trust: 'distrusted' });
      return [...answers, await of([id]), await of([await pem('archive')])];
    });
    const unusable = (...why) => ({
      canEncrypt: false, encrypt: true, sent: ['refused/archive', ...why],
      problems: [['sender/archive-unusable', ...why, 'tell-administrator']],
    });
    const distrusted = unusable('CN=archive', 'recipient/distrusted');
    assert.deepEqual(found, [
      { canEncrypt: true, encrypt: true, sent: true, problems: [] },
      unusable('CN=archive-expired', 'recipient/expired'),
      unusable('0'.repeat(64), 'store/not-found'),
      distrusted,
      distrusted,
    ]);
  }));

test('R8: stored mail is given to no certificate that is distrusted', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, remember, certificateOf, sealedTo, opensFor, code }) => {
      const mailer = await sender();
      const [id] = await remember(['archive']);
      const recipients = [await certificateOf('archive')];
      const sealed = await sealedTo([await certificateOf('alice')], 'hello');
      const messages = [{ id: 1, message: sealed.slice() }];
      await mailer.setTrust({ id, trust: 'distrusted' });
      const refused = await code(mailer.addRecipients({ message: sealed.slice(), recipients }));
      const many = [];
      for await (const { error, isChanged } of mailer.readdressMany({ messages, add: recipients })) many.push(error?.code ?? isChanged);
      await mailer.setTrust({ id, trust: 'automatic' });
      const added = await mailer.addRecipients({ message: sealed.slice(), recipients });
      return { refused, many, opened: await opensFor('archive', added) };
    });
    assert.deepEqual(found, { refused: 'refused/recipient', many: ['refused/recipient'], opened: 'hello' });
  }));

test('S3: the answer says of each whether they get a blind copy, and what speaks against their certificate', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to }) => {
      const mailer = await sender({ known: ['bob-first', 'info', 'archive-expired'], policy: { encryptTo: { value: 'next-newest' } } });
      const message = await mail({ to: to('bob@example.com'), cc: to('archive@example.com') });
      return mailer.protect({ message, bcc: ['nobody@example.org'], encrypt: true }).catch(({ details }) => details);
    });
    assert.deepEqual(found, {
      addresses: ['bob@example.com', 'archive@example.com', 'nobody@example.org'],
      fields: ['to', 'cc', 'bcc'],
      reasons: ['recipient/newest-excluded', 'recipient/expired', 'recipient/no-certificate'],
    });
  }));

test('S11: a key file without its name is found by what it is', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, mail, to, file, code }) => {
      const mailer = await sender();
      const attempt = async (name, data) =>
        code(mailer.protect({ message: await mail({ to: to('bob@example.com'), attachments: [{ name, data }] }) }));
      return [await attempt('zertifikat', await file('alice.p12')), await attempt('zertifikat.bin', await file('bob-first.der'))];
    });
    assert.deepEqual(found, ['refused/private-key', 'done']);
  }));
