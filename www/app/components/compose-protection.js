// Signed and encrypted, or not, and why: two buttons with their state, and what would help.

import { css, html, nothing } from 'lit';
import { nameOf } from '../certificate-names.js';
import { DemoElement } from '../element.js';
import { icons } from '../icons.js';
import { formatDate, sentence, t, words } from '../language.js';
import { base } from '../styles.js';

/** What is done about a reason; the other kinds of help are among the certificates. */
const helps = { 'ask-for-certificate': 'ask-certificate', 'import-own': 'import-own', unlock: 'unlock' };

export class ComposeProtection extends DemoElement {
  static properties = {
    /** What `recipients` of the mailer said. */
    readiness: { attribute: false },
    /** `{ sign, encrypt, hideSubject, mustHide, mustEncrypt }` as it will be. */
    chosen: { attribute: false },
  };

  static styles = [
    base,
    css`
      fieldset {
        display: grid;
        gap: 0.5rem;
        margin: 0;
        padding: 0;
        border: 0;
        min-width: 0;
      }

      button[aria-pressed='true'] {
        border-color: var(--good);
        background: var(--good-soft);
        color: var(--good);
        font-weight: 600;
      }

      ul {
        display: grid;
        gap: 0.3rem;
        font-size: 0.9rem;
      }

      li {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        align-items: center;
        gap: 0.15rem 0.5rem;
        overflow-wrap: anywhere;
      }

      .ready svg {
        color: var(--good);
      }

      .not-ready > svg {
        color: var(--warn);
      }

      li button {
        min-height: 1.9rem;
        font-size: 0.9em;
      }

      @media (max-width: 40rem) {
        li {
          grid-template-columns: auto minmax(0, 1fr);
        }

        li button {
          grid-column: 2;
          justify-self: start;
        }
      }
    `,
  ];

  render() {
    const { sign, encrypt, hideSubject, mustHide, mustEncrypt } = this.chosen;
    const canSign = this.readiness?.canSign ?? false;
    const toggle = (name, isOn, icon, isFixed) => html`
      <button type="button" aria-pressed=${isOn} ?disabled=${isFixed} @click=${() => this.ask('choose', { [name]: !isOn })}>
        ${icon}${t(`write.${name}`)}
      </button>
    `;
    return html`
      <fieldset>
        <legend class="sr-only">${t('write.protection')}</legend>
        <div class="row">
          ${toggle('sign', sign, icons.verified, !canSign && !sign)}
          ${toggle('encrypt', encrypt, encrypt ? icons.lock : icons.unencrypted, mustEncrypt && encrypt)}
          ${encrypt
            ? html`<label class="check" title=${t('write.hide-subject.hint')}>
                <input
                  type="checkbox"
                  .checked=${hideSubject || mustHide}
                  ?disabled=${mustHide}
                  @change=${({ target }) => this.ask('choose', { hideSubject: target.checked })}
                >
                ${t('write.hide-subject')}
              </label>`
            : nothing}
        </div>
        ${mustEncrypt ? html`<p class="caption">${t('answer.must-encrypt')}</p>` : nothing}
        ${this.readiness ? html`<ul aria-live="polite">${this.#signing()} ${this.#encrypting()} ${this.#archived()}</ul>` : nothing}
      </fieldset>
    `;
  }

  #signing() {
    const { sender } = this.readiness;
    const { sign } = this.chosen;
    const said = sender.problems.filter(({ code }) => sign || code !== 'sender/locked');
    const { certificate } = sender.signer ?? {};
    return html`
      ${sign && certificate
        ? line('ready', icons.verified, t('write.signed-by', { name: nameOf(certificate), date: formatDate(certificate.notAfter) }))
        : nothing}
      ${!sign ? line('', icons.unsigned, t('write.unsigned')) : nothing}
      ${said.map((reason) => this.#reason(reason, sender.address))}
    `;
  }

  #encrypting() {
    const { recipients, canEncrypt } = this.readiness;
    const { encrypt } = this.chosen;
    if (!recipients.length) return nothing;
    if (recipients.every(({ isReady }) => isReady) && canEncrypt) {
      return line(encrypt ? 'ready' : '', encrypt ? icons.lock : icons.unencrypted, t(encrypt ? 'write.all-ready' : 'write.all-ready.off'));
    }
    return recipients
      .filter(({ isReady }) => !isReady)
      .flatMap(({ address, problems }) => problems.map((reason) => this.#reason(reason, address)));
  }

  /** Who else reads what is encrypted (R8). */
  #archived() {
    const archived = this.chosen.encrypt && this.readiness.problems.find(({ code }) => code === 'sending/archived');
    return archived ? line('', icons.lock, sentence(archived)) : nothing;
  }

  #reason(reason, address) {
    const { help } = reason;
    const isKnown = help && !['wait', 'tell-administrator'].includes(help);
    return html`
      <li class="not-ready">
        ${icons.unverified}<span>${sentence(reason)}</span>
        ${isKnown
          ? html`<button type="button" @click=${() => this.ask(helps[help] ?? 'look-for', address)}>${words(help)}</button>`
          : nothing}
      </li>
    `;
  }
}

function line(look, icon, text) {
  return html`<li class=${look}>${icon}<span>${text}</span></li>`;
}

customElements.define('compose-protection', ComposeProtection);
