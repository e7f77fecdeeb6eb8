// The ways to unlock one's keys: the passphrase, passkeys, and this browser by itself.

import { css, html, nothing } from 'lit';
import { DemoElement } from '../element.js';
import { icons } from '../icons.js';
import { addWay, removeWay, waysOf } from '../integration/keys.js';
import { formatNumber, sentence, t } from '../language.js';
import { office } from '../office.js';
import { base } from '../styles.js';

const looks = { passphrase: icons.key, passkey: icons.person, device: icons.unlock };

export class UnlockSection extends DemoElement {
  static styles = [
    base,
    css`
      section {
        display: grid;
        gap: 0.6rem;
      }

      li {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        align-items: center;
        gap: 0.1rem 0.7rem;
        padding-block: 0.35rem;
        border-bottom: 1px solid var(--line);
      }
    `,
  ];

  #ways = [];
  #shown = {};
  /** What was done last, as a key of the catalogue, and what went wrong. */
  #done;
  #error;

  willUpdate() {
    const { person, revision, keys } = office;
    if (person !== this.#shown.person) this.#done = this.#error = undefined;
    if (person === this.#shown.person && revision === this.#shown.revision && keys.count === this.#shown.count) return;
    this.#shown = { person, revision, count: keys.count };
    this.#load();
  }

  async #load() {
    // Locking ends every call that runs; then this is asked anew.
    this.#ways = await waysOf(office.mailer).catch(() => this.#ways);
    this.requestUpdate();
  }

  render() {
    if (!office.keys.count) return nothing;
    const hasDevice = this.#ways.some(({ kind }) => kind === 'device');
    return html`
      <section aria-labelledby="ways">
        <h2 id="ways">${t('ways.title')}</h2>
        <ul aria-labelledby="ways">
          ${this.#ways.map((way) => this.#way(way))}
        </ul>
        <div class="row">
          <button type="button" @click=${() => this.#add('passkey')}>${icons.plus}${t('ways.add.passkey')}</button>
          ${hasDevice
            ? nothing
            : html`<button type="button" aria-describedby="device-hint" @click=${() => this.#add('device')}>
                ${icons.plus}${t('ways.add.device')}
              </button>`}
        </div>
        ${hasDevice ? nothing : html`<p id="device-hint" class="caption">${t('ways.device.hint')}</p>`}
        ${this.#done ? html`<p role="status">${t(this.#done)}</p>` : nothing}
        ${this.#error ? html`<p class="error" role="alert">${sentence(this.#error)}</p>` : nothing}
      </section>
    `;
  }

  #way(way) {
    const { name, kind, keys } = way;
    const others = this.#ways.length > 1;
    return html`
      <li data-way=${kind}>
        ${looks[kind]}
        <div>
          ${t(`ways.${kind}`)}
          <p class="caption">
            ${t(keys.length === 1 ? 'ways.opens.one' : 'ways.opens', { count: formatNumber(keys.length) })}
            ${kind === 'passkey' ? t('ways.passkey.name', { name: name.slice(0, 8) }) : nothing}
          </p>
        </div>
        ${others && kind !== 'passphrase'
          ? html`<button type="button" aria-label=${t('ways.remove.named', { name: t(`ways.${kind}`) })} @click=${() => this.#remove(way)}>
              ${t('ways.remove')}
            </button>`
          : nothing}
      </li>
    `;
  }

  #add(kind) {
    const { address } = office.person.accounts[0];
    return this.#do(`ways.added.${kind}`, () => addWay(office.mailer, { kind, name: address }));
  }

  #remove(way) {
    return this.#do('ways.removed', () => removeWay(office.mailer, way));
  }

  /** What needs a key that is locked is done once it is unlocked. */
  async #do(done, act) {
    this.#done = this.#error = undefined;
    if (office.keys.isLocked) return this.ask('unlock', () => this.#do(done, act));
    try {
      await act();
      this.#done = done;
    } catch (error) {
      this.#error = error;
    }
    await this.#load();
  }
}

customElements.define('unlock-section', UnlockSection);
