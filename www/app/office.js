// What the application knows: who is at work, their mailer and their mail, and whether the keys are
// unlocked. Components show it and refresh on `change`; `locked` says that the keys just were.

import { parseCertificates } from 'smime-wasm';
import { firstVerdict } from './integration/classify-mail.js';
import { handOver } from './integration/departure.js';
import { importKeys, unlockKeys } from './integration/keys.js';
import { openMailerOf } from './integration/open-mailer.js';
import { readMail } from './integration/read-mail.js';
import { acceptShared, shareAccount } from './integration/shared-accounts.js';
import { mailbox } from './mailbox.js';
import { archiveKey, databaseOf, loadPeople, present, samplePassword, samplePeople, savePeople, sharing } from './people.js';
import { deliver } from './post.js';
import { headerOf, readSummary, summaryOf } from './summary.js';

const lastPerson = 'smime-wasm-demo.person';

class Office extends EventTarget {
  /** Everybody here; nobody before the first start. */
  people = [];

  /** Who is at work, and their mailer. */
  person;
  mailer;

  /** All mail of the person's accounts, newest first. */
  mails = [];

  /** Whether keys are there at all, and whether any is unlocked. */
  keys = { count: 0, isLocked: true };

  /** Counts up whenever keys, trust or settings changed, so that what was opened before is opened anew. */
  revision = 0;

  /** What the header of an opened mail truly says; forgotten when the keys are locked. */
  #summaries = new Map();
  #mailers = new Map();
  #roots;

  async start() {
    await mailbox.open();
    mailbox.addEventListener('change', () => {
      this.#loadMails();
      this.#takeShared();
    });
    this.people = loadPeople();
    const there = present(this.people);
    if (!there.length) return;
    const last = localStorage.getItem(lastPerson);
    await this.switchTo(there.find(({ id }) => id === last) ?? there[0]);
  }

  /** The first start with the samples: the keys of both, sealed with a passphrase that everybody is told. */
  async beginWithSamples() {
    const people = samplePeople;
    for (const person of people) {
      const mailer = await this.#mailerOf(person);
      const files = await Promise.all(person.keys.map(sampleFile));
      await importKeys(mailer, { files, password: samplePassword, passphrase: samplePassword });
      await unlockKeys(mailer, { passphrase: samplePassword });
    }
    await this.#share(people);
    this.#employ(people);
    for (const { id, account } of JSON.parse(await (await sampleFile('index.json')).text())) {
      await this.receive(await sampleFile(`${id}.eml`), { account, sample: id });
    }
    await this.switchTo(people[0]);
  }

  async beginAs(person) {
    this.#employ([person]);
    await this.switchTo(person);
  }

  #employ(people) {
    this.people = people;
    savePeople(people);
  }

  /** All at once, so that nobody sees one person's mail beside another's name. */
  async switchTo(person) {
    const mailer = await this.#mailerOf(person);
    const [mails, keys] = await Promise.all([mailbox.list(person.accounts), keysOf(mailer)]);
    Object.assign(this, { person, mailer, mails, keys });
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

  /** Puts a mail into an inbox, as it came. */
  async receive(source, { account, sample, links = true }) {
    const receivedAt = new Date();
    const [summary, verdicts] = await Promise.all([readSummary(source), this.#verdictsOf(source)]);
    return mailbox.add({ account, folder: 'inbox', source, summary, verdicts, receivedAt, sample, links });
  }

  /** Opens a mail, and remembers what the list is to show of it. */
  async open(mail, tools) {
    const { person, mailer } = this;
    const isSent = mail.folder === 'sent' || mail.folder === 'drafts' || mail.was === 'sent';
    const opened = await readMail(mailer, { ...mail, isSent }, tools);
    if (person !== this.person) return opened;
    this.#summaries.set(mail.id, summaryOf(opened.headers));
    // The archive was added, as the settings want it.
    if (opened.readdressed) await mailbox.change(mail.id, () => ({ source: new Blob([opened.readdressed]) }));
    const known = JSON.stringify(opened.verdict);
    await mailbox.change(mail.id, ({ isRead, verdicts }) =>
      isRead && JSON.stringify(verdicts[person.id]) === known
        ? undefined
        : { isRead: true, verdicts: { ...verdicts, [person.id]: opened.verdict } },
    );
    return opened;
  }

  /** Remembers the true header of a mail that is encrypted where it lies. */
  noteSummary(id, summary) {
    this.#summaries.set(id, summary);
    this.#tell();
  }

  /** Sends what `protect` gave, and says whom it reached. */
  async send(sent, { account }) {
    return deliver(sent, { account, people: this.people, verdictsOf: (source) => this.#verdictsOf(source) });
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
    const mails = await mailbox.list(accounts);
    if (accounts !== this.person.accounts) return;
    this.mails = mails;
    this.#tell();
  }

  // Keys

  async unlock({ passphrase, signal }) {
    await unlockKeys(this.mailer, { passphrase, signal });
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

  /** The first time: who set up this host knows the administrator. */
  async #share(people) {
    const mailers = new Map(await Promise.all(people.map(async (one) => [one.id, await this.#mailerOf(one)])));
    const { account, administrator, members } = sharing;
    const identities = await mailers.get(administrator).identities();
    const [own, theirs] = await Promise.all(members.map(async (id) => currentOf(await mailers.get(id).identities(), people.find((one) => one.id === id))));
    const shared = identities.filter(({ certificate }) => certificate.addresses.includes(account));
    const { data } = await shareAccount(mailers.get(administrator), {
      account,
      administrator: own.id,
      ids: shared.map(({ id }) => id),
      members: [own, theirs].map(({ certificate }, at) => ({ name: people[at].name, certificate })),
    });
    await mailbox.keepSharedFile(account, data);
    for (const id of members) {
      if (id !== administrator) await acceptShared(mailers.get(id), { data, administrator: own.certificate });
    }
  }

  /** Takes what the administrators changed, as soon as a key is unlocked. */
  async #takeShared() {
    if (!this.person || this.keys.isLocked) return;
    const { mailer, person } = this;
    for (const { address } of person.accounts.filter(({ kind }) => kind === 'shared')) {
      const data = await mailbox.sharedFile(address);
      if (!data || this.#taken.get(mailer)?.[address] === fingerprintOf(data)) continue;
      try {
        const before = (await mailer.sharedAccounts.list()).entries.find(({ account }) => account === address);
        const { epoch, isMember } = await acceptShared(mailer, { data });
        this.#taken.set(mailer, { ...this.#taken.get(mailer), [address]: fingerprintOf(data) });
        if (before?.epoch !== epoch) this.dispatchEvent(new CustomEvent('shared-changed', { detail: { address, isMember } }));
        if (before?.epoch !== epoch) await this.#keysChanged();
      } catch (error) {
        if (error.code !== 'identity/locked') this.dispatchEvent(new CustomEvent('failed', { detail: error }));
      }
    }
  }

  /** What was taken already, by mailer and account. */
  #taken = new WeakMap();

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
    const files = [await sampleFile(archiveKey)];
    await importKeys(this.mailer, { files, password: samplePassword, passphrase: samplePassword, signal });
    await unlockKeys(this.mailer, { passphrase: samplePassword, signal });
    const own = currentOf(await this.mailer.identities(), successor);
    const accounts = leaving.accounts.filter(({ kind }) => kind === 'personal');
    const encrypted = (await mailbox.list(accounts)).filter(({ verdicts }) => verdicts[leaving.id]?.lock !== 'lock/none');
    const counts = await handOver(this.mailer, {
      messages: encrypted.map(({ id, source }) => ({ id, message: source })),
      successor: own.certificate,
      write: (id, message) => mailbox.change(id, () => ({ source: new Blob([message]) })),
      onProgress,
      signal,
    });
    leaving.hasLeft = true;
    successor.accounts.push(...accounts.map((account) => ({ ...account, kind: 'shared' })));
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
    const mailer = await openMailerOf({ ...person, database: databaseOf(person) }, await this.#ownRoots(person));
    if (person.storeId !== mailer.storeId) {
      person.storeId = mailer.storeId;
      if (this.people.includes(person)) savePeople(this.people);
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

/** The identity of a person's own that is valid the longest. */
function currentOf(identities, { accounts }) {
  const [{ address }] = accounts;
  const own = identities.filter(({ certificate }) => certificate.addresses.includes(address));
  return own.sort((a, b) => b.certificate.notAfter - a.certificate.notAfter)[0];
}

/** Tells one file of a shared account from another. */
const fingerprintOf = (data) => `${data.length} ${data.slice(-32).join(' ')}`;

/** A file of the samples. */
export async function sampleFile(name) {
  const response = await fetch(`samples/${name}`);
  if (!response.ok) throw new Error(`samples/${name}: ${response.status}`);
  return new File([await response.blob()], name);
}

export const office = new Office();
