// The mailer's certificates in Chromium: a page of the list, with a filter and without, and all
// certificates for an address, with 10,000 certificates and 200 identities, and with ten times as many
// certificates. `cargo xtask bench` runs this.
//
// The certificates are one of OpenSSL's with other addresses and numbers in it: nothing here checks
// their signatures. "first" is the first page after the mailer was opened.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { launch } from '../tests/browser/support/chromium.mjs';

const identities = 200;
/** Milliseconds with 10,000 certificates. */
const allowed = { page: 50, filtered: 50, rare: 50, address: 5 };

const folder = mkdtempSync(join(tmpdir(), 'smime-wasm-bench-'));
const openssl = (...words) => execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' });
openssl('genpkey', '-quiet', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', 'key.pem');
const made = 'req -new -x509 -key key.pem -outform DER -out some.der -days 365 -set_serial 0x4000000000000000';
const names = ['-subj', '/O=Company/CN=Person 000000', '-addext', 'subjectAltName=email:person000000@example.com'];
openssl(...made.split(' '), ...names);
openssl('x509', '-inform', 'DER', '-in', 'some.der', '-out', 'some.pem');
openssl('pkcs12', '-export', '-inkey', 'key.pem', '-in', 'some.pem', '-passout', 'pass:secret', '-out', 'some.p12');
const template = readFileSync(join(folder, 'some.der'));

const chromium = await launch({ folders: { '/files/': folder + '/' } });
try {
  await chromium.page(run);
} finally {
  await chromium.close();
  rmSync(folder, { recursive: true });
}

async function run(page) {
  const found = {};
  let from = 0;
  for (const count of [10_000, 100_000]) {
    page.setDefaultTimeout(0);
    await page.evaluate(fill, [...template], from, count);
    from = count;
    if (count === 10_000) await page.evaluate(addIdentities, [...template], identities);
    found[count] = await page.evaluate(measure, count);
    // One of the identities has the certificate that the others were made from.
    assert.deepEqual([found[count].total, found[count].own], [count - 1, identities]);
    delete found[count].total;
    delete found[count].own;
  }
  const [small, large] = Object.values(found);
  console.log(`${''.padEnd(10)}${'10,000'.padStart(10)}${'100,000'.padStart(10)}  growth, in ms of what is allowed`);
  for (const name of Object.keys(small)) {
    const [a, b] = [small[name], large[name]];
    const limit = allowed[name] ? `, of ${allowed[name]} ms` : '';
    console.log(`${name.padEnd(10)}${a.toFixed(1).padStart(10)}${b.toFixed(1).padStart(10)}  ×${(b / a).toFixed(1)}${limit}`);
  }
  const tooMuch = Object.keys(allowed).filter((name) => small[name] > allowed[name]);
  if (tooMuch.length > 0) throw new Error(`too much: ${tooMuch.join(', ')}`);
}

/** Stores certificates up to a number, each with an address and a serial number of its own. */
async function fill(template, from, count) {
  const { openStore } = await import('/smime-wasm/store.js');
  const store = await openStore();
  const bytes = new Uint8Array(template);
  const places = (text) => {
    const wanted = new TextEncoder().encode(text);
    const found = [];
    for (let at = 0; at + wanted.length <= bytes.length; at++) {
      if (wanted.every((byte, i) => bytes[at + i] === byte)) found.push(at);
    }
    return found;
  };
  const digits = [...places('000000@example.com'), ...places('Person 000000').map((at) => at + 7)];
  for (let at = from; at < count; at += 1_000) {
    const certificates = Array.from({ length: Math.min(1_000, count - at) }, (_, i) => {
      const copy = bytes.slice();
      const number = new TextEncoder().encode(String(at + i).padStart(6, '0'));
      for (const place of digits) copy.set(number, place);
      return copy;
    });
    await store.addCertificates({ certificates, origin: 'mail' });
  }
  store.close();
}

/**
 * Stores one identity, and its row again for others: sealing each key would take minutes, and nothing here
 * opens them. The next `openMailer` finds rows without index and list, as of an older version.
 */
async function addIdentities(template, count) {
  const { importP12 } = await import('/smime-wasm/index.js');
  const { openStore } = await import('/smime-wasm/store.js');
  const store = await openStore();
  const data = new Uint8Array(await (await fetch('/files/some.p12')).arrayBuffer());
  const { identities } = await importP12({ data, password: 'secret' });
  await store.addIdentity({ identity: identities[0], passphrase: 'x' });
  store.close();

  const settled = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const text = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  const bytes = (text) => Uint8Array.from(text, (character) => character.charCodeAt(0));
  const renamed = (binary, number) =>
    binary.replaceAll('erson000000', `erson${number}`).replaceAll('Person 000000', `Person ${number}`);

  const db = await settled(indexedDB.open('smime-wasm'));
  const [row] = await settled(db.transaction('identities').objectStore('identities').getAll());
  const rows = [];
  for (let n = 0; n < count - 1; n++) {
    const number = String(900_000 + n);
    const certificate = bytes(renamed(text(template), number));
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', certificate));
    const id = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
    rows.push({ id, revision: row.revision, addresses: [], value: bytes(renamed(text(row.value), number)) });
  }
  const transaction = db.transaction(['identities', 'meta'], 'readwrite');
  for (const row of rows) transaction.objectStore('identities').put(row);
  transaction.objectStore('meta').delete('index');
  await new Promise((resolve) => (transaction.oncomplete = resolve));
  db.close();
}

/** The median of several rounds. */
async function measure(count) {
  const { openMailer } = await import('/smime-wasm/mailer.js');
  const accounts = [{ address: 'person000001@example.com' }];
  const begin = performance.now();
  const mailer = await openMailer({ accounts, trustAnchors: [] });
  const opened = performance.now();
  await mailer.certificates({ limit: 50 });
  const found = { open: opened - begin, first: performance.now() - opened };
  const work = {
    page: () => mailer.certificates({ limit: 50 }),
    filtered: () => mailer.certificates({ limit: 50, filter: 'person 00' }),
    rare: () => mailer.certificates({ limit: 50, filter: String(count - 1).padStart(6, '0') }),
    expired: () => mailer.certificates({ limit: 50, state: 'expired' }),
    address: () => mailer.certificates({ address: `person${String(count >> 1).padStart(6, '0')}@example.com` }),
  };
  for (const [name, call] of Object.entries(work)) {
    const times = [];
    for (let round = 0; round < 12; round++) {
      const begin = performance.now();
      await call();
      times.push(performance.now() - begin);
    }
    found[name] = times.sort((a, b) => a - b)[times.length >> 1];
  }
  const { total } = await mailer.certificates({ own: false, limit: 1 });
  const own = await mailer.certificates({ own: true, limit: 1 });
  mailer.close();
  return { ...found, total, own: own.total };
}
