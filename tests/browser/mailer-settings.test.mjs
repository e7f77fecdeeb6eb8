// What each setting changes, in Chromium: for sending, for reading, and for the account alone that it is chosen for.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { makeMails } from '../support/reading.mjs';
import { issue } from './support/issue.mjs';
import { launchMailer, run } from './support/mailer-page.mjs';

const { chromium, identities, close } = await launchMailer();
const { folder } = identities;
after(close);
await makeMails(folder);

/** Runs a function on a page with `sending.js` beside `tab.js`. */
const send = (page, work, ...rest) => {
  const source = `async (tab, ...rest) => (${work})({ ...tab, ...(await import('/mailer-page/sending.js')) }, ...rest)`;
  return run(page, source, ...rest);
};

test('C1: every setting has its effect, and none for another account than that it is chosen for', () =>
  chromium.page(async (page) => {
    await issue(folder, { name: 'other', addresses: ['other@example.com'] });
    await issue(folder, { name: 'bob-older', addresses: ['bob@example.com'], from: -300 });
    await issue(folder, { name: 'bob-newer', addresses: ['bob@example.com'] });
    await issue(folder, { name: 'erin', addresses: ['erin@example.com'] });
    await issue(folder, { name: 'archive', addresses: ['archive@example.com'] });
    const found = await send(page, async ({ sender, file, text }) => {
      const { effects } = await import('/mailer-page/settings.js');
      const [account, other] = ['alice@example.com', 'other@example.com'];
      const proposed = {
        archiveRecipients: [text(await file('archive.pem'))],
        harvest: 'ask',
        onlineValidation: true,
        protectHeaders: 'baseline',
      };
      const mailer = await sender({
        own: ['alice', 'other'],
        known: ['bob', 'bob-older'],
        accounts: [{ address: account }, { address: other }],
        policy: Object.fromEntries(Object.entries(proposed).map(([name, value]) => [name, { value }])),
        fetch: async () => null,
      });
      const seen = {};
      for (const [name, [value, look]] of Object.entries(effects(mailer))) {
        const isOfAll = ['lockAfter', 'remindDays'].includes(name);
        const scope = isOfAll ? {} : { account };
        const before = await look(account);
        await mailer.changeSettings({ ...scope, values: { [name]: value } });
        seen[name] = [before, await look(account), isOfAll ? 'all' : await look(other)];
        await mailer.changeSettings({ ...scope, values: { [name]: null } });
      }
      return [seen, Object.keys((await mailer.settings()).values)];
    });
    const [seen, settings] = found;
    assert.deepEqual(Object.keys(seen).sort(), settings.sort());
    const [unanswered, refused] = [['badge/verified', 'revocation/unknown'], 'badge/not-verified'];
    const effects = {
      alwaysSign: [true, false],
      encrypt: [true, false],
      encryptOnlySigned: ['refused/unsigned-encryption', 'done'],
      protectInvitations: [false, true],
      protectBulk: [false, true],
      protectAutomatic: [false, true],
      encryptTo: [3, 4],
      profile: ['aes-256-cbc', 'aes-128-cbc'],
      protectHeaders: [false, true],
      legacyDisplay: [2, 1],
      onlineValidation: ['unknown', 'not asked'],
      trustWithoutAnswer: [unanswered, [refused, 'trust/no-answer', 'revocation/unknown']],
      trustNew: [unanswered, [refused, 'trust/new-certificate', 'revocation/unknown']],
      trustNewOfKnown: [unanswered, [refused, 'trust/changed-certificate', 'revocation/unknown']],
      harvest: [1, 0],
      keepCopies: [false, true],
      searchText: [false, true],
      archiveRecipients: [3, 2],
      archiveOnOpening: [false, true],
    };
    const expected = Object.entries(effects).map(([name, [before, then]]) => [name, [before, then, before]]);
    assert.deepEqual(seen, { ...Object.fromEntries(expected), lockAfter: [15, 2, 'all'], remindDays: ['', '60,60', 'all'] });
  }));

test('S8: what a signed mail says that somebody reads is used, and profiles encrypt and sign as they say', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, file, mail, to, mailBy, importP12 }) => {
      const { inspect, decrypt, verify } = await import('/smime-wasm/index.js');
      const mailer = await sender({ known: ['bob'] });
      const { identities } = await importP12({ data: await file('bob.p12'), password: 'secret' });
      const contact = 'bob@example.com';
      const used = async () => {
        const { outgoing: [{ message }] } = await mailer.protect({ message: await mail({ to: to(contact) }), encrypt: true });
        const { layers: [{ cipher, recipients: [{ algorithm }] }] } = await inspect({ message });
        const inside = await decrypt({ message, identities });
        const { signatures } = await verify({ message: inside.message, from: 'alice@example.com' });
        return [cipher, algorithm, signatures[0].algorithm];
      };
      const found = { unknown: await used() };
      await mailer.open({ message: await file('signed.eml') });
      found.openssl = await used();
      await mailer.open({ message: await mailBy('bob', contact) });
      found.ours = await used();
      for (const profile of ['edi-energy', 'compatible']) {
        await mailer.changeSettings({ contact, values: { profile } });
        found[profile] = await used();
      }
      return found;
    });
    const usual = ['rsaes-pkcs1-v1_5', 'rsassa-pkcs1-v1_5-sha-256'];
    assert.deepEqual(found, {
      unknown: ['aes-256-cbc', ...usual],
      openssl: ['aes-256-cbc', ...usual],
      ours: ['aes-256-gcm', ...usual],
      'edi-energy': ['aes-256-cbc', 'rsaes-oaep', 'rsassa-pss-sha-256'],
      compatible: ['aes-128-cbc', ...usual],
    });
  }));

test('S9: the subject is hidden once all are known to read that, and each field is protected as the setting says', () =>
  chromium.page(async (page) => {
    const found = await send(page, async ({ sender, file, mail, to, mailBy, text }) => {
      const mailer = await sender({ known: ['bob', 'carol'] });
      const sent = async ({ others = [], encrypt = true } = {}) => {
        const recipients = [{ name: 'Robert', address: 'bob@example.com' }, ...to(...others)];
        const message = await mail({ to: recipients, subject: 'secret plan', ...(!encrypt && { cc: to('carol@example.com') }) });
        const { outgoing } = await mailer.protect({ message, encrypt });
        return outgoing[0].message;
      };
      const field = (message, name) => text(message).match(new RegExp(`^${name}: (.*)$`, 'm'))[1].trim();
      const subject = async (options) => field(await sent(options), 'Subject');
      const found = { unknown: await subject() };
      // OpenSSL says what Bob decrypts, and not that he reads RFC 9788.
      await mailer.open({ message: await file('signed.eml') });
      found.openssl = await subject();
      await mailer.open({ message: await mailBy('bob', 'bob@example.com') });
      found.ours = await subject();
      found.andCarol = await subject({ others: ['carol@example.com'] });
      found.andOneself = await subject({ others: ['alice@example.com'] });

      const protections = async (message, names) => {
        const { headers } = await mailer.open({ message });
        return names.map((name) => headers.find((one) => one.name === name).protection);
      };
      found.signed = await protections(await sent({ encrypt: false }), ['Date', 'From', 'To', 'Cc', 'Subject']);
      for (const protectHeaders of ['clear', 'baseline', 'shy']) {
        await mailer.changeSettings({ values: { protectHeaders } });
        const message = await sent();
        const shown = [field(message, 'Subject'), /Robert/.test(field(message, 'To'))];
        found[protectHeaders] = [...shown, ...(await protections(message, ['Subject', 'To']))];
      }
      return found;
    });
    assert.deepEqual(found, {
      unknown: 'secret plan',
      openssl: 'secret plan',
      ours: '[...]',
      andCarol: 'secret plan',
      andOneself: '[...]',
      signed: Array(5).fill('signed'),
      clear: ['secret plan', true, 'signed', 'signed'],
      baseline: ['[...]', true, 'signed-and-encrypted', 'signed'],
      shy: ['[...]', false, 'signed-and-encrypted', 'signed-and-encrypted'],
    });
  }));
