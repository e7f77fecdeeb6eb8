// What the application knows: who is at work, their mailer and their mail, and whether the keys are
// unlocked. Components show it and refresh on `change`; `locked` says that the keys just were.

import { parseCertificates } from 'smime-wasm';
import { administerMailbox, handOverMailbox, personal, shareMailbox } from './colleagues.js';
import { firstVerdict } from './integration/classify-mail.js';
import { importKeys, unlockKeys } from './integration/keys.js';
import { openMailerOf } from './integration/open-mailer.js';
import { readMail } from './integration/read-mail.js';
import { syncThrough } from './integration/sync.js';
import { mailbox } from './mailbox.js';
import { archiveKey, databaseOf, loadPeople, present, samplePassword, samplePeople, savePeople } from './people.js';
import { deliver } from './post.js';
import { sampleFile } from './samples.js';
import { SharedFiles } from './shared-files.js';
import { headerOf, readSummary, summaryOf } from './summary.js';
import { syncFileOf } from './sync-file.js';

const lastPerson = 'smime-wasm-demo.person';

class Office extends EventTarget {
  /** Everybody here; nobody before the first start. */
  people = [];

  /** Who is at work, and their mailer. */
  person;
  mailer;

  /** All mail of the person's accounts, newest first. */
  mails = [];

  /** How many keys there are, which is not known at first, and whether any is unlocked. */
  keys = { count: undefined, isLocked: true };

  /** Resolved once there is a mailer. */
  ready;

  /** Counts up whenever keys, trust or settings changed, so that what was opened before is opened anew. */
  revision = 0;

  #opening;

  /** What the header of an opened mail truly says; forgotten when the keys are locked. */
  #summaries = new Map();
  #mailers = new Map();
  #roots;

  async start() {
    mailbox.addEventListener('change', () => {
      this.#loadMails();
      this.#takeShared();
    });
    this.#opening = mailbox.open();
    this.people = loadPeople();
    const there = present(this.people);
    // The first start shows nothing of a mailbox. Should there be none to be had, beginning says so.
    if (!there.length) return void this.#opening.catch(() => {});
    await this.#opening;
    const last = localStorage.getItem(lastPerson);
    this.person = there.find(({ id }) => id === last) ?? there[0];
    // The list needs no mailer: it is there before.
    await this.#loadMails();
    this.ready = this.switchTo(this.person);
  }

  /** The first start with the samples: the keys of both, sealed with a passphrase that everybody is told. */
  async beginWithSamples() {
    await this.#opening;
    this.people = samplePeople;
    const mailers = new Map();
    await Promise.all(
      this.people.map(async (person) => {
        const mailer = await this.#mailerOf(person);
        const files = await Promise.all(person.keys.map(sampleFile));
        await importKeys(mailer, { files, password: samplePassword, passphrase: samplePassword });
        mailers.set(person.id, mailer);
      }),
    );
    // What a start that was broken off left behind goes.
    await mailbox.clear();
    await shareMailbox(this.people, mailers);
    for (const { id, account } of JSON.parse(await (await sampleFile('index.json')).text())) {
      await this.receive(await sampleFile(`${id}.eml`), { account, sample: id });
    }
    savePeople(this.people);
    await this.switchTo(this.people[0]);
  }

  async beginAs(person) {
    await this.#opening;
    this.people = [person];
    savePeople(this.people);
    await this.switchTo(person);
  }

  /** All at once, so that nobody sees one person's mail beside another's name. */
  async switchTo(person) {
    const mailer = await this.#mailerOf(person);
    const loading = (this.#loading = {});
    const [mails, keys] = await Promise.all([mailbox.list(person.accounts), keysOf(mailer)]);
    const isChanged = loading !== this.#loading;
    Object.assign(this, { person, mailer, mails, keys });
    if (isChanged) this.#loadMails();
    localStorage.setItem(lastPerson, person.id);
    this.#summaries.clear();
    this.reopen();
    this.#takeShared();
  }

  /** Removes everything: mail, keys, certificates, settings. */
  async startOver() {
    const mailers = await Promise.all(this.#mailers.values());
    this.mailer = undefined;
    for (const mailer of mailers) {
      await mailer.lock();
      mailer.close();
    }
    await mailbox.clear();
    for (const person of this.people) indexedDB.deleteDatabase(databaseOf(person));
    localStorage.clear();
    location.hash = '';
    location.reload();
  }

  // Mail

  /** The mails of a folder, newest first. */
  mailsIn({ account, folder }) {
    return this.mails.filter((mail) => mail.account === account && mail.folder === folder);
  }

  mailAt(id) {
    return this.mails.find((mail) => mail.id === id);
  }

  unreadIn(place) {
    return this.mailsIn(place).filter(({ isRead }) => !isRead).length;
  }

  /** What a list shows: the true header where the mail was opened, else what anybody can read. */
  summaryOf(mail) {
    return this.#summaries.get(mail.id) ?? mail.summary;
  }

  verdictOf(mail) {
    return mail.verdicts[this.person.id];
  }

  /** Whether a search finds a mail: by who and what, and by its text where the settings want that (R11). */
  matches(mail, search) {
    const { from, to, cc, subject } = this.summaryOf(mail);
    const people = [...from, ...to, ...cc].map(({ name, address }) => `${name ?? ''} ${address}`);
    const text = [subject, ...people, mail.searchText ?? ''].join('\n').toLocaleLowerCase();
    return text.includes(search.toLocaleLowerCase());
  }

  /** Puts a mail into an inbox, as it came. */
  async receive(source, { account, sample, links = true }) {
    const receivedAt = new Date();
    const [summary, verdicts] = await Promise.all([readSummary(source), this.#verdictsOf(source)]);
    return mailbox.add({ account, folder: 'inbox', source, summary, verdicts, receivedAt, sample, links });
  }

  /**
   * Opens a mail, and remembers what the list is to show of it.
   *
   * @param {Mail} mail
   * @param {{ signal, onProgress, fromCopy?: boolean }} tools `fromCopy`: the one that is not encrypted
   */
  async open(mail, { fromCopy = false, ...tools } = {}) {
    await this.ready;
    const { person, mailer } = this;
    const isSent = mail.folder === 'sent' || mail.folder === 'drafts' || mail.was === 'sent';
    const source = fromCopy ? mail.copy : mail.source;
    const opened = await readMail(mailer, { ...mail, source, isSent }, tools);
    if (person !== this.person || fromCopy) return opened;
    this.#summaries.set(mail.id, summaryOf(opened.headers));
    const { verdict, searchText, readdressed } = opened;
    const copy = await this.#copyOf(mail, opened);
    const news = {
      ...(copy && { copy }),
      ...(searchText !== undefined && { searchText }),
      // The archive was added, as the settings want it.
      ...(readdressed && { source: new Blob([readdressed]) }),
    };
    const known = JSON.stringify(verdict);
    await mailbox.change(mail.id, ({ isRead, verdicts, searchText: text }) =>
      isRead && JSON.stringify(verdicts[person.id]) === known && text === searchText && !copy && !readdressed
        ? undefined
        : { isRead: true, verdicts: { ...verdicts, [person.id]: verdict }, ...news },
    );
    return opened;
  }

  /** A decrypted copy beside encrypted mail, where the settings want one and there is none (R6). */
  async #copyOf({ copy, source, account, receivedAt, folder }, { lock, locked, view }) {
    if (copy || !view || locked.length || lock.code === 'lock/none' || folder === 'drafts') return undefined;
    const { mailer } = this;
    const { values } = await mailer.settings({ account });
    if (values.keepCopies !== 'decrypted') return undefined;
    const direction = folder === 'sent' ? 'sent' : 'received';
    const { message } = await mailer.archive({ message: source, account, receivedAt, direction });
    return message && new Blob([message]);
  }

  /** Remembers the true header of a mail that is encrypted where it lies. */
  noteSummary(id, summary) {
    this.#summaries.set(id, summary);
    this.#tell();
  }

  /** Sends what `protect` gave, and says whom it reached. */
  async send(sent, { account }) {
    const result = await deliver(sent, { account, people: this.people, verdictsOf: (source) => this.#verdictsOf(source) });
    // The lists have it once that is said.
    await this.#loadMails();
    return result;
  }

  /** Moves a mail to the trash, or out of it for good. @returns what undoes it */
  async remove(mail) {
    if (mail.folder === 'trash') {
      await mailbox.remove(mail.id);
    } else {
      await mailbox.change(mail.id, ({ folder }) => ({ folder: 'trash', was: folder }));
    }
    return () => mailbox.restore(mail);
  }

  /** Marks a mail as read or unread. */
  async mark(mail, { isRead }) {
    await mailbox.change(mail.id, () => ({ isRead }));
  }

  async #verdictsOf(source) {
    const header = await headerOf(source);
    // What the header says is the same to everybody.
    const verdict = await firstVerdict(this.mailer ?? (await this.#mailerOf(this.people[0])), header);
    return Object.fromEntries(this.people.map(({ id }) => [id, verdict]));
  }

  async #loadMails() {
    if (!this.person) return;
    const { accounts } = this.person;
    const loading = (this.#loading = {});
    const mails = await mailbox.list(accounts);
    // What was asked for later is newer, whichever comes first.
    if (loading !== this.#loading || accounts !== this.person.accounts) return;
    this.mails = mails;
    this.#tell();
  }

  // Keys

  /** @param how as of `unlockKeys` */
  async unlock(how) {
    await unlockKeys(this.mailer, how);
  }

  async lock() {
    await this.mailer.lock();
  }

  /** Something that was decided changes what mails show. */
  reopen() {
    this.revision += 1;
    this.#tell();
  }

  // Shared mailboxes

  /** Takes what the administrators changed, as soon as a key is unlocked. */
  async #takeShared() {
    if (!this.person || this.keys.isLocked) return;
    const { mailer, person } = this;
    const { changed, claimed, failed } = await this.#shared.take(mailer, person.accounts);
    if (mailer !== this.mailer) return;
    for (const detail of changed) this.dispatchEvent(new CustomEvent('shared-changed', { detail }));
    for (const detail of failed) this.dispatchEvent(new CustomEvent('failed', { detail }));
    for (const detail of claimed) this.dispatchEvent(new CustomEvent('shared-claimed', { detail }));
    if (changed.length + claimed.length) await this.#keysChanged();
  }

  #shared = new SharedFiles();

  /** Who says that they administer a shared mailbox of the person's, and waits for their word. */
  get claims() {
    return this.#shared.claims(this.mailer);
  }

  async confirmClaim(claim) {
    await this.#shared.confirm(this.mailer, claim);
    this.reopen();
  }

  dropClaim(claim) {
    this.#shared.drop(this.mailer, claim);
    this.reopen();
  }

  /** Whoever is at work becomes the administrator of a shared mailbox. */
  async administer(account) {
    await administerMailbox(this.mailer, { account, person: this.person });
    this.reopen();
  }

  /** Brings a change to all members. */
  async carry(account, data) {
    await mailbox.keepSharedFile(account, data);
    this.reopen();
  }

  // Departures

  /**
   * Somebody leaves, and whoever is at work takes over their mailbox with the key of the archive; what that
   * opens is encrypted for them too. @returns how many mails that were, and how many stay closed
   */
  async takeOver(leaving, { signal, onProgress }) {
    const { person: successor } = this;
    const { mailer } = this;
    const files = [await sampleFile(archiveKey)];
    await importKeys(mailer, { files, password: samplePassword, passphrase: samplePassword, signal });
    await unlockKeys(mailer, { passphrase: samplePassword, signal });
    const counts = await handOverMailbox(mailer, { leaving, successor, signal, onProgress });
    leaving.hasLeft = true;
    successor.accounts.push(...personal(leaving).map((account) => ({ ...account, kind: 'shared' })));
    savePeople(this.people);
    this.#closeMailer(successor);
    await this.switchTo(successor);
    await unlockKeys(this.mailer, { passphrase: samplePassword });
    return counts;
  }

  #closeMailer({ id }) {
    this.#mailers.delete(id);
    this.mailer.close();
  }

  #loading;

  async #loadKeys() {
    const { mailer } = this;
    try {
      const keys = await keysOf(mailer);
      if (mailer !== this.mailer) return;
      this.keys = keys;
      this.#tell();
    } catch (error) {
      // Locking ends every call that runs; `locked` asks anew.
      if (error.code !== 'identity/locked') throw error;
    }
  }

  #mailerOf(person) {
    if (!this.#mailers.has(person.id)) {
      const opening = this.#openMailer(person);
      this.#mailers.set(person.id, opening);
      opening.catch(() => this.#mailers.delete(person.id));
    }
    return this.#mailers.get(person.id);
  }

  async #openMailer(person) {
    const user = { ...person, database: databaseOf(person), sync: syncThrough(syncFileOf(person)) };
    const mailer = await openMailerOf(user, await this.#ownRoots(person));
    if (person.storeId !== mailer.storeId) {
      person.storeId = mailer.storeId;
      if (loadPeople().length) savePeople(this.people);
    }
    const isAtWork = () => mailer === this.mailer;
    mailer.on('change', () => isAtWork() && this.#loadKeys());
    mailer.on('unlocked', () => isAtWork() && this.#keysChanged());
    mailer.on('locked', () => {
      if (!isAtWork()) return;
      this.#summaries.clear();
      this.#keysChanged();
      this.dispatchEvent(new Event('locked'));
    });
    for (const type of ['blocked', 'versionchange']) {
      mailer.on(type, () => this.dispatchEvent(new Event(type)));
    }
    return mailer;
  }

  async #keysChanged() {
    this.revision += 1;
    await this.#loadKeys();
    await this.#takeShared();
  }

  /** The authority of the samples is trusted where the samples are. */
  async #ownRoots(person) {
    if (!person.keys.length) return [];
    this.#roots ??= sampleFile('demo-root-ca.pem').then((data) => parseCertificates({ data }));
    return this.#roots;
  }

  #tell() {
    this.dispatchEvent(new Event('change'));
  }
}

/** Whether there are keys at all, whether any is unlocked, and until when. */
async function keysOf(mailer) {
  const [{ isLocked, expires }, identities] = await Promise.all([mailer.lockState(), mailer.identities()]);
  return { count: identities.length, isLocked, expires };
}

export const office = new Office();
