// The rows of the matrix: what is signed, encrypted and packed, with which algorithms.
//
// `key` is the kind of key, see pki.mjs; `found` is what we have to find in what peers write; what we
// don't write is `written: false`.

const sha2 = ['SHA-256', 'SHA-384', 'SHA-512'];

const verified = { status: 'verified', problems: [] };
const signature = (name, options) => ({ name, found: verified, ...options });

export const signatures = [
  signature('RSA v1.5, SHA-1', {
    key: 'rsa', digest: 'SHA-1', written: false,
    found: { status: 'unverified', problems: ['signature/weak-digest'] },
  }),
  ...sha2.map((digest) => signature(`RSA v1.5, ${digest}`, { key: 'rsa', digest })),
];

const opened = (cipher) => ({
  cipher: cipher.toLowerCase(),
  integrity: /GCM|CCM|ChaCha/.test(cipher) ? 'protected' : 'none',
});
const content = (cipher, options) => ({ name: cipher, key: 'rsa', cipher, found: opened(cipher), ...options });
const oaep = (name, oaep, options) => ({ ...content('AES-256-CBC', options), name: `OAEP, ${name}`, oaep });

export const envelopes = [
  content('AES-128-CBC'),
  content('AES-192-CBC', { written: false }),
  content('AES-256-CBC'),
  content('3DES-CBC', { written: false }),
  content('AES-128-GCM'),
  content('AES-192-GCM', { written: false }),
  content('AES-256-GCM'),
  oaep('SHA-1', { digest: 'SHA-1', mgf: 'SHA-1' }, { written: false }),
  oaep('SHA-256', { digest: 'SHA-256', mgf: 'SHA-256' }),
  oaep('SHA-512', { digest: 'SHA-512', mgf: 'SHA-512' }, { written: false }),
  oaep('SHA-256 with MGF1 of SHA-1', { digest: 'SHA-256', mgf: 'SHA-1' }, { written: false }),
  oaep('SHA-256 with a label', { digest: 'SHA-256', mgf: 'SHA-256', label: 'label' }, { written: false }),
];

/** Signed with a key, then encrypted for the same. */
export const both = [
  { name: 'RSA v1.5', key: 'rsa', digest: 'SHA-256', cipher: 'AES-128-CBC', found: { ...verified, integrity: 'none' } },
];

const p12 = (name, options) => ({
  name, key: 'rsa', ...options, found: { identities: ['CN=rsa'] },
});

/** `profile` is what we call it. */
export const files = [
  p12('3DES, SHA-1', { cipher: '3DES', profile: 'compatible' }),
  p12('RC2-40, SHA-1', { cipher: 'RC2-40', written: false }),
  p12('AES-256, SHA-256', { cipher: 'AES-256', profile: 'modern' }),
];
