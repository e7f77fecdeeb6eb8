/**
 * The face of this page, shared by the entries for browsers: one worker, one set of identities.
 * Nothing runs until the first call. What opens mailers again after that is known here too, so that the
 * package's `lock` ends all of it.
 */
import { createBindings } from './bindings.js';
import { createFace } from './face.js';
import { openBackend } from './indexeddb.js';
import { loadModule, loadRoots } from './load.js';
import { forgetSessions } from './session.js';

export const face = createFace({
  createBindings,
  loadModule,
  loadRoots,
  openBackend,
  // Service workers, among others, can't start workers: there the verbs run in place.
  startWorker:
    typeof Worker === 'function'
      ? () => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
      : undefined,
});

/**
 * The mailers of this page that are open.
 *
 * @type {Set<{ database: string, lockTabs: () => void, lockStore: () => Promise<void> }>}
 */
export const mailers = new Set();

/** Wipes every key of the page, and locks its mailers in all tabs. */
export async function lock() {
  // The mailers of one database lock each other.
  const open = [...new Map([...mailers].map((one) => [one.database, one])).values()];
  // This page at once, whatever comes of the rest.
  forgetSessions();
  for (const { lockTabs } of open) lockTabs();
  await face.lock();
  await Promise.all(open.map(({ lockStore }) => lockStore()));
}
