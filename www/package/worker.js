/**
 * The engine behind `postMessage`. Its other side is `WorkerHome` in homes.js.
 *
 * In: `{ id, verb, options, now, identities, offers, progress }`, `{ id, abort: true }`, and for each
 * question `{ id, answer }` with its `number` and either `value` or why it `failed`, in words; where the page has
 * the databases (page-databases.js), first of all `{ isPageToKeep: true }`, and `{ done }` for each `{ work }`.
 * Out: any number of `{ id, progress }` and `{ id, question }`, which is for what the caller gave to ask
 * (callbacks.js), then one of `{ id, value }` and `{ id, error }`; and `{ work }`.
 */
import { createBindings } from './bindings.js';
import { Engine } from './engine.js';
import { toWire } from './errors.js';
import { openBackend } from './indexeddb.js';
import { loadModule, loadRoots } from './load.js';
import { PageDatabases } from './page-databases.js';

/** By number: how to abort it, and what settles each of its questions. */
const calls = new Map();
let lastQuestion = 0;

const databases = new PageDatabases((message) => self.postMessage(message));
let isPageToKeep = false;
const open = (database) => (isPageToKeep ? databases.open(database) : openBackend(database));

const start = Engine.starter({ createBindings, loadModule, loadRoots, openBackend: open });

self.onmessage = async ({ data }) => {
  if (data.isPageToKeep) return void (isPageToKeep = true);
  if (data.done) return databases.hear(data.done);
  const { id, verb, options, now, identities, offers, progress, abort, answer } = data;
  if (abort) return calls.get(id)?.ending.abort();
  if (answer) return calls.get(id)?.questions.get(answer.number)(answer);
  const call = { ending: new AbortController(), questions: new Map() };
  calls.set(id, call);
  const { signal } = call.ending;
  const onProgress = progress ? (progress) => self.postMessage({ id, progress }) : undefined;
  try {
    const engine = await start(verb, options);
    const ask = asker(id, call.questions);
    const request = { now, identities, ask, offers, signal, onProgress };
    const value = await engine.run(verb, options, request);
    self.postMessage({ id, value }, buffersOf(value));
  } catch (error) {
    self.postMessage({ id, error: toWire(error) });
  } finally {
    calls.delete(id);
  }
};

/** Asks the page, which has the callbacks. */
const asker = (id, questions) => (...asked) =>
  new Promise((resolve, reject) => {
    const number = ++lastQuestion;
    questions.set(number, ({ value, failed }) => {
      questions.delete(number);
      if (failed) reject(failed);
      else resolve(value);
    });
    self.postMessage({ id, question: { number, asked } }, buffersOf(asked));
  });

/** The buffers of what the module gave, which is ours alone. */
function buffersOf(value) {
  if (value instanceof Uint8Array) return [value.buffer];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(buffersOf);
}
