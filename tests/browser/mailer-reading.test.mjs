// Reading in Chromium: what the mailer makes of mail that comes, row by row of FEATURES.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { makeAuthority, serveAuthority } from '../support/authority.mjs';
import { makeMails } from '../support/reading.mjs';
import { launchMailer, run } from './support/mailer-page.mjs';

const { chromium, identities, close } = await launchMailer();
after(close);
await makeMails(identities.folder);

/** Runs a function with the helpers of mailer-page/tab.js and mailer-page/reading.js. */
const read = (page, work, ...rest) =>
  run(page, `async (tab, ...rest) => (${work})({ ...tab, ...(await import('/mailer-page/reading.js')) }, ...rest)`, ...rest);

test('R1: a mail is opened with every key that fits, also one that expired long ago', () =>
  chromium.page(async (page) => {
    const found = await read(page, async ({ ready, storeIdentity, file, text, passphrase }) => {
      const old = await storeIdentity('old.p12', passphrase);
      const mailer = await ready();
      const opened = [];
      for (const name of ['encrypted.eml', 'old.eml', 'gcm.eml']) {
        const mail = await mailer.open({ message: await file(name), account: 'alice@example.com' });
        const { decryptedWith } = mail.layers[0];
        opened.push([text(mail), decryptedWith === old, typeof decryptedWith]);
      }
      return opened;
    });
    assert.deepEqual(found, [
      ['Hello Alice', false, 'string'],
      ['Hello Alice', true, 'string'],
      ['Hello Alice', false, 'string'],
    ]);
  }));

test('R1: where a locked key would open it, the answer says which, and once it is unlocked it opens', () =>
  chromium.page(async (page) => {
    const found = await read(page, async ({ storeAlice, storeIdentity, aliceMailer, file, text, codes, passphrase }) => {
      const id = await storeAlice();
      await storeIdentity('old.p12', 'another passphrase');
      const mailer = await aliceMailer();
      const message = await file('encrypted.eml');
      const before = await mailer.open({ message });
      await mailer.unlock({ passphrase });
      const after = await mailer.open({ message });
      const old = await mailer.open({ message: await file('old.eml') });
      return [
        [before.locked.map((identity) => identity.id === id), before.lock.code, codes(before.lock.reasons), before.error.code],
        [after.locked.length, text(after)],
        [old.locked.length, old.lock.code],
      ];
    });
    assert.deepEqual(found, [
      [[true], 'lock/locked', ['decrypt/key-locked'], 'identity/locked'],
      [0, 'Hello Alice'],
      [1, 'lock/locked'],
    ]);
  }));

test('R1: where no key fits, the answer says for which certificates the mail is, and whether one was ours', () =>
  chromium.page(async (page) => {
    const found = await read(page, async ({ ready, openStore, file, codes }) => {
      const mailer = await ready();
      const foreign = await mailer.open({ message: await file('foreign.eml') });
      const [{ issuer, serialNumber, isOwn }] = foreign.recipients;
      // Its key is gone, its certificate is still known.
      const store = await openStore();
      const [{ id, certificate }] = await store.identities({ address: 'alice@example.com' });
      await store.addCertificates({ certificates: [certificate] });
      await store.removeIdentity({ id });
      await mailer.lock();
      const removed = await mailer.open({ message: await file('encrypted.eml') });
      return [
        [issuer, /^[0-9a-f]{16,}$/.test(serialNumber), isOwn, foreign.lock.code, codes(foreign.lock.reasons)],
        [removed.recipients[0].isOwn, removed.lock.code, codes(removed.lock.reasons)],
      ];
    });
    assert.deepEqual(found, [
      ['CN=Example CA,O=Example', true, false, 'lock/unreadable', ['decrypt/for-certificates']],
      [true, 'lock/unreadable', ['decrypt/key-removed']],
    ]);
  }));

const openEach = async ({ ready, known, file, inShort }, settings, names) => {
  const mailer = await ready(settings);
  const found = [];
  for (const name of names) found.push(inShort(await mailer.open({ message: await file(name) })));
  return [found, await known('bob@example.com'), await known('eve@example.com')];
};

const verified = { status: 'verified', badge: 'badge/verified', lock: 'lock/none', offered: [] };
const signed = { status: 'unverified', badge: 'badge/not-verified', lock: 'lock/none', learned: [], offered: [] };

test('R2: by default a valid certificate is taken from signed mail, and any other is offered', () =>
  chromium.page(async (page) => {
    const [mails, bob, eve] = await read(page, openEach, undefined, ['signed.eml', 'signed.eml', 'unknown.eml']);
    assert.deepEqual(mails, [
      { ...verified, learned: ['certificate+capabilities'] },
      { ...verified, learned: [] },
      { ...signed, offered: ['false path/unknown-issuer'] },
    ]);
    assert.deepEqual([bob, eve], [['mail'], []]);
  }));

test('R2: “always”, “ask” and “never”', async () => {
  const names = ['signed.eml', 'unknown.eml'];
  const by = (harvest) => chromium.page((page) => read(page, openEach, { harvest }, names));
  const [always, ask, never] = [await by('always'), await by('ask'), await by('never')];
  assert.deepEqual(always.slice(1), [['mail'], ['mail']]);
  assert.deepEqual(always[0][1].badge, 'badge/not-verified');
  assert.deepEqual(ask.slice(1), [[], []]);
  assert.deepEqual(ask[0].map(({ offered }) => offered), [['false'], ['false path/unknown-issuer']]);
  assert.deepEqual(never.slice(1), [[], []]);
  assert.deepEqual(never[0].map(({ offered }) => offered), [[], []]);
});

test('R2: a changed certificate is always offered, and kept when somebody says so', () =>
  chromium.page(async (page) => {
    const found = await read(page, async ({ ready, known, file, inShort }) => {
      const mailer = await ready({ harvest: 'always' });
      await mailer.open({ message: await file('signed.eml') });
      const message = await file('changed.eml');
      const changed = await mailer.open({ message });
      const kept = await known('bob@example.com');
      const learned = await mailer.acceptCertificate({ offer: changed.offered[0] });
      return [inShort(changed), kept, learned.map(({ news }) => news), inShort(await mailer.open({ message }))];
    });
    const offered = { ...verified, learned: [], offered: ['true'] };
    assert.deepEqual(found, [offered, ['mail'], [['certificate']], { ...verified, learned: ['capabilities'] }]);
  }));

test('R2: nothing is taken from altered mail, for another address, or from what could have been altered', () =>
  chromium.page(async (page) => {
    const [mails, bob, eve] = await read(page, openEach, { harvest: 'always' }, ['altered.eml', 'other.eml', 'doubtful.eml']);
    assert.deepEqual(mails, [
      { ...signed, status: 'failed', badge: 'badge/altered' },
      signed,
      { ...signed, lock: 'lock/no-integrity', offered: ['false path/unknown-issuer'] },
    ]);
    assert.deepEqual([bob, eve], [[], []]);
  }));

test('R3: new and changed certificates are trusted as the settings say', () =>
  chromium.page(async (page) => {
    const found = await read(page, async ({ ready, mailerWith, file, inShort, codes }) => {
      let mailer = await ready({ trustNew: false });
      const mail = async (name) => mailer.open({ message: await file(name) });
      const isNew = await mail('signed.eml');
      await mailer.acceptCertificate({ offer: isNew.offered[0] });
      const accepted = await mail('signed.eml');
      mailer = await mailerWith({ trustNewOfKnown: false });
      const changed = await mail('changed.eml');
      return [inShort(isNew), codes(isNew.badge.reasons), inShort(accepted).badge, inShort(changed), codes(changed.badge.reasons)];
    });
    assert.deepEqual(found, [
      { ...signed, offered: ['false trust/new-certificate'] },
      ['trust/new-certificate'],
      'badge/verified',
      { ...signed, offered: ['true trust/changed-certificate'] },
      ['trust/changed-certificate'],
    ]);
  }));

test('R5: every state has its code, its reasons and its words', () =>
  chromium.page(async (page) => {
    const found = await read(page, async ({ ready, storeIdentity, passphrase, file, codes, label, explain }) => {
      await storeIdentity('short.p12', passphrase);
      const mailer = await ready();
      const states = {};
      for (const name of ['hello', 'signed', 'other', 'altered', 'both', 'encrypted', 'gcm', 'weak', 'short', 'bobs']) {
        const { badge, lock } = await mailer.open({ message: await file(`${name}.eml`) });
        for (const { code } of [badge, lock]) {
          if (!label(code, 'de') || !label(code) || explain({ code }).includes('without explanation')) throw new Error(code);
        }
        states[name] = [badge.code, lock.code, ...codes([...badge.reasons, ...lock.reasons])];
      }
      return states;
    });
    assert.deepEqual(found, {
      hello: ['badge/unsigned', 'lock/none'],
      signed: ['badge/verified', 'lock/none'],
      other: ['badge/not-verified', 'lock/none', 'author/mismatch'],
      altered: ['badge/altered', 'lock/none', 'signature/content-altered'],
      both: ['badge/verified', 'lock/encrypted'],
      encrypted: ['badge/unsigned', 'lock/no-integrity', 'cipher/no-integrity'],
      gcm: ['badge/unsigned', 'lock/encrypted'],
      weak: ['badge/unsigned', 'lock/weak', 'cipher/weak', 'cipher/no-integrity'],
      short: ['badge/unsigned', 'lock/weak', 'cipher/weak-key'],
      bobs: ['badge/unknown', 'lock/unreadable', 'decrypt/for-certificates'],
    });
  }));

test('R5: no layer alarms about what a signature inside makes good', () =>
  chromium.page(async (page) => {
    const found = await read(page, async ({ ready, file, codes }) => {
      const mailer = await ready();
      const layer = async (name) => {
        const { layers: [{ integrity, problems }] } = await mailer.open({ message: await file(`${name}.eml`) });
        return [integrity, codes(problems)];
      };
      return [await layer('both'), await layer('encrypted')];
    });
    assert.deepEqual(found, [['none', []], ['none', ['cipher/no-integrity']]]);
  }));

test('R5: signatures and envelopes are never listed as attachments', () =>
  chromium.page(async (page) => {
    const found = await read(page, async ({ ready, file }) => {
      const mailer = await ready();
      const envelope = btoa(String.fromCharCode(...(await file('bare.p7m'))));
      const wrapped = [
        'From: bob@example.com', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '',
        '--b', 'Content-Type: text/plain', '', 'See below', '--b',
        'Content-Type: application/pkcs7-mime; name=smime.p7m', 'Content-Transfer-Encoding: base64',
        'Content-Disposition: attachment; filename=smime.p7m', '', envelope, '--b',
        'Content-Type: application/pdf; name=a.pdf', '', '%PDF', '--b--', '',
      ];
      const names = ({ view }) => [view.attachments.map(({ name }) => name), view.smimeParts.map(({ name }) => name)];
      const outer = await mailer.open({ message: new TextEncoder().encode(wrapped.join('\r\n')) });
      const inner = await mailer.open({ message: await outer.view.smimeParts[0].data() });
      const plain = [];
      for (const name of ['signed.eml', 'altered.eml', 'both.eml']) plain.push(names(await mailer.open({ message: await file(name) }))[0]);
      return [names(outer), inner.view.bodies[0].text.trim(), plain];
    });
    assert.deepEqual(found, [[['a.pdf'], ['smime.p7m']], 'Hello Alice', [[], [], []]]);
  }));

test('R6: where copies are kept encrypted, there is evidence and no decrypted copy', () =>
  chromium.page(async (page) => {
    const found = await read(page, async ({ ready, aliceMailer, file }) => {
      const mailer = await ready();
      const account = 'alice@example.com';
      const archived = async (options, one = mailer) => {
        const { message, evidence, mayFetch } = await one.archive({ message: await file('both.eml'), ...options });
        return [message !== undefined, evidence !== undefined, mayFetch !== undefined];
      };
      const before = await archived({ account });
      await mailer.changeSettings({ account, values: { keepCopies: 'decrypted' } });
      const chosen = [await archived({ account }), await archived({})];
      const locked = await aliceMailer({ policy: { keepCopies: { value: 'encrypted', locked: true } } });
      return { before, chosen, locked: await archived({ account }, locked) };
    });
    const without = [false, true, false];
    assert.deepEqual(found, { before: without, chosen: [[true, true, found.chosen[0][2]], without], locked: without });
  }));

test('R6: an archived copy is private, keeps its signature, and its evidence can be checked again', () =>
  chromium.page(async (page) => {
    const found = await read(page, async ({ ready, file, code, text }) => {
      const mailer = await ready({ keepCopies: 'decrypted' });
      const receivedAt = new Date();
      const copies = [];
      for (const direction of ['received', 'sent']) {
        const message = await file('both.eml');
        const archived = await mailer.archive({ message, direction, receivedAt });
        const copy = await mailer.open({ message: archived.message });
        const checked = await mailer.checkArchived({ evidence: archived.evidence });
        copies.push([
          archived.visibility, archived.direction, copy.badge.code, copy.lock.code, text(copy),
          copy.headers.find(({ name }) => name === 'Subject').value,
          checked.badge.code, checked.isGenuine, checked.receivedAt.getTime() === receivedAt.getTime(),
        ]);
      }
      const unsigned = await mailer.archive({ message: await file('gcm.eml') });
      const clear = await mailer.archive({ message: await file('signed.eml') });
      const none = await code(mailer.archive({ message: await file('foreign.eml') }));
      await mailer.lock();
      const locked = await code(mailer.archive({ message: await file('both.eml') }));
      return [copies, [unsigned.evidence === undefined, clear.message === undefined, clear.evidence.length > 0], none, locked];
    });
    const copy = ['badge/verified', 'lock/none', 'Hello Alice', 'Hello', 'badge/verified', true, true];
    assert.deepEqual(found, [
      [['private', 'received', ...copy], ['private', 'sent', ...copy]],
      [true, true, true],
      'decrypt/no-recipient',
      'identity/locked',
    ]);
  }));

test('R7: bare files of CMS open too', () =>
  chromium.page(async (page) => {
    const found = await read(page, async ({ ready, file, text }) => {
      const mailer = await ready();
      const encrypted = await mailer.open({ message: await file('bare.p7m') });
      const detached = await mailer.open({ message: await file('bare.p7s'), content: await file('body'), from: 'bob@example.com' });
      return [text(encrypted), encrypted.lock.code, text(detached), detached.badge.code];
    });
    assert.deepEqual(found, ['Hello Alice', 'lock/no-integrity', 'Hello Alice', 'badge/verified']);
  }));

test('R9: for mail to a shared account without a key there is a text to answer with', () =>
  chromium.page(async (page) => {
    const found = await read(page, async ({ ready, file }) => {
      const { replyText } = await import('/smime-wasm/texts.js');
      const shared = { address: 'info@example.com', kind: 'shared' };
      const mailer = await ready(undefined, { accounts: [{ address: 'alice@example.com' }, shared] });
      const message = await file('foreign.eml');
      const texts = async (account) => {
        const { problems } = await mailer.open({ message, account });
        return problems.map((problem) => replyText(problem, 'de')).filter(Boolean);
      };
      return [await texts('info@example.com'), await texts('alice@example.com')];
    });
    assert.equal(found[0].length, 1);
    assert.match(found[0][0], /Unser gemeinsames Postfach info@example\.com kann keine verschlüsselten/);
    assert.deepEqual(found[1], []);
  }));

test('R10: a mail list knows lock and signature before anything is opened, in a form to be cached', () =>
  chromium.page(async (page) => {
    const found = await read(page, async ({ ready, file }) => {
      const mailer = await ready();
      const verdicts = {};
      for (const name of ['hello', 'signed', 'encrypted', 'gcm']) {
        const headers = (await file(`${name}.eml`)).slice(0, 600);
        const { verdict } = await mailer.classify({ headers });
        verdicts[name] = JSON.parse(JSON.stringify(verdict));
      }
      const structure = '("application" "pkcs7-mime" ("smime-type" "enveloped-data") NIL NIL "base64" 99)';
      verdicts.structure = (await mailer.classify({ bodyStructure: structure })).verdict;
      verdicts.opened = (await mailer.open({ message: await file('encrypted.eml') })).verdict;
      return verdicts;
    });
    const verdict = (badge, lock, isOpened = false) => ({ version: 1, isOpened, badge: `badge/${badge}`, lock: `lock/${lock}` });
    assert.deepEqual(found, {
      hello: verdict('unsigned', 'none'),
      signed: verdict('unchecked', 'none'),
      encrypted: verdict('unknown', 'encrypted'),
      gcm: verdict('unknown', 'encrypted'),
      structure: verdict('unknown', 'encrypted'),
      opened: verdict('unsigned', 'no-integrity', true),
    });
  }));

test('R11: the text of encrypted mail is given for a search index only where the setting wants it', () =>
  chromium.page(async (page) => {
    const found = await read(page, async ({ ready, mailerWith, file }) => {
      let mailer = await ready();
      const texts = async () => {
        const all = [];
        for (const name of ['encrypted.eml', 'signed.eml']) all.push((await mailer.open({ message: await file(name) })).searchText?.trim() ?? 'none');
        return all;
      };
      const before = await texts();
      mailer = await mailerWith({ searchText: true });
      return [before, await texts()];
    });
    assert.deepEqual(found, [['none', 'none'], ['Hello\nHello Alice', 'none']]);
  }));

test('R1: many mails are opened one after the other, with progress, and until a signal ends it', () =>
  chromium.page(async (page) => {
    const found = await read(page, async ({ ready, file, code }) => {
      const mailer = await ready();
      const messages = [];
      for (const name of ['signed.eml', 'encrypted.eml', 'bobs.eml']) messages.push({ id: name, message: await file(name) });
      messages.splice(1, 0, { id: 'wrong', message: 7 });
      const [opened, progress] = [[], []];
      const onProgress = (at) => progress.push(at);
      for await (const { id, opened: mail, error } of mailer.openMany({ messages, onProgress, account: 'alice@example.com' })) {
        opened.push([id, mail?.lock.code ?? error.code]);
      }
      const ending = new AbortController();
      const first = [];
      const aborted = code((async () => {
        for await (const { id } of mailer.openMany({ messages, signal: ending.signal })) {
          first.push(id);
          ending.abort();
        }
      })());
      return [opened, progress, await aborted, first];
    });
    assert.deepEqual(found, [
      [['signed.eml', 'lock/none'], ['wrong', 'usage/wrong-option'], ['encrypted.eml', 'lock/no-integrity'], ['bobs.eml', 'lock/unreadable']],
      [1, 2, 3, 4].map((done) => ({ done, total: 4 })),
      'aborted',
      ['signed.eml'],
    ]);
  }));

test('R1–R11: bad input has a code and changes nothing', () =>
  chromium.page(async (page) => {
    const codes = await read(page, async ({ ready, known, file, code }) => {
      const mailer = await ready();
      const message = await file('signed.eml');
      const [offer] = (await mailer.open({ message: await file('unknown.eml') })).offered;
      const attempts = [
        () => mailer.open(),
        () => mailer.open({ message, color: 'red' }),
        () => mailer.open({ message, account: 'nobody@example.com' }),
        () => mailer.open({ message, direction: 'sideways' }),
        () => mailer.open({ message, receivedAt: 'today' }),
        () => mailer.open({ message, limits: { inputBytes: 10 } }),
        () => mailer.acceptCertificate(),
        () => mailer.acceptCertificate({ offer: { ...offer, address: 'bob@example.com' } }),
        () => mailer.acceptCertificate({ offer, by: 'me' }),
        () => mailer.archive({ message, visibility: 'public' }),
        () => mailer.checkArchived({ evidence: message }),
        () => mailer.checkArchived({}),
        () => mailer.classify(),
        () => mailer.openMany().next(),
        () => mailer.openMany({ messages: 7 }).next(),
      ];
      const found = [];
      for (const attempt of attempts) found.push(await code(attempt()));
      found.push((await known('bob@example.com')).length + (await known('eve@example.com')).length);
      mailer.close();
      const closed = [() => mailer.open({ message }), () => mailer.archive({ message }), () => mailer.classify({ headers: message })];
      for (const attempt of closed) found.push(await code(attempt()));
      return found;
    });
    assert.deepEqual(codes, [
      'usage/missing-option',
      'usage/unknown-option',
      'usage/wrong-option',
      'usage/wrong-option',
      'usage/wrong-option',
      'limit/input-bytes',
      'usage/wrong-option',
      'usage/wrong-option',
      'usage/unknown-option',
      'usage/unknown-option',
      'malformed/evidence',
      'usage/missing-option',
      'usage/missing-option',
      'usage/wrong-option',
      'usage/wrong-option',
      0,
      'store/closed',
      'store/closed',
      'store/closed',
    ]);
  }));

test('R4: issuers are asked where the setting wants it, and what they said is kept', async () => {
  const authority = await makeAuthority();
  const server = await serveAuthority(authority);
  const relay = server.origin;
  try {
    const files = Object.fromEntries(
      Object.entries(await authority.all()).map(([name, data]) => [name, data.toString('base64')]),
    );
    await chromium.page(async (page) => {
      await page.setBypassCSP(true);
      await page.reload();
      const found = await read(page, async (tab, files, relay) => {
        const { importP12, sign } = await import('/smime-wasm/index.js');
        const bytes = (name) => Uint8Array.from(atob(files[name]), (c) => c.charCodeAt(0));
        const mailBy = async (name) => {
          const { identities: signers } = await importP12({ data: bytes(`${name}.p12`), password: 'secret' });
          const message = new TextEncoder().encode(`From: ${name}@example.com\r\n\r\nHello\r\n`);
          return sign({ message, signers });
        };
        let answers = true;
        const fetchRelayed = async (url, { signal, maxBytes, ...request }) => {
          if (!answers) return null;
          const response = await fetch(`${relay}/relay?${new URLSearchParams({ url })}`, request);
          return response.ok ? response.arrayBuffer() : null;
        };
        const requested = async () => (await (await fetch(`${relay}/requests`)).json()).length > 0;
        await requested();
        const mailer = await tab.openMailer({
          accounts: tab.accounts,
          trustAnchors: [bytes('root.der')],
          fetch: fetchRelayed,
        });
        const [good, revoked] = [await mailBy('grace'), await mailBy('mallory')];
        const off = await mailer.open({ message: revoked });
        const asked = await requested();
        await mailer.changeSettings({ values: { onlineValidation: true, trustWithoutAnswer: false } });
        answers = false;
        const silent = await mailer.open({ message: good });
        answers = true;
        const receivedAt = new Date();
        const archived = await mailer.archive({ message: good, receivedAt });
        const online = archived.opened;
        const bad = await mailer.open({ message: revoked });
        await requested();
        const checked = await mailer.checkArchived({ evidence: archived.evidence });
        await mailer.changeSettings({ values: { onlineValidation: false } });
        const later = await mailer.open({ message: revoked });
        const state = ({ badge, validation }) => [badge.code, validation?.revocation ?? 'not asked'];
        return {
          off: [...state(off), asked],
          silent: [...state(silent), tab.codes(silent.badge.reasons)[0]],
          online: state(online),
          bad: [...state(bad), tab.codes(bad.badge.reasons)[0]],
          checked: [checked.badge.code, checked.signatures[0].revocation, await requested()],
          later: [...state(later), tab.codes(later.badge.reasons)[0]],
          learned: online.learned.map(({ news }) => news.join('+')).sort(),
        };
      }, files, relay);
      assert.deepEqual(found, {
        off: ['badge/verified', 'not asked', false],
        silent: ['badge/not-verified', 'unknown', 'trust/no-answer'],
        online: ['badge/verified', 'good'],
        bad: ['badge/not-verified', 'revoked', 'revocation/revoked'],
        checked: ['badge/verified', 'good', false],
        later: ['badge/not-verified', 'not asked', 'revocation/revoked'],
        learned: ['certificate+capabilities+headers+revocation'],
      });
    });
  } finally {
    await server.close();
    await authority.remove();
  }
});
