/**
 * The engine behind `postMessage`. Its other side is `WorkerHome` in homes.js.
 *
 * In: `{ id, verb, options, now, handles, progress }` and `{ id, abort: true }`.
 * Out: any number of `{ id, progress }`, then one of `{ id, value }` and `{ id, error }`.
 */
import { createBindings } from './bindings.js';
import { Engine } from './engine.js';
import { toWire } from './errors.js';
import { openBackend } from './indexeddb.js';
import { loadModule } from './load.js';

const calls = new Map();

const start = Engine.starter({ createBindings, loadModule, openBackend });

self.onmessage = async ({ data }) => {
  const { id, verb, options, now, handles, progress, abort } = data;
  if (abort) return calls.get(id)?.abort();
  const { signal } = calls.set(id, new AbortController()).get(id);
  const onProgress = progress ? (progress) => self.postMessage({ id, progress }) : undefined;
  try {
    const engine = await start();
    const value = await engine.run(verb, options, { now, handles, signal, onProgress });
    self.postMessage({ id, value }, buffersOf(value));
  } catch (error) {
    self.postMessage({ id, error: toWire(error) });
  } finally {
    calls.delete(id);
  }
};

/** The buffers of a result, which is ours alone. */
function buffersOf(value) {
  if (value instanceof Uint8Array) return [value.buffer];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(buffersOf);
}
