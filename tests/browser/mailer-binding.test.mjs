// What is decided and chosen is bound to the owner of the keys, in Chromium: also what was chosen before
// there were any, and what somebody altered in the database.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { launchMailer, run } from './support/mailer-page.mjs';

const { chromium, close } = await launchMailer();
after(close);

/** Decides and chooses while there is no identity; gives what tells whether that still counts. */
const choices = `async (tab) => {
  const mailer = await tab.aliceMailer();
  const [{ entry: { id } }] = await mailer.importCertificates({ data: await tab.file('bob.der') });
  const [{ entry: carol }] = await mailer.importCertificates({ data: await tab.file('carol.der') });
  await mailer.setTrust({ id, trust: 'distrusted', by: 'Alice' });
  await mailer.setTrust({ id: carol.id, trust: 'trusted', addresses: ['carol@example.com'] });
  await mailer.changeSettings({ values: { alwaysSign: false } });
  await mailer.changeSettings({ contact: 'bob@example.com', values: { encryptTo: 'all' } });
  return { mailer, id, carol: carol.id };
}`;

/** What holds of it. */
const holding = `async (mailer, { id, carol }) => {
  const { values, problems } = await mailer.settings({ contact: 'bob@example.com' });
  const views = [await mailer.certificate({ id }), await mailer.certificate({ id: carol })];
  const { problems: doubts } = await mailer.trustAnchors();
  const told = [problems, doubts, ...views.map(({ problems }) => problems)].flat();
  return {
    settings: [values.alwaysSign, values.encryptTo],
    decisions: views.map(({ decision }) => decision && decision.trust),
    altered: told.filter(({ code }) => code === 'store/altered').length,
  };
}`;

const chosen = (page, work, ...rest) =>
  run(page, `async (tab, ...rest) => (${work})({ ...tab, choices: ${choices}, holding: ${holding} }, ...rest)`, ...rest);

const held = { settings: [false, 'all'], decisions: ['distrusted', 'trusted'], altered: 0 };

test('K9: what was decided and chosen before the first identity holds when it is imported', () =>
  chromium.page(async (page) => {
    const found = await chosen(page, async (tab) => {
      const { mailer, ...ids } = await tab.choices(tab);
      const files = [{ data: await tab.file('alice.p12') }, { data: await tab.file('bob.p12') }];
      const results = await mailer.importP12({ files, password: 'secret', seal: { passphrase: 'here' } });
      const problems = results.flatMap(({ identities }) => identities).flatMap((one) => one.problems);
      const adopted = problems.filter(({ code }) => code === 'store/adopted');
      const locked = await tab.holding(mailer, ids);
      await mailer.unlock({ passphrase: 'here' });
      return [locked, await tab.holding(mailer, ids), adopted.map(({ details }) => details.count)];
    });
    // It is told what counts from now on.
    assert.deepEqual(found, [held, held, [4]]);
  }));

test('K9: it holds when the first identity comes by the store', () =>
  chromium.page(async (page) => {
    const found = await chosen(page, async (tab) => {
      const { mailer, ...ids } = await tab.choices(tab);
      await tab.storeAlice();
      await mailer.unlock({ passphrase: tab.passphrase });
      return tab.holding(mailer, ids);
    });
    assert.deepEqual(found, held);
  }));

test('K9: it holds when all identities were removed and another one comes', () =>
  chromium.page(async (page) => {
    const found = await chosen(page, async (tab) => {
      const { mailer, ...ids } = await tab.choices(tab);
      const id = await tab.storeAlice();
      await mailer.unlock({ passphrase: tab.passphrase });
      await mailer.removeIdentity({ id });
      await tab.storeIdentity('bob.p12', 'other');
      await mailer.unlock({ passphrase: 'other' });
      return tab.holding(mailer, ids);
    });
    assert.deepEqual(found, held);
  }));

test('K9: where only another identity can bind it, nothing is chosen unbound', () =>
  chromium.page(async (page) => {
    const found = await chosen(page, async (tab) => {
      const { mailer, ...ids } = await tab.choices(tab);
      await tab.storeAlice();
      // It never saw Alice's key.
      await tab.storeIdentity('bob.p12', 'other');
      await mailer.unlock({ passphrase: 'other' });
      const refused = [
        await tab.code(mailer.changeSettings({ values: { alwaysSign: true } })),
        await tab.code(mailer.setTrust({ id: ids.id, trust: 'automatic' })),
      ];
      const nothing = await tab.holding(mailer, ids);
      await mailer.unlock({ passphrase: tab.passphrase });
      const both = await tab.holding(mailer, ids);
      await mailer.lock();
      // Now it did.
      await mailer.unlock({ passphrase: 'other' });
      return [refused, nothing, both, await tab.holding(mailer, ids)];
    });
    const none = { settings: [true, 'newest'], decisions: [null, null], altered: 0 };
    assert.deepEqual(found, [['identity/locked', 'identity/locked'], none, held, held]);
  }));

/** A backup of Alice's identity, unlocked or not. */
const backupOfAlice = (page, isUnlocked) =>
  run(page, async ({ aliceMailer, storeAlice, passphrase }, isUnlocked) => {
    await storeAlice();
    const mailer = await aliceMailer();
    if (isUnlocked) await mailer.unlock({ passphrase });
    return [...(await mailer.backup({ passphrase: 'backup' })).data];
  }, isUnlocked);

for (const isUnlocked of [true, false]) {
  test(`K12: what the first identity has not bound does not count when it comes with a backup made ${isUnlocked ? 'un' : ''}locked`, async () => {
    const backup = await chromium.page((page) => backupOfAlice(page, isUnlocked));
    await chromium.page(async (page) => {
      const found = await chosen(page, async (tab, data, isUnlocked) => {
        const { mailer, ...ids } = await tab.choices(tab);
        const { problems } = await mailer.restore({ data: new Uint8Array(data), passphrase: 'backup' });
        await mailer.unlock({ passphrase: isUnlocked ? 'backup' : tab.passphrase });
        return { problems, ...(await tab.holding(mailer, ids)) };
      }, backup, isUnlocked);
      // What nobody could bind counts as not there, and is told.
      const told = [{ code: 'store/altered', details: { count: 4 } }];
      const dropped = { settings: [true, 'newest'], decisions: [null, null], altered: 0, problems: told };
      assert.deepEqual(found, dropped);
    });
  });
}

test('K12: it holds where a backup has no identity and the store has one', async () => {
  const { data, ids } = await chromium.page((page) =>
    chosen(page, async (tab) => {
      const { mailer, ...ids } = await tab.choices(tab);
      return { data: [...(await mailer.backup({ passphrase: 'backup' })).data], ids };
    }));
  await chromium.page(async (page) => {
    const found = await chosen(page, async (tab, data, ids) => {
      await tab.storeAlice();
      const mailer = await tab.aliceMailer();
      await mailer.unlock({ passphrase: tab.passphrase });
      const { problems } = await mailer.restore({ data: new Uint8Array(data), passphrase: 'backup' });
      return { problems, ...(await tab.holding(mailer, ids)) };
    }, data, ids);
    assert.deepEqual(found, { ...held, problems: [] });
  });
});

test('K12: it holds on all devices, whichever of them had the first identity', async () => {
  /** What the host keeps. */
  let kept;
  const device = (body) =>
    chromium.page(async (page) => {
      await page.exposeFunction('hostPull', () => kept && { ...kept });
      await page.exposeFunction('hostPush', ({ data, replaces }) => {
        if (replaces !== kept?.version) return false;
        kept = { data, version: (kept?.version ?? 0) + 1 };
        return true;
      });
      await run(page, () => {
        window.sync = {
          pull: async () => {
            const found = await window.hostPull();
            return found && { ...found, data: new Uint8Array(found.data) };
          },
          push: ({ data, replaces }) => window.hostPush({ data: [...data], replaces }),
        };
      });
      return body((work, ...rest) => chosen(page, work, ...rest));
    });
  const sync = async (tab) => (await tab.aliceMailer({ sync: window.sync })).sync({ passphrase: 'sync' });
  const look = async (tab, ids, passphrase) => {
    const mailer = await tab.aliceMailer();
    await mailer.unlock({ passphrase });
    return tab.holding(mailer, ids);
  };
  const none = { problems: [] };
  const quiet = ({ problems }) => ({ problems });
  await device(async (chooser) => {
    const ids = await chooser(async (tab) => {
      const { mailer, ...ids } = await tab.choices(tab);
      mailer.close();
      return ids;
    });
    await device(async (owner) => {
      await owner(async (tab) => {
        await tab.storeIdentity('alice.p12', 'mine');
        await (await tab.aliceMailer()).unlock({ passphrase: 'mine' });
      });
      // What a device without keys chose comes to one with keys, and back with them.
      assert.deepEqual(quiet(await chooser(sync)), none);
      assert.deepEqual(quiet(await owner(sync)), none);
      assert.deepEqual(await owner(look, ids, 'mine'), held);
      assert.deepEqual(quiet(await chooser(sync)), none);
      assert.deepEqual(await chooser(look, ids, 'sync'), held);
      // A third one, with keys of its own, gets them from one that was locked.
      await owner(async (tab) => (await tab.aliceMailer()).lock());
      await owner(async (tab) => {
        const { parseCertificates } = await import('/smime-wasm/index.js');
        const certificates = await parseCertificates({ data: await tab.file('ca.der') });
        await (await tab.openStore()).addCertificates({ certificates });
      });
    });
    await chooser(async (tab) => {
      const { parseCertificates } = await import('/smime-wasm/index.js');
      const certificates = await parseCertificates({ data: await tab.file('dave.der') });
      await (await tab.openStore()).addCertificates({ certificates });
      await (await tab.aliceMailer()).lock();
    });
    await device(async (third) => {
      await third(async (tab) => {
        await tab.storeIdentity('bob.p12', 'own');
        await (await tab.aliceMailer()).unlock({ passphrase: 'own' });
      });
      assert.deepEqual(quiet(await third(sync)), none);
      assert.deepEqual(await third(look, ids, 'own'), held);
    });
  });
});

/** Alters rows past the store: each function gets the bytes of the one row of an id. */
const alteration = `async ({ rows, write }, table, id, change) => {
  const row = (await rows(table)).find((row) => row.id === id);
  const value = row.value.slice();
  const changed = await change(value, (words) => {
    const bytes = typeof words === 'string' ? new TextEncoder().encode(words) : words;
    let found = -1;
    for (let at = 0; at + bytes.length <= value.length; at++) {
      if (bytes.every((byte, i) => value[at + i] === byte)) found = at;
    }
    if (found < 0) throw new Error('there is no such thing in the row');
    return found;
  });
  await write(table, { ...row, ...changed, value });
}`;

const altered = (page, work, ...rest) =>
  chosen(page, `async (tab, ...rest) => (${work})({ ...tab, alter: (...what) => (${alteration})(tab, ...what) }, ...rest)`, ...rest);

/** The header of a MAC in DER. */
const MAC = [0x04, 0x20];

test('K9: a decision or a setting that somebody altered counts as not there, and is told', () =>
  chromium.page(async (page) => {
    const found = await altered(page, async (tab, MAC) => {
      const { mailer, ...ids } = await tab.choices(tab);
      await tab.storeAlice();
      await mailer.unlock({ passphrase: tab.passphrase });
      const kept = {};
      for (const table of ['certificates', 'settings', 'meta']) kept[table] = await tab.rows(table);
      const again = async () => {
        for (const [table, rows] of Object.entries(kept)) for (const row of rows) await tab.write(table, row);
      };
      const contact = 'contact:bob@example.com';
      const flip = (of) => (value, find) => void (value[find(of) + 2] ^= 1);
      const alterations = {
        nothing: () => {},
        'the MAC of a setting': () => tab.alter('settings', 'all', flip(MAC)),
        'a setting': () => tab.alter('settings', 'all', (value, find) => value.set(new TextEncoder().encode('fblse'), find('false'))),
        'the settings of another': async () => {
          const { value } = (await tab.rows('settings')).find(({ id }) => id === 'all');
          await tab.alter('settings', contact, () => ({ value }));
          await tab.write('settings', { ...(await tab.rows('settings')).find(({ id }) => id === contact), value });
        },
        'the MAC of a decision': () => tab.alter('certificates', ids.id, flip(MAC)),
        'whom a decision is about': () => tab.alter('certificates', ids.carol, flip('carol@example.com')),
        'who decided': () => tab.alter('certificates', ids.id, flip('Alice')),
      };
      const found = {};
      for (const [name, alter] of Object.entries(alterations)) {
        await alter();
        const { settings, decisions, altered } = await tab.holding(mailer, ids);
        // Everything else still works.
        const { recipients } = await mailer.recipients({ from: 'alice@example.com', to: ['carol@example.com', 'bob@example.com'] });
        const { entries } = await mailer.certificates();
        found[name] = [...settings, ...decisions, altered > 0, recipients.map(({ isReady }) => isReady), entries.length];
        await again();
      }
      // What is chosen anew counts.
      await alterations['a setting']();
      await mailer.changeSettings({ values: { alwaysSign: false } });
      await alterations['the MAC of a decision']();
      await mailer.setTrust({ id: ids.id, trust: 'distrusted' });
      const { altered } = await tab.holding(mailer, ids);
      return { ...found, repaired: altered };
    }, MAC);
    const whole = [false, 'all', 'distrusted', 'trusted'];
    const ready = [true, false];
    assert.deepEqual(found, {
      nothing: [...whole, false, ready, 3],
      'the MAC of a setting': [true, 'all', 'distrusted', 'trusted', true, ready, 3],
      'a setting': [true, 'all', 'distrusted', 'trusted', true, ready, 3],
      'the settings of another': [false, 'newest', 'distrusted', 'trusted', true, ready, 3],
      'the MAC of a decision': [false, 'all', null, 'trusted', true, [true, true], 3],
      'whom a decision is about': [false, 'all', 'distrusted', null, true, ready, 3],
      'who decided': [false, 'all', null, 'trusted', true, [true, true], 3],
      repaired: 0,
    });
  }));

test('K9: without the key of decisions none counts, and new ones do', () =>
  chromium.page(async (page) => {
    const found = await altered(page, async (tab) => {
      const { mailer, ...ids } = await tab.choices(tab);
      await tab.storeAlice();
      const results = [];
      for (const value of [new Uint8Array([0x30, 3, 2, 1, 2]), new Uint8Array(40), new Uint8Array()]) {
        await tab.alter('meta', 'mac-key', () => ({}));
        const row = (await tab.rows('meta')).find(({ id }) => id === 'mac-key');
        await tab.write('meta', { ...row, value });
        await mailer.unlock({ passphrase: tab.passphrase });
        const { settings, decisions, altered } = await tab.holding(mailer, ids);
        await mailer.changeSettings({ values: { alwaysSign: false } });
        const { values, problems } = await mailer.settings();
        results.push([...settings, ...decisions, altered > 0, values.alwaysSign, problems.length]);
        await mailer.lock();
      }
      return results;
    });
    const nothing = [true, 'newest', null, null, true, false, 0];
    assert.deepEqual(found, [nothing, nothing, nothing]);
  }));

test('K9: what a certificate is assigned to is what somebody decided, and nothing that was written beside it', () =>
  chromium.page(async (page) => {
    const found = await altered(page, async (tab) => {
      await tab.storeAlice();
      const mailer = await tab.aliceMailer();
      await mailer.unlock({ passphrase: tab.passphrase });
      const [{ entry }] = await mailer.importCertificates({
        data: await tab.file('bob.der'),
        assign: { addresses: ['boss@example.com'] },
      });
      const ready = async (address) =>
        (await mailer.recipients({ from: 'alice@example.com', to: [address] })).recipients[0].isReady;
      const before = [await ready('boss@example.com'), await ready('buss@example.com')];
      // The decision stands before the list of what it assigns.
      await tab.alter('certificates', entry.id, (value, find) => {
        value[find('boss@example.com') + 1] = 'u'.charCodeAt(0);
        return { addresses: ['bob@example.com', 'buss@example.com', '#decided'] };
      });
      const row = (await mailer.certificates({ filter: 'bob' })).entries[0];
      return [before, await ready('buss@example.com'), row.assigned];
    });
    assert.deepEqual(found, [[true, false], false, ['boss@example.com']]);
  }));

test('R6: evidence that was altered is not genuine', () =>
  chromium.page(async (page) => {
    const found = await altered(page, async (tab, MAC) => {
      await tab.storeAlice();
      const mailer = await tab.aliceMailer();
      await mailer.unlock({ passphrase: tab.passphrase });
      const { importP12, sign, composeMessage } = await import('/smime-wasm/index.js');
      const { identities } = await importP12({ data: await tab.file('bob.p12'), password: 'secret' });
      const text = { from: { address: 'bob@example.com' }, to: [{ address: 'alice@example.com' }], subject: 'tea', text: 'Hello' };
      const message = await sign({ message: await composeMessage(text), signers: identities });
      const { evidence } = await mailer.archive({ message, receivedAt: new Date() });
      const check = async (data) => {
        try {
          const { isGenuine, badge } = await mailer.checkArchived({ evidence: data });
          return `${isGenuine} ${badge.code}`;
        } catch ({ code }) {
          return code;
        }
      };
      const flipped = (at) => {
        const copy = evidence.slice();
        copy[at] ^= 1;
        return check(copy);
      };
      const end = evidence.length;
      const whole = await check(evidence);
      const mac = await flipped(end - 1);
      const found = new Set();
      for (let at = 0; at < end; at += 97) found.add(await flipped(at));
      const cut = new Set();
      for (let at = 0; at < end; at += 997) cut.add(await check(evidence.subarray(0, at)));
      const hasMac = MAC.every((byte, i) => evidence[end - 34 + i] === byte);
      await mailer.lock();
      return { whole, mac, genuine: [...found].filter((one) => one.startsWith('true')), cut: [...cut], hasMac, locked: await check(evidence) };
    }, MAC);
    assert.deepEqual(found, {
      whole: 'true badge/verified',
      mac: 'false badge/verified',
      genuine: [],
      cut: ['malformed/evidence'],
      hasMac: true,
      locked: 'undefined badge/verified',
    });
  }));

test('K9: where only a row that is no identity has the key, nothing is taken for unchanged', () =>
  chromium.page(async (page) => {
    const found = await run(page, async (tab) => {
      const der = (tag, ...parts) => [tag, parts.flat().length, ...parts.flat()];
      const text = (value) => der(12, [...new TextEncoder().encode(value)]);
      const octets = (length) => der(4, Array(length).fill(1));
      const mailer = await tab.aliceMailer();
      await tab.storeAlice();
      await mailer.unlock({ passphrase: tab.passphrase });
      await mailer.changeSettings({ values: { alwaysSign: true } });
      await mailer.lock();
      const [settings] = await tab.rows('settings');
      const chosen = der(0x30, der(0x30, text('alwaysSign'), text('false')));
      const forged = new Uint8Array(der(0x30, [2, 1, 2], chosen));
      await tab.write('settings', { ...settings, revision: settings.revision + 1, value: forged });
      await tab.write('identities', { id: 'x', revision: 1, addresses: [], value: new Uint8Array([0]) });
      const ring = (await tab.rows('meta')).find(({ id }) => id === 'mac-key');
      const wrap = der(0x30, text('x'), der(0x30, octets(12), octets(48)));
      const value = new Uint8Array(der(0x30, [2, 1, 2], der(0x30, wrap)));
      await tab.write('meta', { ...ring, revision: ring.revision + 1, value });
      await mailer.unlock({ passphrase: tab.passphrase });
      const { values, problems } = await mailer.settings();
      return [values.alwaysSign, problems.map(({ code }) => code)];
    });
    assert.deepEqual(found, [true, ['store/altered']]);
  }));
