/** S/MIME for browsers and bundlers. */
import { face } from './browser.js';

export { lock } from './browser.js';
export { SmimeError } from './errors.js';
export { Certificate, Crl, Identity } from './values.js';

export const {
  importP12,
  exportP12,
  externalIdentity,
  parseCertificates,
  mozillaRoots,
  certificateDetails,
  parseCrl,
  sign,
  encrypt,
  inspect,
  decrypt,
  decompress,
  verify,
  checkCertificate,
  openMessage,
  classify,
  summarize,
  composeMessage,
  protectMessage,
  replyTo,
  forward,
  addRecipients,
  removeRecipients,
  terminate,
} = face;
