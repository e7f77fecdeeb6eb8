// Certificates for one test's cases, made by OpenSSL in the folder of `makeIdentities`.

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const settings = `
[ca]
default_ca = authority
[authority]
new_certs_dir = .
database = index.txt
rand_serial = yes
default_md = sha256
policy = anything
unique_subject = no
copy_extensions = none
[anything]
organizationName = optional
organizationalUnitName = optional
commonName = supplied
`;

/** The last octets of their identifiers (RFC 3565, RFC 5084). */
const ciphers = { 'aes-128-cbc': '02', 'aes-256-cbc': '2a', 'aes-128-gcm': '06', 'aes-256-gcm': '2e' };

/** SMIMECapabilities in DER, in hexadecimal. */
const capabilities = (names) => {
  const list = names.map((name) => `300b06096086480165030401${ciphers[name]}`);
  return `30${(list.length * 13).toString(16).padStart(2, '0')}${list.join('')}`;
};

/** `days` from now, as `openssl ca` writes moments. */
const moment = (days) =>
  new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]|\.\d+/g, '');

/**
 * Makes `<name>.key`, `.pem`, `.der` and `.p12` (password `secret`) on P-256.
 *
 * @param {string} folder
 * @param {object} options
 * @param {string} options.name
 * @param {string[]} options.addresses
 * @param {number} [options.from]  days from now
 * @param {number} [options.until]  days from now
 * @param {string} [options.usage]  key usages
 * @param {boolean} [options.isSelfSigned]
 * @param {string} [options.issuer]  by name, by default `ca`; its certificate goes into the `.p12`
 * @param {boolean} [options.isAuthority]  whether it issues others
 * @param {string} [options.subject]  what stands before its name
 * @param {string[]} [options.extensions]  more of them, as OpenSSL reads them
 * @param {string[]} [options.reads]  ciphers that it says its owner reads (RFC 4262)
 */
export async function issue(folder, options) {
  const { name, addresses = [], from = -1, until = 365, isSelfSigned, issuer = 'ca', isAuthority } = options;
  const { subject = '', extensions: more = [], reads } = options;
  const { usage = isAuthority ? 'keyCertSign,cRLSign' : 'digitalSignature,keyAgreement' } = options;
  const openssl = (...rest) => run('openssl', rest, { cwd: folder });
  const extensions = [
    `basicConstraints=critical,CA:${isAuthority ? 'TRUE' : 'FALSE'}`,
    `keyUsage=critical,${usage}`,
    ...(isAuthority ? [] : ['extendedKeyUsage=emailProtection']),
    ...(addresses.length > 0 ? [`subjectAltName=${addresses.map((address) => `email:${address}`).join(',')}`] : []),
    'subjectKeyIdentifier=hash',
    ...more,
    ...(reads ? [`1.2.840.113549.1.9.15=DER:${capabilities(reads)}`] : []),
  ];
  await writeFile(join(folder, `${name}.ext`), extensions.join('\n'));
  await writeFile(join(folder, 'authority.cnf'), settings);
  await writeFile(join(folder, 'index.txt'), '');
  await openssl('genpkey', '-quiet', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', `${name}.key`).catch(
    () => openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`),
  );
  await openssl('req', '-new', '-key', `${name}.key`, '-subj', `${subject}/CN=${name}`, '-out', `${name}.csr`);
  await openssl(
    'ca', '-batch', '-notext', '-config', 'authority.cnf', '-in', `${name}.csr`, '-out', `${name}.pem`,
    '-extfile', `${name}.ext`, '-startdate', moment(from), '-enddate', moment(until),
    ...(isSelfSigned ? ['-selfsign', '-keyfile', `${name}.key`] : ['-cert', `${issuer}.pem`, '-keyfile', `${issuer}.key`]),
  );
  await openssl('x509', '-in', `${name}.pem`, '-outform', 'DER', '-out', `${name}.der`);
  await openssl(
    'pkcs12', '-export', '-inkey', `${name}.key`, '-in', `${name}.pem`, '-passout', 'pass:secret', '-out', `${name}.p12`,
    ...(issuer === 'ca' ? [] : ['-certfile', `${issuer}.pem`]),
  );
}

/**
 * What a person reads of a message, by OpenSSL alone.
 *
 * @returns {Promise<string | undefined>} nothing if it is not encrypted to them
 */
export async function decrypted(folder, message, name) {
  const file = join(folder, `message-${Math.random()}.eml`);
  await writeFile(file, Buffer.from(message, 'base64'));
  const options = ['cms', '-decrypt', '-in', file, '-inkey', `${name}.key`, '-recip', `${name}.pem`];
  return run('openssl', options, { cwd: folder }).then(({ stdout }) => stdout, () => undefined);
}
