// npm's `pkijs`, with Node's WebCrypto.

import { createPrivateKey, webcrypto } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { need } from '../matrix/execute.mjs';

export const name = 'PKI.js';

export const cannot = [
  ['encrypt decrypt', /RSA v1.5|^(AES-...-CBC|3DES|RC2)/, 'no RSAES-PKCS1-v1_5'],
  ['encrypt decrypt', /GCM$|CCM|ChaCha/, 'no AuthEnvelopedData'],
  ['sign verify', /brainpool/, 'no such curve in WebCrypto'],
  ['sign', /^DSA/, 'no DSA'],
  ['sign', /PSS alone/, 'WebCrypto has no such key'],
  ['sign verify', /Ed25519/, 'no Ed25519'],
  ['encrypt', /brainpool/, 'no such curve in WebCrypto'],
  ['encrypt', /3DES wrap|SHA-224|cofactor/, 'no option for it'],
  ['encrypt decrypt', /X25519/, 'no X25519 in messages'],
  ['decrypt', /ECDH/, 'agrees with nobody but itself, nor with OpenSSL or Bouncy Castle'],
  ['encrypt', /^password/, 'wraps with AES key wrap, where RFC 5652 has PWRI-KEK'],
  ['encrypt', /MGF1|label/, 'one digest for OAEP and its MGF1, and no label'],
  ['writeP12 readP12', /./, 'not driven here'],
];

const manifest = fileURLToPath(new URL('../../../node_modules/pkijs/package.json', import.meta.url));

export async function setUp(pki) {
  need(manifest);
  const pkijs = await import('pkijs');
  const asn1js = await import('asn1js');
  pkijs.setEngine('node', new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto }));
  const { version } = JSON.parse(await readFile(manifest));

  const buffer = (bytes) => Uint8Array.from(bytes).buffer;
  const certificate = async (name) =>
    pkijs.Certificate.fromBER(buffer(Buffer.from((await readFile(join(pki.folder, `${name}.pem`), 'utf8')).replace(/-----.*?-----/g, ''), 'base64')));
  const pkcs8 = async (name) =>
    createPrivateKey(await readFile(join(pki.folder, `${name}.key`))).export({ type: 'pkcs8', format: 'der' });
  const utf8 = (text) => buffer(Buffer.from(text));
  const curve = (key) => key.replace('p', 'P-');
  const wrap = (contentType, content) =>
    Buffer.from(new pkijs.ContentInfo({ contentType, content: content.toSchema(true) }).toSchema().toBER(false));
  const unwrap = (der) => pkijs.ContentInfo.fromBER(buffer(der)).content;

  return {
    version,

    async sign({ key, digest, scheme = 'rsassa-pkcs1-v1_5' }, content, form) {
      const algorithm = key === 'rsa'
        ? { name: scheme === 'rsassa-pss' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5', hash: digest }
        : { name: 'ECDSA', namedCurve: curve(key) };
      const privateKey = await webcrypto.subtle.importKey('pkcs8', await pkcs8(key), algorithm, true, ['sign']);
      const own = await certificate(key);
      const hash = await webcrypto.subtle.digest(digest, content);
      const attribute = (type, value) => new pkijs.Attribute({ type, values: [value] });
      const attributes = [
        attribute('1.2.840.113549.1.9.3', new asn1js.ObjectIdentifier({ value: pkijs.ContentInfo.DATA })),
        attribute('1.2.840.113549.1.9.4', new asn1js.OctetString({ valueHex: hash })),
      ];
      const detached = form === 'detached';
      const signed = new pkijs.SignedData({
        version: 1,
        encapContentInfo: new pkijs.EncapsulatedContentInfo({
          eContentType: pkijs.ContentInfo.DATA,
          ...(!detached && { eContent: new asn1js.OctetString({ valueHex: buffer(content) }) }),
        }),
        signerInfos: [
          new pkijs.SignerInfo({
            version: 1,
            sid: new pkijs.IssuerAndSerialNumber({ issuer: own.issuer, serialNumber: own.serialNumber }),
            signedAttrs: new pkijs.SignedAndUnsignedAttributes({ type: 0, attributes }),
          }),
        ],
        certificates: [own],
      });
      await signed.sign(privateKey, 0, digest, content);
      const message = wrap(pkijs.ContentInfo.SIGNED_DATA, signed);
      return detached ? { message, content } : { message };
    },

    async verify(row, { der, content }) {
      const signed = new pkijs.SignedData({ schema: unwrap(der) });
      const verdict = await signed.verify({
        signer: 0,
        trustedCerts: [await certificate('ca')],
        checkChain: true,
        extendedMode: true,
        ...(content && { data: buffer(content) }),
      });
      if (!verdict.signatureVerified || !verdict.signerCertificateVerified) throw new Error(verdict.message);
      return content ?? Buffer.from(signed.encapContentInfo.eContent.getValue());
    },

    async encrypt({ key, cipher, oaep, agreement, password, kek }, content) {
      const enveloped = new pkijs.EnvelopedData();
      if (password) {
        enveloped.addRecipientByPreDefinedData(utf8(password), { hmacHashAlgorithm: 'SHA-256' }, 2);
      } else if (kek) {
        enveloped.addRecipientByPreDefinedData(utf8(kek.key), { keyIdentifier: utf8(kek.id) }, 1);
      } else {
        const parameters = oaep
          ? { oaepHashAlgorithm: oaep.digest }
          : { kdfAlgorithm: agreement?.kdf, kekEncryptionLength: Number(agreement?.wrap.replace('AES-', '')) };
        enveloped.addRecipientByCertificate(await certificate(key), parameters);
      }
      const [, bits, mode] = cipher.split('-');
      await enveloped.encrypt({ name: `AES-${mode}`, length: Number(bits) }, buffer(content));
      return { message: wrap(pkijs.ContentInfo.ENVELOPED_DATA, enveloped) };
    },

    async decrypt({ key }, { der }) {
      const enveloped = new pkijs.EnvelopedData({ schema: unwrap(der) });
      const own = await certificate(key);
      const options = { recipientCertificate: own, recipientPrivateKey: buffer(await pkcs8(key)) };
      const index = enveloped.recipientInfos.findIndex((info) => isFor(info.value, own));
      return Buffer.from(await enveloped.decrypt(index, options));
    },
  };

  function isFor(info, { serialNumber }) {
    const ids = info.rid ? [info.rid] : info.recipientEncryptedKeys.encryptedKeys.map(({ rid }) => rid.value);
    return ids.some((id) => id.serialNumber?.isEqual(serialNumber));
  }
}
