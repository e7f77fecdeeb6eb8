// The reading worker: decodes MIME and holds large bytes away from the page, which stays responsive.
//
// It answers `{ id, parse: source }` with what the mail says, and `{ id, keep: bytes }` with a Blob.

import PostalMime, { addressParser } from 'postal-mime';

const options = { forceRfc822Attachments: true, maxNestingDepth: 16 };

self.onmessage = async ({ data: { id, parse, keep } }) => {
  try {
    self.postMessage({ id, result: keep ? new Blob([keep]) : await read(parse) });
  } catch (error) {
    self.postMessage({ id, error: String(error) });
  }
};

async function read(source) {
  const mail = await PostalMime.parse(source, options);
  const attachments = mail.attachments.map(({ filename, mimeType, content }) => ({
    name: filename,
    type: mimeType,
    content: new Blob([content], { type: mimeType }),
  }));
  return { ...pick(mail), authors: authorsOf(mail), attachments };
}

/** Every address in every From: a mail may name several, and then has no one author. */
function authorsOf({ headers }) {
  return headers
    .filter(({ key }) => key === 'from')
    .flatMap(({ value }) => addressParser(value, { flatten: true }))
    .map(({ address }) => address);
}

function pick({ from, to, cc, subject, date, text, html }) {
  return { from, to, cc, subject, date, text, html };
}
