// The HTML of a mail, made harmless: what is left has no scripts, no forms and nothing that is fetched.
// It goes into a frame without rights all the same.

import DOMPurify from 'dompurify';
import { frameDocument } from './trusted-types.js';

/** Pictures that go into the HTML; SVG is a document of its own, and no picture. */
const pictureTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** Larger ones, in bytes, stay files. */
const largestPicture = 4 * 1024 * 1024;

const purifier = DOMPurify(window);

/** What the hooks need of the document in hand. */
let current;

/**
 * Makes a document of the HTML of a mail.
 *
 * @param {string} unsafe
 * @param {object} options
 * @param {Attachment[]} options.attachments where its pictures are
 * @param {boolean} options.links whether links may be followed
 * @returns {Promise<{ html: TrustedHTML | string, embedded: Set<Attachment> }>} `embedded`: those that are seen in it
 */
export async function harmless(unsafe, { attachments, links }) {
  const pictures = await picturesOf(unsafe, attachments);
  current = { pictures, links, embedded: new Set() };
  const body = purifier.sanitize(unsafe, {
    USE_PROFILES: { html: true },
    FORBID_TAGS: ['style', 'form', 'input', 'button', 'select', 'textarea', 'option', 'audio', 'video', 'source', 'track'],
    FORBID_ATTR: ['srcset', 'background', 'poster', 'action', 'cite', 'longdesc', 'id', 'name', 'class', 'autofocus', 'tabindex'],
    ALLOW_DATA_ATTR: false,
  });
  return { html: frameDocument(page(body)), embedded: current.embedded };
}

purifier.addHook('uponSanitizeAttribute', (node, attribute) => {
  const { attrName, attrValue } = attribute;
  if (attrName === 'src') {
    const picture = pictureFor(attrValue);
    attribute.keepAttr = node.nodeName === 'IMG' && picture !== undefined;
    if (attribute.keepAttr) attribute.attrValue = picture;
  } else if (attrName === 'href') {
    attribute.keepAttr = current.links && /^(https?|mailto):/i.test(attrValue.trim());
  } else if (attrName === 'style') {
    // Whatever could name an address, also in disguise. The policy of the page forbids to fetch it.
    attribute.keepAttr = !/url|image|src|@|\\|\/\*/i.test(attrValue);
  }
});

purifier.addHook('afterSanitizeAttributes', (node) => {
  if (!node.hasAttribute?.('href')) return;
  node.setAttribute('target', '_blank');
  node.setAttribute('rel', 'noopener noreferrer');
  // Where it leads, which the text of a link may be silent or lie about.
  node.setAttribute('title', node.getAttribute('href'));
});

function pictureFor(address) {
  const [, id] = /^cid:(.*)$/is.exec(address.trim()) ?? [];
  if (id === undefined) {
    return pictureTypes.some((type) => address.startsWith(`data:${type};base64,`)) ? address : undefined;
  }
  const { attachment, data } = current.pictures.get(decoded(id)) ?? {};
  if (attachment) current.embedded.add(attachment);
  return data;
}

/** The pictures that the HTML names, by their Content-ID. */
async function picturesOf(unsafe, attachments) {
  const named = attachments.filter(
    ({ contentId, type, size, kind }) =>
      contentId && kind === 'file' && pictureTypes.includes(type) && size <= largestPicture && /cid:/i.test(unsafe),
  );
  const entries = await Promise.all(
    named.map(async (attachment) => {
      try {
        return [attachment.contentId, { attachment, data: await dataUrl(await attachment.data(), attachment.type) }];
      } catch {
        return undefined; // It stays among the files, where it says what is wrong with it.
      }
    }),
  );
  return new Map(entries.filter(Boolean));
}

/** A frame without an origin can't read the page's blobs. */
function dataUrl(bytes, type) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(new Blob([bytes], { type }));
  });
}

/** RFC 2392: in an address the Content-ID is percent-encoded. */
function decoded(id) {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** Mails are written for white paper, whatever the page looks like. */
function page(body) {
  const policy = "default-src 'none'; img-src data:; style-src-attr 'unsafe-inline'";
  const look = 'margin: 12px; font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; color-scheme: light';
  return `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="referrer" content="no-referrer"></head><body bgcolor="#ffffff" text="#1c2330" style="${look}">${body}</body></html>`;
}
