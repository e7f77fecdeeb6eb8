// Keys that are elsewhere, in Chromium: the mailer uses them as it uses those of the store.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { launchMailer, run } from './support/mailer-page.mjs';

const { chromium, close } = await launchMailer();
after(close);

const CAROL = 'carol@example.com';

/** Runs a function with the helpers of mailer-page: tab.js, sending.js, reading.js and external.js. */
const work = (page, work, ...rest) => {
  const helpers = ['sending', 'reading', 'external'].map((name) => `...(await import('/mailer-page/${name}.js'))`);
  return run(page, `async (tab, ...rest) => (${work})({ ...tab, ${helpers.join(', ')} }, ...rest)`, ...rest);
};

test('C3: a key that is elsewhere is listed as one’s own, and its certificate is stored', () =>
  chromium.page(async (page) => {
    const found = await work(page, async ({ sender, carolsCard, remember, code }) => {
      const accounts = [{ address: 'alice@example.com' }, { address: 'carol@example.com' }];
      const { identity } = await carolsCard();
      const { identity: mute } = await carolsCard({ sign: undefined });
      const { identity: deaf } = await carolsCard({ decrypt: undefined });
      const mailer = await sender({ accounts, identities: [identity] });
      const describe = ({ addresses, isUnlocked, isExternal, ways, canSign, canDecrypt, origin, chain }) =>
        [addresses[0], isUnlocked, isExternal, ways.length, canSign, canDecrypt, origin ?? null, chain.length];
      const identities = (await mailer.identities()).map(describe);
      const { entries } = await mailer.certificates({ own: true });
      const { id } = entries.find(({ addresses }) => addresses[0] === 'carol@example.com');
      const others = (await mailer.certificates({ own: false })).entries.map(({ name }) => name);
      const row = ({ isOwn, origin, accounts, canSign }) => [isOwn, origin ?? null, accounts.join(), canSign];
      const rows = [row(await mailer.certificate({ id })), (await mailer.removal({ id })).isOwn];
      const codes = [
        await code(mailer.exportP12({ id, password: 'x' })),
        await code(mailer.removeIdentity({ id })),
        await code(mailer.renewKey({ id, seal: { passphrase: 'x' } })),
      ];
      const ends = await mailer.reminders({ days: [1_000] });
      await mailer.lock();
      const isLocked = (await mailer.identities()).map((one) => one.isUnlocked);
      const halves = [];
      for (const one of [mute, deaf]) {
        const half = await sender({ own: [], accounts, identities: [one] });
        halves.push((await half.identities()).find((one) => one.isExternal).canSign);
        halves.push((await half.identities()).find((one) => one.isExternal).canDecrypt);
      }
      // Without it, it is a certificate like others.
      const without = await sender({ own: [], accounts });
      return {
        identities, own: entries.map(({ addresses }) => addresses[0]), others, rows, codes, isLocked, halves,
        ends: ends.map(({ entry }) => entry.addresses[0]).sort(),
        without: (await without.certificates({ own: true })).entries.map(({ addresses }) => addresses[0]),
      };
    });
    assert.deepEqual(found, {
      identities: [
        ['alice@example.com', true, false, 1, true, true, null, 1],
        [CAROL, true, true, 0, true, true, 'external', 1],
      ],
      own: ['alice@example.com', CAROL],
      others: ['Example CA'],
      rows: [[true, 'external', CAROL, true], true],
      codes: ['refused/external-key', 'store/not-found', 'identity/locked'],
      isLocked: [false, true],
      halves: [false, true, true, false],
      ends: ['alice@example.com', CAROL],
      without: ['alice@example.com'],
    });
  }));

test('C3: it signs, encrypts to itself, opens, archives and passes on, while everything else is locked', () =>
  chromium.page(async (page) => {
    const found = await work(page, async ({ sender, carolsCard, mail, to, codes, certificateOf, opensFor }) => {
      const accounts = [{ address: 'carol@example.com' }];
      const { identity, asked } = await carolsCard();
      const policy = { keepCopies: { value: 'decrypted' } };
      const mailer = await sender({ own: [], known: ['bob'], accounts, policy, identities: [identity] });
      const { sender: own, canSign, canEncrypt, sign } = await mailer.recipients({ from: 'carol@example.com', to: ['bob@example.com'] });
      const ready = [own.signer.certificate.addresses[0], own.isLocked, own.own.length, canSign, canEncrypt, sign, codes(own.problems)];
      const before = asked.length;
      const message = await mail({ from: { address: 'carol@example.com' }, to: to('bob@example.com') });
      const sent = await mailer.protect({ message, encrypt: true });
      const [forBob] = sent.outgoing;
      const bobs = await opensFor('bob', forBob.message);
      const opened = await mailer.open({ message: sent.sentCopy, account: 'carol@example.com', direction: 'sent' });
      const [{ id }] = await mailer.identities();
      const layer = opened.layers.find(({ kind }) => kind === 'encrypted');
      const archived = await mailer.archive({ message: sent.sentCopy, direction: 'sent' });
      const draft = await mailer.open({ message: await mailer.protectDraft({ message, from: 'carol@example.com' }) });
      const passedOn = await mailer.addRecipients({ message: sent.sentCopy, recipients: [await certificateOf('alice')] });
      const changed = [];
      const mails = [{ id: 1, message: sent.sentCopy }];
      const add = [await certificateOf('alice')];
      for await (const { isChanged } of mailer.readdressMany({ messages: mails, add })) changed.push(isChanged);
      return {
        ready, before, asked: [...new Set(asked)].sort(), bob: typeof bobs, isSigned: sent.isSigned,
        opened: [opened.badge.code, opened.lock.code, opened.view.bodies[0].text.trim(), layer.decryptedWith === id],
        archived: new TextDecoder().decode(archived.message).includes('hello'), draft: draft.lock.code,
        passedOn: typeof (await opensFor('alice', passedOn)), changed,
      };
    });
    assert.deepEqual(found, {
      ready: [CAROL, false, 1, true, true, true, []],
      before: 0,
      asked: ['decrypt', 'sign'],
      bob: 'string',
      isSigned: true,
      opened: ['badge/verified', 'lock/encrypted', 'hello', true],
      archived: true,
      draft: 'lock/no-integrity',
      passedOn: 'string',
      changed: [true],
    });
  }));

test('C3: a key that is given for one call is used for that one', () =>
  chromium.page(async (page) => {
    const found = await work(page, async ({ sender, carolsCard, mail, to, code }) => {
      const accounts = [{ address: 'carol@example.com' }];
      const { identity } = await carolsCard();
      const mailer = await sender({ own: [], known: ['bob'], accounts });
      const message = await mail({ from: { address: 'carol@example.com' }, to: to('bob@example.com') });
      const { isSigned } = await mailer.protect({ message, sign: true, identities: [identity] });
      return [isSigned, await code(mailer.protect({ message, sign: true })), await code(mailer.open({ message, identities: [identity] }))];
    });
    assert.deepEqual(found, [true, 'refused/sender', 'usage/unknown-option']);
  }));

test('C3: a key elsewhere that fails, answers nonsense, or never, ends the call with a code', () =>
  chromium.page(async (page) => {
    const found = await work(page, async ({ sender, carolsCard, mail, to, sealedTo, certificateOf, code }) => {
      const accounts = [{ address: 'carol@example.com' }];
      const message = await mail({ from: { address: 'carol@example.com' }, to: to('bob@example.com') });
      const sealed = await sealedTo([await certificateOf('carol')], 'tea');
      const broken = new Error('the card was pulled out');
      const answers = {
        fails: () => Promise.reject(broken),
        denied: () => Promise.reject(new DOMException('no', 'NotAllowedError')),
        text: () => 'AAAA',
        nothing: () => undefined,
        bytes: () => new Uint8Array(64).fill(1),
        large: () => new Uint8Array(10_000_000),
      };
      const found = {};
      for (const [name, answer] of Object.entries(answers)) {
        const { identity } = await carolsCard({ sign: answer, decrypt: answer });
        const mailer = await sender({ own: [], known: ['bob'], accounts, identities: [identity] });
        const opened = await mailer.open({ message: sealed }).then(({ error }) => error.code, ({ code }) => `rejected ${code}`);
        found[name] = [
          await code(mailer.protect({ message, sign: true })),
          opened,
          await code(mailer.archive({ message: sealed })),
          await code(mailer.addRecipients({ message: sealed, recipients: [await certificateOf('bob')] })),
        ];
        mailer.close();
      }
      const ended = [];
      const never = ({ signal }) => {
        signal.addEventListener('abort', () => ended.push('told'));
        return new Promise(() => {});
      };
      const { identity } = await carolsCard({ sign: never, decrypt: never });
      const mailer = await sender({ own: [], known: ['bob'], accounts, identities: [identity] });
      const soon = () => AbortSignal.timeout(300);
      found.never = [
        await code(mailer.protect({ message, sign: true, signal: soon() })),
        await code(mailer.open({ message: sealed, signal: soon() })),
        ended.length,
      ];
      const cause = await mailer.protect({ message, sign: true, identities: [(await carolsCard({ sign: answers.fails })).identity], signal: soon() })
        .catch(({ code }) => code);
      const { identity: mute } = await carolsCard({ sign: undefined });
      const silent = await sender({ own: [], known: ['bob'], accounts, identities: [mute] });
      found.mute = await silent.protect({ message, sign: true }).catch(({ code, details }) => [code, details.reason]);
      const { identity: deaf } = await carolsCard({ decrypt: undefined });
      const blind = await sender({ own: [], accounts, identities: [deaf] });
      found.deaf = (await blind.open({ message: sealed })).lock.reasons.map(({ code }) => code);
      await identity.close();
      found.closed = [await code(mailer.protect({ message, sign: true })), typeof cause];
      return found;
    });
    assert.deepEqual(found, {
      fails: ['identity/external-failed', 'decrypt/failed', 'decrypt/failed', 'decrypt/failed'],
      denied: ['identity/external-failed', 'rejected identity/external-failed', 'identity/external-failed', 'identity/external-failed'],
      text: ['identity/external-failed', 'decrypt/failed', 'decrypt/failed', 'decrypt/failed'],
      nothing: ['identity/external-failed', 'decrypt/failed', 'decrypt/failed', 'decrypt/failed'],
      bytes: ['identity/external-failed', 'decrypt/failed', 'decrypt/failed', 'decrypt/failed'],
      large: ['identity/external-failed', 'decrypt/failed', 'decrypt/failed', 'decrypt/failed'],
      never: ['aborted', 'aborted', 2],
      mute: ['refused/sender', 'sender/not-for-signing'],
      deaf: ['decrypt/for-certificates'],
      closed: ['identity/closed', 'string'],
    });
  }));
