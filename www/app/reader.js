// The reading worker: decodes header fields and holds large bytes away from the page, which stays
// responsive.
//
// It answers `{ id, parse: source }` with what the header says, and `{ id, keep: bytes }` with a Blob.

import PostalMime from 'postal-mime';

self.onmessage = async ({ data: { id, parse, keep } }) => {
  try {
    self.postMessage({ id, result: keep ? new Blob([keep]) : await read(parse) });
  } catch (error) {
    self.postMessage({ id, error: String(error) });
  }
};

async function read(source) {
  return pick(await PostalMime.parse(source));
}

function pick({ from, to, cc, subject, date }) {
  return { from, to, cc, subject, date };
}
