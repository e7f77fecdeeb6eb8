/** S/MIME for Node, in place. Nothing runs at import. */
import { readFile } from 'node:fs/promises';

import { createBindings } from './bindings.js';
import { createFace } from './face.js';

export { SmimeError } from './errors.js';
export { Certificate, Crl, Identity } from './values.js';

const loadModule = async () =>
  WebAssembly.compile(await readFile(new URL('./smime_wasm_bg.wasm', import.meta.url)));
const loadRoots = async () =>
  JSON.parse(await readFile(new URL('./mozilla-roots.json', import.meta.url), 'utf8'));

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
  lock,
  terminate,
} = createFace({ createBindings, loadModule, loadRoots });
