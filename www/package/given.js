/** What a method of the mailer is given, before the module reads what it means. */
import { SmimeError, unknownOption, wrongOption } from './errors.js';
import { Certificate, Identity } from './values.js';

/** What each call takes along from `openMailer`, and what methods tell the module: no method is given it. */
const OURS = ['database', 'accounts', 'trustAnchors', 'policy', 'worker', 'identities', 'fetch', 'cache', 'sessionKey', 'whole', 'requests'];

/** What every method knows. */
const COMMON = ['signal', 'limits', 'now', 'onProgress', 'transfer'];

/**
 * What options may say besides messages and other bytes: 10,000 addresses, or a thousand certificates. What
 * is stored of it is read again with every call.
 */
const MOST = 1 << 20;

/** What a value costs besides its text. */
const EACH = 16;

/**
 * Options, if they are an object that says nothing that only the package says, but for these names, and not too
 * much.
 */
export function checked(options = {}, ...known) {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw wrongOption('options', 'an object');
  }
  const name = OURS.find((name) => options[name] !== undefined && !known.includes(name));
  if (name !== undefined) throw unknownOption(name);
  checkSize(options);
  return options;
}

/** Options of which these names are known. */
export function only(options, ...names) {
  const found = checked(options);
  const unknown = Object.keys(found).find((name) => !names.includes(name) && !COMMON.includes(name));
  if (unknown !== undefined) throw unknownOption(unknown, [...names, ...COMMON]);
  return found;
}

/** What the methods that take many messages have in common. */
export function checkMany({ messages, message, content, signal, onProgress }) {
  if (message !== undefined || content !== undefined) throw unknownOption(message ? 'message' : 'content');
  const isList = messages?.[Symbol.iterator] ?? messages?.[Symbol.asyncIterator];
  if (!isList || typeof messages !== 'object') throw wrongOption('messages', 'a list, or an (async) iterable');
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw wrongOption('signal', 'an AbortSignal');
  if (onProgress !== undefined && typeof onProgress !== 'function') throw wrongOption('onProgress', 'a function');
}

/**
 * Options that name people's certificates, looked at by their kind: whoever passes on something else is told
 * what would be right.
 */
export function checkCertificates(options, ...names) {
  for (const name of names) {
    const list = options?.[name];
    if (list === undefined) continue;
    if (!Array.isArray(list)) throw wrongOption(name, 'an array of certificates');
    const given = list.map((one) => one?.certificate ?? one);
    const wrong = given.findIndex((one) => !isCertificateLike(one));
    if (wrong >= 0) throw wrongOption(name, `an array of certificates${hint(given[wrong])}`);
  }
}

const isCertificateLike = (one) =>
  one instanceof Certificate || ArrayBuffer.isView(one) || one instanceof ArrayBuffer;

function hint(one) {
  if (one instanceof Identity) return ': of an Identity its `certificate`';
  if (typeof one === 'string') return ' (`Certificate` or DER): texts in PEM are read by `parseCertificates`';
  if (Array.isArray(one)) return ', and not of arrays';
  return ' (`Certificate` or DER)';
}

/** Options whose people may be mere addresses, as the module has them. */
export function withPeople(options, ...names) {
  if (!isPlain(options)) return options;
  const person = (one) => (typeof one === 'string' ? { address: one } : one);
  const found = names.filter((name) => options[name] !== undefined);
  const people = found.map((name) => {
    const value = options[name];
    return [name, Array.isArray(value) ? value.map(person) : person(value)];
  });
  return { ...options, ...Object.fromEntries(people) };
}

/** Refuses options of which there is too much, whatever they mean. */
export function checkSize({ messages, ...options }) {
  let room = MOST;
  const take = (value) => {
    room -= EACH + (typeof value === 'string' ? value.length : 0);
    if (room < 0) {
      throw new SmimeError('limit/options', 'The options are too large.', { details: { allowed: MOST } });
    }
    if (Array.isArray(value)) value.forEach(take);
    else if (isPlain(value)) {
      for (const [name, one] of Object.entries(value)) take(name), take(one);
    }
  };
  take(options);
}

/** Whether it is a mere object. What else there is has a size of its own: bytes, certificates, signals. */
export const isPlain = (value) =>
  typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));
