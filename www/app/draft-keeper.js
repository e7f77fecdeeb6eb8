// Keeps what somebody writes among their drafts, some time after the last change.

import { isEmpty, keepDraft } from './drafting.js';
import { nameAt } from './people.js';

/** How long after the last change; drafts with large files are kept less often. In milliseconds and bytes. */
const rest = 1_500;
const restOfLarge = 15_000;
const large = 3_000_000;

export class DraftKeeper {
  #waiting;
  #timer;
  #keeping = Promise.resolve();
  /** Where drafts are kept, by their keys. */
  #ids = new Map();
  #onKept;
  #onError;

  /** @param {{ onKept: (kept: { draft, person, id, isEncrypted, summary }) => void, onError: (error) => void }} tell */
  constructor({ onKept, onError }) {
    this.#onKept = onKept;
    this.#onError = onError;
  }

  /**
   * Keeps a draft after a while, unless it changes again before.
   *
   * @param {Draft} draft
   * @param {{ person, mailer }} desk who writes it
   */
  later(draft, desk) {
    this.stop();
    this.#waiting = { draft, desk };
    const size = draft.files.reduce((sum, file) => sum + file.size, 0);
    this.#timer = setTimeout(() => this.now(), size > large ? restOfLarge : rest);
  }

  /** Keeps at once what waits for it; one after the other, so that no draft is kept twice. */
  now() {
    const waiting = this.#waiting;
    this.stop();
    if (waiting && !isEmpty(waiting.draft)) {
      this.#keeping = this.#keeping.then(() => this.#keep(waiting)).catch((error) => this.#onError(error));
    }
    return this.#keeping;
  }

  /** What waits is not kept. */
  stop() {
    clearTimeout(this.#timer);
    this.#waiting = undefined;
  }

  /** Where a draft is kept, if it is. */
  async idOf({ key, id }) {
    await this.#keeping;
    return this.#ids.get(key) ?? id;
  }

  async #keep({ draft, desk: { person, mailer } }) {
    const id = this.#ids.get(draft.key) ?? draft.id;
    const kept = await keepDraft({ ...draft, id }, { mailer, name: nameAt(person, draft.account) });
    this.#ids.set(draft.key, kept.id);
    this.#onKept({ draft, person, ...kept });
  }
}
