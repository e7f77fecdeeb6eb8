/**
 * Identities whose private keys are elsewhere: on a smartcard, in an HSM, with a server. Their
 * callbacks run where their caller is, whether the module works in place or in a worker.
 */
import { missingOption, unknownOption, wrongOption } from './errors.js';
import { Certificate, Identity } from './values.js';

const OPTIONS = ['certificate', 'chain', 'sign', 'decrypt'];

/** An identity of a certificate and what its holder does. */
export function externalIdentity(given) {
  if (typeof given !== 'object' || given === null) throw wrongOption('options', 'an object');
  for (const option of Object.keys(given)) {
    if (!OPTIONS.includes(option)) throw unknownOption(option);
  }
  const { certificate, chain = [], sign, decrypt } = given;
  if (certificate === undefined) throw missingOption('certificate');
  const isCertificate = (value) => value instanceof Certificate;
  const expected = 'a Certificate, as parseCertificates gives it';
  if (!isCertificate(certificate)) throw wrongOption('certificate', expected);
  if (!Array.isArray(chain) || !chain.every(isCertificate)) {
    throw wrongOption('chain', 'an array of Certificates');
  }
  for (const [name, callback] of Object.entries({ sign, decrypt })) {
    if (callback !== undefined && typeof callback !== 'function') throw wrongOption(name, 'a function');
  }
  if (!sign && !decrypt) throw missingOption('sign');
  // What stands in for a content-encryption key that does not decrypt is made of it.
  const secret = crypto.getRandomValues(new Uint8Array(32));
  return new Identity(undefined, { certificate, chain }, { sign, decrypt, secret });
}

/**
 * Asks the holders of the external identities of one call.
 *
 * @param {{ sign?: Function, decrypt?: Function }[]} externals in the order of `encode`
 */
export class Holders {
  #externals;
  #failure;
  #ending = new AbortController();

  constructor(externals) {
    this.#externals = externals;
  }

  /**
   * For the host: the bytes that a holder gives, `null` where it does not decrypt. Rejects where the
   * call has to end.
   */
  ask = async (external, operation, request) => {
    const { signal } = this.#ending;
    let answer;
    try {
      const { [operation]: callback } = this.#externals[external];
      answer = await callback({ ...request, signal });
    } catch (error) {
      if (operation === 'decrypt' && !isRefusal(error)) return null;
      throw this.#remember(error);
    }
    if (answer === null) return null;
    if (answer instanceof ArrayBuffer) return new Uint8Array(answer.slice());
    if (ArrayBuffer.isView(answer)) {
      return new Uint8Array(answer.buffer, answer.byteOffset, answer.byteLength).slice();
    }
    // A callback that catches a bad padding and returns nothing.
    if (operation === 'decrypt') return null;
    throw this.#remember(new TypeError(`${operation} gave ${typeof answer}, not bytes`));
  };

  /** Gives an error that a holder is behind what the holder threw. */
  explain(error) {
    if (error.code === 'identity/external-failed') error.cause ??= this.#failure;
    return error;
  }

  /** Tells holders still at work that nobody waits for them any more. */
  end() {
    this.#ending.abort();
  }

  #remember(error) {
    return (this.#failure = error);
  }
}

/**
 * Whether a holder did not even try: it was cancelled, or access was denied. Whatever else it throws
 * is about the message, and nobody may learn what.
 */
const isRefusal = (error) => ['AbortError', 'NotAllowedError'].includes(error?.name);
