// A dialog: focus stays inside, Escape closes it, the heading names it.

import { css, html, LitElement } from 'lit';
import { icons } from '../icons.js';
import { t } from '../language.js';
import { base } from '../styles.js';

export class ModalDialog extends LitElement {
  static properties = { heading: {}, wide: { type: Boolean } };

  static styles = [
    base,
    css`
      dialog {
        width: min(34rem, calc(100vw - 1.5rem));
        max-height: calc(100dvh - 1.5rem);
        padding: 0;
        border: 1px solid var(--line);
        border-radius: 0.9rem;
        background: var(--panel);
        color: var(--text);
        box-shadow: var(--shadow);
        overflow: hidden;
      }

      dialog[open] {
        display: flex;
        flex-direction: column;
      }

      dialog.wide {
        width: min(48rem, calc(100vw - 1.5rem));
      }

      dialog::backdrop {
        background: rgb(10 15 25 / 45%);
      }

      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        padding: 0.7rem 0.8rem 0.7rem 1.25rem;
        border-bottom: 1px solid var(--line);
      }

      .content {
        padding: 1.1rem 1.25rem 1.25rem;
        overflow: auto;
      }

      @media (max-width: 40rem) {
        dialog.wide {
          width: 100vw;
          max-width: none;
          height: 100dvh;
          max-height: none;
          border: 0;
          border-radius: 0;
        }

        dialog.wide .content {
          flex: 1;
        }
      }
    `,
  ];

  /** Resolved when the dialog is closed. */
  open() {
    const closed = new Promise((resolve) => {
      this.#dialog.addEventListener('close', resolve, { once: true });
    });
    this.#dialog.showModal();
    // The dialog itself would focus its first button: what is slotted in is not its descendant.
    this.querySelector('[autofocus]')?.focus();
    return closed;
  }

  close() {
    this.#dialog.close();
  }

  get isOpen() {
    return this.#dialog.open;
  }

  render() {
    return html`
      <dialog
        class=${this.wide ? 'wide' : ''}
        aria-labelledby="heading"
        @close=${() => this.dispatchEvent(new Event('close'))}
      >
        <header>
          <h2 id="heading">${this.heading}</h2>
          <button class="plain icon" type="button" aria-label=${t('app.close')} @click=${this.close}>
            ${icons.close}
          </button>
        </header>
        <div class="content"><slot></slot></div>
      </dialog>
    `;
  }

  get #dialog() {
    return this.renderRoot.querySelector('dialog');
  }
}

customElements.define('modal-dialog', ModalDialog);
