// What the page knows: the store's identities and certificates, the unlocked keys, the samples, and the
// mails of this visit. Components show it and refresh on `change`; `locked` says that the keys are.

import { parseCertificates, importP12 } from 'smime-wasm';
import { openStore } from 'smime-wasm/store';
import { hasAddress, isAuthority, isRoot, sameCertificate } from './certificates.js';
import { readSummary } from './mail.js';
import { loadIdentities, loadSamples } from './samples.js';

/** An unlocked key locks again after this many minutes. */
export const lockAfterMinutes = 15;

const samplesKey = 'smime-wasm-demo.samples';

class Session extends EventTarget {
  /** `{ certificate, chain, origin: 'stored' | 'sample', id?, identity? }`; unlocked where `identity` is. */
  identities = [];

  /** Certificates of others: `{ certificate, origin: 'stored' | 'sample', id? }`. */
  people = [];

  /** Authorities that are trusted: `{ certificate, origin: 'stored' | 'sample', id? }`. */
  anchors = [];

  /**
   * `{ id, origin: 'written' | 'opened' | 'sample', source: Blob, links, headers, copies?, found? }`, newest first;
   * `found` is what the verdict was when the mail was last opened, with the header fields to show then.
   */
  mails = [];

  /** Counts up whenever keys or trust changed, so that what was opened before is opened anew. */
  revision = 0;

  #store;
  #unlocked = new Map();
  #samples;
  #mails = [];
  #lastState;

  /**
   * Opens the store and, unless switched off, the samples; these are there even if the store fails.
   */
  async start() {
    const opened = await openStore().then(
      (store) => this.#use(store),
      (error) => error,
    );
    if (this.usesSamples) this.#samples = await loadSamples();
    await this.#refresh();
    if (opened instanceof Error) throw opened;
  }

  get usesSamples() {
    return localStorage.getItem(samplesKey) !== 'off';
  }

  async useSamples(use) {
    localStorage.setItem(samplesKey, use ? 'on' : 'off');
    if (use) {
      this.#samples ??= await loadSamples();
    }
    await this.#refresh();
  }

  get unlocked() {
    return this.identities.some(({ origin, identity }) => origin === 'stored' && identity);
  }

  /** The keys at hand. */
  get keys() {
    return this.identities.flatMap(({ identity }) => identity ?? []);
  }

  /** Identities that could open more, were they unlocked. */
  get lockedIdentities() {
    return this.identities.filter(({ identity }) => !identity);
  }

  /** Whom signatures may lead to: own anchors first, then whom Mozilla trusts for e-mail. */
  get trustAnchors() {
    return [...this.anchors.map(({ certificate }) => certificate), 'mozilla'];
  }

  /** Issuers that came with the identities: mails may have left them out. */
  get intermediates() {
    return this.identities.flatMap(({ chain }) => chain);
  }

  /** All certificates that name an address. */
  certificatesOf(address) {
    return [...this.identities, ...this.people]
      .map(({ certificate }) => certificate)
      .filter((certificate) => hasAddress(certificate, address));
  }

  knows(certificate) {
    return [...this.identities, ...this.people, ...this.anchors].some((entry) =>
      sameCertificate(entry.certificate, certificate),
    );
  }

  /**
   * Imports a P12, seals its keys under the passphrase, and leaves them unlocked.
   *
   * @returns {Promise<{ own: Certificate[], roots: Certificate[], problems: Problem[] }>}
   */
  async importKeys({ data, password, passphrase, signal }) {
    const { identities, certificates, problems } = await importP12({ data, password, signal });
    for (const identity of identities) {
      const { id } = await this.#store.addIdentity({ identity, passphrase, origin: 'p12', signal });
      await this.#open({ id, passphrase, signal });
      identity.close();
    }
    await this.#refresh();
    return {
      own: identities.map(({ certificate }) => certificate),
      roots: certificates.filter(isRoot),
      problems,
    };
  }

  async unlock(options) {
    await this.#open(options);
    await this.#refresh();
  }

  async lock() {
    await this.#store.lock();
  }

  /** Reads a file of certificates: `{ authorities, people }`. Nothing is added yet. */
  async readCertificates(data) {
    const certificates = await parseCertificates({ data });
    return {
      authorities: certificates.filter(isAuthority),
      people: certificates.filter((certificate) => !isAuthority(certificate)),
    };
  }

  async addPeople(certificates) {
    await this.#store.addCertificates({ certificates, origin: 'contact' });
    await this.#refresh();
  }

  async addAnchor(certificate) {
    await this.#store.addCertificates({ certificates: [certificate], origin: 'trust-anchor' });
    await this.#refresh();
  }

  async removeIdentity(id) {
    await this.#store.removeIdentity({ id });
    this.#unlocked.get(id)?.close();
    this.#unlocked.delete(id);
    await this.#refresh();
  }

  async removeCertificate(id) {
    await this.#store.removeCertificate({ id });
    await this.#refresh();
  }

  /**
   * Puts a mail on the list.
   *
   * @param {Blob} source
   * @param {'written' | 'opened'} origin
   * @param {object} [more]
   * @param {{ to: string[], source: Blob }[]} [more.copies] what goes out of a written one
   * @param {boolean} [more.links] whether links may be followed, as far as that hangs on where it comes from
   */
  async addMail(source, origin, { copies, links = true } = {}) {
    const mail = { id: crypto.randomUUID(), origin, source, copies, links, headers: await readSummary(source) };
    this.#mails.unshift(mail);
    this.#show();
    return mail;
  }

  /** Remembers what opening a mail has found, for the list. */
  note(mail, found) {
    mail.found = found;
    this.#show();
  }

  removeMail(mail) {
    this.#mails = this.#mails.filter(({ id }) => id !== mail.id);
    this.#show();
  }

  async #open(options) {
    const identity = await this.#store.unlock({ ...options, lockAfter: lockAfterMinutes * 60_000 });
    this.#unlocked.set(options.id, identity);
  }

  /** What failed may tell that the keys are gone: after a lock elsewhere, or a fault of the module. */
  noteError(error) {
    if (error.code?.startsWith?.('identity/')) this.#forgetKeys();
  }

  async #forgetKeys() {
    this.#unlocked.clear();
    // A subject may have been read with them.
    for (const mail of this.mails) mail.found = undefined;
    if (this.#samples) this.#samples.identities = await loadIdentities();
    this.#lastState = undefined;
    await this.#refresh();
    this.dispatchEvent(new Event('locked'));
  }

  #use(store) {
    this.#store = store;
    store.on('change', () => this.#refresh());
    store.on('locked', () => this.#forgetKeys());
    for (const type of ['blocked', 'versionchange']) {
      store.on(type, () => this.dispatchEvent(new Event(type)));
    }
  }

  async #refresh() {
    const [identities, certificates] = this.#store
      ? await Promise.all([this.#store.identities(), this.#store.certificates()])
      : [[], []];
    const samples = this.usesSamples ? this.#samples : undefined;
    const stored = identities.map((entry) => ({
      ...entry,
      origin: 'stored',
      identity: this.#unlocked.get(entry.id),
    }));
    const isAnchor = ({ origin }) => origin === 'trust-anchor';
    const asStored = ({ id, certificate }) => ({ id, certificate, origin: 'stored' });
    this.identities = [...stored, ...withoutTwins(samples?.identities ?? [], stored)];
    this.people = certificates.filter((entry) => !isAnchor(entry)).map(asStored);
    const anchors = certificates.filter(isAnchor).map(asStored);
    this.anchors = [...anchors, ...withoutTwins(samples?.anchors ?? [], anchors)];
    this.#countRevision();
    this.#show();
  }

  #countRevision() {
    const state = [
      ...this.identities.filter(({ identity }) => identity).map(({ certificate }) => certificate.fingerprint),
      'trusting',
      ...this.anchors.map(({ certificate }) => certificate.fingerprint),
    ].join(' ');
    if (state !== this.#lastState) this.revision += 1;
    this.#lastState = state;
  }

  #show() {
    const samples = this.usesSamples ? (this.#samples?.mails ?? []) : [];
    this.mails = [...this.#mails, ...samples];
    this.dispatchEvent(new Event('change'));
  }
}

/** Samples that somebody imported are no samples any more. */
function withoutTwins(samples, stored) {
  return samples.filter((sample) => !stored.some(({ certificate }) => sameCertificate(certificate, sample.certificate)));
}

export const session = new Session();
