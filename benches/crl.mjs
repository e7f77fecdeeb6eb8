// What one certificate costs in a CRL of 500,000 entries (17 MB) that `parseCrl` holds, through the package
// in Node, on one thread. `cargo xtask bench` runs this.
//
// "first" is the first look-up: what it takes longer than with a signature that does not hold, after whose
// check there is none. "again" is what every later check takes longer than with a CRL of one entry: neither
// the signature is checked nor the list read again. Counted is the time of the processor: a look-up goes
// through 17 MB, and what else the machine does would count several times.

import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';

import * as smime from 'smime-wasm';

const ENTRIES = 500_000;
const allowed = { first: 60, again: 1 };
const folder = mkdtempSync(join(tmpdir(), 'smime-wasm-bench-'));
const openssl = (words) => execFileSync('openssl', words.split(' '), { cwd: folder, stdio: 'pipe' });

try {
  await run();
} finally {
  rmSync(folder, { recursive: true });
}

async function run() {
  writeFileSync(
    join(folder, 'ca.cnf'),
    '[req]\ndistinguished_name=dn\nx509_extensions=root\nprompt=no\n[dn]\nCN=Root\n' +
      '[root]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n' +
      '[leaf]\nkeyUsage=critical,digitalSignature\nsubjectAltName=email:alice@example.com\n' +
      '[ca]\ndefault_ca=books\n[books]\ndatabase=index.txt\ndefault_md=sha256\n',
  );
  openssl('req -x509 -newkey rsa:2048 -nodes -config ca.cnf -days 3000 -keyout root.key -out root.pem');
  openssl('req -new -newkey rsa:2048 -nodes -config ca.cnf -keyout alice.key -out alice.csr');
  openssl('x509 -req -in alice.csr -CA root.pem -CAkey root.key -extfile ca.cnf -extensions leaf -days 3000 -out alice.pem');
  const [large, small] = [await list(ENTRIES), await list(1)];
  const altered = large.slice();
  altered[altered.length - 1] ^= 1;

  const parse = async (name) => (await smime.parseCertificates({ data: readFileSync(join(folder, name)) }))[0];
  const [root, alice] = [await parse('root.pem'), await parse('alice.pem')];
  const check = async (crl, expected) => {
    const begin = process.cpuUsage();
    const found = await smime.checkCertificate({ certificate: alice, trustAnchors: [root], crls: [crl], worker: false });
    const { user, system } = process.cpuUsage(begin);
    if (found.revocation !== expected) throw new Error(JSON.stringify(found.problems));
    return (user + system) / 1000;
  };
  const times = { looked: [], signature: [], large: [], small: [] };
  const one = await smime.parseCrl({ data: small, worker: false });
  for (let round = 0; round < 8; round++) {
    const held = await smime.parseCrl({ data: large, worker: false });
    const broken = await smime.parseCrl({ data: altered, worker: false });
    times.looked.push(await check(held, 'good'));
    times.signature.push(await check(broken, 'unknown'));
    for (let again = 0; again < 8; again++) {
      times.large.push(await check(held, 'good'));
      times.small.push(await check(one, 'good'));
    }
    await held.close();
    await broken.close();
  }
  // The fastest of each: the work is the same in every round, what is more is the machine's.
  const least = Object.fromEntries(Object.entries(times).map(([name, list]) => [name, Math.min(...list)]));
  const found = { first: least.looked - least.signature, again: least.large - least.small };
  console.log(
    `a CRL of ${(large.length / 1e6).toFixed(1)} MB; its signature takes ${least.signature.toFixed(0)} ms, ` +
      `a check with a small one ${least.small.toFixed(2)} ms`,
  );
  for (const [name, limit] of Object.entries(allowed)) {
    console.log(`${name.padEnd(8)}${found[name].toFixed(2).padStart(8)} ms of ${limit}`);
  }
  const tooMuch = Object.keys(allowed).filter((name) => found[name] > allowed[name]);
  if (tooMuch.length > 0) throw new Error(`too much: ${tooMuch.join(', ')}`);
}

/** A CRL with so many entries, whose serial numbers have 16 octets. */
async function list(entries) {
  const index = createWriteStream(join(folder, 'index.txt'));
  for (let n = 0; n < entries; n++) {
    const serial = `4${(n * 2654435761).toString(16).padStart(31, '0')}`.toUpperCase();
    const line = `R\t350101000000Z\t240101000000Z\t${serial}\tunknown\t/CN=${n}\n`;
    if (!index.write(line)) await once(index, 'drain');
  }
  index.end();
  await once(index, 'close');
  openssl('ca -config ca.cnf -gencrl -crldays 30 -cert root.pem -keyfile root.key -out crl.pem');
  openssl('crl -in crl.pem -outform DER -out crl.der');
  return new Uint8Array(readFileSync(join(folder, 'crl.der')));
}
