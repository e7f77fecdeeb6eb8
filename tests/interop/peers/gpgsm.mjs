// GnuPG's `gpgsm`.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { execute, need, versionOf } from '../matrix/execute.mjs';
import { address, other, password } from '../matrix/pki.mjs';

export const name = 'gpgsm';

export const cannot = [
  ['sign', /two signers/, 'one kind of key'],
  ['encrypt', /ML-KEM/, 'no ML-KEM'],
  ['sign', /ML-DSA/, 'no ML-DSA'],
  ['compress decompress', /./, 'no CompressedData'],
  ['verify', /P-521/, 'libgcrypt calculates with a hash of 521 bits'],
  ['verify', /Ed25519/, 'no Ed25519'],
  ['encrypt decrypt', /ECDH/, 'no key agreement'],
  ['encrypt', /password|key-enc/, 'certificates alone'],
  ['decrypt', /GCM/, 'libksba fails on the content of AuthEnvelopedData ("Buffer too short")'],
  ['decrypt', /OAEP/, 'no OAEP'],
  ['encrypt', /GCM|CCM|ChaCha|OAEP|RC2/, 'no option for it'],
  ['sign', /PSS/, 'no option for it'],
  ['sign', /DSA|Ed25519|Ed448/, 'imports no such key'],
  ['readP12', /AES/, 'no PBES2 with HMAC-SHA-256, ours or that of OpenSSL'],
  ['writeP12', /^(?!RC2)/, 'one format: 3DES for the key, RC2-40 for certificates'],
];

const ciphers = { 'AES-128-CBC': 'AES', 'AES-192-CBC': 'AES192', 'AES-256-CBC': 'AES256', '3DES-CBC': '3DES' };

const settings = `
batch
no-tty
disable-crl-checks
disable-dirmngr
pinentry-mode loopback
passphrase-fd 0
`;

export async function setUp(pki, folder) {
  need('gpgsm', 'gpg-agent', 'openssl');
  const version = await versionOf('gpgsm', '--version');
  const file = (name) => join(folder, name);
  const save = (name, bytes) => writeFile(file(name), bytes);
  const gpgsm = (home, words, input = '') => execute('gpgsm', ['--homedir', file(home), ...words], { input });
  const homes = [];

  const x509 = `x509 -in ${join(pki.folder, 'ca.pem')} -noout -fingerprint -sha1`;
  const printed = await execute('openssl', x509.split(' '));
  const fingerprint = printed.toString().trim().replace(/.*=/, '');

  async function makeHome(home) {
    await mkdir(file(home), { mode: 0o700 });
    if (!homes.includes(home)) homes.push(home);
    await save(`${home}/gpgsm.conf`, settings);
    await save(`${home}/gpg-agent.conf`, 'allow-loopback-pinentry\n');
    await save(`${home}/trustlist.txt`, `${fingerprint} S relax\n`);
    await gpgsm(home, ['--import', join(pki.folder, 'ca.pem')]);
  }
  const stop = (home) => execute('gpgconf', ['--homedir', file(home), '--kill', 'all']);

  await makeHome('home');
  await gpgsm('home', ['--import', join(pki.folder, 'rsa-old.p12')], password);
  await gpgsm('home', ['--import', join(pki.folder, `${other}.pem`)]);

  return {
    version,

    async sign({ key, digest }, content, form) {
      const words = ['-u', address(key), '--digest-algo', digest.replace('-', ''), '--sign'];
      await save('body.txt', content);
      if (form === 'opaque') return { message: await gpgsm('home', [...words, file('body.txt')], password) };
      return { message: await gpgsm('home', [...words, '--detach-sign', file('body.txt')], password), content };
    },

    async verify(row, { der, content }) {
      await save('ours.p7s', der);
      if (content) {
        await save('body.txt', content);
        await gpgsm('home', ['--verify', file('ours.p7s'), file('body.txt')]);
        return content;
      }
      await rm(file('shown.txt'), { force: true });
      await gpgsm('home', ['--output', file('shown.txt'), '--verify', file('ours.p7s')]);
      return readFile(file('shown.txt'));
    },

    async encrypt({ key, cipher }, content) {
      await save('body.txt', content);
      const words = ['-r', address(key), '--cipher-algo', ciphers[cipher], '--encrypt', file('body.txt')];
      return { message: await gpgsm('home', words) };
    },

    async decrypt(row, { der }) {
      await save('ours.p7m', der);
      return gpgsm('home', ['--decrypt', file('ours.p7m')], password);
    },

    async writeP12({ key }) {
      return { data: await gpgsm('home', ['--export-secret-key-p12', address(key)], password) };
    },

    async readP12({ key }, data) {
      await save('ours.p12', data);
      await makeHome('fresh');
      try {
        const said = await gpgsm('fresh', ['--import', file('ours.p12')], password).catch(({ message }) => message);
        const listed = (await gpgsm('fresh', ['--list-secret-keys'])).toString();
        if (!listed.includes(address(key))) throw new Error(`no certificate with a key: ${said}`);
      } finally {
        await stop('fresh');
        await rm(file('fresh'), { recursive: true, force: true });
      }
    },

    close: () => Promise.all(homes.map(stop)),
  };
}
