// A file to be chosen, as a field of a form. The browser's own field speaks the browser's language, and not the
// page's.

import { css, html } from 'lit';
import { DemoElement } from '../element.js';
import { t } from '../language.js';
import { base } from '../styles.js';

export class FileField extends DemoElement {
  static formAssociated = true;

  static properties = { label: {}, required: { type: Boolean } };

  static styles = [
    base,
    css`
      label {
        position: relative;
        display: grid;
        gap: 0.25rem;
        cursor: pointer;
      }

      .box {
        display: flex;
        align-items: center;
        gap: 0.6rem;
        min-height: 2.3rem;
        padding: 0.2rem;
        border: 1px solid var(--line);
        border-radius: 0.5rem;
        background: var(--raised);
      }

      /* Not seen, but reached by keys. */
      label input[type='file'] {
        inset-inline-start: 1rem;
        bottom: 1rem;
        width: 1px;
        min-height: 1px;
        padding: 0;
      }

      input:focus-visible + .box {
        outline: 2px solid var(--accent);
        outline-offset: 2px;
      }

      .choose {
        flex: none;
        padding: 0.1rem 0.6rem;
        border: 1px solid var(--line);
        border-radius: 0.35rem;
        background: var(--hover);
        font-size: 0.93rem;
      }

      .name {
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .none {
        color: var(--muted);
      }
    `,
  ];

  #internals = this.attachInternals();
  #file;

  render() {
    const { label } = this;
    return html`
      <label>
        ${label}
        <input class="sr-only" type="file" aria-label=${label} aria-describedby="name" @change=${this.#chosen}>
        <span class="box">
          <span class="choose" aria-hidden="true">${t('app.file.choose')}</span>
          <span id="name" class="name ${this.#file ? '' : 'none'}">${this.#file?.name ?? t('app.file.none')}</span>
        </span>
      </label>
    `;
  }

  updated() {
    const isMissing = this.required && !this.#file;
    this.#internals.setValidity({ valueMissing: isMissing }, isMissing ? t('app.file.need') : '', this.#input);
  }

  formResetCallback() {
    this.#input.value = '';
    this.#take(undefined);
  }

  #chosen({ target }) {
    this.#take(target.files[0]);
  }

  #take(file) {
    this.#file = file;
    this.#internals.setFormValue(file ?? null);
    this.requestUpdate();
  }

  get #input() {
    return this.renderRoot.querySelector('input');
  }
}

customElements.define('file-field', FileField);
