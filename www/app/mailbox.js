// The mailboxes: every mail as it was received, byte for byte, with what a list shows of it, and the files of
// shared mailboxes. What takes servers in other places is a database of its own here, apart from those of the
// mailers.

import { openDB } from 'idb';
import { bytesFor, canStoreBlobs, withBlobs } from './stored-blobs.js';

const name = 'smime-wasm-demo-mail';

/**
 * @typedef {object} Mail
 * @property {number} id
 * @property {string} account the address of the account that it lies in
 * @property {'inbox' | 'drafts' | 'sent' | 'trash'} folder
 * @property {string} [was] the folder that it lay in before it was deleted
 * @property {Blob} source the raw bytes
 * @property {Blob} [copy] not encrypted, beside encrypted mail, where the settings say so (FEATURES R6)
 * @property {string} [searchText] of an encrypted mail, where the settings say so (R11)
 * @property {Date} receivedAt by our clock
 * @property {boolean} isRead
 * @property {Summary} summary of the header as anybody can read it
 * @property {Record<string, ListVerdict>} verdicts what each person's mailer said of it
 * @property {boolean} [links] false: they may not be followed, because they came out of what somebody may have
 *   changed
 * @property {string} [sample] which of the samples it is
 * @property {object} [answer] of a draft: what the user chose, and what `replyTo` and `forward` say must hold
 */

class Mailbox extends EventTarget {
  #database;
  #channel = new BroadcastChannel(name);
  #storesBlobs;

  async open() {
    this.#database = await openDB(name, 1, {
      upgrade(database) {
        database.createObjectStore('mails', { keyPath: 'id', autoIncrement: true }).createIndex('account', 'account');
        database.createObjectStore('shared', { keyPath: 'account' });
      },
    });
    this.#storesBlobs = await canStoreBlobs(this.#database, 'shared');
    this.#channel.onmessage = () => this.dispatchEvent(new Event('change'));
  }

  /** All mails of these accounts, newest first. */
  async list(accounts) {
    const lists = await Promise.all(accounts.map(({ address }) => this.#database.getAllFromIndex('mails', 'account', address)));
    return lists.flat().map(withBlobs).sort((a, b) => b.receivedAt - a.receivedAt || b.id - a.id);
  }

  /**
   * @param {Omit<Mail, 'id'>} mail
   * @returns {Promise<number>} its id
   */
  async add(mail) {
    const bytes = await this.#bytesFor(mail);
    const id = await this.#database.add('mails', bytes({ isRead: false, verdicts: {}, ...mail }));
    this.#tell();
    return id;
  }

  /** Puts back what was removed. */
  async restore(mail) {
    const bytes = await this.#bytesFor(mail);
    await this.#database.put('mails', bytes(mail));
    this.#tell();
  }

  /**
   * Changes a mail, which other tabs may have changed meanwhile.
   *
   * @param {number} id
   * @param {(mail: Mail) => Partial<Mail>} change what is to be other than it is, the same Blobs whenever it is
   *   asked; nothing if the mail is as it should be
   * @returns {Promise<Mail | undefined>} nothing if it is gone
   */
  async change(id, change) {
    // No transaction waits for what Blobs hold: that is read first.
    const before = this.#storesBlobs ? undefined : await this.#database.get('mails', id);
    const bytes = await this.#bytesFor((before && change(withBlobs(before))) ?? {});
    const transaction = this.#database.transaction('mails', 'readwrite');
    const mail = await transaction.store.get(id);
    const changes = mail && change(withBlobs(mail));
    const changed = changes ? { ...mail, ...bytes(changes) } : mail;
    if (changes) await transaction.store.put(changed);
    await transaction.done;
    if (changes) this.#tell();
    return changed && withBlobs(changed);
  }

  /** What puts bytes in the place of these Blobs, where the browser can't store them as they are. */
  #bytesFor(mail) {
    return this.#storesBlobs ? (same) => same : bytesFor(mail);
  }

  async remove(id) {
    await this.#database.delete('mails', id);
    this.#tell();
  }

  async clear() {
    await Promise.all(['mails', 'shared'].map((store) => this.#database.clear(store)));
    this.#tell();
  }

  /** The file of a shared account, which the host carries to its members. */
  async sharedFile(account) {
    return (await this.#database.get('shared', account))?.data;
  }

  async keepSharedFile(account, data) {
    await this.#database.put('shared', { account, data });
    this.#tell();
  }

  /** Here, and in the other tabs. */
  #tell() {
    this.dispatchEvent(new Event('change'));
    this.#channel.postMessage('change');
  }
}

export const mailbox = new Mailbox();
