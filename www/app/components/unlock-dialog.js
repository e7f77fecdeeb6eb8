// Unlocking a stored key with its passphrase.

import { html, nothing } from 'lit';
import { nameOf } from '../certificates.js';
import { DemoElement } from '../element.js';
import { sentence, t } from '../language.js';
import { lockAfterMinutes, session } from '../session.js';
import { base } from '../styles.js';
import { Work } from '../work.js';
import './busy-bar.js';
import './modal-dialog.js';

export class UnlockDialog extends DemoElement {
  static styles = base;

  #work = new Work(this);
  #entry;
  #error;

  /** Asks for the passphrase of an identity of the session; resolved when that is done or given up. */
  async open(entry) {
    this.#entry = entry;
    this.#error = undefined;
    this.requestUpdate();
    await this.updateComplete;
    this.renderRoot.querySelector('form').reset();
    await this.#dialog.open();
  }

  render() {
    const name = this.#entry ? nameOf(this.#entry.certificate) : '';
    return html`
      <modal-dialog heading=${t('unlock.title', { name })} @close=${() => this.#work.cancel()}>
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
            <span id="hint" class="caption">${t('unlock.hint', { minutes: lockAfterMinutes })}</span>
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
        await session.unlock({ id: this.#entry.id, passphrase, signal });
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
