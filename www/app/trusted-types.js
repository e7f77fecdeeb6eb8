// What may become a script or HTML on this page, where the browser asks (Trusted Types). Has to be
// imported before all else.

/**
 * The package makes its worker by `new Worker(new URL('./worker.js', import.meta.url))`, and the page its
 * own: scripts from where the page is from are let through, and nothing else.
 */
globalThis.trustedTypes?.createPolicy('default', {
  createScriptURL: (url) => (new URL(url, document.baseURI).origin === location.origin ? url : null),
});

const frame = globalThis.trustedTypes?.createPolicy('mail-frame', { createHTML: (html) => html });

/** The document for the frame of a mail. Only html.js calls it, with what DOMPurify left. */
export const frameDocument = (html) => frame?.createHTML(html) ?? html;
