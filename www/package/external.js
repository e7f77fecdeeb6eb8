/**
 * Identities whose private keys are elsewhere: on a smartcard, in an HSM, with a server. Their
 * callbacks run where their caller is, whether the module works in place or in a worker.
 */
import { missingOption, unknownOption, wrongOption } from './errors.js';
import { Certificate, copyOf, Identity } from './values.js';

const OPTIONS = ['certificate', 'chain', 'sign', 'decrypt'];

/** An identity of a certificate and what its holder does. */
export function externalIdentity(given) {
  if (typeof given !== 'object' || given === null) throw wrongOption('options', 'an object');
  for (const option of Object.keys(given)) {
    if (!OPTIONS.includes(option)) throw unknownOption(option, OPTIONS);
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
 * Asks the holder of a key: the bytes that it gives, `null` where it does not decrypt. Rejects where the
 * call has to end.
 *
 * @param {{ sign?: Function, decrypt?: Function }} holder
 */
export async function askHolder(holder, operation, request) {
  let answer;
  try {
    answer = await holder[operation](request);
  } catch (error) {
    if (operation === 'decrypt' && !isRefusal(error)) return null;
    throw error;
  }
  if (answer === null) return null;
  const bytes = await copyOf(answer);
  if (bytes) return bytes;
  // A callback that catches a bad padding and returns nothing.
  if (operation === 'decrypt') return null;
  throw new TypeError(`${operation} gave ${typeof answer}, not bytes`);
}

/**
 * Whether a holder did not even try: it was cancelled, or access was denied. Whatever else it throws
 * is about the message, and nobody may learn what.
 */
const isRefusal = (error) => ['AbortError', 'NotAllowedError'].includes(error?.name);
