/**
 * The face of this page, shared by the entries for browsers: one worker, one set of identities.
 * Nothing runs until the first call.
 */
import { createBindings } from './bindings.js';
import { createFace } from './face.js';
import { openBackend } from './indexeddb.js';
import { loadModule, loadRoots } from './load.js';

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
