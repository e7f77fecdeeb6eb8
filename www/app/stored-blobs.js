// Blobs in a database, and their bytes where it takes none: WebKit stores no Blobs for private windows.

/** Whether the browser stores Blobs, tried in an object store with the key `account`. */
export async function canStoreBlobs(database, name) {
  const transaction = database.transaction(name, 'readwrite');
  const isDone = transaction.done.then(() => true, () => false);
  try {
    await transaction.store.put({ account: '', data: new Blob(['?']) });
    await transaction.store.delete('');
  } catch {
    return false;
  }
  return isDone;
}

/**
 * Reads the Blobs among the values of an object.
 *
 * @returns {Promise<(object: object) => object>} puts the bytes in the place of the same Blobs elsewhere
 */
export async function bytesFor(object) {
  const blobs = Object.values(object).filter((value) => value instanceof Blob);
  const bytes = new Map(await Promise.all(blobs.map(async (blob) => [blob, await blob.arrayBuffer()])));
  return (other) => Object.fromEntries(Object.entries(other).map(([name, value]) => [name, bytes.get(value) ?? value]));
}

/** The object with Blobs of the bytes that were stored in their place. */
export function withBlobs(object) {
  return (
    object &&
    Object.fromEntries(Object.entries(object).map(([name, value]) => [name, value instanceof ArrayBuffer ? new Blob([value]) : value]))
  );
}
