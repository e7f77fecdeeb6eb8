// Certificates in the mailer, in Chromium: the list, one in full, import and export, trust, reminders.

import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';

import { makeAuthority, serveAuthority } from '../support/authority.mjs';
import { launchMailer, run } from './support/mailer-page.mjs';

const { chromium, identities, close } = await launchMailer();
const authority = await makeAuthority();
const server = await serveAuthority(authority);
after(async () => {
  await close();
  await server.close();
  await authority.remove();
});

const { folder } = identities;
const openssl = (...words) => execFileSync('openssl', words, { cwd: folder });

await promisify(execFile)('sh', ['-ec', `
# A newer certificate for Alice's key, two more files of hers, and a mail that Bob encrypted for her.
openssl x509 -req -in alice.csr -CA ca.pem -CAkey ca.key -days 730 -extfile alice.ext -out alice2.pem
openssl pkcs12 -export -inkey alice.key -in alice2.pem -passout pass:secret -out alice2.p12
openssl cms -encrypt -binary -aes256 -in hello.eml -outform DER -out for-alice.p7m alice.pem

# Bob's certificate in every file it may come in.
cp bob.der bob.cer
cp bob.pem bob.crt
openssl crl2pkcs7 -nocrl -certfile bob.pem -certfile ca.pem -outform DER -out bob.p7b
openssl crl2pkcs7 -nocrl -certfile bob.pem -out bob.p7c
key=$(openssl base64 -A -in bob.der)
folded() { echo "$key" | fold -w 70 | sed 's/^/ /'; echo; }
{ printf 'BEGIN:VCARD\\r\\nVERSION:2.1\\r\\nFN:Bob\\r\\nKEY;X509;ENCODING=BASE64:\\r\\n'; folded; printf '\\r\\nEND:VCARD\\r\\n'; } > bob21.vcf
{ printf 'BEGIN:VCARD\\r\\nVERSION:3.0\\r\\nFN:Bob\\r\\nKEY;TYPE=X509;ENCODING=b:\\r\\n'; folded; printf 'END:VCARD\\r\\n'; } > bob3.vcf
printf 'BEGIN:VCARD\\r\\nVERSION:4.0\\r\\nFN:Bob\\r\\nKEY:data:application/pkix-cert;base64,%s\\r\\nEND:VCARD\\r\\n' "$key" > bob4.vcf

# A gateway, which signed its certificate itself and names no address.
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out gateway.key
openssl req -new -x509 -key gateway.key -subj '/O=Partner/CN=Mail Gateway' -days 365 -out gateway.pem \
  -addext basicConstraints=critical,CA:FALSE -addext keyUsage=critical,keyEncipherment,digitalSignature \
  -addext extendedKeyUsage=emailProtection

# A company's own CA, and two people of it.
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out company.key
openssl req -new -x509 -key company.key -subj '/O=Company/CN=Company CA' -days 3650 -out company.pem \
  -addext keyUsage=critical,keyCertSign,cRLSign
for address in erik@company.example erik@elsewhere.example; do
  sed "s/subjectAltName=.*/subjectAltName=email:$address/" bob.ext > erik.ext
  openssl x509 -req -in bob.csr -CA company.pem -CAkey company.key -days 365 -extfile erik.ext -out $address.pem
done
`], { cwd: folder });

test('K2: the list is filtered by address, name and state, and comes in pages', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, storeAlice, file, code, accounts }) => {
      await storeAlice();
      const mailer = await aliceMailer({ accounts: [...accounts, { address: 'carol@example.com', kind: 'shared' }] });
      for (const name of ['bob', 'carol', 'dave', 'ca']) {
        await mailer.importCertificates({ data: await file(`${name}.der`), origin: 'mail' });
      }
      const of = async (filter) => {
        const { entries, total } = await mailer.certificates(filter);
        return [entries.map(({ name }) => name).join(), total];
      };
      const all = (await mailer.certificates()).entries;
      const [alice] = all;
      const after = (days) => new Date(alice.notAfter.getTime() + days * 86_400_000);
      const pages = [];
      let next;
      do {
        const page = await mailer.certificates({ limit: 2, after: next });
        pages.push(page.entries.map(({ name }) => name).join());
        next = page.after;
      } while (next);
      const wrong = [{ limit: 0 }, { limit: 1001 }, { limit: 'all' }, { state: 'good' }, { own: 'yes' }, { filter: 1 }, { color: 'red' }];
      return {
        all: await of(),
        pages,
        filter: [await of({ filter: 'BOB@' }), await of({ filter: 'example ca' }), await of({ filter: 'nobody' })],
        address: await of({ address: 'Bob@EXAMPLE.com' }),
        own: [await of({ own: true }), await of({ own: false }), await of({ authorities: true })],
        states: [
          await of({ state: 'valid' }),
          await of({ state: 'expired' }),
          await of({ state: 'expired', now: after(1) }),
          await of({ state: 'not-yet', now: after(-400) }),
        ],
        rows: all.map(({ name, isOwn, isShared, isAuthority, accounts, origin, state }) => [
          name, isOwn, isShared, isAuthority, accounts.join(), origin, state,
        ]),
        wrong: await Promise.all(wrong.map((options) => code(mailer.certificates(options)))),
      };
    });
    assert.deepEqual(found.all, ['alice,bob,carol,dave,Example CA', 5]);
    assert.deepEqual(found.pages, ['alice,bob', 'carol,dave', 'Example CA']);
    assert.deepEqual(found.filter, [['bob', 1], ['Example CA', 1], ['', 0]]);
    assert.deepEqual(found.address, ['bob', 1]);
    assert.deepEqual(found.own, [['alice', 1], ['bob,carol,dave,Example CA', 4], ['Example CA', 1]]);
    assert.deepEqual(found.states, [
      ['alice,bob,carol,dave,Example CA', 5], ['', 0], ['alice,bob,carol,dave', 4], ['alice,bob,carol,dave,Example CA', 5],
    ]);
    assert.deepEqual(found.rows, [
      ['alice', true, false, false, 'alice@example.com', undefined, 'valid'],
      ['bob', false, false, false, '', 'mail', 'valid'],
      ['carol', false, true, false, 'carol@example.com', 'mail', 'valid'],
      ['dave', false, false, false, '', 'mail', 'valid'],
      ['Example CA', false, false, true, '', 'mail', 'valid'],
    ].map((row) => row.map((value) => value ?? null)));
    assert.deepEqual(found.wrong, [...Array(6).fill('usage/wrong-option'), 'usage/unknown-option']);
  }));

test('K2: of 10,000 certificates only those are read that are shown, looked up, or written to, beside one index', () =>
  chromium.page(async (page) => {
    page.setDefaultTimeout(0);
    const found = await run(page, async ({ aliceMailer, file }) => {
      const { openStore } = await import('/smime-wasm/store.js');
      const bob = await file('bob.der');
      const text = Array.from(bob, (byte) => String.fromCharCode(byte)).join('');
      const places = [...text.matchAll(/bob(?=@example.com)/g)].map(({ index }) => index);
      const letters = (number) => number.toString(36).padStart(3, '0');
      const store = await openStore({ worker: false });
      for (let at = 0; at < 10_000; at += 2_000) {
        const certificates = Array.from({ length: 2_000 }, (_, i) => {
          const copy = bob.slice();
          for (const place of places) copy.set(new TextEncoder().encode(letters(at + i)), place);
          return copy;
        });
        await store.addCertificates({ certificates, origin: 'mail' });
      }
      store.close();

      const read = {};
      for (const Source of [IDBObjectStore, IDBIndex]) {
        for (const method of ['get', 'getAll']) {
          const original = Source.prototype[method];
          Source.prototype[method] = function (...given) {
            const request = original.apply(this, given);
            const table = (this.objectStore ?? this).name;
            request.addEventListener('success', () => {
              read[table] = (read[table] ?? 0) + [request.result ?? []].flat().length;
            });
            return request;
          };
        }
      }
      const mailer = await aliceMailer({ worker: false });
      const reading = async (call) => {
        Object.assign(read, { certificates: 0, listing: 0 });
        const answer = await call();
        return [[read.certificates, read.listing], answer];
      };
      const address = (number) => `${letters(number)}@example.com`;
      const people = Array.from({ length: 100 }, (_, at) => address(at * 97));
      const [onPage, { entries, total }] = await reading(() => mailer.certificates({ limit: 50 }));
      const [filtered, { total: hit }] = await reading(() => mailer.certificates({ filter: letters(9_999) }));
      const [looked, { entries: [one] }] = await reading(() => mailer.certificates({ address: address(4_711) }));
      const [asked, { recipients }] = await reading(() =>
        mailer.recipients({ from: 'alice@example.com', to: people, cc: [], bcc: [] }));
      return {
        ...{ onPage, shown: entries.length, total },
        ...{ filtered, hit, looked, addresses: one.addresses.join(), asked, answers: recipients.length },
      };
    });
    // The index comes in 256 pieces. What is looked up by its address is read there, and once more by its id.
    assert.deepEqual(found, {
      ...{ onPage: [50, 256], shown: 50, total: 10_000, filtered: [1, 256], hit: 1 },
      ...{ looked: [2, 0], addresses: '3mv@example.com', asked: [100, 0], answers: 100 },
    });
  }));

test('K3: a certificate is shown with its chain, trust, origin and what is known of revocation', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, storeAlice, file, code }) => {
      const id = await storeAlice();
      const mailer = await aliceMailer();
      const view = await mailer.certificate({ id });
      const { certificateDetails } = await import('/smime-wasm/index.js');
      const details = await certificateDetails({ certificate: await file('alice.der') });
      return {
        trust: [view.trust, view.problems.length, view.chain.map(({ subject }) => subject)],
        details: JSON.stringify(view.details) === JSON.stringify(details),
        rest: [view.isOwn, view.revocation.status, view.firstSeen <= new Date(), view.decision],
        wrong: await Promise.all([{}, { id: 1 }, { id: 'none' }, null].map((options) => code(mailer.certificate(options)))),
      };
    });
    assert.deepEqual(found, {
      trust: ['trusted', 0, ['CN=alice', 'CN=Example CA,O=Example']],
      details: true,
      rest: [true, 'unchecked', true, null],
      wrong: ['usage/missing-option', 'usage/wrong-option', 'store/not-found', 'usage/wrong-option'],
    });
  }));

test('K3: revocation is asked for and its answer is stored, and a revoked certificate stays so', () =>
  chromium.page(async (page) => {
    await page.setBypassCSP(true);
    await page.reload();
    const files = await authority.all();
    const names = ['root.der', 'issuer.der', 'grace.der', 'mallory.der'];
    const given = Object.fromEntries(names.map((name) => [name, [...files[name]]]));
    const found = await run(page, async ({ openMailer }, files, relay) => {
      const data = (name) => new Uint8Array(files[name]);
      let isOnline = true;
      const viaRelay = async (url, { method, body, headers, signal }) => {
        if (!isOnline) return null;
        const response = await fetch(`${relay}/relay?url=${encodeURIComponent(url)}`, { method, body, headers, signal });
        return response.ok ? response.blob() : null;
      };
      const mailer = await openMailer({ accounts: [], trustAnchors: [data('root.der')], fetch: viaRelay });
      const ids = {};
      for (const name of ['issuer', 'grace', 'mallory']) {
        const [{ entry }] = await mailer.importCertificates({ data: data(`${name}.der`) });
        ids[name] = entry.id;
      }
      const states = [];
      const look = async (name, options) => {
        const { trust, state, revocation, problems } = options
          ? await mailer.checkCertificate({ id: ids[name], ...options })
          : await mailer.certificate({ id: ids[name] });
        const isRecent = revocation.checked ? Date.now() - revocation.checked < 60_000 : undefined;
        states.push([name, trust, state, revocation.status, isRecent, problems.some(({ code }) => code === 'revocation/revoked')]);
      };
      await look('grace');
      await look('grace', {});
      await look('mallory', {});
      await look('mallory');
      isOnline = false;
      await look('mallory', { online: false });
      const listed = await mailer.certificates({ state: 'revoked' });
      return { states, listed: listed.entries.map(({ id }) => id === ids.mallory) };
    }, given, server.origin);
    assert.deepEqual(found.states, [
      ['grace', 'trusted', 'valid', 'unchecked', null, false],
      ['grace', 'trusted', 'valid', 'good', true, false],
      ['mallory', 'untrusted', 'revoked', 'revoked', true, true],
      ['mallory', 'untrusted', 'revoked', 'revoked', true, true],
      ['mallory', 'untrusted', 'revoked', 'revoked', true, true],
    ]);
    assert.deepEqual(found.listed, [true]);
  }, { expectedErrors: [] }));

test('K4: certificates come from every file, each with its problems', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, openMailer, file, code }) => {
      const mailer = await aliceMailer();
      const files = {};
      for (const name of ['bob.cer', 'bob.crt', 'bob.p7b', 'bob.p7c', 'bob21.vcf', 'bob3.vcf', 'bob4.vcf']) {
        const imported = await mailer.importCertificates({ data: await file(name) });
        files[name] = imported.map(({ entry, isNew, problems }) => [entry.name, isNew, problems.map(({ code }) => code).join()]);
      }
      const strict = await openMailer({ accounts: [], trustAnchors: [] });
      const [untrusted] = await strict.importCertificates({ data: await file('bob.cer') });
      const [nobodys] = await mailer.importCertificates({ data: await file('gateway.pem') });
      const before = (await mailer.certificates()).total;
      const wrong = [
        { data: new Uint8Array([1, 2, 3]) },
        { data: await file('alice.p12') },
        { data: new TextEncoder().encode('BEGIN:VCARD\r\nFN:x\r\nEND:VCARD') },
        { data: 'text' },
        {},
        { data: await file('carol.der'), assign: {} },
        { data: await file('carol.der'), assign: { addresses: ['nobody'] } },
        { data: await file('carol.der'), assign: { domains: ['a@b'] } },
        { data: await file('carol.der'), limits: { inputBytes: 10 } },
      ];
      const codes = [];
      for (const options of wrong) codes.push(await code(mailer.importCertificates(options)));
      return {
        files,
        untrusted: untrusted.problems.map(({ code }) => code),
        nobodys: nobodys.problems[0].code,
        codes,
        unchanged: (await mailer.certificates()).total === before,
      };
    });
    const again = [['bob', false, '']];
    const [bob, ca] = [['bob', false, ''], ['Example CA', true, '']];
    assert.deepEqual(found.files, {
      'bob.cer': [['bob', true, '']],
      'bob.crt': again,
      'bob.p7b': [bob, ca],
      'bob.p7c': again,
      'bob21.vcf': again,
      'bob3.vcf': again,
      'bob4.vcf': again,
    });
    assert.deepEqual(found.untrusted, ['path/no-anchors']);
    assert.equal(found.nobodys, 'certificate/no-address');
    assert.deepEqual(found.codes, [
      'malformed/certificate', 'p12/key-file', 'malformed/certificate', 'usage/wrong-option', 'usage/missing-option',
      'usage/wrong-option', 'usage/wrong-option', 'usage/wrong-option', 'limit/input-bytes',
    ]);
    assert.ok(found.unchanged);
  }));

test('K4: a gateway is assigned to a domain or an address, to encrypt only', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, storeAlice, file, passphrase, code }) => {
      await storeAlice();
      const mailer = await aliceMailer();
      const data = await file('gateway.pem');
      const assign = { domains: ['.partner.example', 'partner.example'], by: 'Alice' };
      const locked = await code(mailer.importCertificates({ data, assign }));
      const unchanged = (await mailer.certificates({ own: false })).total;
      await mailer.unlock({ passphrase });
      const [{ entry, problems }] = await mailer.importCertificates({ data, assign });
      const finds = async (address) => (await mailer.certificates({ address })).total;
      const { trust, decision } = await mailer.certificate({ id: entry.id });
      return {
        locked,
        unchanged,
        assigned: entry.assigned,
        problems: problems.map(({ code }) => code),
        trust,
        decision: [decision.trust, decision.by, Date.now() - decision.at < 60_000],
        found: [
          await finds('anybody@partner.example'),
          await finds('Anybody@mail.PARTNER.example'),
          await finds('anybody@elsewhere.example'),
          await finds('partner.example'),
        ],
        withdrawn: (await mailer.setTrust({ id: entry.id, trust: 'automatic' })).assigned,
        after: await finds('anybody@partner.example'),
      };
    });
    assert.deepEqual(found, {
      locked: 'identity/locked',
      unchanged: 0,
      assigned: ['@.partner.example', '@partner.example'],
      problems: ['certificate/assigned'],
      trust: 'trusted',
      decision: ['trusted', 'Alice', true],
      found: [1, 1, 0, 0],
      withdrawn: [],
      after: 0,
    });
  }));

test('K5: a certificate is given out without its key, and an identity only unlocked and with a password', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, storeAlice, file, passphrase, code }) => {
      const id = await storeAlice();
      const mailer = await aliceMailer();
      const files = {};
      for (const format of ['der', 'pem', 'p7b']) {
        files[format] = Array.from(await mailer.exportCertificate({ id, format }));
      }
      const locked = await code(mailer.exportP12({ id, password: 'secret' }));
      await mailer.unlock({ passphrase });
      const [{ entry: bob }] = await mailer.importCertificates({ data: await file('bob.der') });
      const wrong = [
        () => mailer.exportCertificate({ id, format: 'p12' }),
        () => mailer.exportCertificate({ id }),
        () => mailer.exportP12({ id, password: '' }),
        () => mailer.exportP12({ id }),
        () => mailer.exportP12({ id: bob.id, password: 'secret' }),
        () => mailer.exportP12({ id: 'none', password: 'secret' }),
      ];
      const codes = [];
      for (const attempt of wrong) codes.push(await code(attempt()));
      files.p12 = Array.from(await mailer.exportP12({ id, password: 'other' }));
      return { files, locked, codes };
    });
    for (const [format, bytes] of Object.entries(found.files)) {
      await writeFile(join(folder, `exported.${format}`), Buffer.from(bytes));
    }
    const der = openssl('x509', '-in', 'alice.pem', '-outform', 'DER');
    assert.deepEqual(Buffer.from(found.files.der), der);
    assert.deepEqual(openssl('x509', '-in', 'exported.pem', '-outform', 'DER'), der);
    const chain = openssl('pkcs7', '-inform', 'DER', '-in', 'exported.p7b', '-print_certs').toString();
    assert.deepEqual([...chain.matchAll(/subject=.*CN ?= ?(.*)/g)].map(([, name]) => name).sort(), ['Example CA', 'alice']);
    assert.doesNotMatch(Buffer.from(found.files.p7b).toString('latin1'), /PRIVATE/);
    const key = openssl('pkcs12', '-in', 'exported.p12', '-passin', 'pass:other', '-nodes', '-nocerts').toString();
    assert.match(key, /PRIVATE KEY/);
    assert.equal(found.locked, 'identity/locked');
    assert.deepEqual(found.codes, [
      'usage/wrong-option', 'usage/missing-option', 'usage/wrong-option', 'usage/missing-option', 'store/not-found', 'store/not-found',
    ]);
  }));

test('K6: what is removed names what it served, and a partner’s certificate is not needed to decrypt', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, storeAlice, openStore, file, passphrase, code }) => {
      const id = await storeAlice();
      const mailer = await aliceMailer();
      const [{ entry: bob }] = await mailer.importCertificates({ data: await file('bob.der') });
      const told = await mailer.removal({ id: bob.id });
      await mailer.removeCertificate({ id: bob.id });
      const { decrypt } = await import('/smime-wasm/index.js');
      const store = await openStore();
      const identity = await store.unlock({ id, passphrase });
      const { message } = await decrypt({ message: await file('for-alice.p7m'), identities: [identity] });
      const own = await mailer.removal({ id });
      const isIdentity = await code(mailer.removeCertificate({ id }));
      await mailer.removeIdentity({ id });
      const left = (await mailer.certificates()).entries;
      return {
        told: [told.addresses, told.isOwn, told.from < new Date(), told.until > new Date()],
        text: new TextDecoder().decode(message).includes('Hello'),
        own: own.isOwn,
        identities: (await mailer.identities()).length,
        left: left.map(({ name, isOwn }) => [name, isOwn]),
        codes: [
          isIdentity,
          await code(mailer.removeCertificate({ id: bob.id })),
          await code(mailer.removeIdentity({ id })),
          await code(mailer.removal({ id: bob.id })),
          await code(mailer.removeIdentity({})),
        ],
      };
    });
    assert.deepEqual(found, {
      told: [['bob@example.com'], false, true, true],
      text: true,
      own: true,
      identities: 0,
      left: [['alice', false]],
      codes: ['usage/wrong-option', 'store/not-found', 'store/not-found', 'store/not-found', 'usage/missing-option'],
    });
  }));

test('K6: the certificate of a removed identity stays, with all that is known of it, until it is removed too', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, storeAlice, file, passphrase, code, codes }) => {
      const id = await storeAlice();
      const mailer = await aliceMailer();
      await mailer.unlock({ passphrase });
      await mailer.setTrust({ id, trust: 'trusted', by: 'Alice' });
      const before = await mailer.certificate({ id });
      const told = await mailer.removal({ id });
      const { encrypt } = await import('/smime-wasm/index.js');
      const message = await encrypt({ message: new TextEncoder().encode('From: bob@example.com\r\n\r\nHi\r\n'), recipients: [before.certificate] });
      const opened = (await mailer.open({ message })).lock.code;
      await mailer.removeIdentity({ id });
      // The key is gone here at once, not when the mailer locks.
      const gone = await mailer.open({ message });
      const after = await mailer.certificate({ id });
      const { keepsCertificate } = await mailer.removal({ id });
      const same = ['addresses', 'chain', 'trust', 'firstSeen', 'decision'].every(
        (field) => JSON.stringify(before[field]) === JSON.stringify(after[field]),
      );
      await mailer.removeCertificate({ id });
      const removed = await code(mailer.certificate({ id }));
      return {
        told: [told.isOwn, told.keepsCertificate, keepsCertificate],
        opened,
        gone: [gone.lock.code, codes(gone.lock.reasons), gone.recipients[0].isOwn],
        after: [after.isOwn, after.origin, same],
        removed,
      };
    });
    assert.deepEqual(found, {
      told: [true, true, false],
      opened: 'lock/no-integrity',
      gone: ['lock/unreadable', ['decrypt/key-removed'], true],
      after: [false, 'own', true],
      removed: 'store/not-found',
    });
  }));

test('K9: an authority is trusted by hand, for a domain, and the trust is taken back', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, storeAlice, file, passphrase, code }) => {
      await storeAlice();
      const mailer = await aliceMailer();
      const ids = {};
      for (const name of ['company', 'erik@company.example', 'erik@elsewhere.example']) {
        const [{ entry }] = await mailer.importCertificates({ data: await file(`${name}.pem`) });
        ids[name] = entry.id;
      }
      const look = async () => {
        const views = ['erik@company.example', 'erik@elsewhere.example'].map(async (name) => {
          const { trust, problems } = await mailer.certificate({ id: ids[name] });
          return [trust, problems[0]?.code];
        });
        return Promise.all(views);
      };
      const id = ids.company;
      const locked = await code(mailer.setTrust({ id, trust: 'trusted' }));
      const before = await look();
      await mailer.unlock({ passphrase });
      const row = await mailer.setTrust({ id, trust: 'trusted', domains: ['company.example'], by: 'Alice' });
      const limited = await look();
      const anchors = (await mailer.trustAnchors()).entries.map(({ name }) => name);
      const { decision: byDefault } = await mailer.setTrust({ id, trust: 'trusted' });
      const named = await aliceMailer({
        accounts: [{ address: 'team@example.com', kind: 'shared' }, { address: 'alice@example.com', name: 'Alice Example' }],
      });
      const { decision: byName } = await named.setTrust({ id, trust: 'trusted', by: '' });
      const who = [byDefault.by, byName.by];
      const all = await look();
      await mailer.setTrust({ id, trust: 'automatic' });
      const withdrawn = await look();
      const wrong = [
        { id, trust: 'always' },
        { id },
        { trust: 'trusted' },
        { id: 'none', trust: 'trusted' },
        { id, trust: 'trusted', addresses: ['nobody'] },
        { id, trust: 'trusted', domains: ['a@b'] },
        { id, trust: 'distrusted', domains: ['company.example'] },
        { id: ids['erik@company.example'], trust: 'distrusted', addresses: ['erik@elsewhere.example'] },
      ];
      const codes = [];
      for (const options of wrong) codes.push(await code(mailer.setTrust(options)));
      return { who, locked, before, decision: row.decision, limited, anchors, all, withdrawn, codes, unchanged: await look() };
    });
    const unknown = [['untrusted', 'path/unknown-issuer'], ['untrusted', 'path/unknown-issuer']];
    assert.deepEqual(found.who, ['alice@example.com', 'Alice Example']);
    assert.equal(found.locked, 'identity/locked');
    assert.deepEqual(found.before, unknown);
    assert.deepEqual([found.decision.trust, found.decision.domains, found.decision.by], ['trusted', ['company.example'], 'Alice']);
    assert.deepEqual(found.limited, [['trusted', null], ['untrusted', 'path/anchor-address']]);
    assert.deepEqual(found.anchors, ['Example CA', 'Company CA']);
    assert.deepEqual(found.all, [['trusted', null], ['trusted', null]]);
    assert.deepEqual(found.withdrawn, unknown);
    assert.deepEqual(found.unchanged, unknown);
    assert.deepEqual(found.codes, [
      'usage/wrong-option', 'usage/missing-option', 'usage/missing-option', 'store/not-found',
      'usage/wrong-option', 'usage/wrong-option', 'usage/wrong-option', 'usage/wrong-option',
    ]);
  }));

test('K9: a partner’s certificate and an authority of the host’s are distrusted by hand', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, file }) => {
      const mailer = await aliceMailer();
      const [{ entry: bob }] = await mailer.importCertificates({ data: await file('bob.der') });
      const [{ entry: gateway }] = await mailer.importCertificates({ data: await file('gateway.pem') });
      const look = async (id) => {
        const { trust, state, problems } = await mailer.certificate({ id });
        return [trust, state, problems[0]?.code];
      };
      const states = [await look(bob.id)];
      await mailer.setTrust({ id: bob.id, trust: 'distrusted' });
      states.push(await look(bob.id));
      const listed = (await mailer.certificates({ state: 'distrusted' })).entries.map(({ name }) => name);
      await mailer.setTrust({ id: bob.id, trust: 'automatic' });
      const [{ id: ca }] = (await mailer.trustAnchors()).entries;
      await mailer.setTrust({ id: ca, trust: 'distrusted' });
      states.push(await look(bob.id), await look(ca));
      const anchors = (await mailer.trustAnchors()).entries.length;
      await mailer.setTrust({ id: bob.id, trust: 'trusted' });
      states.push(await look(bob.id));
      await mailer.setTrust({ id: gateway.id, trust: 'trusted' });
      states.push(await look(gateway.id));
      return { states, listed, anchors };
    });
    assert.deepEqual(found, {
      states: [
        ['trusted', 'valid', null],
        ['untrusted', 'distrusted', 'trust/distrusted'],
        ['untrusted', 'valid', 'trust/distrusted'],
        ['untrusted', 'distrusted', 'trust/distrusted'],
        ['trusted', 'valid', null],
        ['trusted', 'valid', null],
      ],
      listed: ['bob'],
      anchors: 0,
    });
  }));

test('K10: Mozilla’s roots are trusted from the start, with their date, and can be replaced', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ openMailer, aliceMailer, accounts }) => {
      const { mozillaRoots } = await import('/smime-wasm/index.js');
      const roots = await mozillaRoots();
      const standard = await (await openMailer({ accounts })).trustAnchors();
      const replaced = await (await aliceMailer()).trustAnchors();
      return {
        date: standard.mozilla.date === roots.date && standard.mozilla.date.length > 8,
        all: standard.entries.length === roots.anchors.length && standard.entries.length > 20,
        replaced: [replaced.mozilla, replaced.entries.map(({ name }) => name)],
      };
    });
    assert.deepEqual(found, { date: true, all: true, replaced: [null, ['Example CA']] });
  }));

test('K11: one is reminded 30 and 7 days before an own certificate ends, until there is a newer one', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, storeAlice, openStore, file, passphrase, code }) => {
      const id = await storeAlice();
      const mailer = await aliceMailer();
      const { notAfter } = await mailer.removal({ id }).then(({ until }) => ({ notAfter: until }));
      const at = async (days, options) => {
        const now = new Date(notAfter.getTime() - days * 86_400_000);
        const reminders = await mailer.reminders({ now, ...options });
        return reminders.map(({ entry, daysLeft, stage }) => [entry.id === id, daysLeft, stage]);
      };
      const { explain, label } = await import('/smime-wasm/texts.js');
      const words = async (days) => {
        const [reminder] = await mailer.reminders({ now: new Date(notAfter.getTime() - days * 86_400_000) });
        const { code, details, help } = reminder;
        const told = ['de', 'en'].map((language) => `${explain(reminder, language)} ${label(help, language)}`);
        return [code, details.address, details.notAfter.getTime() === notAfter.getTime(), told];
      };
      const said = [await words(6.5), await words(-1)];
      const before = [await at(31), await at(29.5), await at(6.5), await at(-1), await at(50, { days: [60] })];
      const { importP12 } = await import('/smime-wasm/index.js');
      const store = await openStore();
      const { identities } = await importP12({ data: await file('alice2.p12'), password: 'secret' });
      await store.addIdentity({ identity: identities[0], passphrase });
      const codes = [];
      for (const days of [['x'], [-1], 'x']) codes.push(await code(mailer.reminders({ days })));
      return { said, before, after: [await at(6.5), await at(-1)], kept: (await mailer.identities()).length, codes };
    });
    const [[soon, ...about], [ended, ...same]] = found.said.map(([code, address, isThen, told]) => [[code, told], address, isThen]);
    assert.deepEqual([about, same], Array(2).fill(['alice@example.com', true]));
    assert.deepEqual([soon[0], ended[0]], ['reminder/ends-soon', 'reminder/ended']);
    const date = '(?:\\d+\\.? \\p{L}+ \\d{4}|\\p{L}+ \\d+, \\d{4})';
    const matches = (text, pattern) => assert.match(text, new RegExp(pattern.replace('DATE', date), 'u'));
    matches(soon[1][0], '^Ihr Zertifikat für alice@example.com läuft bald ab, am DATE\\. Importieren .* Eigenes Zertifikat importieren$');
    matches(soon[1][1], '^Your certificate for alice@example.com ends soon, on DATE\\. Import .* Import your own certificate$');
    matches(ended[1][0], '^Ihr Zertifikat für alice@example.com ist am DATE abgelaufen');
    matches(ended[1][1], '^Your certificate for alice@example.com expired on DATE, ');
    delete found.said;
    assert.deepEqual(found, {
      before: [[], [[true, 29, 30]], [[true, 6, 7]], [[true, -1, 0]], [[true, 50, 60]]],
      after: [[], []],
      kept: 2,
      codes: ['usage/wrong-option', 'usage/wrong-option', 'usage/wrong-option'],
    });
  }));
