// Unlocking the keys with their passphrase: all that it opens, in all tabs.

import { html, nothing } from 'lit';
import { DemoElement } from '../element.js';
import { formatNumber, sentence, t } from '../language.js';
import { office } from '../office.js';
import { samplePassword } from '../people.js';
import { base } from '../styles.js';
import { Work } from '../work.js';
import './busy-bar.js';
import './modal-dialog.js';

export class UnlockDialog extends DemoElement {
  static styles = base;

  #work = new Work(this);
  #error;
  #minutes = 15;

  /** Asks for the passphrase. @returns {Promise<boolean>} whether something is unlocked then */
  async open() {
    this.#error = undefined;
    await office.ready;
    const { values } = await office.mailer.settings();
    this.#minutes = values.lockAfter / 60_000;
    this.requestUpdate();
    await this.updateComplete;
    this.renderRoot.querySelector('form').reset();
    await this.#dialog.open();
    return !(await office.mailer.lockState()).isLocked;
  }

  render() {
    const isSample = office.person?.keys.length > 0;
    return html`
      <modal-dialog heading=${t('unlock.title')} @close=${() => this.#work.cancel()}>
        <form class="stack" @submit=${this.#submit} @input=${() => this.#say(undefined)}>
          <div class="field">
            <label for="passphrase">${t('unlock.passphrase')}</label>
            <input
              id="passphrase"
              name="passphrase"
              type="password"
              autocomplete="current-password"
              required
              autofocus
              aria-describedby="hint"
            >
            <span id="hint" class="caption">
              ${t('unlock.hint', { minutes: formatNumber(this.#minutes) })}
              ${isSample ? t('unlock.hint.samples', { passphrase: samplePassword }) : nothing}
            </span>
          </div>
          ${this.#error ? html`<p class="error" role="alert">${this.#error}</p>` : nothing}
          <busy-bar .state=${this.#work.state} @cancel=${() => this.#work.cancel()}></busy-bar>
          <div class="row">
            <button class="primary" ?disabled=${this.#work.state !== undefined}>${t('unlock.do')}</button>
          </div>
        </form>
      </modal-dialog>
    `;
  }

  async #submit(event) {
    event.preventDefault();
    const { passphrase } = Object.fromEntries(new FormData(event.target));
    try {
      await this.#work.run('unlock.working', async ({ signal }) => {
        await office.unlock({ passphrase, signal });
        this.#dialog.close();
      });
    } catch (error) {
      this.#say(sentence(error));
    }
  }

  #say(error) {
    this.#error = error;
    this.requestUpdate();
  }

  get #dialog() {
    return this.renderRoot.querySelector('modal-dialog');
  }
}

customElements.define('unlock-dialog', UnlockDialog);
