// What to do about recipients who can't read encrypted mail (FEATURES S3): the user says, never the
// program.

import { css, html } from 'lit';
import { DemoElement } from '../element.js';
import { icons } from '../icons.js';
import { sentence, t } from '../language.js';
import { base } from '../styles.js';
import './modal-dialog.js';

const choices = { 'leave-out': icons.person, ask: icons.shield, unencrypted: icons.unencrypted };

export class WithoutDialog extends DemoElement {
  static styles = [
    base,
    css`
      .choice {
        position: relative;
        display: grid;
        grid-template-columns: auto 1fr;
        align-items: center;
        gap: 0 0.8rem;
        padding: 0.6rem 0.9rem;
        border: 1px solid var(--line);
        border-radius: 0.5rem;
        background: var(--raised);
      }

      .choice:hover {
        background: var(--hover);
      }

      .choice svg {
        grid-row: 1 / 3;
      }

      .choice button {
        justify-content: start;
        min-height: 0;
        padding: 0;
        border: 0;
        background: none;
        font-weight: 650;
      }

      /* All of it can be clicked. */
      .choice button::after {
        position: absolute;
        inset: 0;
        border-radius: inherit;
        content: '';
      }

      .who li {
        overflow-wrap: anywhere;
      }
    `,
  ];

  #recipients = [];
  #canLeaveOut = true;
  #mustEncrypt = false;
  #answer;

  /**
   * @param {object} question
   * @param {{ address: string, problems: Reason[] }[]} question.recipients
   * @param {boolean} question.canLeaveOut whether anybody would be left
   * @param {boolean} question.mustEncrypt
   * @returns {Promise<'unencrypted' | 'leave-out' | 'ask' | undefined>}
   */
  async open({ recipients, canLeaveOut, mustEncrypt }) {
    this.#recipients = recipients;
    this.#canLeaveOut = canLeaveOut;
    this.#mustEncrypt = mustEncrypt;
    this.#answer = undefined;
    this.requestUpdate();
    await this.updateComplete;
    await this.#dialog.open();
    return this.#answer;
  }

  render() {
    const shown = Object.keys(choices).filter(
      (choice) => (choice !== 'leave-out' || this.#canLeaveOut) && (choice !== 'unencrypted' || !this.#mustEncrypt),
    );
    return html`
      <modal-dialog heading=${t('without.title')}>
        <div class="stack">
          <div>
            <p>${t('without.who')}</p>
            <ul class="stack who">
              ${this.#recipients.map(
                ({ address, problems }) => html`<li>
                  <b>${address}</b>
                  ${problems.map((problem) => html`<p class="caption">${sentence(problem)}</p>`)}
                </li>`,
              )}
            </ul>
          </div>
          ${shown.map((choice) => this.#choice(choice))}
          <button type="button" @click=${() => this.#dialog.close()}>${t('app.cancel')}</button>
        </div>
      </modal-dialog>
    `;
  }

  #choice(choice) {
    return html`
      <div class="choice">
        ${choices[choice]}
        <button type="button" aria-describedby=${choice} @click=${() => this.#choose(choice)}>${t(`without.${choice}`)}</button>
        <p id=${choice} class="caption">${t(`without.${choice}.text`)}</p>
      </div>
    `;
  }

  #choose(choice) {
    this.#answer = choice;
    this.#dialog.close();
  }

  get #dialog() {
    return this.renderRoot.querySelector('modal-dialog');
  }
}

customElements.define('without-dialog', WithoutDialog);
