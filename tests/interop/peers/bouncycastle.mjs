// Bouncy Castle, which BouncyCastle.java calls.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { converse, need } from '../matrix/execute.mjs';
import { password } from '../matrix/pki.mjs';

export const name = 'Bouncy Castle';

export const cannot = [
  ['writeP12', /AES/, 'not in this version'],
];

const script = fileURLToPath(new URL('BouncyCastle.java', import.meta.url));
const jars = ['bcprov', 'bcutil', 'bcpkix', 'bcmail'].map((jar) => `/usr/share/java/${jar}.jar`);

/** Names of Java for algorithms and of this library for kinds of P12 files. */
const schemes = {
  'rsassa-pss': (digest) => `${digest}withRSAandMGF1`,
  'rsassa-pkcs1-v1_5': (digest) => `${digest}withRSA`,
};
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

    async sign({ key, digest, scheme = 'rsassa-pkcs1-v1_5' }, content, form) {
      const plain = digest.replace('-', '');
      const algorithm = { rsa: schemes[scheme](plain), ed25519: 'Ed25519' }[key] ?? `${plain}withECDSA`;
      const message = await ask('sign', key, algorithm, form, await file(content));
      return form === 'detached' ? { message, content } : { message };
    },

    verify: async (row, { der, content }) => ask('verify', await file(der), content ? await file(content) : ''),

    async encrypt({ key = '', cipher, oaep, agreement, password = '' }, content) {
      const [first, second] = oaep ? [oaep.digest, oaep.mgf] : [agreement?.kdf ?? '', agreement?.wrap ?? ''];
      const words = [key, cipher, first, second, oaep?.label ?? '', password];
      return { message: await ask('encrypt', ...words, await file(content)) };
    },

    decrypt: async ({ key = '', password = '' }, { der }) => ask('decrypt', key, password, await file(der)),

    async writeP12({ key, cipher }) {
      return { data: await ask('writeP12', key, boxes[cipher], password) };
    },

    readP12: async ({ key }, data) => ask('readP12', key, password, await file(data)),
  };
}
