// What a path of four certificates costs beside its signature checks, through the package in Node, on one
// thread, with Mozilla's roots and 200 intermediates to choose from. `cargo xtask bench` runs this.
//
// "cold" is what `verify` takes longer with all of these than with the path's own four: they are handed
// over, read and sorted anew in each call. "parsed" is what a second moment to answer for takes longer:
// one more search where all is read and every signature is known. "mozilla" is what the roots alone take
// where the module has read them before, and "load" what it takes to load and read them, once.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as smime from 'smime-wasm';

const allowed = { parsed: 2, mozilla: 2, cold: 15, load: 15 };
const folder = mkdtempSync(join(tmpdir(), 'smime-wasm-bench-'));
const openssl = (...words) => execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' });

try {
  await run();
} finally {
  rmSync(folder, { recursive: true });
}

async function run() {
  writeFileSync(
    join(folder, 'ca.cnf'),
    '[req]\ndistinguished_name=dn\nx509_extensions=ca\nprompt=no\n[dn]\nCN=x\n' +
      '[ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n' +
      'subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\ncertificatePolicies=2.23.140.1.5.1.1\n' +
      '[leaf]\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=emailProtection\n' +
      'subjectAltName=email:alice@example.com\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n' +
      'certificatePolicies=2.23.140.1.5.1.1\n',
  );
  for (const key of ['root', 'one', 'two', 'alice', 'other']) openssl('genrsa', '-out', `${key}.key`, '2048');
  const issue = (name, subject, issuer, key = name, extensions = 'ca') => {
    const by = issuer ? ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`] : [];
    const extra = ['-config', 'ca.cnf', '-extensions', extensions, '-days', '3000', '-sha256'];
    openssl('req', '-new', '-x509', '-key', `${key}.key`, '-subj', subject, '-out', `${name}.pem`, ...by, ...extra);
    return readFileSync(join(folder, `${name}.pem`), 'utf8');
  };
  const root = issue('root', '/C=DE/O=Bench/CN=Root');
  const intermediates = [issue('one', '/C=DE/O=Bench/CN=One', 'root'), issue('two', '/C=DE/O=Bench/CN=Two', 'one')];
  issue('alice', '/CN=Alice', 'two', 'alice', 'leaf');
  const others = [...intermediates];
  for (let n = 0; n < 198; n++) others.push(issue('below', `/C=DE/O=Bench/CN=CA ${n}`, 'root', 'other'));

  writeFileSync(join(folder, 'mail.txt'), 'Content-Type: text/plain\r\n\r\nHello\r\n');
  const words = 'cms -sign -in mail.txt -signer alice.pem -inkey alice.key -md sha256 -binary -out mail.eml';
  openssl(...words.split(' '), '-from', 'alice@example.com');
  const message = readFileSync(join(folder, 'mail.eml'));
  const parse = (pem) => smime.parseCertificates({ data: new TextEncoder().encode(pem.join('\n')) });
  const [anchor] = await parse([root]);
  const own = { trustAnchors: [anchor], intermediates: await parse(intermediates) };
  const mozilla = { ...own, trustAnchors: ['mozilla', anchor] };
  const { anchors } = await smime.mozillaRoots();
  const all = { trustAnchors: [...anchors, anchor], intermediates: await parse(others) };

  const verify = async (pool, options = {}) => {
    const begin = performance.now();
    const { signatures } = await smime.verify({ message: new Uint8Array(message), worker: false, ...pool, ...options });
    const took = performance.now() - begin;
    if (signatures[0].trust !== 'trusted' || signatures[0].chain.length !== 4) {
      throw new Error(JSON.stringify(signatures[0].problems));
    }
    return took;
  };
  // In turn, so that what else the machine does counts for all.
  const times = { own: [], mozilla: [], all: [], both: [], first: [] };
  for (let round = 0; round < 40; round++) {
    times.own.push(await verify(own));
    times.mozilla.push(await verify(mozilla));
    times.all.push(await verify(all));
    times.both.push(await verify(all, { receivedAt: new Date() }));
  }
  for (let round = 0; round < 10; round++) {
    await smime.terminate();
    for (let warm = 0; warm < 10; warm++) await verify(own);
    times.first.push(await verify(mozilla));
  }
  // The fastest of each: the work is the same in every round, what is more is the machine's.
  const least = Object.fromEntries(Object.entries(times).map(([name, list]) => [name, Math.min(...list)]));
  const found = {
    parsed: least.both - least.all,
    mozilla: least.mozilla - least.own,
    cold: least.all - least.own,
    load: least.first - least.mozilla,
  };
  console.log(
    `4 certificates, ${anchors.length + 1} roots, 200 intermediates; ` +
      `verify with the path's own alone takes ${least.own.toFixed(2)} ms`,
  );
  for (const [name, limit] of Object.entries(allowed)) {
    console.log(`${name.padEnd(8)}${found[name].toFixed(2).padStart(8)} ms of ${limit}`);
  }
  const tooMuch = Object.keys(allowed).filter((name) => found[name] > allowed[name]);
  if (tooMuch.length > 0) throw new Error(`too much: ${tooMuch.join(', ')}`);
}
