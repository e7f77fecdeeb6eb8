// What the page has to say: a few words at the lower edge, some with something to do about it.

import { css, html, LitElement, nothing } from 'lit';
import { icons } from '../icons.js';
import { t } from '../language.js';
import { base } from '../styles.js';

/** How long a message stays, in milliseconds. */
const shown = 9_000;

export class MessageBar extends LitElement {
  static styles = [
    base,
    css`
      :host {
        position: fixed;
        inset-inline-end: 1rem;
        bottom: 1rem;
        z-index: 5;
        width: min(27rem, calc(100vw - 2rem));
        pointer-events: none;
      }

      :host > div {
        display: grid;
        gap: 0.5rem;
      }

      @media (max-width: 64rem) {
        :host {
          top: 3.4rem;
          bottom: auto;
        }
      }

      .message {
        display: flex;
        align-items: center;
        gap: 0.6rem;
        justify-content: space-between;
        padding: 0.4rem 0.5rem 0.4rem 1rem;
        border: 1px solid var(--line);
        border-radius: 0.7rem;
        background: var(--raised);
        box-shadow: var(--shadow);
        overflow-wrap: anywhere;
        pointer-events: auto;
      }

      .message button {
        flex: none;
        white-space: nowrap;
      }

      .message.bad {
        border-color: var(--bad);
      }
    `,
  ];

  #messages = [];

  /**
   * @param {object} message
   * @param {string} message.text
   * @param {string} [message.action] the words of a button, which calls `act`
   * @param {function} [message.act]
   * @param {boolean} [message.isBad]
   * @param {boolean} [message.stays] until it is dismissed
   */
  tell(message) {
    this.#messages = [...this.#messages.slice(-2), message];
    this.requestUpdate();
    if (!message.stays) setTimeout(() => this.#dismiss(message), shown);
  }

  render() {
    return html`<div role="status" aria-label=${t('app.messages')}>${this.#messages.map((one) => this.#message(one))}</div>`;
  }

  #message(message) {
    const { text, action, act, isBad } = message;
    const doIt = () => {
      this.#dismiss(message);
      act();
    };
    return html`
      <div class="message ${isBad ? 'bad' : ''}">
        <span>${text}</span>
        ${action ? html`<button type="button" @click=${doIt}>${action}</button>` : nothing}
        <button class="plain icon" type="button" aria-label=${t('app.dismiss')} @click=${() => this.#dismiss(message)}>
          ${icons.close}
        </button>
      </div>
    `;
  }

  #dismiss(message) {
    this.#messages = this.#messages.filter((other) => other !== message);
    this.requestUpdate();
  }
}

customElements.define('message-bar', MessageBar);
