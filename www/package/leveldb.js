/**
 * Makes it unlikely that a kill of the browser costs all databases of the origin.
 *
 * Chromium keeps them in a LevelDB, whose newest changes are in a log, and goes on with the log where it ends. A kill
 * may leave half a record there. The next start of the browser writes on behind it, and the start after that can't
 * read what follows: it takes all for damaged and deletes it, however well it was flushed to the disk. Once a
 * database was deleted, any, LevelDB moves what the log has into a table, and begins a new log.
 */
import { deleteDB, openDB } from 'idb';

/** Of a database that has nothing in it, and is there for milliseconds. */
const NAME = 'smime-wasm leveldb.js';

/** Chromium alone tells of databases that it deleted. */
const isAtRisk = 'dataLoss' in (globalThis.IDBVersionChangeEvent?.prototype ?? {});

let isBegun = !isAtRisk;

/**
 * Has LevelDB begin a new log, once for each start of the module. Nobody can wait for it: to delete a database
 * is answered some milliseconds before.
 */
export async function beginNewLog() {
  if (isBegun) return;
  isBegun = true;
  try {
    (await openDB(NAME, 1)).close();
    await deleteDB(NAME);
  } catch {
    // The disk may be full. It is for the next to try again.
    isBegun = false;
  }
}
