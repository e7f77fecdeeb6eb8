// Bouncy Castle, which BouncyCastle.java calls. BOUNCYCASTLE=/path names the folder of other jars.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { converse, need } from '../matrix/execute.mjs';
import { password } from '../matrix/pki.mjs';

export const name = 'Bouncy Castle';

export const cannot = [
  ['encrypt', /ML-KEM/, 'no ML-KEM in this version'],
  ['sign', /ML-DSA/, 'no ML-DSA in this version'],
  ['writeP12 readP12', /PBMAC1/, 'no PBMAC1 in this version'],
  ['writeP12', /AES/, 'no PBES2 in this version'],
  ['encrypt decrypt', /X25519/, 'no X25519 in messages in this version'],
  ['encrypt', /ChaCha/, 'no ChaCha20-Poly1305 in messages in this version'],
  ['encrypt', /RC2-(40|64)/, 'no option for it'],
  ['encrypt', /in EnvelopedData/, 'puts AES-GCM into AuthEnvelopedData, where it belongs'],
];

const script = fileURLToPath(new URL('BouncyCastle.java', import.meta.url));
const folderOfJars = process.env.BOUNCYCASTLE ?? '/usr/share/java';
const jars = ['bcprov', 'bcutil', 'bcpkix', 'bcmail'].map((jar) => `${folderOfJars}/${jar}.jar`);

/** Names of Java for algorithms and of this library for kinds of P12 files. */
const schemes = {
  'rsassa-pss': (digest) => `${digest}withRSAandMGF1`,
  'rsassa-pkcs1-v1_5': (digest) => `${digest}withRSA`,
  'ecdsa': (digest) => `${digest}withECDSA`,
  'dsa': (digest) => `${digest}withDSA`,
  'ed25519': () => 'Ed25519',
  'ed448': () => 'Ed448',
  'ml-dsa-65': () => 'ML-DSA-65',
};
const schemeOf = (key) => (/^rsa/.test(key) ? 'rsassa-pkcs1-v1_5' : /^b?p\d/.test(key) ? 'ecdsa' : key);
const boxes = { '3DES': 'PKCS12-3DES-3DES', 'RC2-40': 'PKCS12', 'AES-256': 'PKCS12-AES256-AES128' };

export async function setUp(pki, folder) {
  need('java', 'javac', ...jars);
  const { ask, close } = converse('java', ['-cp', jars.join(':'), script], { cwd: pki.folder });
  const version = (await ask('version')).toString();
  let count = 0;
  const file = async (bytes) => {
    const path = join(folder, String(count++));
    await writeFile(path, bytes);
    return path;
  };

  return {
    version,
    close,

    async sign({ key, second, digest, scheme }, content, form) {
      const plain = digest?.replace('-', '');
      const keys = second ? [key, second] : [key];
      const algorithms = keys.map((one) => schemes[scheme ?? schemeOf(one)](plain));
      const message = await ask('sign', keys.join(' '), algorithms.join(' '), form, await file(content));
      return form === 'detached' ? { message, content } : { message };
    },

    verify: async (row, { der, content }) => ask('verify', await file(der), content ? await file(content) : ''),

    async encrypt({ key = '', cipher, oaep, agreement, password = '', kek }, content) {
      const [first = '', second = '', label = ''] = Object.values(oaep ?? agreement ?? kek ?? {});
      const words = [key, cipher, first, second, label, password];
      return { message: await ask('encrypt', ...words, await file(content)) };
    },

    decrypt: async ({ key = '', password = '' }, { der }) => ask('decrypt', key, password, await file(der)),

    async compress(row, content) {
      return { message: await ask('compress', await file(content)), type: 'compressed-data' };
    },

    decompress: async (row, { der }) => ask('decompress', await file(der)),

    async writeP12({ key, cipher }) {
      return { data: await ask('writeP12', key, boxes[cipher], password) };
    },

    readP12: async ({ key }, data) => ask('readP12', key, password, await file(data)),
  };
}
