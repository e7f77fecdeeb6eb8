// npm's `node-forge`.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { need } from '../matrix/execute.mjs';
import { password } from '../matrix/pki.mjs';

export const name = 'node-forge';

export const cannot = [
  ['sign', /two signers/, 'RSA keys alone'],
  ['encrypt', /ML-KEM/, 'no ML-KEM'],
  ['sign', /ML-DSA/, 'no ML-DSA'],
  ['compress decompress', /./, 'no CompressedData'],
  ['verify', /./, 'no verification'],
  ['sign', /PSS/, 'no PSS in messages'],
  ['sign', /DSA|Ed25519|Ed448/, 'RSA keys alone'],
  ['encrypt decrypt', /GCM|CCM|ChaCha/, 'no AuthEnvelopedData'],
  ['encrypt', /RC2/, 'no RC2'],
  ['encrypt', /ECDH|password|key-enc/, 'certificates with RSA keys alone'],
  ['decrypt', /ECDH/, 'certificates with RSA keys alone'],
  ['writeP12 readP12', /PBMAC1/, 'no PBMAC1'],
  ['writeP12 readP12', /P-256|Ed25519/, 'RSA keys alone'],
  ['encrypt decrypt', /OAEP/, 'no OAEP'],
  ['writeP12', /RC2/, 'writes certificates unencrypted or as the key'],
];

const ciphers = {
  '3DES-CBC': 'des-EDE3-CBC',
  'AES-128-CBC': 'aes128-CBC',
  'AES-192-CBC': 'aes192-CBC',
  'AES-256-CBC': 'aes256-CBC',
};

const manifest = fileURLToPath(new URL('../../../node_modules/node-forge/package.json', import.meta.url));

export async function setUp(pki) {
  need(manifest);
  const { default: forge } = await import('node-forge');
  const { version } = JSON.parse(await readFile(manifest));
  const { asn1, pkcs7, pkcs12, pki: x509, util } = forge;
  const pem = (file) => readFile(join(pki.folder, file), 'utf8');
  const certificate = async (name) => x509.certificateFromPem(await pem(`${name}.pem`));
  const privateKey = async (name) => x509.privateKeyFromPem(await pem(`${name}.key`));
  const toBytes = (value) => Buffer.from(asn1.toDer(value).getBytes(), 'latin1');
  const fromBytes = (bytes) => asn1.fromDer(bytes.toString('latin1'));

  return {
    version,

    async sign({ key, digest }, content, form) {
      const signed = pkcs7.createSignedData();
      signed.content = util.createBuffer(content.toString('latin1'));
      signed.addCertificate(await certificate(key));
      const { data, contentType, messageDigest, signingTime } = x509.oids;
      signed.addSigner({
        key: await privateKey(key),
        certificate: await certificate(key),
        digestAlgorithm: x509.oids[digest.replace('-', '').toLowerCase()],
        authenticatedAttributes: [
          { type: contentType, value: data },
          { type: messageDigest },
          { type: signingTime, value: new Date() },
        ],
      });
      const detached = form === 'detached';
      signed.sign({ detached });
      const message = toBytes(signed.toAsn1());
      return detached ? { message, content } : { message };
    },

    async encrypt({ key, cipher }, content) {
      const enveloped = pkcs7.createEnvelopedData();
      enveloped.addRecipient(await certificate(key));
      enveloped.content = util.createBuffer(content.toString('latin1'));
      enveloped.encrypt(undefined, x509.oids[ciphers[cipher]]);
      return { message: toBytes(enveloped.toAsn1()) };
    },

    async decrypt({ key }, { der }) {
      const enveloped = pkcs7.messageFromAsn1(fromBytes(der));
      enveloped.decrypt(enveloped.findRecipient(await certificate(key)), await privateKey(key));
      return Buffer.from(enveloped.content.getBytes(), 'latin1');
    },

    async writeP12({ key, cipher }) {
      const chain = [await certificate(key), await certificate('ca')];
      const algorithm = { '3DES': '3des', 'AES-256': 'aes256' }[cipher];
      return { data: toBytes(pkcs12.toPkcs12Asn1(await privateKey(key), chain, password, { algorithm })) };
    },

    async readP12({ key }, data) {
      const opened = pkcs12.pkcs12FromAsn1(fromBytes(data), password);
      const { pkcs8ShroudedKeyBag: keyBag, certBag } = x509.oids;
      const [{ key: found }] = opened.getBags({ bagType: keyBag })[keyBag];
      const certificates = opened.getBags({ bagType: certBag })[certBag].map(({ cert }) => x509.certificateToPem(cert));
      const wanted = x509.certificateToPem(await certificate(key));
      if (!certificates.includes(wanted) || certificates.length !== 2) throw new Error('other certificates');
      if (!found.n.equals((await privateKey(key)).n)) throw new Error('another key');
    },
  };
}
