/** Sealing by a key that the browser keeps and nobody can read out: AES-256-GCM, the nonce in front. */

const NAME = 'AES-GCM';
const NONCE_BYTES = 12;

/** Whether there are such keys here: only in secure contexts. */
export const canSeal = () => globalThis.crypto?.subtle !== undefined;

export const newSealingKey = () =>
  crypto.subtle.generateKey({ name: NAME, length: 256 }, false, ['encrypt', 'decrypt']);

/**
 * What seals and opens bytes by a key, bound to what they are for. To open rejects if the key, the
 * purpose or the bytes are others.
 *
 * @param {CryptoKey} key
 */
export const sealer = (key) => ({
  async seal(purpose, bytes) {
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const sealed = await crypto.subtle.encrypt({ name: NAME, iv, additionalData: purpose }, key, bytes);
    const whole = new Uint8Array(NONCE_BYTES + sealed.byteLength);
    whole.set(iv);
    whole.set(new Uint8Array(sealed), NONCE_BYTES);
    return whole;
  },

  async open(purpose, whole) {
    const iv = whole.subarray(0, NONCE_BYTES);
    const algorithm = { name: NAME, iv, additionalData: purpose };
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, whole.subarray(NONCE_BYTES)));
  },
});
