// PyPI `cryptography`, which pyca.py calls.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { converse, need } from '../matrix/execute.mjs';
import { password } from '../matrix/pki.mjs';

export const name = 'cryptography';

export const cannot = [
  ['encrypt', /ML-KEM/, 'certificates with RSA keys alone'],
  ['sign', /ML-DSA/, 'RSA and EC keys alone'],
  ['compress decompress', /./, 'no CompressedData'],
  ['sign', /SHA-1/, 'refuses to sign with it'],
  ['sign', /^DSA|Ed25519|Ed448/, 'RSA and EC keys alone'],
  ['verify', /./, 'no verification'],
  ['encrypt', /ECDH|password|key-enc/, 'certificates with RSA keys alone'],
  ['decrypt', /ECDH/, 'certificates with RSA keys alone'],
  ['encrypt', /192|3DES|RC2|GCM|CCM|ChaCha|OAEP/, 'no option for it'],
  ['decrypt', /GCM/, 'no AuthEnvelopedData'],
  ['decrypt', /OAEP/, 'no OAEP'],
  ['writeP12', /RC2|PBMAC1/, 'no option for it'],
];

const script = fileURLToPath(new URL('pyca.py', import.meta.url));
const python = fileURLToPath(new URL('../../../target/peers/python/bin/python', import.meta.url));

export async function setUp(pki, folder) {
  need(python);
  const { ask, close } = converse(python, ['-B', script], { cwd: pki.folder });
  const version = (await ask('version')).toString();
  const file = async (bytes) => {
    const path = join(folder, 'input');
    await writeFile(path, bytes);
    return path;
  };

  return {
    version,
    close,

    async sign({ key, second = '', digest, scheme = '' }, content, form) {
      const message = await ask('sign', key, second, digest, scheme, form, await file(content));
      return form === 'detached' ? { message, content } : { message };
    },

    async encrypt({ key, cipher }, content) {
      return { message: await ask('encrypt', key, cipher, await file(content)) };
    },

    decrypt: async ({ key }, { der }) => ask('decrypt', key, await file(der)),

    async writeP12({ key, cipher }) {
      return { data: await ask('write_p12', key, cipher, password) };
    },

    readP12: async ({ key }, data) => ask('read_p12', key, password, await file(data)),
  };
}
