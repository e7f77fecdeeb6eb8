// The reading worker: decodes MIME away from the page, which keeps scrolling while a large attachment
// is decoded.

import PostalMime, { addressParser } from 'postal-mime';

const options = { forceRfc822Attachments: true, maxNestingDepth: 16 };

self.onmessage = async ({ data: { id, source } }) => {
  try {
    const mail = await PostalMime.parse(source, options);
    const attachments = mail.attachments.map(({ filename, mimeType, content }) => ({
      name: filename,
      type: mimeType,
      content: new Blob([content], { type: mimeType }),
    }));
    self.postMessage({ id, mail: { ...pick(mail), authors: authorsOf(mail), attachments } });
  } catch (error) {
    self.postMessage({ id, error: String(error) });
  }
};

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
