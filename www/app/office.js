// What the application knows: who is at work, their mailer and their mail, and whether the keys are
// unlocked. Components show it and refresh on `change`; `locked` says that the keys just were.

import { parseCertificates } from 'smime-wasm';
import { firstVerdict } from './integration/classify-mail.js';
import { importKeys, unlockKeys } from './integration/keys.js';
import { openMailerOf } from './integration/open-mailer.js';
import { readMail } from './integration/read-mail.js';
import { mailbox } from './mailbox.js';
import { databaseOf, loadPeople, samplePassword, samplePeople, savePeople } from './people.js';
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
    mailbox.addEventListener('change', () => this.#loadMails());
    this.people = loadPeople();
    if (!this.people.length) return;
    const last = localStorage.getItem(lastPerson);
    await this.switchTo(this.people.find(({ id }) => id === last) ?? this.people[0]);
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

  async switchTo(person) {
    this.mailer = await this.#mailerOf(person);
    this.person = person;
    localStorage.setItem(lastPerson, person.id);
    this.#summaries.clear();
    this.revision += 1;
    await Promise.all([this.#loadMails(), this.#loadKeys()]);
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

  async #loadKeys() {
    const { mailer } = this;
    try {
      const [{ isLocked, expires }, identities] = await Promise.all([mailer.lockState(), mailer.identities()]);
      if (mailer !== this.mailer) return;
      this.keys = { count: identities.length, isLocked, expires };
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

/** A file of the samples. */
export async function sampleFile(name) {
  const response = await fetch(`samples/${name}`);
  if (!response.ok) throw new Error(`samples/${name}: ${response.status}`);
  return new File([await response.blob()], name);
}

export const office = new Office();
