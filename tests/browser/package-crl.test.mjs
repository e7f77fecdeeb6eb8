// A CRL of 17 MB: it is read and searched while the page stays alive, and refused where it is too large.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { makeIdentities } from '../support/identities.mjs';
import { launch } from './support/chromium.mjs';

const identities = await makeIdentities();
makeCrl();
const chromium = await launch({ folders: { '/files/': identities.folder + '/' } });
after(async () => {
  await chromium.close();
  await identities.remove();
});

/** What the page's main thread may be busy in one piece. */
const LONGEST_TASK_MS = 100;

test('a CRL of 500,000 entries does not hold up the page', (t) =>
  chromium.page(async (page) => {
    const { size, longestTask, alice, bob, refused } = await page.evaluate(askLargeCrl);
    t.diagnostic(`${size} bytes, longest task ${longestTask} ms`);
    assert.ok(size > 17_000_000);
    assert.deepEqual(alice, { trust: 'trusted', revocation: 'good', problems: [] });
    assert.equal(bob.revocation, 'revoked');
    assert.deepEqual(bob.problems, ['revocation/revoked']);
    assert.deepEqual(refused, { code: 'limit/crl-bytes', allowed: 1 << 20 });
    assert.ok(longestTask < LONGEST_TASK_MS, `the page was held up for ${longestTask} ms`);
  }));

async function askLargeCrl() {
  const smime = await import('/smime-wasm/index.js');
  const file = async (name) => (await fetch(`/files/${name}`)).blob();
  const read = async (name) => (await smime.parseCertificates({ data: await file(name) }))[0];
  const [ca, alice, bob] = [await read('ca.der'), await read('alice.der'), await read('bob.der')];
  const data = await file('crl.der');
  let longestTask = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestTask = Math.max(longestTask, Math.round(duration));
  });
  observer.observe({ entryTypes: ['longtask'] });

  const crl = await smime.parseCrl({ data });
  const ask = async (certificate) => {
    const options = { certificate, trustAnchors: [ca], crls: [crl], revocation: 'hard', purpose: 'signing' };
    const { trust, revocation, problems } = await smime.checkCertificate(options);
    return { trust, revocation, problems: problems.map(({ code }) => code) };
  };
  const answers = { alice: await ask(alice), bob: await ask(bob) };
  await crl.close();
  const refused = await smime.parseCrl({ data, limits: { crlBytes: 1 << 20 } }).then(
    () => 'read',
    ({ code, details }) => ({ code, allowed: details.allowed }),
  );
  // Long tasks are told a little later.
  await new Promise((resolve) => setTimeout(resolve, 60));
  return { size: data.size, longestTask, refused, ...answers };
}

/** Leaves `crl.der` with the identities: half a million certificates of the CA that nobody has, and bob's. */
function makeCrl() {
  const run = (...words) => execFileSync('openssl', words, { cwd: identities.folder, stdio: 'pipe' }).toString();
  const [, bob] = run('x509', '-in', 'bob.pem', '-noout', '-serial').trim().split('=');
  const serials = Array.from({ length: 500_000 }, (_, n) => {
    const scattered = (BigInt(n) * 0x9e37_79b9_7f4a_7c15n) & 0x3fff_ffff_ffff_ffffn;
    return `4${scattered.toString(16).padStart(15, '0').slice(-15)}${n.toString(16).padStart(16, '0')}`.toUpperCase();
  });
  const rows = [bob, ...serials].map((serial) => `R\t991231235959Z\t240101000000Z\t${serial}\tunknown\t/CN=x\n`);
  const write = (name, text) => writeFileSync(join(identities.folder, name), text);
  write('index.txt', rows.join(''));
  write('crl.cnf', '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ndefault_md=sha256\n');
  run(...'ca -config crl.cnf -gencrl -crldays 30 -cert ca.pem -keyfile ca.key -out crl.pem'.split(' '));
  run(...'crl -in crl.pem -outform DER -out crl.der'.split(' '));
}
