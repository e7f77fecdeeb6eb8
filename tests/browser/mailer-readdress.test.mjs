// Mail that stays available when people leave, in Chromium.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { launchMailer, run } from './support/mailer-page.mjs';

const { chromium, close } = await launchMailer();
after(close);

test('R8: stored mail gets other recipients, one by one, with progress, cancel and resume', () =>
  chromium.page(async (page) => {
    const found = await run(page, async (tab) => {
      const { aliceMailer, storeAlice, passphrase, certificateOf, sealedTo, opensFor } = tab;
      const mailer = await aliceMailer();
      await storeAlice();
      await mailer.unlock({ passphrase });
      const [alice, bob, carol] = await Promise.all(['alice', 'bob', 'carol'].map(certificateOf));

      const stored = new Map();
      for (let id = 0; id < 6; id += 1) stored.set(id, await sealedTo([alice, bob], `mail ${id}`));
      stored.set(2, new TextEncoder().encode('Subject: plain\r\n\r\nHello\r\n'));
      stored.set(4, await sealedTo([bob], 'not ours'));

      const progress = [];
      const results = [];
      const options = {
        read: (id) => stored.get(id),
        write: async (id, message) => stored.set(id, message),
        add: [carol],
        remove: [bob],
        onProgress: ({ done, total }) => progress.push(`${done}/${total}`),
      };
      const ids = [...stored.keys()].map((id) => ({ id }));
      const take = async (messages, until) => {
        for await (const { id, isChanged, error, message } of mailer.readdressMany({ ...options, messages })) {
          results.push([id, isChanged, error?.code ?? null, message ?? null]);
          if (id === until) return;
        }
      };
      await take(ids, 1);
      const untouched = await opensFor('carol', stored.get(3));
      await take(ids.slice(2));
      const again = [];
      for await (const { isChanged } of mailer.readdressMany({ ...options, messages: [{ id: 0 }] })) {
        again.push(isChanged);
      }
      // An async iterable with messages, and no write.
      async function* mails() {
        yield { id: 'a', message: await sealedTo([alice], 'given') };
      }
      const given = [];
      for await (const { id, message } of mailer.readdressMany({ messages: mails(), add: [bob] })) {
        given.push(id, await opensFor('bob', message));
      }
      return {
        results,
        progress,
        untouched,
        again,
        given,
        carol: await Promise.all([0, 1, 3, 5].map((id) => opensFor('carol', stored.get(id)))),
        bob: await opensFor('bob', stored.get(0)),
      };
    });
    const changed = (id) => [id, true, null, null];
    assert.deepEqual(found.results, [
      changed(0),
      changed(1),
      [2, false, 'decrypt/not-encrypted', null],
      changed(3),
      [4, false, 'decrypt/no-recipient', null],
      changed(5),
    ]);
    assert.deepEqual(found.progress, ['1/6', '2/6', '1/4', '2/4', '3/4', '4/4', '1/1']);
    assert.equal(found.untouched, 'decrypt/no-recipient');
    assert.deepEqual(found.again, [false]);
    assert.deepEqual(found.given, ['a', 'given']);
    assert.deepEqual(found.carol, ['mail 0', 'mail 1', 'mail 3', 'mail 5']);
    assert.equal(found.bob, 'decrypt/no-recipient');
  }));

test('R8: one message gets other recipients, and its ciphertext stays', () =>
  chromium.page(async (page) => {
    const found = await run(page, async (tab) => {
      const { aliceMailer, storeAlice, passphrase, certificateOf, sealedTo, opensFor, code, file } = tab;
      const { encrypt, importP12, sign } = await import('/smime-wasm/index.js');
      const mailer = await aliceMailer();
      await storeAlice();
      const [alice, bob] = await Promise.all(['alice', 'bob'].map(certificateOf));
      const text = (bytes) => String.fromCharCode(...bytes);
      const cms = (message) => atob(text(message).split('\r\n\r\n')[1]);
      const add = (message) => mailer.addRecipients({ message, recipients: [bob] });
      const remove = (message, recipients) => mailer.removeRecipients({ message, recipients });

      const message = await sealedTo([alice], 'Tea at four. '.repeat(9));
      const locked = await code(add(message));
      await mailer.unlock({ passphrase });
      const more = await add(message);
      const fewer = await remove(more, [bob]);

      // A tag that does not hold: whatever is wrong, nobody gets a key that may be wrong.
      const sealed = await encrypt({ message, recipients: [alice], cipher: 'aes-256-gcm', protectHeaders: 'off' });
      const damaged = sealed.slice();
      const at = damaged.findLastIndex((octet, i) => i < damaged.length - 40 && octet >= 65);
      damaged[at] = damaged[at] === 65 ? 66 : 65;
      const { identities: signers } = await importP12({ data: await file('alice.p12'), password: 'secret' });
      return {
        locked,
        ciphertext: cms(more).endsWith(cms(message).slice(-128)),
        opened: [await opensFor('alice', more), await opensFor('bob', more)],
        again: text(await add(more)) === text(more),
        back: text(fewer) === text(message),
        last: await code(remove(more, [alice])),
        sealed: (await opensFor('bob', await add(sealed))).startsWith('MI'),
        damaged: await code(add(damaged)),
        signed: await code(add(await sign({ message, signers, protectHeaders: 'off' }))),
        plain: await code(add(new TextEncoder().encode('Subject: plain\r\n\r\nHello\r\n'))),
      };
    });
    const text = 'Tea at four. '.repeat(9).trim();
    assert.deepEqual(found, {
      locked: 'identity/locked',
      ciphertext: true,
      opened: [text, text],
      again: true,
      back: true,
      last: 'refused/last-recipient',
      sealed: true,
      damaged: 'decrypt/failed',
      signed: 'refused/outer-signature',
      plain: 'decrypt/not-encrypted',
    });
  }));

test('R8: bad input has a code, writes nothing, and what is locked ends the loop', () =>
  chromium.page(async (page) => {
    const found = await run(page, async (tab) => {
      const { aliceMailer, storeAlice, passphrase, certificateOf, sealedTo, code } = tab;
      const mailer = await aliceMailer();
      await storeAlice();
      const [alice, bob] = await Promise.all(['alice', 'bob'].map(certificateOf));
      const message = await sealedTo([alice], 'mail');
      const written = [];
      const write = (id) => written.push(id);
      const all = async (options) => {
        const results = [];
        for await (const { error } of mailer.readdressMany(options)) results.push(error?.code ?? error?.message);
        return results;
      };
      const messages = [{ id: 1, message }];
      const locked = await code(all({ messages, add: [bob], write }));
      await mailer.unlock({ passphrase });
      const codes = await Promise.all(
        [
          all(),
          all({ messages }),
          all({ messages, add: bob }),
          all({ messages: 3, add: [bob] }),
          all({ messages, add: [bob], write: 'x' }),
          all({ messages, add: [bob], speed: 9 }),
          all({ messages, add: ['bob'], write }),
          all({ messages, add: [bob], signal: AbortSignal.abort(), write }),
          mailer.addRecipients({ message }),
          mailer.addRecipients({ message: 'x', recipients: [bob] }),
          mailer.removeRecipients({ message, recipients: [alice] }),
        ].map((promise) => code(promise)),
      );
      const results = await all({
        messages: [{ id: 1 }, { id: 2, message: 7 }, { id: 3, message }],
        read: () => undefined,
        add: [bob],
        write: () => {
          throw new Error('disk full');
        },
      });
      mailer.close();
      const closed = await code(all({ messages, add: [bob], write }));
      return { locked, codes, results, closed, written };
    });
    assert.deepEqual(found, {
      locked: 'identity/locked',
      codes: [
        'usage/wrong-option',
        'usage/wrong-option',
        'usage/wrong-option',
        'usage/wrong-option',
        'usage/wrong-option',
        'usage/unknown-option',
        'usage/wrong-option',
        'aborted',
        'usage/wrong-option',
        'usage/wrong-option',
        'refused/last-recipient',
      ],
      results: ['usage/wrong-option', 'usage/wrong-option', 'disk full'],
      closed: 'store/closed',
      written: [],
    });
  }));
