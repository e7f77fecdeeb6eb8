// docs/INTEGRATION.md: every sample does what the text around it says, in a CRM that is made of them.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { launch } from './support/chromium.mjs';
import { openCrm, pagesOf, prepareCrm } from './support/crm-page.mjs';
import { readGuide, startCrm } from './support/crm.mjs';
import { decrypted, issue } from './support/issue.mjs';
import { secondTab } from './support/store-page.mjs';

const run = promisify(execFile);

const crm = await startCrm();
const { state, origin, home, identities: { folder } } = crm;
const chromium = await launch();
after(() => Promise.all([chromium.close(), crm.close()]));

const onPage = pagesOf(crm, chromium);

const openssl = (...options) => run('openssl', options, { cwd: folder }).then(({ stdout }) => stdout);

/** A mail by OpenSSL, as it would arrive. */
async function mailFrom(name, { to = 'alice', isEncrypted } = {}) {
  const header = ['-from', `${name}@example.com`, '-to', `${to}@example.com`, '-subject', 'Hello'];
  const action = isEncrypted ? ['-encrypt', '-aes256', `${to}.pem`] : ['-sign', '-signer', `${name}.pem`, '-inkey', `${name}.key`];
  const [verb, ...rest] = action;
  return Buffer.from(await openssl('cms', verb, '-in', 'hello.eml', ...header, ...rest));
}

test('every sample is in a file, and calls what there is with what it takes', async () => {
  const { samples, blocks, policies } = await readGuide();
  assert.deepEqual([Object.keys(samples).length, policies.length], [blocks, 2]);
  // TypeScript's DOM has no Trusted Types.
  const pages = Object.keys(samples).filter((name) => name.endsWith('.js') && name !== 'trusted-types.js');
  await mkdir(join(home, 'typed'));
  for (const name of pages) {
    const typed = samples[name].replaceAll('(mailer,', "(/** @type {import('smime-wasm/mailer').Mailer} */ mailer,");
    await writeFile(join(home, 'typed', name), typed);
  }
  const tsc = fileURLToPath(new URL('../../www/node_modules/typescript/bin/tsc', import.meta.url));
  const flags = ['--noEmit', '--allowJs', '--checkJs', '--strict', 'false', '--target', 'es2022', '--types', ''];
  const modules = ['--module', 'esnext', '--moduleResolution', 'bundler', '--ignoreConfig'];
  const files = pages.map((name) => join('typed', name));
  await run(tsc, [...flags, ...modules, ...files], { cwd: home }).catch(({ stdout }) => assert.fail(stdout));
});

for (const [at, policy] of crm.policies.entries()) {
  test(`five steps lead to a signed mail, under ${at ? 'Trusted Types' : 'the policy'}`, () =>
    onPage(async (page) => {
      const found = await page.evaluate(async () => {
        const mailer = await begin();
        const files = [await file('alice.p12'), await file('ca.der')];
        const [wrong] = await crm.importKeys(mailer, [files[0]], 'wrong', passphrase);
        const results = await crm.importKeys(mailer, files, 'secret', passphrase);
        const problems = await crm.send(mailer, {
          from: { name: 'Erika Müller', address: 'alice@example.com' },
          to: [{ address: 'kunde@example.org' }],
          subject: 'Angebot für Größe 42',
          text: 'Schöne Grüße\n\nFrom here on\n. is a line of its own\n',
        });
        return { results, wrong, problems, storeId: mailer.storeId };
      });
      // Nobody is asked where encryption is done "when possible", but it is told.
      assert.deepEqual(found.problems.map(({ code }) => code), ['sending/unencrypted']);
      assert.deepEqual(state.storeIds, [found.storeId]);
      const [good, bad] = found.results;
      assert.deepEqual([good.name, good.addresses], ['alice.p12', ['alice@example.com']]);
      assert.deepEqual([bad.name, bad.addresses.length], ['ca.der', 0]);
      assert.equal(bad.notes.length, 1);
      assert.match(found.wrong.notes[0], /^Das Kennwort passt nicht/);
      const [{ from, to, message }] = state.submitted;
      assert.deepEqual([from, to, state.submitted.length, state.sent.length], ['alice@example.com', ['kunde@example.org'], 1, 1]);
      assertWire(message);
      const plain = await verified(message);
      assert.match(plain, /Content-Type: text\/plain/);
    }, { policy }));
}

/** That a message is as it goes over the wire. */
function assertWire(message) {
  const text = message.toString('latin1');
  assert.match(text, /^[\r\n\x20-\x7e\t]+$/);
  assert.doesNotMatch(text, /(?<!\r)\n|\r(?!\n)/);
}

/** What OpenSSL finds signed in a message. */
async function verified(message) {
  await writeFile(join(folder, 'verified.eml'), message);
  return openssl('cms', '-verify', '-in', 'verified.eml', '-CAfile', 'ca.pem', '-purpose', 'any');
}

test('a worker obeys the policy that its script came with, and none is enough for it', async () => {
  const inspected = (page) =>
    page.evaluate(() => code(crm.inspect({ message: new TextEncoder().encode('From: a@example.com\r\n\r\nHello\r\n') })));
  await onPage(async (page) => assert.equal(await inspected(page), 'internal/load'), { scriptPolicy: "default-src 'self'" });
  await onPage(async (page) => assert.equal(await inspected(page), 'done'), { scriptPolicy: '' });
});

test('under Trusted Types no other script is let through', () =>
  onPage(async (page) => {
    const found = await page.evaluate(async () => {
      const start = (address) => {
        try {
          new Worker(address).terminate();
          return 'started';
        } catch (error) {
          return error.name;
        }
      };
      return [start('/assets/worker.js'), start('/uploads/evil.js'), start('https://evil.example/assets/worker.js')];
    });
    assert.deepEqual(found, ['started', 'TypeError', 'TypeError']);
  }, { policy: crm.policies[1], expectedErrors: [/TrustedScriptURL/] }));

test('the sending contract: one message and envelope for To and Cc, one for each Bcc, one to keep', () =>
  onPage(async (page) => {
    const refused = await page.evaluate(async () => {
      const mail = { from: { address: 'alice@example.com' }, to: [{ address: 'bob@example.com' }], subject: 'Größe', text: 'a secret, für dich' };
      await crm.send(await begin(), mail, { bcc: [{ address: 'eve@example.org' }] });
      const mailer = await beginWithKey();
      await know(mailer, 'bob', 'carol');
      await crm.send(mailer, mail, { bcc: [{ address: 'carol@example.com' }] });
      const unready = { ...mail, cc: [{ address: 'eve@example.org' }] };
      const { code, details } = await crm.send(mailer, unready, { encrypt: true }).catch((error) => error);
      await crm.send(mailer, unready, { encrypt: true, without: 'leave-out' });
      return [code, details.addresses];
    });
    assert.deepEqual(refused, ['refused/no-certificate', ['eve@example.org']]);
    const [plain, toBob, toCarol, again] = state.submitted;
    assert.deepEqual(plain.to, ['bob@example.com', 'eve@example.org']);
    for (const { message } of state.submitted) assertWire(message);
    assert.deepEqual([toBob.to, toCarol.to, again.to], [['bob@example.com'], ['carol@example.com'], ['bob@example.com']]);
    const reads = async ({ message }, name) => (await decrypted(folder, message.toString('base64'), name))?.includes('a secret') ?? false;
    assert.deepEqual([await reads(toBob, 'bob'), await reads(toBob, 'carol')], [true, false]);
    assert.deepEqual([await reads(toCarol, 'carol'), await reads(toCarol, 'bob')], [true, false]);
    const header = (message, name) => message.toString('latin1').split('\r\n\r\n')[0].match(new RegExp(`^${name}: (.*)$`, 'mi'))?.[1];
    assert.equal(header(toBob.message, 'Message-ID'), header(toCarol.message, 'Message-ID'));
    assert.deepEqual([header(toBob.message, 'Bcc'), header(toCarol.message, 'Bcc'), header(plain.message, 'Bcc')], [undefined, undefined, undefined]);
    assert.match(await decrypted(folder, state.sent[1].toString('base64'), 'alice'), /carol@example\.com/);
  }));

test('received mail is shown with badge and lock, and the list remembers', () =>
  onPage(async (page) => {
    state.mails.signed = await mailFrom('bob');
    state.mails.encrypted = await mailFrom('bob', { isEncrypted: true });
    const found = await page.evaluate(async () => {
      const mailer = await beginWithKey();
      const [account, receivedAt] = ['alice@example.com', new Date()];
      const show = async (id) => {
        const { badge, lock, bodies, unlockFirst } = await crm.read(mailer, { id, account, receivedAt });
        return [badge.label, lock.label, bodies.map(({ text }) => text.trim()).join(), unlockFirst];
      };
      const seen = [await show('signed'), await show('encrypted')];
      await mailer.lock();
      seen.push(await show('encrypted'));
      await mailer.unlock({ passphrase });

      const cache = new Map();
      const message = await (await fetch('/api/mails/signed')).blob();
      const row = async () => crm.rowOf(mailer, cache, { id: 1, headers: message });
      const rows = [await row()];
      await crm.openAndRemember(mailer, cache, { id: 1, message, account, receivedAt });
      cache.set(1, JSON.parse(JSON.stringify(cache.get(1))));
      rows.push(await row());
      return { seen, rows };
    });
    assert.deepEqual(found.seen, [
      ['Signiert und geprüft', 'Nicht verschlüsselt', 'Hello', false],
      ['Nicht signiert', 'Verschlüsselt, ohne Schutz vor Änderung', 'Hello', false],
      ['Signatur unbekannt', 'Verschlüsselt, Schlüssel gesperrt', '', true],
    ]);
    const [before, opened] = found.rows;
    assert.deepEqual([before.isOpened, opened.isOpened, opened.badge], [false, true, 'Signiert und geprüft']);
  }));

test('what was changed outside is not shown as signed, and an answer keeps a hidden subject', () =>
  onPage(async (page) => {
    const found = await page.evaluate(async () => {
      const mailer = await beginWithKey();
      await know(mailer, 'bob');
      const from = { address: 'alice@example.com' };
      const mail = { from, to: [{ address: 'bob@example.com' }], subject: 'GEHEIM', text: 'Hello' };
      await mailer.changeSettings({ values: { protectHeaders: 'clear' } });
      await crm.send(mailer, mail, { encrypt: false });
      await mailer.changeSettings({ values: { protectHeaders: 'baseline' } });
      await crm.send(mailer, mail, { encrypt: true });
      await mailer.changeSettings({ values: { protectHeaders: 'clear' } });
      return (await mailer.identities()).length;
    });
    assert.equal(found, 1);
    const [signed] = state.sent;
    state.mails.forged = Buffer.from(signed.toString('latin1').replace('Subject: GEHEIM', 'Subject: Gewinn'), 'latin1');
    state.mails.hidden = state.sent[1];
    const shown = await page.evaluate(async () => {
      const mailer = await begin();
      await mailer.unlock({ passphrase });
      const account = 'alice@example.com';
      const read = (id) => crm.read(mailer, { id, account, receivedAt: new Date(), direction: 'sent' });
      const { headers, notes, badge } = await read('forged');
      const message = await (await fetch('/api/mails/hidden')).blob();
      const opened = await mailer.open({ message, account, direction: 'sent' });
      const { outgoing } = await crm.reply(mailer, opened, { from: { address: account }, own: [], all: true }, () => 'Yes');
      const outside = new TextDecoder().decode(outgoing[0].message).split('\r\n\r\n')[0];
      return { subject: headers.find(({ name }) => name === 'Subject').value, notes, badge: badge.label, outside };
    });
    assert.deepEqual([shown.subject, shown.badge], ['GEHEIM', 'Signiert und geprüft']);
    assert.ok(shown.notes.some((note) => /^Kopfzeilen wurden unterwegs verändert: Subject\./.test(note)), shown.notes.join());
    assert.match(shown.outside, /^Subject: \[\.\.\.\]$/m);
  }));

test('tabs share what is unlocked, and users have databases of their own', () =>
  onPage(async (page) => {
    await page.evaluate(async () => {
      globalThis.mailer = await beginWithKey();
      await mailer.lock();
    });
    const tab = await secondTab(page);
    await openCrm(tab, origin);
    const followed = async () => {
      globalThis.heard = [];
      globalThis.mailer ??= await begin();
      const told = ['showUnlocked', 'askForPassphrase', 'refreshCertificates', 'askToCloseOtherTabs', 'askToReload'];
      crm.follow(mailer, Object.fromEntries(told.map((name) => [name, () => heard.push(name)])));
    };
    await page.evaluate(followed);
    await tab.evaluate(followed);
    await page.evaluate(() => mailer.unlock({ passphrase }));
    await tab.waitForFunction(() => heard.includes('showUnlocked'));
    assert.equal(await tab.evaluate(async () => (await mailer.identities())[0].isUnlocked), true);
    await tab.evaluate(() => mailer.lock());
    await page.waitForFunction(() => heard.includes('askForPassphrase'));
    const other = await tab.evaluate(async () => (await (await begin({ id: 42 })).identities()).length);
    assert.equal(other, 0);
  }));

test('a database that vanished is told by the storeId that the server keeps', () =>
  onPage(async (page) => {
    const found = await page.evaluate(async () => {
      const mailer = await beginWithKey();
      const user = { ...alice, storeId: mailer.storeId };
      const codes = async (user) => (await begin(user)).problems.map(({ code }) => code);
      const known = await codes(user);
      mailer.close();
      await crm.forget(mailer, user);
      const after = await begin(user);
      const left = (await after.identities()).length;
      const vanished = [await codes(user), await codes(user)];
      await crm.remember(after);
      return { known, vanished, left, again: await codes({ ...user, storeId: after.storeId }), ids: [user.storeId, after.storeId] };
    });
    // Until the server is told that it is known.
    for (const codes of found.vanished) assert.ok(codes.includes('store/vanished'), codes.join());
    for (const codes of [found.known, found.again]) assert.ok(!codes.includes('store/vanished'), codes.join());
    assert.equal(found.left, 0);
    assert.deepEqual(state.storeIds, found.ids);
  }));

test('in a frame of another site the database is another one, and that is told', () =>
  onPage(async (page) => {
    await page.evaluate(async () => void (await beginWithKey()));
    const portal = await page.browserContext().newPage();
    await portal.goto(`${origin.replace('127.0.0.1', 'localhost')}/portal`);
    const frame = await portal.waitForFrame(`${origin}/`);
    await prepareCrm(frame);
    const found = await frame.evaluate(async () => {
      const mailer = await begin();
      const { problems } = mailer;
      const told = crm.notices(mailer, 'en');
      return { codes: problems.map(({ code }) => code), told: told.length, left: (await mailer.identities()).length };
    });
    assert.ok(found.codes.includes('store/partitioned'));
    assert.deepEqual([found.told, found.left], [found.codes.length, 0]);
  }));

test("a team's account is shared by a file on the server, and its administrator confirmed once", () =>
  onPage(async (page) => {
    await issue(folder, { name: 'team', addresses: ['team@example.com'] });
    const found = await page.evaluate(async () => {
      const team = { address: 'team@example.com', kind: 'shared' };
      const userOf = async (name, id, ...files) => {
        const mailer = await begin({ id, accounts: [{ address: `${name}@example.com` }, team] });
        await crm.importKeys(mailer, await Promise.all(files.map((one) => file(`${one}.p12`))), 'secret', passphrase);
        return mailer;
      };
      const alice = await userOf('alice', 1, 'alice', 'team');
      const identities = await alice.identities();
      const [own, shared] = ['alice@example.com', team.address].map(
        (address) => identities.find(({ addresses }) => addresses.includes(address)).id,
      );
      const members = [{ name: 'Alice', certificate: await certificate('alice') }, { name: 'Bob', certificate: await certificate('bob') }];
      await crm.share(alice, team.address, { administrator: own, ids: [shared], members });

      const bob = await userOf('bob', 2, 'bob');
      const asked = [];
      const answering = (answer) => (fingerprint) => asked.push(fingerprint) && answer;
      const refused = await crm.join(bob, team.address, answering(false));
      const { isMember } = await crm.join(bob, team.address, answering(true));
      const again = await crm.join(bob, team.address, answering(false));
      const message = await crm.composeMessage({ from: { address: team.address }, to: [{ address: 'x@example.org' }], subject: 'a', text: 'b' });
      const { isSigned } = await bob.protect({ message });
      const { fingerprint } = await certificate('alice');
      return { refused, isMember, isSigned, again: again.epoch, asked: asked.map((one) => one === fingerprint) };
    });
    assert.deepEqual(found, { isMember: true, isSigned: true, again: 1, asked: [true, true] });
  }));

test('a second device gets what the first one left, and what is on the server is sealed', () =>
  onPage(async (page) => {
    await page.evaluate(async () => {
      const mailer = await beginWithKey();
      await mailer.sync({ passphrase });
    });
    assert.ok(!state.keys.includes('alice@example.com'));
    await chromium.page(async (device) => {
      await openCrm(device, origin);
      const found = await device.evaluate(async () => {
        const mailer = await begin();
        const { added } = await mailer.sync({ passphrase });
        await mailer.unlock({ passphrase });
        await know(mailer, 'bob');
        const { pushed } = await mailer.sync({ passphrase });
        return { added, pushed, identities: (await mailer.identities()).map(({ isUnlocked }) => isUnlocked) };
      });
      assert.deepEqual([found.added > 0, found.pushed, found.identities], [true, true, [true]]);
    });
    // The first device, which has not seen that yet, is refused to write over it, and merges.
    const merged = await page.evaluate(async () => {
      const mailer = await begin();
      await mailer.unlock({ passphrase });
      await know(mailer, 'carol');
      await mailer.sync({ passphrase });
      const { entries } = await mailer.certificates({ own: false });
      return entries.flatMap(({ addresses }) => addresses);
    });
    assert.ok(merged.includes('bob@example.com') && merged.includes('carol@example.com'), merged.join());
    const stale = await page.evaluate(() => crm.sync.push({ data: new Uint8Array(1), replaces: '"old"' }));
    assert.equal(stale, false);
  }, { expectedErrors: [/404/, /412/] }));

test('a backup is downloaded, and restored elsewhere', () =>
  onPage(async (page) => {
    const session = await page.createCDPSession();
    const browserContextId = page.browserContext().id;
    const options = { behavior: 'allowAndName', downloadPath: home, browserContextId, eventsEnabled: true };
    await session.send('Browser.setDownloadBehavior', options);
    const done = new Promise((resolve) => {
      session.on('Browser.downloadProgress', ({ state, guid }) => state === 'completed' && resolve(guid));
    });
    const problems = await page.evaluate(async () => {
      globalThis.mailer = await beginWithKey();
      return crm.download(mailer, 'another passphrase');
    });
    assert.deepEqual(problems, []);
    state.mails.backup = await readFile(join(home, await done));
    const found = await page.evaluate(async () => {
      const data = await (await fetch('/api/mails/backup')).blob();
      const elsewhere = await begin({ id: 12 });
      const wrong = await code(crm.restore(elsewhere, data, 'wrong'));
      const { added } = await crm.restore(elsewhere, data, 'another passphrase');
      const { unlocked } = await elsewhere.unlock({ passphrase: 'another passphrase' });
      return [wrong, added > 0, unlocked.length];
    });
    assert.deepEqual(found, ['store/wrong-passphrase', true, 1]);
  }));

test('issuers, OCSP and CRLs come through the relay, and the revoked signer is found out', () =>
  onPage(async (page) => {
    const files = await crm.authority.all();
    Object.assign(state.mails, { root: files['root.der'], grace: files['grace.p12'], mallory: files['mallory.p12'] });
    const asked = [];
    page.on('request', (request) => request.url().includes('/relay?') && asked.push(request));
    const found = await page.evaluate(async () => {
      const get = async (name) => (await fetch(`/api/mails/${name}`)).blob();
      const mailer = await crm.openMailbox(
        { ...alice, policy: { onlineValidation: { value: true } } },
        { trustAnchors: [new Uint8Array(await (await get('root')).arrayBuffer())] },
      );
      const check = async (name) => {
        const { identities: signers } = await crm.importP12({ data: await get(name), password: 'secret' });
        const text = new TextEncoder().encode(`From: ${name}@example.com\r\nSubject: Hi\r\n\r\nHello\r\n`);
        // Without the issuer, which is at an address too.
        const message = await crm.sign({ message: text, signers, include: 'certificate' });
        const { badge, validation } = await mailer.open({ message, account: 'alice@example.com' });
        return [badge.code, validation?.revocation, badge.reasons.map(({ code }) => code)[0] ?? 'none'];
      };
      return [await check('grace'), await check('mallory')];
    });
    assert.deepEqual(found, [
      ['badge/verified', 'good', 'none'],
      ['badge/not-verified', 'revoked', 'revocation/revoked'],
    ]);
    const kinds = asked.map((request) => {
      const { hostname } = new URL(new URL(request.url()).searchParams.get('url'));
      return `${request.method()} ${hostname} ${request.response().status()}`;
    });
    assert.ok(kinds.includes('GET ca.example.com 200') && kinds.includes('POST ocsp.example.com 200'), kinds.join(', '));
  }));

test('the relay asks nobody for strangers', async () => {
  const { status } = await fetch(`${origin}/relay?url=http%3A%2F%2Fcrl.example.com%2F`);
  assert.equal(status, 401);
});

test('what the administrator locked stays', () =>
  onPage(async (page) => {
    const found = await page.evaluate(async () => {
      const archiveCertificate = await (await file('bob.pem')).text();
      const mailer = await beginWithKey({ policy: crm.policyOf({ archiveCertificate }) });
      const { locked, values } = await mailer.settings();
      const changed = (values) => code(mailer.changeSettings({ values }));
      return {
        locked: locked.sort(),
        lockAfter: values.lockAfter,
        refused: await changed({ alwaysSign: false }),
        free: await changed({ encrypt: 'on-request' }),
      };
    });
    assert.deepEqual(found, {
      locked: ['alwaysSign', 'archiveRecipients', 'lockAfter', 'onlineValidation'],
      lockAfter: 600_000,
      refused: 'refused/setting-locked',
      free: 'done',
    });
  }));

test("the server's key signs and decrypts, until the user has imported it", () =>
  onPage(async (page) => {
    state.mails.encrypted = await mailFrom('bob', { isEncrypted: true });
    const found = await page.evaluate(async () => {
      const people = { from: { address: 'alice@example.com' }, to: [{ address: 'bob@example.com' }] };
      const use = async (mailer) => {
        const message = await crm.composeMessage({ ...people, subject: 'a', text: 'b' });
        const { outgoing, isSigned } = await mailer.protect({ message });
        const { view } = await mailer.open({ message: await (await fetch('/api/mails/encrypted')).blob() });
        return { isSigned, text: view?.bodies[0].text.trim(), mail: [...outgoing[0].message] };
      };
      const first = await crm.openWithServerKey(alice, await trusted());
      const before = await use(first);
      await crm.importKeys(first, [await file('alice.p12')], 'secret', passphrase);
      first.close();
      const mailer = await begin();
      await mailer.unlock({ passphrase });
      return [before, await use(mailer)];
    });
    for (const { isSigned, text, mail } of found) {
      assert.deepEqual([isSigned, text], [true, 'Hello']);
      await verified(Buffer.from(mail));
    }
  }));

test('who leaves hands over the mail, and nothing of a user stays behind', () =>
  onPage(async (page) => {
    state.mails.first = await mailFrom('bob', { isEncrypted: true });
    state.mails.second = await mailFrom('bob');
    const found = await page.evaluate(async () => {
      const mailer = await beginWithKey();
      const stored = new Map();
      for (const id of ['first', 'second']) stored.set(id, await (await fetch(`/api/mails/${id}`)).blob());
      const mails = {
        ids: async () => [...stored.keys()],
        read: async (id) => stored.get(id),
        replace: async (id, message) => stored.set(id, new Blob([message])),
      };
      const done = [];
      const failed = await crm.handOver(mailer, mails, { to: await certificate('bob'), onDone: (id) => done.push(id) });
      const { identities } = await crm.importP12({ data: await file('bob.p12'), password: 'secret' });
      const { view } = await crm.openMessage({ message: stored.get('first'), identities });
      const { id } = (await mailer.identities())[0];
      const { addresses, isOwn } = await mailer.removal({ id });
      const count = await crm.countMails(mailer, mails, id);
      await crm.forget(mailer, alice);
      const left = (await indexedDB.databases()).map(({ name }) => name);
      return { done, failed: failed.map(({ id, error }) => [id, error.code]), text: view.bodies[0].text.trim(), addresses, isOwn, count, left };
    });
    assert.deepEqual(found, {
      done: ['first', 'second'],
      failed: [['second', 'decrypt/not-encrypted']],
      text: 'Hello',
      addresses: ['alice@example.com'],
      isOwn: true,
      count: 1,
      left: [],
    });
  }));
