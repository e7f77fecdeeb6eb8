// The rows of the matrix: what is signed, encrypted and packed, with which algorithms.
//
// `key` is the kind of key, see pki.mjs; `found` is what we have to find in what peers write; what we
// don't write is `written: false`, what we refuse on purpose is `isRefused`.

const sha2 = ['SHA-256', 'SHA-384', 'SHA-512'];

const verified = { status: 'verified', problems: [] };
const refused = {
  written: false,
  isRefused: true,
  found: { status: 'unverified', problems: ['signature/unsupported-algorithm'] },
};
const signature = (name, options) => ({ name, found: verified, ...options });

export const signatures = [
  signature('RSA v1.5, SHA-1', {
    key: 'rsa', digest: 'SHA-1', written: false,
    found: { status: 'unverified', problems: ['signature/weak-digest'] },
  }),
  ...sha2.map((digest) => signature(`RSA v1.5, ${digest}`, { key: 'rsa', digest })),
  ...sha2.map((digest) => signature(`RSA-PSS, ${digest}`, { key: 'rsa', digest, scheme: 'rsassa-pss' })),
  signature('RSA-PSS, SHA-256, key for PSS alone', { key: 'rsa-pss', digest: 'SHA-256', scheme: 'rsassa-pss' }),
  signature('ECDSA P-256, SHA-256', { key: 'p256', digest: 'SHA-256' }),
  signature('ECDSA P-384, SHA-384', { key: 'p384', digest: 'SHA-384' }),
  signature('ECDSA P-521, SHA-512', { key: 'p521', digest: 'SHA-512' }),
  signature('ECDSA brainpoolP256r1, SHA-256', { key: 'bp256', digest: 'SHA-256' }),
  signature('ECDSA brainpoolP384r1, SHA-384', { key: 'bp384', digest: 'SHA-384' }),
  signature('two signers, RSA v1.5 and ECDSA P-256, SHA-256', {
    key: 'rsa', second: 'p256', digest: 'SHA-256', found: { ...verified, problems: ['author/mismatch'] },
  }),
  signature('Ed25519', { key: 'ed25519', digest: 'SHA-512' }),
  signature('ML-DSA-65', { key: 'ml-dsa-65', digest: 'SHA-512', written: false }),
  signature('Ed448', { key: 'ed448', ...refused }),
  signature('ECDSA brainpoolP512r1, SHA-512', { key: 'bp512', digest: 'SHA-512', ...refused }),
  signature('DSA, SHA-256', { key: 'dsa', digest: 'SHA-256', written: false }),
];

const opened = (cipher) => ({
  cipher: cipher.toLowerCase(),
  integrity: /GCM|CCM|ChaCha/.test(cipher) ? 'protected' : 'none',
});
const content = (cipher, options) => ({ name: cipher, key: 'rsa', cipher, found: opened(cipher), ...options });
const oaep = (name, oaep, options) => ({ ...content('AES-256-CBC', options), name: `OAEP, ${name}`, oaep });
const ecdh = (curve, key, agreement, options) => ({
  ...content('AES-256-CBC', options),
  name: `ECDH ${curve}, ${agreement.kdf} KDF, ${agreement.wrap} wrap`,
  key,
  agreement,
});
const readOnly = { written: false };

export const envelopes = [
  content('AES-128-CBC'),
  content('AES-192-CBC', { written: false }),
  content('AES-256-CBC'),
  content('3DES-CBC', { written: false }),
  content('RC2-40-CBC', { written: false }),
  content('RC2-64-CBC', { written: false }),
  content('RC2-128-CBC', { written: false }),
  content('AES-128-GCM'),
  content('AES-192-GCM', { written: false }),
  content('AES-256-GCM'),
  content('AES-128-CCM', { written: false }),
  content('AES-256-CCM', { written: false }),
  content('ChaCha20-Poly1305', { written: false }),
  content('AES-256-GCM', { name: 'AES-256-GCM in EnvelopedData', structure: 'EnvelopedData', written: false }),
  oaep('SHA-1', { digest: 'SHA-1', mgf: 'SHA-1' }, { written: false }),
  oaep('SHA-256', { digest: 'SHA-256', mgf: 'SHA-256' }),
  oaep('SHA-512', { digest: 'SHA-512', mgf: 'SHA-512' }, { written: false }),
  oaep('SHA-256 with MGF1 of SHA-1', { digest: 'SHA-256', mgf: 'SHA-1' }, { written: false }),
  oaep('SHA-256 with a label', { digest: 'SHA-256', mgf: 'SHA-256', label: 'label' }, { written: false }),
  ecdh('P-256', 'p256', { kdf: 'SHA-256', wrap: 'AES-256' }),
  ecdh('P-384', 'p384', { kdf: 'SHA-384', wrap: 'AES-256' }),
  ecdh('P-521', 'p521', { kdf: 'SHA-512', wrap: 'AES-256' }),
  ecdh('brainpoolP256r1', 'bp256', { kdf: 'SHA-256', wrap: 'AES-256' }),
  ecdh('brainpoolP384r1', 'bp384', { kdf: 'SHA-384', wrap: 'AES-256' }),
  ecdh('P-256', 'p256', { kdf: 'SHA-1', wrap: '3DES' }, readOnly),
  ecdh('P-256', 'p256', { kdf: 'SHA-1', wrap: 'AES-128' }, readOnly),
  ecdh('P-256', 'p256', { kdf: 'SHA-224', wrap: 'AES-192' }, readOnly),
  ecdh('P-256', 'p256', { kdf: 'cofactor SHA-256', wrap: 'AES-128' }, readOnly),
  ecdh('X25519', 'x25519', { kdf: 'HKDF SHA-256', wrap: 'AES-256' }),
  { ...content('AES-256-CBC', readOnly), name: 'ML-KEM-768', key: 'ml-kem-768' },
  { ...content('AES-256-CBC', readOnly), name: 'password', key: undefined, password: 'secret' },
  {
    ...content('AES-256-CBC', readOnly),
    name: 'key-encryption key, AES-256 wrap', key: undefined,
    kek: { id: 'name', key: '0123456789abcdef0123456789abcdef' },
  },
];

/** Compressed, then encrypted, which is the only way we write it. */
export const compressed = [
  { ...content('AES-256-CBC'), name: 'zlib', isCompressed: true, found: { integrity: 'none' } },
];

/** Signed with a key, then encrypted for the same. */
export const both = [
  { name: 'RSA v1.5', key: 'rsa', digest: 'SHA-256', cipher: 'AES-128-CBC', found: { ...verified, integrity: 'none' } },
  {
    name: 'RSA-PSS and OAEP, SHA-256',
    key: 'rsa', digest: 'SHA-256', scheme: 'rsassa-pss',
    cipher: 'AES-128-CBC', oaep: { digest: 'SHA-256', mgf: 'SHA-256' }, found: { ...verified, integrity: 'none' },
  },
  {
    name: 'ECDSA and ECDH P-256',
    key: 'p256', digest: 'SHA-256', cipher: 'AES-128-CBC', agreement: { kdf: 'SHA-256', wrap: 'AES-128' },
    found: { ...verified, integrity: 'none' },
  },
];

const p12 = (name, { key = 'rsa', ...options }) => ({ name, key, ...options, found: { identities: [`CN=${key}`] } });

/** `profile` is what we call it. */
export const files = [
  p12('3DES, SHA-1', { cipher: '3DES', profile: 'compatible' }),
  p12('RC2-40, SHA-1', { cipher: 'RC2-40', written: false }),
  p12('AES-256, SHA-256', { cipher: 'AES-256', profile: 'modern' }),
  p12('AES-256, PBMAC1', { cipher: 'AES-256', mac: 'PBMAC1', profile: 'pbmac1' }),
  p12('AES-256, SHA-256, P-256 key', { key: 'p256', cipher: 'AES-256', profile: 'modern' }),
  p12('AES-256, SHA-256, Ed25519 key', { key: 'ed25519', cipher: 'AES-256', profile: 'modern' }),
];
