// Recipients as chips, each with its readiness for encrypted mail while one types.

import { css, html, nothing } from 'lit';
import { isAddress, parseAddresses } from '../addresses.js';
import { DemoElement } from '../element.js';
import { icons } from '../icons.js';
import { sentence, t } from '../language.js';
import { comparable } from '../people.js';
import { base } from '../styles.js';

export class RecipientField extends DemoElement {
  static properties = {
    /** Such as `'to'`: names the texts. */
    field: {},
    /** `[{ name, address }]` */
    people: { attribute: false },
    /** What `recipients` of the mailer said of each, by address. */
    readiness: { attribute: false },
    /** Addresses to propose. */
    known: { attribute: false },
  };

  static styles = [
    base,
    css`
      .box {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.3rem;
        min-height: 2.3rem;
        padding: 0.2rem 0.4rem;
        border: 1px solid var(--line);
        border-radius: 0.5rem;
        background: var(--raised);
      }

      .box:focus-within {
        outline: 2px solid var(--accent);
        outline-offset: 2px;
      }

      ul {
        display: contents;
      }

      li {
        display: inline-flex;
        align-items: center;
        gap: 0.3rem;
        max-width: 100%;
        padding-inline-start: 0.55rem;
        border-radius: 1rem;
        background: var(--hover);
        font-size: 0.9rem;
      }

      li .name {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      li.ready {
        background: var(--good-soft);
        color: var(--good);
      }

      li.not-ready {
        background: var(--warn-soft);
        color: var(--warn);
      }

      li.wrong {
        background: var(--bad-soft);
        color: var(--bad);
      }

      li button {
        width: 1.6rem;
        min-height: 1.6rem;
        border: 0;
        border-radius: 50%;
        background: none;
        color: inherit;
      }

      .box input:not([type='checkbox']) {
        flex: 1 1 9rem;
        width: auto;
        min-width: 0;
        min-height: 1.8rem;
        padding: 0 0.25rem;
        border: 0;
        background: none;
        outline: none;
      }
    `,
  ];

  render() {
    const { field, people = [], known = [] } = this;
    const label = t(`write.${field}`);
    return html`
      <div class="box" @click=${({ target }) => target.className === 'box' && this.focus()}>
        ${people.length
          ? html`<ul aria-label=${t('write.recipients', { field: label })}>
              ${people.map((one) => this.#chip(one))}
            </ul>`
          : nothing}
        <input
          aria-label=${label}
          type="text"
          inputmode="email"
          autocomplete="off"
          spellcheck="false"
          list="known"
          @keydown=${this.#onKey}
          @input=${this.#onInput}
          @paste=${() => setTimeout(() => this.take())}
          @blur=${() => this.take()}
        >
        <datalist id="known">${known.map((address) => html`<option value=${address}></option>`)}</datalist>
      </div>
    `;
  }

  focus() {
    this.#input.focus();
  }

  #chip(one) {
    const { name, address } = one;
    const found = this.readiness?.get(comparable(address));
    const state = !isAddress(address) ? 'wrong' : !found ? '' : found.isReady ? 'ready' : 'not-ready';
    const why = { wrong: () => t('write.recipient.wrong'), ready: () => t('write.recipient.ready') }[state]?.()
      ?? found?.problems.map((problem) => sentence(problem)).join(' ');
    const icon = { ready: icons.lock, 'not-ready': icons.unencrypted, wrong: icons.failed }[state];
    const shown = name || address;
    return html`
      <li class=${state} title=${[address, why].filter(Boolean).join(' – ')}>
        ${icon ?? nothing}<span class="name">${shown}</span><span class="sr-only">${why ?? nothing}</span>
        <button type="button" class="icon" aria-label=${t('write.recipient.remove', { name: shown })} @click=${() => this.#remove(one)}>
          ${icons.close}
        </button>
      </li>
    `;
  }

  #onKey(event) {
    const { value } = this.#input;
    if ([',', ';', 'Enter'].includes(event.key) && value.trim()) {
      event.preventDefault();
      this.take();
    } else if (event.key === 'Backspace' && !value && this.people.length) {
      this.#remove(this.people.at(-1));
    }
  }

  /** A whole address is looked up before it is done; one that was proposed is done at once. */
  #onInput({ inputType }) {
    const { value } = this.#input;
    const isChosen = !inputType || inputType === 'insertReplacementText';
    if (isChosen && this.known.includes(value)) this.take();
    else this.ask('typing', parseAddresses(value).filter(({ address }) => isAddress(address)));
  }

  /** What was typed becomes chips. */
  take() {
    const typed = parseAddresses(this.#input.value);
    this.#input.value = '';
    const isNew = ({ address }, at) =>
      ![...this.people, ...typed.slice(0, at)].some((one) => comparable(one.address) === comparable(address));
    if (typed.length) this.ask('people', [...this.people, ...typed.filter(isNew)]);
  }

  #remove(one) {
    this.ask('people', this.people.filter((other) => other !== one));
    this.focus();
  }

  get #input() {
    return this.renderRoot.querySelector('input');
  }
}

customElements.define('recipient-field', RecipientField);
