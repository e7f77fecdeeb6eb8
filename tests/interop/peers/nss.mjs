// NSS: `cmsutil` for messages, `pk12util` and `certutil` for keys.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { execute, need } from '../matrix/execute.mjs';
import { address, password } from '../matrix/pki.mjs';

export const name = 'NSS';

export const cannot = [
  ['sign', /two signers/, 'one signer'],
  ['encrypt', /ML-KEM/, 'no ML-KEM'],
  ['sign', /ML-DSA/, 'no ML-DSA'],
  ['compress decompress', /./, 'no CompressedData'],
  ['sign', /PSS/, '`cmsutil` has no option for it'],
  ['verify', /PSS alone/, 'no such key'],
  ['sign verify', /brainpool/, 'no such curve'],
  ['sign verify', /Ed25519/, 'no Ed25519'],
  ['sign', /Ed448/, 'no Ed448'],
  ['decrypt', /GCM/, 'no AuthEnvelopedData in this version'],
  ['decrypt', /OAEP/, 'no OAEP'],
  ['encrypt', /password|key-enc/, 'certificates alone'],
  ['encrypt decrypt', /ECDH|X25519/, 'no key agreement in this version'],
  ['writeP12 readP12', /PBMAC1/, 'no PBMAC1 in this version'],
  ['writeP12 readP12', /Ed25519/, 'no Ed25519'],
  ['encrypt', /AES-(?!128-CBC)|3DES|RC2|ChaCha|OAEP/, '`cmsutil` chooses AES-128-CBC by itself'],
];

/** `pk12util`'s names for what encrypts keys, and certificates. */
const boxes = {
  '3DES': 'PKCS #12 V2 PBE With SHA-1 And 3KEY Triple DES-CBC',
  'RC2-40': 'PKCS #12 V2 PBE With SHA-1 And 40 Bit RC2 CBC',
  'AES-256': 'AES-256-CBC',
};

export async function setUp(pki, folder) {
  need('cmsutil', 'pk12util', 'certutil');
  const file = (name) => join(folder, name);
  const save = (name, bytes) => writeFile(file(name), bytes);
  const tool = (program, line) => execute(program, line.split(' '), { cwd: folder });

  await makeDatabase('people');
  for (const kind of pki.kinds) {
    const importing = tool('pk12util', `-d sql:people -i ${join(pki.folder, kind)}.p12 -W ${password}`);
    await importing.catch(() => {}); // a kind of key that it does not know
  }

  /** Trusts the CA for mail. */
  async function makeDatabase(name) {
    await mkdir(file(name));
    await tool('certutil', `-N -d sql:${name} --empty-password`);
    await tool('certutil', `-A -d sql:${name} -n CA -t C,C, -i ${join(pki.folder, 'ca.pem')}`);
  }

  return {
    version: await version(),

    async sign({ key, digest }, content, form) {
      await save('body.txt', content);
      const detached = form === 'detached' ? ' -T' : '';
      const hash = digest.replace('-', '');
      await tool('cmsutil', `-S -d sql:people -N ${key} -H ${hash} -G -P -i body.txt -o theirs.p7m${detached}`);
      const message = await readFile(file('theirs.p7m'));
      return form === 'detached' ? { message, content } : { message };
    },

    async verify(row, { der, content }) {
      await save('ours.p7m', der);
      if (!content) return tool('cmsutil', '-D -d sql:people -i ours.p7m');
      await save('body.txt', content);
      await tool('cmsutil', '-D -d sql:people -n -i ours.p7m -c body.txt');
      return content;
    },

    async encrypt({ key }, content) {
      await save('body.txt', content);
      await tool('cmsutil', `-E -d sql:people -r ${address(key)} -i body.txt -o theirs.p7m`);
      return { message: await readFile(file('theirs.p7m')) };
    },

    async decrypt(row, { der }) {
      await save('ours.p7m', der);
      return tool('cmsutil', '-D -d sql:people -i ours.p7m');
    },

    async writeP12({ key, cipher }) {
      const box = ['-c', boxes[cipher], '-C', boxes[cipher]];
      const words = ['-o', 'theirs.p12', '-n', key, '-W', password, '-d', 'sql:people'];
      await execute('pk12util', [...words, ...box], { cwd: folder });
      return { data: await readFile(file('theirs.p12')) };
    },

    async readP12({ key }, bytes) {
      await save('ours.p12', bytes);
      await rm(file('fresh'), { recursive: true, force: true });
      await makeDatabase('fresh');
      await tool('pk12util', `-d sql:fresh -i ours.p12 -W ${password}`);
      const listed = (await tool('certutil', '-L -d sql:fresh')).toString();
      if (!/ u,u,u\s*$/m.test(listed)) throw new Error(`no certificate with a key: ${listed}`);
    },
  };
}

/** The programs don't tell; the library does. */
async function version() {
  const linked = await execute('sh', ['-c', 'ldd "$(command -v cmsutil)"']);
  const library = /libnss3\.so => (\S+)/.exec(linked.toString())[1];
  return /Version: NSS (\d+(\.\d+)+)/.exec(await readFile(library, 'latin1'))[1];
}
