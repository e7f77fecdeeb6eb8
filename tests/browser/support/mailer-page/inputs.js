// What each method of the mailer takes: the kinds of its options; with `!` what it can't do without.

const common = { signal: 'signal', limits: 'limits', now: 'date', onProgress: 'function', transfer: 'flag' };
const byId = { ...common, id: 'text!' };
const people = { to: 'addresses', cc: 'addresses', bcc: 'addresses', kind: 'choice', identities: 'identities' };
const mail = {
  ...common,
  message: 'bytes!',
  content: 'bytes',
  account: 'text',
  from: 'text',
  receivedAt: 'date',
  direction: 'choice',
  mayFetch: 'flag',
};
const sent = {
  ...common,
  ...people,
  message: 'bytes!',
  from: 'address',
  sign: 'flag',
  encrypt: 'flag',
  without: 'choice',
  separately: 'flag',
  mustEncrypt: 'flag',
  confidentialHeaders: 'texts',
};
const many = { messages: 'iterable!' };
const without = (kinds, ...names) => Object.fromEntries(Object.entries(kinds).filter(([name]) => !names.includes(name)));

/** What `openMailer` takes. */
export const opening = {
  accounts: 'accounts!',
  database: 'name',
  trustAnchors: 'anchors',
  policy: 'policy',
  fetch: 'function',
  storeId: 'text',
  sync: 'sync',
  worker: 'flag',
};

/** By the names of the methods. */
export const inputs = {
  storage: common,
  importP12: { ...common, files: 'objects!', password: 'secret', seal: 'seal!' },
  backup: { ...common, passphrase: 'secret!' },
  restore: { ...common, data: 'bytes!', passphrase: 'secret!' },
  sync: { ...common, passphrase: 'secret!' },
  identities: common,
  certificates: {
    ...common,
    filter: 'text',
    address: 'text',
    state: 'choice',
    own: 'flag',
    authorities: 'flag',
    after: 'text',
    limit: 'count',
  },
  certificate: byId,
  checkCertificate: { ...byId, online: 'flag', crls: 'bytesList', ocspResponses: 'bytesList' },
  importCertificates: { ...common, data: 'bytes!', origin: 'text', assign: 'assign' },
  setTrust: { ...byId, trust: 'choice!', addresses: 'hosts', domains: 'hosts', by: 'text' },
  exportCertificate: { ...byId, format: 'choice!' },
  exportP12: { ...byId, password: 'secret!', profile: 'choice' },
  removal: byId,
  removeCertificate: byId,
  removeIdentity: byId,
  trustAnchors: common,
  reminders: { ...common, days: 'counts' },
  unlock: { ...common, passphrase: 'secret', passkey: 'passkey', device: 'device', lockAfter: 'count' },
  lockState: common,
  createPasskey: { signal: 'signal', name: 'name!', displayName: 'name', rpId: 'text' },
  changePassphrase: { ...common, passphrase: 'secret!', newPassphrase: 'secret!', ids: 'texts' },
  addUnlock: { ...byId, seal: 'seal!' },
  removeUnlock: { ...byId, way: 'text!' },
  renewKey: { ...byId, seal: 'seal!' },
  lock: undefined,
  recipients: { ...common, ...people, from: 'address!' },
  protect: sent,
  protectDraft: { ...common, message: 'bytes!', from: 'address!' },
  protectMany: { ...without(sent, 'message'), ...many },
  requestCertificate: { ...common, from: 'person!', to: 'people!', language: 'language' },
  settings: { ...common, account: 'text', contact: 'text' },
  changeSettings: { ...common, account: 'text', contact: 'text', values: 'values!' },
  addRecipients: { ...common, message: 'bytes!', recipients: 'certificates!' },
  removeRecipients: { ...common, message: 'bytes!', recipients: 'certificates!' },
  readdressMany: { ...common, ...many, read: 'function', write: 'function', add: 'certificates', remove: 'certificates' },
  open: mail,
  openMany: { ...without(mail, 'message', 'content'), ...many },
  archive: mail,
  checkArchived: { ...common, evidence: 'bytes!' },
  acceptCertificate: { ...common, offer: 'offer!', id: 'text' },
  classify: { ...common, headers: 'bytes', bodyStructure: 'structure' },
  on: undefined,
  close: undefined,
};
