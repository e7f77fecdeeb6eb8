// The `openssl` command.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { execute, need, versionOf } from '../matrix/execute.mjs';
import { password } from '../matrix/pki.mjs';

export const name = 'OpenSSL';

export const cannot = [
  ['encrypt', /ML-KEM/, 'no ML-KEM in messages before 3.6'],
  ['sign', /ML-DSA/, 'no ML-DSA before 3.5'],
  ['compress decompress', /./, 'built without zlib'],
  ['sign verify', /Ed25519|Ed448/, 'asks for a digest and then refuses it'],
  ['encrypt decrypt', /X25519/, 'no X25519 in messages'],
  ['writeP12 readP12', /PBMAC1/, 'no PBMAC1 before 3.4'],
  ['encrypt', /CCM|ChaCha|in EnvelopedData/, 'no option for it'],
];

/** The names of content ciphers and of what encrypts P12 files. */
const ciphers = {
  'AES-128-CBC': '-aes-128-cbc',
  'AES-192-CBC': '-aes-192-cbc',
  'AES-256-CBC': '-aes-256-cbc',
  '3DES-CBC': '-des3',
  'RC2-40-CBC': '-provider legacy -provider default -rc2-40',
  'RC2-64-CBC': '-provider legacy -provider default -rc2-64',
  'RC2-128-CBC': '-provider legacy -provider default -rc2-128',
  'AES-128-GCM': '-aes-128-gcm',
  'AES-192-GCM': '-aes-192-gcm',
  'AES-256-GCM': '-aes-256-gcm',
};
const boxes = {
  '3DES': '-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1',
  'RC2-40': '-legacy',
  'AES-256': '-keypbe AES-256-CBC -certpbe AES-256-CBC -macalg sha256',
};

export async function setUp(pki, folder) {
  need('openssl');
  const file = (name) => join(folder, name);
  const save = (name, bytes) => writeFile(file(name), bytes);
  const openssl = (...lines) => {
    const words = lines.flatMap((line) => line.split(' ').filter(Boolean));
    return execute('openssl', words, { cwd: pki.folder });
  };
  const plain = (digest) => digest.replace('-', '');
  const hex = (text) => Buffer.from(text).toString('hex');
  const keyAgreement = ({ kdf, wrap }) => {
    const cofactor = kdf.startsWith('cofactor') ? '-keyopt ecdh_cofactor_mode:1' : '';
    const digest = plain(kdf.replace('cofactor ', ''));
    return `${cofactor} -keyopt ecdh_kdf_md:${digest} -${wrap.replace('AES-', 'aes').replace('3DES', 'des3')}-wrap`;
  };

  return {
    version: await versionOf('openssl', 'version'),

    async sign({ key, second, digest, scheme }, content, form) {
      await save('body.txt', content);
      const message = await openssl(
        `cms -sign -binary -in ${file('body.txt')} -signer ${key}.pem -inkey ${key}.key -certfile ca.pem`,
        second ? `-signer ${second}.pem -inkey ${second}.key` : '',
        digest ? `-md ${plain(digest)}` : '',
        scheme === 'rsassa-pss' ? '-keyopt rsa_padding_mode:pss' : '',
        form === 'opaque' ? '-nodetach' : '',
      );
      return { message };
    },

    async verify(row, { message }) {
      await save('ours.eml', message);
      return openssl(`cms -verify -in ${file('ours.eml')} -CAfile ca.pem -purpose smimesign`);
    },

    async encrypt({ key, cipher, oaep, agreement, password, kek }, content) {
      await save('body.txt', content);
      const message = await openssl(
        `cms -encrypt -binary -in ${file('body.txt')}`,
        ciphers[cipher],
        key ? `-recip ${key}.pem` : '',
        oaep ? `-keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:${plain(oaep.digest)}` : '',
        oaep ? `-keyopt rsa_mgf1_md:${plain(oaep.mgf)}` : '',
        agreement ? keyAgreement(agreement) : '',
        password ? `-pwri_password ${password}` : '',
        kek ? `-secretkey ${hex(kek.key)} -secretkeyid ${hex(kek.id)}` : '',
        oaep?.label ? `-keyopt rsa_oaep_label:${hex(oaep.label)}` : '',
      );
      return { message };
    },

    async decrypt({ key }, { message }) {
      await save('ours.eml', message);
      return openssl(`cms -decrypt -in ${file('ours.eml')} -recip ${key}.pem -inkey ${key}.key`);
    },

    async compress(row, content) {
      await save('body.txt', content);
      const message = await openssl(`cms -compress -binary -in ${file('body.txt')} -outform DER`);
      return { message, type: 'compressed-data' };
    },

    async decompress(row, { message }) {
      await save('ours.eml', message);
      return openssl(`cms -uncompress -in ${file('ours.eml')}`);
    },

    async writeP12({ key, cipher, mac }) {
      const data = await openssl(
        `pkcs12 -export -inkey ${key}.key -in ${key}.pem -certfile ca.pem -passout pass:${password}`,
        boxes[cipher],
        mac === 'PBMAC1' ? '-pbmac1_pbkdf2' : '',
      );
      return { data };
    },

    async readP12({ key }, bytes) {
      await save('ours.p12', bytes);
      const read = async (what) =>
        (await openssl(`pkcs12 -in ${file('ours.p12')} -passin pass:${password} ${what}`)).toString();
      const pem = async (name) => (await readFile(join(pki.folder, name), 'utf8')).trim();
      if (!(await read('-nokeys')).includes(await pem(`${key}.pem`))) throw new Error('no certificate');
      if (!(await read('-nocerts -nodes')).includes(await pem(`${key}.key`))) throw new Error('no key');
    },
  };
}
