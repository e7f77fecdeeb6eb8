/** What the verbs take and give: classes for callers, plain data for the module. */
import { aborted, closed, crlLost, wrongOption } from './errors.js';
import { turns } from './turns.js';

/** A certificate: frozen data, as the module reads it from `der`. */
export class Certificate {
  constructor(data) {
    Object.assign(this, data);
    deepFreeze(this);
  }
}

/** For `encode`: where what a handle stands for lives, and its number there. */
let placeOf;

/** What nobody holds any more is closed, so that keys are wiped and memory is free. */
const forgotten = new FinalizationRegistry(({ home, kind, id }) => home.close(kind, id));

/** Something that stays in the module. Without a home it is elsewhere, and there is only closing it. */
class Handle {
  #home;
  #kind;
  #id;
  #closed = false;

  /** @param {'identity' | 'crl'} kind */
  constructor(home, kind, id) {
    this.#home = home;
    this.#kind = kind;
    this.#id = id;
    if (home) forgotten.register(this, { home, kind, id }, this);
  }

  /** Drops it; jobs that already use it finish. Closing twice is the same as once. */
  async close() {
    if (this.#closed) return;
    this.#closed = true;
    forgotten.unregister(this);
    await this.#home?.close(this.#kind, this.#id);
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.close();
  }

  static {
    placeOf = (handle) => {
      const [home, kind, id] = [handle.#home, handle.#kind, handle.#id];
      if (handle.#closed) throw closed[kind]();
      if (home?.gone) throw kind === 'crl' ? crlLost() : home.gone();
      return { home, kind, id };
    };
  }
}

/** For `encode`: the callbacks and the secret of an identity whose key is elsewhere. */
let externalOf;

/** A private key, in the module or elsewhere, and its certificates. */
export class Identity extends Handle {
  #external;

  /** Either of a home, or `external`: the callbacks and the secret of external.js. */
  constructor(home, { id, certificate, chain }, external) {
    super(home, 'identity', id);
    this.#external = external;
    this.certificate = new Certificate(certificate);
    this.chain = Object.freeze(chain.map((data) => new Certificate(data)));
    Object.freeze(this);
  }

  static {
    externalOf = (identity) => identity.#external;
  }
}

/** Whether it is an identity whose key is elsewhere. */
export const isExternal = (value) => value instanceof Identity && externalOf(value) !== undefined;

/** A CRL that was read, and stays read in the module. */
export class Crl extends Handle {
  constructor(home, { id, ...data }) {
    super(home, 'crl', id);
    Object.assign(this, data);
    deepFreeze(this);
  }
}

/** The options whose values are identities. */
const NAMES_OF_IDENTITIES = new Set(['identity', 'identities', 'signers']);

/** The options whose values are certificates as their DER, besides `certificate` itself: anchors may be PEM. */
const NAMES_OF_CERTIFICATES = new Set(
  ['recipients', 'own', 'intermediates', 'encryptionCertificate', 'add', 'remove', 'members', 'administrator'],
);

/** Options nest at most this deep; it also ends a loop in them. */
const DEPTH = 5;

/** What is copied in one piece: about a millisecond's worth. */
const PIECE = 2 << 20;

/** A copy of bytes, made in turns; `undefined` if it is something else, or was given away. */
export async function copyOf(value) {
  const isView = ArrayBuffer.isView(value);
  if (!isView && !(value instanceof ArrayBuffer)) return undefined;
  try {
    const { buffer, byteOffset } = isView ? value : { buffer: value, byteOffset: 0 };
    const view = viewOf('bytes', buffer, byteOffset, value.byteLength);
    const bytes = new Uint8Array(view.length);
    await copyInTurns([{ name: 'bytes', view, bytes }]);
    return bytes;
  } catch {
    return undefined;
  }
}

/**
 * Options as the module wants them: bytes as `Uint8Array`, certificates as their DER, identities and CRLs
 * that were read as numbers, identities whose keys are elsewhere as their certificates. Bytes are copied
 * unless the caller gives them away, so that what crosses to a worker can always be transferred, and
 * never drags along a larger buffer of which it is a part. Copying 25 MB can take a tenth of a second,
 * so large buffers are copied in turns.
 *
 * @param {object} given
 * @param {boolean} giveAway the caller's option `transfer`
 * @param {AbortSignal} [signal]
 * @returns {{
 *   options: object,
 *   handles: { home: object, kind: 'identity' | 'crl', id: number }[],
 *   externals: { sign?: Function, decrypt?: Function }[],
 *   transfer: ArrayBuffer[],
 *   copied: Promise<void>,
 * }} `options` are whole when `copied` is fulfilled
 */
export function encode(given, giveAway, signal) {
  const handles = [];
  const externals = [];
  const transfer = new Set();
  const copies = [];

  const encodeBytes = (name, buffer, offset, length, giveAway) => {
    const view = viewOf(name, buffer, offset, length);
    const isWhole = length === buffer.byteLength && buffer instanceof ArrayBuffer;
    const isOurs = giveAway && isWhole;
    // `slice` does not fill with zeros first.
    const isAtOnce = isOurs || length <= PIECE;
    const bytes = isOurs ? view : isAtOnce ? view.slice() : new Uint8Array(length);
    if (!isAtOnce) copies.push({ name, view, bytes });
    transfer.add(bytes.buffer);
    return bytes;
  };

  const encodeCertificate = ({ der: { buffer, byteOffset, byteLength } }, name) =>
    encodeBytes(name, buffer, byteOffset, byteLength, false);

  const encodeExternal = ({ certificate, chain }, external, name) => ({
    external: externals.push(external) - 1,
    certificate: encodeCertificate(certificate, name),
    chain: chain.map((issuer) => encodeCertificate(issuer, name)),
    secret: external.secret.slice(),
    sign: external.sign !== undefined,
    decrypt: external.decrypt !== undefined,
  });

  const encodePlace = (place) => {
    handles.push(place);
    return place.id;
  };

  const encodeValue = (value, name, depth) => {
    if (value instanceof Identity) {
      if (!NAMES_OF_IDENTITIES.has(name)) throw wrongOption(name, 'a certificate: of an Identity its `certificate`');
      const [place, external] = [placeOf(value), externalOf(value)];
      return external ? encodeExternal(value, external, name) : encodePlace(place);
    }
    if (value instanceof Crl) return encodePlace(placeOf(value));
    if (value instanceof Certificate) return encodeCertificate(value, name);
    if ((NAMES_OF_CERTIFICATES.has(name) || (name === 'certificate' && depth === 0)) && isPem(value)) {
      throw wrongOption(name, 'a `Certificate` or DER: this is PEM, which `parseCertificates` reads');
    }
    if (ArrayBuffer.isView(value)) {
      return encodeBytes(name, value.buffer, value.byteOffset, value.byteLength, giveAway);
    }
    if (value instanceof ArrayBuffer) return encodeBytes(name, value, 0, value.byteLength, giveAway);
    if (value instanceof Blob || value instanceof Date || isSealingKey(value)) return value;
    if (Array.isArray(value) && depth < DEPTH) {
      return value.map((item) => encodeValue(item, name, depth + 1));
    }
    // In the module a number stands for one that was read.
    if (name === 'crls' && typeof value === 'number') throw wrongOption(name, 'an array of CRLs, read or in bytes');
    if (NAMES_OF_IDENTITIES.has(name)) {
      throw wrongOption(name, 'an Identity, or where several are meant an array of them; those that a mailer lists are none');
    }
    if (typeof value?.then === 'function') throw wrongOption(name, 'awaited first: it is a Promise');
    // What these hold are no properties: nothing of it would be seen.
    if (value instanceof Map || value instanceof Set) return null;
    // No verb takes a function, a symbol or a bigint, and `null` is nowhere a value: it stands for
    // whatever can't cross to a worker, and the module says which option it was.
    if (typeof value === 'object' && value !== null && depth < DEPTH) {
      return encodeObject(value, depth + 1);
    }
    return ['string', 'number', 'boolean'].includes(typeof value) ? value : null;
  };

  const encodeObject = (object, depth) =>
    Object.fromEntries(
      Object.entries(object)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, encodeValue(value, name, depth)]),
    );

  const options = encodeObject(given, 0);
  return { options, handles, externals, transfer: [...transfer], copied: copyInTurns(copies, signal) };
}

/** What the package itself adds to the options; it crosses to a worker as it is. */
const isSealingKey = (value) => typeof CryptoKey === 'function' && value instanceof CryptoKey;

function viewOf(name, buffer, offset, length) {
  try {
    return new Uint8Array(buffer, offset, length);
  } catch (cause) {
    throw wrongOption(name, 'a buffer that was not given away before', cause);
  }
}

/** Whether it is bytes that begin as PEM does; no DER does so. */
function isPem(value) {
  if (!ArrayBuffer.isView(value) && !(value instanceof ArrayBuffer)) return false;
  const { buffer, byteOffset } = ArrayBuffer.isView(value) ? value : { buffer: value, byteOffset: 0 };
  if (value.byteLength < 11) return false;
  return String.fromCharCode(...new Uint8Array(buffer, byteOffset, 11)) === '-----BEGIN ';
}

async function copyInTurns(copies, signal) {
  const nextTurn = turns();
  for (const { name, view, bytes } of copies) {
    for (let at = 0; at < bytes.length; at += PIECE) {
      if (view.length !== bytes.length) throw wrongOption(name, 'left alone until the call has ended');
      bytes.set(view.subarray(at, at + PIECE), at);
      const pause = nextTurn();
      if (pause) await pause;
      if (signal?.aborted) throw aborted(signal.reason);
    }
  }
}

function deepFreeze(value) {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  Object.freeze(value);
  Object.values(value).forEach(deepFreeze);
}
