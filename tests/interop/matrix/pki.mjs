// The people of the matrix, made anew by OpenSSL: one for each kind of key, all certified by one CA.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { execute } from './execute.mjs';

const ec = (curve) => `-algorithm EC -pkeyopt ec_paramgen_curve:${curve} -pkeyopt ec_param_enc:named_curve`;

/** How OpenSSL makes a key of each kind. */
const kinds = {
  'rsa': '-algorithm RSA -pkeyopt rsa_keygen_bits:2048',
  'rsa-2': '-algorithm RSA -pkeyopt rsa_keygen_bits:3072',
  'rsa-pss': '-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048',
  'p256': ec('P-256'),
  'p384': ec('P-384'),
  'p521': ec('P-521'),
  'bp256': ec('brainpoolP256r1'),
  'bp384': ec('brainpoolP384r1'),
  'ed25519': '-algorithm ED25519',
  'ed448': '-algorithm ED448',
  'bp512': ec('brainpoolP512r1'),
  'x25519': '-algorithm X25519',
  'dsa': '-paramfile dsa.parameters',
};

/** Kinds that OpenSSL knows since 3.5. */
const newKinds = {
  'ml-dsa-65': '-algorithm ML-DSA-65',
  'ml-kem-768': '-algorithm ML-KEM-768',
};

/** The kind that is a recipient besides, whose key peers don't have. */
export const other = 'rsa-2';

/** The password of every P12 file. */
export const password = 'secret';

/** The address of the person with this kind of key. */
export const address = (kind) => `${kind}@example.com`;

/**
 * @returns `kinds`, those peers have keys of; the folder with `ca.pem`, and for each kind `.key` (PKCS#8),
 *   `.pem`, `.der`, `.p12` (PBES2) and `-old.p12` (3DES); and what removes it
 */
export async function makePki() {
  const folder = await mkdtemp(join(tmpdir(), 'smime-wasm-'));
  const openssl = (line) => execute('openssl', line.split(' '), { cwd: folder });

  await writeFile(join(folder, 'ca.ext'), [
    'basicConstraints=critical,CA:TRUE',
    'keyUsage=critical,keyCertSign,cRLSign',
    'subjectKeyIdentifier=hash',
  ].join('\n'));
  await openssl(`genpkey -quiet ${kinds.rsa} -out ca.key`);
  await openssl('req -new -key ca.key -subj /O=Example/CN=Peers -out ca.csr');
  await openssl('x509 -req -in ca.csr -signkey ca.key -days 3650 -extfile ca.ext -out ca.pem');
  await openssl('genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:2048 -out dsa.parameters');
  const made = [...Object.keys(kinds), ...(await knowsNewKinds(openssl) ? Object.keys(newKinds) : [])];
  await openssl('x509 -in ca.pem -outform DER -out ca.der');
  await Promise.all(made.map((kind) => certify(kind, openssl, folder)));
  return {
    folder,
    kinds: made.filter((kind) => kind !== other),
    read: (name) => readFile(join(folder, name)),
    remove: () => rm(folder, { recursive: true }),
  };
}

const knowsNewKinds = (openssl) =>
  openssl(`genpkey -quiet ${newKinds['ml-dsa-65']} -out probe.key`).then(() => true, () => false);

async function certify(kind, openssl, folder) {
  const usage = {
    'rsa': 'digitalSignature,keyEncipherment',
    'rsa-2': 'digitalSignature,keyEncipherment',
    'rsa-pss': 'digitalSignature',
    'ed25519': 'digitalSignature',
    'ed448': 'digitalSignature',
    'dsa': 'digitalSignature',
    'x25519': 'keyAgreement',
    'ml-dsa-65': 'digitalSignature',
    'ml-kem-768': 'keyEncipherment',
  }[kind] ?? 'digitalSignature,keyAgreement';
  await writeFile(join(folder, `${kind}.ext`), [
    'basicConstraints=critical,CA:FALSE',
    `keyUsage=critical,${usage}`,
    'extendedKeyUsage=emailProtection',
    `subjectAltName=email:${address(kind)}`,
    'subjectKeyIdentifier=hash',
    'authorityKeyIdentifier=keyid',
  ].join('\n'));
  await openssl(`genpkey -quiet ${kinds[kind] ?? newKinds[kind]} -out ${kind}.key`);
  await openssl(`pkey -in ${kind}.key -pubout -out ${kind}.pub`);
  // The request is the CA's, because a key for X25519 can't sign one.
  await openssl(`req -new -key ca.key -subj /CN=${kind} -out ${kind}.csr`);
  await openssl(
    `x509 -req -in ${kind}.csr -force_pubkey ${kind}.pub -CA ca.pem -CAkey ca.key -days 365 ` +
      `-extfile ${kind}.ext -out ${kind}.pem`,
  );
  await openssl(`x509 -in ${kind}.pem -outform DER -out ${kind}.der`);
  const files = `-inkey ${kind}.key -in ${kind}.pem -certfile ca.pem`;
  const p12 = `pkcs12 -export ${files} -name ${kind} -passout pass:${password}`;
  await openssl(`${p12} -out ${kind}.p12`);
  await openssl(`${p12} -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 -out ${kind}-old.p12`);
}
