// npm's `pkijs`, with Node's WebCrypto.

import { createPrivateKey, webcrypto } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { need } from '../matrix/execute.mjs';
import { password } from '../matrix/pki.mjs';

export const name = 'PKI.js';

export const cannot = [
  ['encrypt', /ML-KEM/, 'no ML-KEM'],
  ['sign', /ML-DSA/, 'no ML-DSA'],
  ['compress decompress', /./, 'no CompressedData'],
  ['encrypt decrypt', /RSA v1.5|^(AES-...-CBC|3DES|RC2)/, 'no RSAES-PKCS1-v1_5'],
  ['encrypt decrypt', /GCM$|CCM|ChaCha/, 'no AuthEnvelopedData'],
  ['sign verify', /brainpool/, 'no such curve in WebCrypto'],
  ['sign', /^DSA/, 'no DSA'],
  ['sign', /PSS alone/, 'WebCrypto has no such key'],
  ['sign verify', /Ed25519/, 'no Ed25519'],
  ['sign', /Ed448/, 'no Ed448'],
  ['encrypt', /brainpool/, 'no such curve in WebCrypto'],
  ['encrypt', /3DES wrap|SHA-224|cofactor/, 'no option for it'],
  ['encrypt decrypt', /X25519/, 'no X25519 in messages'],
  ['decrypt', /ECDH/, 'agrees with nobody but itself, nor with OpenSSL or Bouncy Castle'],
  ['encrypt', /^password/, 'wraps with AES key wrap, where RFC 5652 has PWRI-KEK'],
  ['encrypt', /MGF1|label/, 'one digest for OAEP and its MGF1, and no label'],
  ['writeP12 readP12', /3DES|RC2/, 'no 3DES and no RC2 in WebCrypto'],
  ['writeP12 readP12', /PBMAC1/, 'no PBMAC1'],
];

const keyBagId = '1.2.840.113549.1.12.10.1.2';
const certBagId = '1.2.840.113549.1.12.10.1.3';
const manifest = fileURLToPath(new URL('../../../node_modules/pkijs/package.json', import.meta.url));

export async function setUp(pki) {
  need(manifest);
  const pkijs = await import('pkijs');
  const asn1js = await import('asn1js');
  pkijs.setEngine('node', new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto }));
  const { version } = JSON.parse(await readFile(manifest));

  const buffer = (bytes) => Uint8Array.from(bytes).buffer;
  const certificate = async (name) =>
    pkijs.Certificate.fromBER(buffer(await readFile(join(pki.folder, `${name}.der`))));
  const pkcs8 = async (name) =>
    createPrivateKey(await readFile(join(pki.folder, `${name}.key`))).export({ type: 'pkcs8', format: 'der' });
  const utf8 = (text) => buffer(Buffer.from(text));
  const curve = (key) => key.replace('p', 'P-');
  const wrap = (contentType, content) =>
    Buffer.from(new pkijs.ContentInfo({ contentType, content: content.toSchema(true) }).toSchema().toBER(false));
  const unwrap = (der) => pkijs.ContentInfo.fromBER(buffer(der)).content;

  const attributesOf = (hash) => [
    attribute('1.2.840.113549.1.9.3', new asn1js.ObjectIdentifier({ value: pkijs.ContentInfo.DATA })),
    attribute('1.2.840.113549.1.9.4', new asn1js.OctetString({ valueHex: hash })),
  ];
  const attribute = (type, value) => new pkijs.Attribute({ type, values: [value] });

  return {
    version,

    async sign({ key, second, digest, scheme }, content, form) {
      const keys = second ? [key, second] : [key];
      const owns = await Promise.all(keys.map(certificate));
      const hash = await webcrypto.subtle.digest(digest, content);
      const detached = form === 'detached';
      const signed = new pkijs.SignedData({
        version: 1,
        encapContentInfo: new pkijs.EncapsulatedContentInfo({
          eContentType: pkijs.ContentInfo.DATA,
          ...(!detached && { eContent: new asn1js.OctetString({ valueHex: buffer(content) }) }),
        }),
        signerInfos: owns.map(({ issuer, serialNumber }) => new pkijs.SignerInfo({
          version: 1,
          sid: new pkijs.IssuerAndSerialNumber({ issuer, serialNumber }),
          signedAttrs: new pkijs.SignedAndUnsignedAttributes({ type: 0, attributes: attributesOf(hash) }),
        })),
        certificates: owns,
      });
      for (const [i, one] of keys.entries()) {
        const algorithm = one === 'rsa'
          ? { name: scheme === 'rsassa-pss' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5', hash: digest }
          : { name: 'ECDSA', namedCurve: curve(one) };
        const privateKey = await webcrypto.subtle.importKey('pkcs8', await pkcs8(one), algorithm, true, ['sign']);
        await signed.sign(privateKey, i, digest, content);
      }
      const message = wrap(pkijs.ContentInfo.SIGNED_DATA, signed);
      return detached ? { message, content } : { message };
    },

    async verify(row, { der, content }) {
      const signed = new pkijs.SignedData({ schema: unwrap(der) });
      for (const signer of signed.signerInfos.keys()) {
        const verdict = await signed.verify({
          signer,
          trustedCerts: [await certificate('ca')],
          checkChain: true,
          extendedMode: true,
          ...(content && { data: buffer(content) }),
        });
        if (!verdict.signatureVerified || !verdict.signerCertificateVerified) throw new Error(verdict.message);
      }
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

    async writeP12({ key }) {
      const box = {
        password: utf8(password),
        contentEncryptionAlgorithm: { name: 'AES-CBC', length: 256 },
        hmacHashAlgorithm: 'SHA-256',
        iterationCount: 2048,
      };
      const keyBag = new pkijs.PKCS8ShroudedKeyBag({
        parsedValue: pkijs.PrivateKeyInfo.fromBER(buffer(await pkcs8(key))),
      });
      await keyBag.makeInternalValues(box);
      const certBags = [await certificate(key), await certificate('ca')].map(
        (parsedValue) => new pkijs.SafeBag({ bagId: certBagId, bagValue: new pkijs.CertBag({ parsedValue }) }),
      );
      const safeContents = [
        { privacyMode: 0, value: safe([new pkijs.SafeBag({ bagId: keyBagId, bagValue: keyBag })]) },
        { privacyMode: 1, value: safe(certBags) },
      ];
      const authenticatedSafe = new pkijs.AuthenticatedSafe({ parsedValue: { safeContents } });
      await authenticatedSafe.makeInternalValues({ safeContents: [{}, box] });
      const pfx = new pkijs.PFX({ parsedValue: { integrityMode: 0, authenticatedSafe } });
      const digests = { pbkdf2HashAlgorithm: 'SHA-256', hmacHashAlgorithm: 'SHA-256' };
      await pfx.makeInternalValues({ password: utf8(password), iterations: 2048, ...digests });
      return { data: Buffer.from(pfx.toSchema().toBER(false)) };
    },

    async readP12({ key }, data) {
      const pfx = pkijs.PFX.fromBER(buffer(data));
      const opening = { password: utf8(password) };
      await pfx.parseInternalValues({ ...opening, checkIntegrity: true });
      const { authenticatedSafe } = pfx.parsedValue;
      await authenticatedSafe.parseInternalValues({ safeContents: authenticatedSafe.safeContents.map(() => opening) });
      const bags = authenticatedSafe.parsedValue.safeContents.flatMap(({ value }) => value.safeBags);
      const [keyBag] = bags.filter(({ bagId }) => bagId === keyBagId);
      await keyBag.bagValue.parseInternalValues(opening);
      const found = keyBag.bagValue.parsedValue.toSchema().toBER(false);
      if (!Buffer.from(found).equals(await pkcs8(key))) throw new Error('another key');
      const certificates = bags.filter(({ bagId }) => bagId === certBagId).map(({ bagValue }) => bagValue.parsedValue);
      const own = await certificate(key);
      if (certificates.length !== 2 || !certificates.some((other) => other.serialNumber.isEqual(own.serialNumber))) {
        throw new Error('other certificates');
      }
    },
  };

  function safe(safeBags) {
    return new pkijs.SafeContents({ safeBags });
  }

  function isFor(info, { serialNumber }) {
    const ids = info.rid ? [info.rid] : info.recipientEncryptedKeys.encryptedKeys.map(({ rid }) => rid.value);
    return ids.some((id) => id.serialNumber?.isEqual(serialNumber));
  }
}
