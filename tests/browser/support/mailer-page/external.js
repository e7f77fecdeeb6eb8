// An identity whose key is elsewhere, as tests of the mailer have it: a key of the browser's own cryptography
// that can't be read out.

import { externalIdentity } from '/smime-wasm/index.js';

import { certificateOf, file } from './tab.js';

/** Carol's key on P-256; what it does can be replaced. `asked` tells what it was asked for. */
export async function carolsCard(callbacks = {}) {
  const asked = [];
  const [signing, agreeing] = [
    await webKey('carol', { name: 'ECDSA', namedCurve: 'P-256' }, 'sign'),
    await webKey('carol', { name: 'ECDH', namedCurve: 'P-256' }, 'deriveBits'),
  ];
  const doing = {
    sign: ({ data, algorithm }) =>
      crypto.subtle.sign({ name: 'ECDSA', hash: algorithm.digest.toUpperCase() }, signing, data),
    decrypt: async ({ publicKey }) => {
      const theirs = await crypto.subtle.importKey('raw', publicKey, { name: 'ECDH', namedCurve: 'P-256' }, false, []);
      return crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, agreeing, 256);
    },
    ...callbacks,
  };
  const told = Object.entries(doing).filter(([, does]) => does).map(([name, does]) => [
    name,
    (request) => {
      asked.push(name);
      return does(request);
    },
  ]);
  const certificate = await certificateOf('carol');
  const identity = externalIdentity({ certificate, chain: [await certificateOf('ca')], ...Object.fromEntries(told) });
  return { identity, asked };
}

async function webKey(name, algorithm, use) {
  const pem = new TextDecoder().decode(await file(`${name}.key`));
  const der = Uint8Array.from(atob(pem.replace(/-----.*-----|\s/g, '')), (letter) => letter.charCodeAt(0));
  return crypto.subtle.importKey('pkcs8', der, algorithm, false, [use]);
}
