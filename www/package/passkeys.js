/**
 * Passkeys that unlock: the extension PRF of WebAuthn (Level 3, 10.1.4) gives the same 32 bytes each time
 * that the same passkey is asked with the same input.
 */
import { aborted, SmimeError, unknownOption, wrongOption } from './errors.js';
import { isPlain } from './given.js';

/** What every passkey is asked with: what it gives is salted where it is used. */
const INPUT = new TextEncoder().encode('smime-wasm unlock 1');

/** EdDSA, ES256 and RS256: what authenticators have. The signatures themselves are of no use here. */
const ALGORITHMS = [-8, -7, -257];

/** Makes a passkey. */
export async function createPasskey(options) {
  const { name, displayName = name, rpId, signal } = known(options, 'name', 'displayName', 'rpId', 'signal');
  for (const [option, value] of Object.entries({ name, displayName })) {
    if (typeof value !== 'string' || value === '') throw wrongOption(option, 'a string, not empty');
  }
  checkRpId(rpId);
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw wrongOption('signal', 'an AbortSignal');
  const credential = await ask('create', signal, {
    rp: { id: rpId, name: rpId ?? location.hostname },
    user: { id: random(), name, displayName },
    challenge: random(),
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    extensions: { prf: { eval: { first: INPUT } } },
  });
  if (!credential.getClientExtensionResults().prf?.enabled) throw unsupported();
  return Object.freeze({ id: encode(credential.rawId), ...(rpId && { rpId }) });
}

/**
 * Asks for one of these passkeys.
 *
 * @param {string[]} ids
 * @returns {Promise<{ credential: Uint8Array, output: Uint8Array }>} what the module takes
 */
export async function askPasskey(ids, { rpId, signal } = {}) {
  checkRpId(rpId);
  const credential = await ask('get', signal, {
    rpId,
    challenge: random(),
    allowCredentials: ids.map((id) => ({ type: 'public-key', id: decode(id) })),
    userVerification: 'required',
    extensions: { prf: { eval: { first: INPUT } } },
  });
  const output = credential.getClientExtensionResults().prf?.results?.first;
  if (!output) throw unsupported();
  return { credential: new Uint8Array(credential.rawId), output: new Uint8Array(output) };
}

/** A `Passkey` of the caller's. */
export function checkPasskey(passkey) {
  if (typeof passkey?.id !== 'string') throw wrongOption('passkey', 'what createPasskey gives');
  return checkSomePasskey(passkey);
}

/** What a caller says of a passkey, of which anything may be missing. */
export function checkSomePasskey(passkey) {
  if (!isPlain(passkey)) throw wrongOption('passkey', 'what createPasskey gives');
  const { id, rpId } = known(passkey, 'id', 'rpId');
  if (id !== undefined && typeof id !== 'string') throw wrongOption('passkey', 'what createPasskey gives');
  return { id, rpId };
}

/** Base64url, as WebAuthn writes ids. */
export const encode = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

function decode(id) {
  try {
    const base64 = id.replaceAll('-', '+').replaceAll('_', '/');
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch (cause) {
    throw wrongOption('passkey', 'what createPasskey gives', cause);
  }
}

async function ask(method, signal, publicKey) {
  if (!globalThis.PublicKeyCredential || !navigator.credentials) throw unsupported();
  try {
    return await navigator.credentials[method]({ publicKey, signal });
  } catch (cause) {
    if (signal?.aborted) throw aborted(signal.reason);
    // A page without a domain, at the number of a host, has no passkeys at all.
    if (cause.name === 'SecurityError' && publicKey.rpId === undefined && !publicKey.rp?.id) throw unsupported(cause);
    if (cause.name === 'SecurityError') throw wrongOption('rpId', "this page's domain", cause);
    if (cause.name === 'NotSupportedError') throw unsupported(cause);
    throw new SmimeError('passkey/not-given', 'The passkey was not given.', { cause });
  }
}

function known(options, ...names) {
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) throw unknownOption(unknown, names);
  return options;
}

function checkRpId(rpId) {
  if (rpId !== undefined && typeof rpId !== 'string') throw wrongOption('rpId', 'a string');
}

const random = () => crypto.getRandomValues(new Uint8Array(32));

const unsupported = (cause) =>
  new SmimeError('passkey/unsupported', 'There are no passkeys with the extension PRF here.', { cause });
