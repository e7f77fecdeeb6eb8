// Unlocking the keys, with their passphrase or a passkey: all that it opens, in all tabs. Where this browser
// opens them by itself, nobody is asked.

import { css, html, nothing } from 'lit';
import { DemoElement } from '../element.js';
import { icons } from '../icons.js';
import { waysOf } from '../integration/keys.js';
import { formatNumber, sentence, t } from '../language.js';
import { office } from '../office.js';
import { samplePassword } from '../people.js';
import { base } from '../styles.js';
import { Work } from '../work.js';
import './busy-bar.js';
import './modal-dialog.js';

export class UnlockDialog extends DemoElement {
  static styles = [
    base,
    css`
      .or {
        display: grid;
        grid-template-columns: 1fr auto 1fr;
        align-items: center;
        gap: 0.8rem;
        color: var(--muted);
      }

      .or::before,
      .or::after {
        border-top: 1px solid var(--line);
        content: '';
      }
    `,
  ];

  #work = new Work(this);
  #error;
  #minutes = 15;
  #hasPasskey = false;

  /** Asks how, where that has to be asked. @returns {Promise<boolean>} whether something is unlocked then */
  async open() {
    this.#error = undefined;
    await office.ready;
    const [{ values }, ways] = await Promise.all([office.mailer.settings(), waysOf(office.mailer)]);
    if (ways.some(({ kind }) => kind === 'device') && (await this.#byDevice())) return true;
    this.#minutes = values.lockAfter / 60_000;
    this.#hasPasskey = ways.some(({ kind }) => kind === 'passkey');
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
          ${this.#hasPasskey
            ? html`
                <p class="or">${t('unlock.or')}</p>
                <div class="row">
                  <button type="button" ?disabled=${this.#work.state !== undefined} @click=${() => this.#unlock({ passkey: true })}>
                    ${icons.person}${t('unlock.passkey')}
                  </button>
                </div>
              `
            : nothing}
        </form>
      </modal-dialog>
    `;
  }

  /** What does not open falls back to the question. */
  async #byDevice() {
    return office.unlock({ device: true }).then(
      () => true,
      () => false,
    );
  }

  #submit(event) {
    event.preventDefault();
    const { passphrase } = Object.fromEntries(new FormData(event.target));
    return this.#unlock({ passphrase });
  }

  async #unlock(how) {
    this.#say(undefined);
    try {
      await this.#work.run('unlock.working', async ({ signal }) => {
        await office.unlock({ ...how, signal });
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
