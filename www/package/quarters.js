/**
 * What the browser tells of the place it gives this site to store things in: whether it may clear it,
 * how much room is left, and whether it is a place of its own because the page is embedded in another
 * site.
 */
import { SmimeError } from './errors.js';
import { within } from './patience.js';

/** Sealed and indexed, a thing takes more room than its bytes, and a database some while it is written. */
const OVERHEAD = 3;

/** Beside what is written, a database needs this much to do anything. */
const LEAST_BYTES = 64 << 10;

/** Whether the browser keeps the database until the user clears it; `undefined` where it does not tell. */
export const isPersistent = () => asked(() => navigator.storage.persisted());

/** Firefox asks the user, and says nothing before they answer. The work goes on meanwhile. */
const PATIENCE_MS = 500;

/**
 * Asks the browser to keep the database. The answer is that of `isPersistent`, as far as there is one within a
 * moment.
 */
export const persist = () =>
  asked(() => within(PATIENCE_MS, navigator.storage.persist(), () => new Error('nobody answered yet')));

/** `{ usage, quota }` in bytes, where the browser tells them: about, as it says itself. */
export async function estimate() {
  const { usage, quota } = (await asked(() => navigator.storage.estimate())) ?? {};
  return { usage, quota };
}

/** Rejects with `store/quota` where the browser says that this many bytes will not fit. */
export async function checkRoom(bytes) {
  const { usage, quota } = await estimate();
  if (usage === undefined || quota === undefined) return;
  const [required, available] = [bytes * OVERHEAD + LEAST_BYTES, Math.max(quota - usage, 0)];
  if (required <= available) return;
  throw new SmimeError('store/quota', 'There is no room left for this in the database.', {
    details: { required, available },
  });
}

/**
 * Whether the page is embedded in a page of another site, where browsers give it a database of its own;
 * `undefined` where nobody tells.
 */
export function isPartitioned() {
  if (typeof window === 'undefined') return undefined;
  if (window.parent === window) return false;
  const ancestors = location.ancestorOrigins ?? [document.referrer].filter(Boolean);
  if (ancestors.length === 0) return undefined;
  const own = siteOf(location.origin);
  return [...ancestors].some((origin) => siteOf(origin) !== own);
}

/**
 * Scheme and the last two labels of the host. Where a public suffix has two labels, other sites below it
 * are taken for this one: then nothing is told, which is the smaller fault.
 */
function siteOf(origin) {
  try {
    const { protocol, hostname } = new URL(origin);
    const isName = /[a-z]$/i.test(hostname);
    return `${protocol}//${isName ? hostname.split('.').slice(-2).join('.') : hostname}`;
  } catch {
    // The opaque origin of a sandboxed frame.
    return origin;
  }
}

/** Old browsers and insecure pages have no such thing. */
async function asked(ask) {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}
