/**
 * The rules of a mail module over the store: one object that knows whose certificates there are and
 * whom one may encrypt to. The work is done where the verbs are; each call takes along what
 * `openMailer` was given, so that a worker that was replaced knows it too.
 */
import { face, mailers } from './browser.js';
import { StoreCache } from './cache.js';
import { fromWire, missingOption, SmimeError, unknownOption, wrongOption } from './errors.js';
import { checkCertificates, checked, checkMany, checkSize, isPlain, only, withPeople } from './given.js';
import { checkIndexedDB, openBackend } from './indexeddb.js';
import { named, nameMethods } from './named.js';
import { checkRoom, estimate, isPartitioned, isPersistent, persist } from './quarters.js';
import { askPasskey, checkSomePasskey, createPasskey, encode } from './passkeys.js';
import { readdressMany } from './readdress.js';
import { acceptance, archivedMail, checkedArchive, learnedOf, listVerdict, openEach, openedMail } from './reading.js';
import { request, requests } from './request.js';
import { SharedAccounts } from './shared.js';
import { certificateView, frozen, normalized, stored } from './stored.js';
import { Tabs } from './tabs.js';
import { mayFetch } from './unprotected.js';
import { Certificate, isExternal } from './values.js';
import { sealing, way } from './ways.js';

/** Each time another device was faster. */
const SYNC_ATTEMPTS = 5;

/** Errors that the next message would meet too. */
const ENDING = new Set(['identity/locked', 'store/closed', 'usage/unknown-option']);

/** What only reads, and needs no key. */
const READS = new Set(
  ['Identities', 'Storage', 'Certificates', 'Certificate', 'ExportCertificate', 'Removal', 'TrustAnchors', 'Reminders']
    .concat(['Recipients', 'Settings', 'LockState', 'Passkeys', 'SharedAccounts', 'MemberKey'])
    .map((name) => `mailer${name}`),
);

/** How often one call begins again. */
const MOST_LOCKS = 3;

export { SmimeError } from './errors.js';

const OPTIONS = [
  'accounts', 'database', 'trustAnchors', 'policy', 'fetch', 'storeId', 'identities', 'sync', 'worker',
];

/** Opens a mailer, and makes its database if there is none. */
export const openMailer = named('openMailer', async (options) => {
  if (!isPlain(options)) throw wrongOption('options', 'an object');
  const {
    accounts,
    database = 'smime-wasm',
    trustAnchors = 'mozilla',
    policy: givenPolicy,
    fetch,
    storeId: givenId,
    identities = [],
    sync,
    worker,
    ...unknown
  } = options;
  const [option] = Object.keys(unknown);
  if (option !== undefined) throw unknownOption(option, OPTIONS);
  if (typeof database !== 'string' || database === '') {
    throw wrongOption('database', 'a name, not empty');
  }
  // Servers say in JSON that there is none.
  const [policy, storeId] = [givenPolicy ?? undefined, givenId ?? undefined];
  checkPolicy(policy);
  if (storeId !== undefined && typeof storeId !== 'string') throw wrongOption('storeId', 'a string');
  if (accounts === undefined) throw missingOption('accounts');
  if (fetch !== undefined && typeof fetch !== 'function') throw wrongOption('fetch', 'a function');
  if (sync !== undefined && !isSync(sync)) throw wrongOption('sync', 'an object with the functions pull and push');
  if (!Array.isArray(identities) || !identities.every(isExternal)) {
    throw wrongOption('identities', 'an array of what externalIdentity gives');
  }
  checkSize({ accounts, identities, trustAnchors, policy, storeId, database });
  checkIndexedDB();
  return Mailer.open({ accounts, database, trustAnchors, policy, identities, fetch, sync, worker }, storeId);
});

function checkPolicy(policy) {
  for (const [setting, proposal] of Object.entries(isPlain(policy) ? policy : {})) {
    if (proposal !== undefined && !(isPlain(proposal) && proposal.value !== undefined)) {
      throw wrongOption(`policy.${setting}`, 'an object `{ value, locked }`');
    }
  }
}

const isSync = (sync) => typeof sync?.pull === 'function' && typeof sync.push === 'function';

const chosen = (one) => ({ ...one, certificate: new Certificate(one.certificate) });

class Mailer {
  #context;
  /** Those whose keys are elsewhere. */
  #identities;
  #options;
  #cache;
  #tabs;
  /** The id that the host knows the store by. */
  #expectedId;
  #sync;
  /** Another tab is asked whether something is unlocked before the first call. */
  #joined;
  #closed = false;
  /** How it is locked with all others of the page. */
  #locks;

  constructor({ accounts, database, trustAnchors, policy, identities, fetch, sync, worker }) {
    this.#sync = sync;
    this.#context = { accounts, database, trustAnchors, policy };
    this.#identities = [...identities];
    this.#cache = new StoreCache(database, openBackend);
    this.#options = { fetch, worker };
    this.#tabs = new Tabs(database, (epoch) =>
      face.call('storeCheckLock', { database, worker, epoch }),
    );
    this.#locks = { database, lockTabs: () => this.#tabs.lock(), lockStore: () => this.#lockStore() };
    mailers.add(this.#locks);
    this.#joined = this.#tabs.session.join();
    this.sharedAccounts = Object.freeze(
      new SharedAccounts({
        call: (...call) => this.#call(...call),
        callSealing: (...call) => this.#callSealing(...call),
      }),
    );
  }

  static async open(options, expectedId) {
    const mailer = new Mailer(options);
    try {
      const { storeId } = await mailer.#run('mailerOpen', {});
      mailer.storeId = storeId;
      mailer.#expectedId = expectedId ?? storeId;
      mailer.problems = Object.freeze(await mailer.#hostProblems(storeId));
      return mailer;
    } catch (error) {
      mailer.close();
      throw error;
    }
  }

  async storage(options) {
    const [state, { usage, quota }] = await Promise.all([this.#call('mailerStorage', options), estimate()]);
    const problems = [...(await this.#hostProblems(state.storeId)), ...state.problems];
    return { ...state, isPersistent: await isPersistent(), usage, quota, problems };
  }

  async importP12(options) {
    const given = this.#checked(options);
    const files = keyFiles(given.files);
    await checkRoom(files.reduce((sum, file) => sum + sizeOf(file.data), 0));
    const seal = await sealing(given.seal, given);
    const call = given.unlock === false ? this.#run : this.#unlocking;
    const { files: results } = await call.call(this, 'mailerImportP12', { ...given, files, seal });
    const isStored = results.some(({ identities }) => identities.length > 0);
    // From now on there is something to lose.
    const notes = [
      ...(isStored && !((await isPersistent()) || (await persist())) ? [problem('store/not-persistent')] : []),
      ...(isStored ? [problem('store/backup-due')] : []),
    ];
    // They are about the database, so once is enough.
    const first = results.findIndex(({ identities }) => identities.length > 0);
    return results.map((result, at) => importedFile(result, files[at].name, at === first ? notes : []));
  }

  async backup(options) {
    return this.#run('mailerBackup', normalized(only(this.#checked(options), 'passphrase')));
  }

  async restore(options) {
    const given = only(this.#checked(options), 'data', 'passphrase');
    await checkRoom(sizeOf(given.data));
    return this.#run('mailerRestore', normalized(given), ({ isAhead, removed, ...restored }) => restored);
  }

  async sync(options) {
    const own = only(this.#checked(options), 'passphrase');
    if (!this.#sync) throw missingOption('sync');
    const done = { added: 0, updated: 0, removed: 0, problems: [] };
    for (let attempt = 0; attempt < SYNC_ATTEMPTS; attempt++) {
      const pulled = await asked(() => this.#sync.pull());
      if (pulled) {
        if (!pulled.data) throw new SmimeError('sync/failed', 'What `pull` gives has to be { data, version }, or nothing.');
        await checkRoom(sizeOf(pulled.data));
        const given = { ...normalized(own), data: pulled.data, isSync: true };
        const { isAhead, problems, ...found } = await this.#run('mailerRestore', given);
        for (const count of ['added', 'updated', 'removed']) done[count] += found[count];
        done.problems.push(...problems);
        if (!isAhead) return { ...done, pushed: false };
      }
      const { data, problems } = await this.#run('mailerBackup', { ...normalized(own), isSync: true });
      const taken = await asked(() => this.#sync.push({ data, replaces: pulled?.version }));
      if (taken === false) continue;
      await this.#run('mailerSynced', {});
      return { ...done, pushed: true, problems: [...done.problems, ...problems] };
    }
    throw new SmimeError('store/conflict', 'Other devices were faster, time and again.');
  }

  identities(options) {
    return this.#call('mailerIdentities', options, (list) =>
      list.map(({ entry, ways, accounts, ...state }) =>
        Object.freeze({
          ...stored(entry),
          ...state,
          accounts: Object.freeze(accounts),
          ways: Object.freeze(ways.map(way)),
        }),
      ),
    );
  }

  certificates(options) {
    return this.#call('mailerCertificates', options, frozen);
  }

  certificate(options) {
    return this.#call('mailerCertificate', options, certificateView);
  }

  async checkCertificate(options) {
    const given = only(this.#checked(options), 'id', 'online', 'crls', 'ocspResponses');
    const verb = given.online === false ? this.#call : this.#ask;
    return verb.call(this, 'mailerCheckCertificate', given, certificateView);
  }

  async importCertificates(options) {
    const given = this.#checked(options);
    await checkRoom(sizeOf(given.data));
    return this.#run('mailerImportCertificates', given, frozen);
  }

  setTrust(options) {
    return this.#call('mailerSetTrust', options, frozen);
  }

  exportCertificate(options) {
    return this.#call('mailerExportCertificate', options);
  }

  exportP12(options) {
    return this.#call('mailerExportP12', options);
  }

  removal(options) {
    return this.#call('mailerRemoval', options, frozen);
  }

  removeCertificate(options) {
    return this.#call('mailerRemoveCertificate', options);
  }

  removeIdentity(options) {
    return this.#call('mailerRemoveIdentity', options);
  }

  trustAnchors(options) {
    return this.#call('mailerTrustAnchors', options, frozen);
  }

  reminders(options) {
    return this.#call('mailerReminders', options, frozen);
  }

  async unlock(options) {
    const { passkey, ...rest } = normalized(this.#checked(options));
    const asked = passkey === undefined ? undefined : await this.#askPasskey(passkey, rest);
    const verb = ['mailerUnlock', { ...rest, passkey: asked }];
    const { expirations } = this.#tabs;
    try {
      const { unlocked } = await this.#unlocking(...verb);
      return { unlocked };
    } catch (error) {
      // The time of what was unlocked before was over meanwhile; this is later than that.
      const isOver = error.code === 'identity/locked' && this.#tabs.expirations !== expirations;
      if (!isOver || rest.transfer) throw error;
      const { unlocked } = await this.#unlocking(...verb);
      return { unlocked };
    }
  }

  async lockState(options) {
    return this.#call('mailerLockState', options, ({ isLocked, expires }) => ({ isLocked, expires }));
  }

  async createPasskey(options) {
    return createPasskey(this.#checked(options));
  }

  async changePassphrase(options) {
    return this.#run('mailerChangePassphrase', normalized(this.#checked(options)));
  }

  addUnlock(options) {
    return this.#callSealing('mailerAddUnlock', options);
  }

  removeUnlock(options) {
    return this.#call('mailerRemoveUnlock', options);
  }

  renewKey(options) {
    return this.#callSealing('mailerRenewKey', options);
  }

  async lock() {
    this.#checkOpen();
    // This page first, the other tabs by hint, then for certain: whatever fails, what came before
    // it is locked.
    this.#tabs.lock();
    await this.#lockStore();
  }

  async recipients(options) {
    return this.#run('mailerRecipients', this.#checked(options, 'identities'), ({ sender, recipients, archive, ...rest }) => ({
      ...rest,
      archive: archive.map((one) => new Certificate(one)),
      sender: { ...sender, own: sender.own.map(chosen), ...(sender.signer && { signer: chosen(sender.signer) }) },
      recipients: recipients.map((one) => ({ ...one, certificates: one.certificates.map(chosen) })),
    }));
  }

  async protect(options) {
    const given = { ...this.#checked(options, 'identities'), requests };
    return this.#run('mailerProtect', given, ({ archive, ...rest }) => ({
      ...rest,
      archive: archive.map((one) => new Certificate(one)),
    }));
  }

  protectDraft(options) {
    return this.#call('mailerProtectDraft', options);
  }

  async *protectMany(given) {
    const { messages, signal, onProgress, ...common } = this.#checked(given, 'identities');
    checkMany(given);
    let index = 0;
    for await (const options of messages) {
      let answer;
      try {
        answer = await this.protect({ kind: 'bulk', sign: true, ...common, ...options, signal });
      } catch (error) {
        // What would befall every other message too ends the job.
        if (signal?.aborted || ENDING.has(error.code)) throw error;
        answer = { error };
      }
      yield { index, ...answer };
      index += 1;
      onProgress?.(index, messages.length);
    }
  }

  async requestCertificate(given) {
    const { from, to, language, ...options } = only(this.#checked(given), 'from', 'to', 'language');
    if (to === undefined) throw missingOption('to');
    const { subject, text } = request(language);
    if (!Array.isArray(to) || to.length === 0) throw wrongOption('to', 'one or more with an address');
    const common = { ...options, from, subject, text, worker: this.#options.worker };
    const messages = [];
    for (const one of withPeople({ to }, 'to').to) {
      const message = await face.call('composeMessage', { ...common, to: [one] });
      messages.push({ to: one.address, message });
    }
    return { subject, text, messages };
  }

  settings(options) {
    return this.#call('mailerSettings', options);
  }

  async changeSettings(options) {
    const given = this.#checked(options);
    // The module gets `null` for what can't cross to a worker, which here takes a choice back.
    const found = Object.entries(Object(given.values)).find(([, value]) => !isData(value));
    if (found) throw wrongOption(found[0], 'a value of this setting, or null');
    return this.#run('mailerChangeSettings', given);
  }

  async addRecipients(given) {
    const { recipients, ...options } = only(this.#checked(given), 'message', 'recipients', 'renew');
    checkCertificates({ recipients }, 'recipients');
    return this.#run('mailerReaddress', { ...options, add: recipients, whole: true });
  }

  async removeRecipients(given) {
    const { recipients, ...options } = only(this.#checked(given), 'message', 'recipients');
    checkCertificates({ recipients }, 'recipients');
    return this.#run('mailerReaddress', { ...options, remove: recipients, whole: true });
  }

  async *readdressMany(options) {
    const { messages } = this.#checked(options);
    checkMany({ ...options, messages });
    yield* readdressMany((one) => this.#call('mailerReaddress', one), options);
  }

  open(options) {
    return this.#read('mailerReceive', options, openedMail);
  }

  async *openMany(options) {
    checkMany(this.#checked(options));
    yield* openEach(options, (mail) => this.open(mail));
  }

  archive(options) {
    return this.#read('mailerArchive', options, archivedMail);
  }

  checkArchived(options) {
    return this.#call('mailerCheckArchived', options, (checked, home, given) =>
      checkedArchive(checked, given, this.#decode),
    );
  }

  async acceptCertificate(options) {
    return this.#run('mailerAcceptCertificate', acceptance(only(this.#checked(options), 'offer', 'id')), learnedOf);
  }

  async classify(options) {
    const given = this.#checked(options);
    const { worker } = this.#options;
    return face.call('classify', { ...given, worker }, (found) => ({ ...found, verdict: listVerdict(found) }));
  }

  on(type, listener) {
    this.#checkOpen();
    return this.#tabs.on(type, listener);
  }

  close() {
    this.#closed = true;
    mailers.delete(this.#locks);
    this.#tabs.close();
  }

  #lockStore() {
    return face.call('storeLock', { database: this.#context.database, worker: this.#options.worker });
  }

  /** What the browser tells of the database, before anything in it is read. */
  async #hostProblems(found) {
    const expected = this.#expectedId;
    return [
      ...(found !== expected ? [problem('store/vanished', { expected, found })] : []),
      ...(isPartitioned() ? [problem('store/partitioned')] : []),
      ...((await isPersistent()) === false ? [problem('store/not-persistent')] : []),
    ];
  }

  /** A verb that asks nobody outside. */
  async #call(verb, options, revive) {
    return this.#run(verb, this.#checked(options), revive);
  }

  /** A verb with options that were checked. */
  async #run(verb, options, revive, sessionKey) {
    this.#checkOpen();
    const { identities: others = [] } = options;
    if (!Array.isArray(others)) throw wrongOption('identities', 'an array of Identities');
    const identities = [...this.#identities, ...others];
    await this.#joined;
    const { worker } = this.#options;
    for (let locked = 0; ; locked++) {
      const key = sessionKey ?? this.#tabs.session.key;
      try {
        return await face.call(verb, { ...options, worker, ...this.#context, identities, sessionKey: key }, revive);
      } catch (error) {
        // To lock ends all that runs. What needs no key begins again.
        if (error.code !== 'identity/locked' || !READS.has(verb) || locked === MOST_LOCKS || this.#closed) throw error;
      }
    }
  }

  /** A verb with options that were checked, which may unlock something for all tabs. */
  async #unlocking(verb, options) {
    const found = await this.#tabs.session.unlock((sessionKey) =>
      this.#run(verb, options, (found) => {
        if (found.expires) this.#tabs.lockAt(found.expires, found.epoch);
        return found;
      }, sessionKey),
    );
    if (found.expires) this.#tabs.unlocked();
    return found;
  }

  /** A verb with a `seal`, whose passkey is asked first. */
  async #callSealing(verb, options, revive) {
    const given = this.#checked(options);
    const seal = await sealing(given.seal, given);
    return this.#run(verb, { ...given, seal }, revive);
  }

  async #unlock(options) {
    let unlocked;
    await this.#tabs.session.unlock((sessionKey) =>
      this.#run('mailerUnlock', options, (found) => {
        unlocked = found.unlocked;
        this.#tabs.lockAt(found.expires, found.epoch);
        return found;
      }, sessionKey),
    );
    this.#tabs.unlocked();
    return { unlocked };
  }

  /** What one of the passkeys that open something gives. */
  async #askPasskey(passkey, { signal }) {
    const { id, rpId } = passkey === true ? {} : checkSomePasskey(passkey);
    const known = (await this.#call('mailerPasskeys')).map(encode);
    const ids = [...new Set(known)].filter((own) => id === undefined || own === id);
    if (ids.length === 0) throw new SmimeError('store/wrong-key', 'No passkey opens anything here.');
    return askPasskey(ids, { rpId, signal });
  }

  /** A verb that may ask for revocation. */
  async #ask(verb, options, revive) {
    const given = this.#checked(options);
    const { fetch } = this.#options;
    return this.#run(verb, { ...given, ...(fetch && { fetch, cache: this.#cache }) }, revive);
  }

  /** A verb that opens a mail. */
  #read(verb, options, revive) {
    return this.#ask(verb, mayFetch(options, 'message', 'content'), (found, home, given) =>
      revive(found, given, this.#decode),
    );
  }

  #decode = (part) => face.call('decodePart', { ...part, worker: this.#options.worker });

  /** The options of a call, unless the mailer was closed. */
  #checked(options, ...known) {
    this.#checkOpen();
    return checked(options, ...known);
  }

  #checkOpen() {
    if (this.#closed) throw new SmimeError('store/closed', 'The mailer was closed.');
  }
}

nameMethods(Mailer);

/** Key files as the module has them: each may be a File. */
function keyFiles(files) {
  const expected = 'a list of `{ data, name }` or Files';
  const isList = typeof files === 'object' && files !== null && (files[Symbol.iterator] || files.length >= 0);
  if (files === undefined) throw missingOption('files');
  if (!isList || ArrayBuffer.isView(files)) throw wrongOption('files', expected);
  return Array.from(files, (file) => {
    if (file instanceof Blob) return { data: file, name: file.name };
    if (!isPlain(file)) throw wrongOption('files', expected);
    return file;
  });
}

const problem = (code, details = {}) => ({ code, details });

const isData = (value) => !['function', 'symbol', 'bigint'].includes(typeof value);

/** Of bytes in any form, or of what will be refused. */
const sizeOf = (data) => data?.byteLength ?? data?.size ?? 0;

function importedFile({ identities, certificates, problems, error }, name, notes) {
  return {
    name,
    identities: identities.map(({ entry, problems }) => Object.freeze({ ...stored(entry), problems })),
    certificates: certificates.map(stored),
    problems: [...problems, ...notes],
    error: error && fromWire(error),
  };
}

/** What the host answers, or its fault. */
async function asked(ask) {
  try {
    return await ask();
  } catch (cause) {
    throw new SmimeError('sync/failed', 'The host could not give or take the data of other devices.', { cause });
  }
}
