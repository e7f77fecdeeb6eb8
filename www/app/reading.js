// The header fields of a mail, and bytes as Blobs. Asks the reading worker (reader.js).

let worker;
let last = 0;
const waiting = new Map();

/** Header fields end within this, or the mail is none that can be listed properly. */
const headerBytes = 256 * 1024;

/**
 * Reads the header fields of a raw message, without looking at its body.
 *
 * @param {Blob} message
 * @returns {Promise<{ from: string, to: string[], cc: string[], subject: string, date?: Date }>}
 */
export async function readHeaders(message) {
  const { from, to, cc, subject, date } = await ask({ parse: await headersOf(message) });
  return {
    from: display(from),
    to: (to ?? []).map(display),
    cc: (cc ?? []).map(display),
    subject: subject ?? '',
    date: validDate(date),
  };
}

/**
 * Makes a Blob of bytes, which are given away. Copying them on the page would hold it up.
 *
 * @param {Uint8Array} bytes
 * @returns {Promise<Blob>}
 */
export function toBlob(bytes) {
  return ask({ keep: bytes }, [bytes.buffer]);
}

function ask(request, transfer = []) {
  if (!worker) {
    worker = new Worker('reader.js', { type: 'module' });
    worker.onmessage = ({ data: { id, result, error } }) => {
      const { resolve, reject } = waiting.get(id);
      waiting.delete(id);
      if (result) {
        resolve(result);
      } else {
        reject(Object.assign(new Error(error), { code: 'malformed/mime' }));
      }
    };
  }
  return new Promise((resolve, reject) => {
    last += 1;
    waiting.set(last, { resolve, reject });
    worker.postMessage({ id: last, ...request }, transfer);
  });
}

/** The bytes up to the first empty line. */
async function headersOf(message) {
  const LF = 10;
  const CR = 13;
  const bytes = new Uint8Array(await message.slice(0, headerBytes).arrayBuffer());
  for (let i = bytes.indexOf(LF); i >= 0; i = bytes.indexOf(LF, i + 1)) {
    const next = bytes[i + 1] === CR ? i + 2 : i + 1;
    if (bytes[next] === LF) {
      return bytes.slice(0, next + 1);
    }
  }
  return bytes;
}

function display(address) {
  if (!address) {
    return '';
  }
  if (address.group) {
    return `${address.name}: ${address.group.map(display).join(', ')};`;
  }
  return address.name && address.address ? `${address.name} <${address.address}>` : address.address || address.name;
}

function validDate(text) {
  const date = new Date(text ?? '');
  return Number.isNaN(date.getTime()) ? undefined : date;
}
