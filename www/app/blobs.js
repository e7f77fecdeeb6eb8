// Bytes as Blobs, made by the worker in keeper.js.

let worker;
let last = 0;
const waiting = new Map();

/**
 * Makes a Blob of bytes, which are given away.
 *
 * @param {Uint8Array} bytes
 * @returns {Promise<Blob>}
 */
export function toBlob(bytes) {
  if (!worker) {
    worker = new Worker('keeper.js', { type: 'module' });
    worker.onmessage = ({ data: { id, blob } }) => {
      waiting.get(id)(blob);
      waiting.delete(id);
    };
  }
  return new Promise((resolve) => {
    last += 1;
    waiting.set(last, resolve);
    worker.postMessage({ id: last, bytes }, [bytes.buffer]);
  });
}
