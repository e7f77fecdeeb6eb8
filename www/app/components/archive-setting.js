// The archive of the company: certificates that every encrypted mail is encrypted to besides (FEATURES R8).

import { css, html, nothing } from 'lit';
import { DemoElement } from '../element.js';
import { icons } from '../icons.js';
import { takenIn } from '../integration/certificates.js';
import { sentence, t } from '../language.js';
import { office } from '../office.js';
import { sampleFile } from '../samples.js';
import { base } from '../styles.js';

export class ArchiveSetting extends DemoElement {
  static properties = { ids: { attribute: false }, locked: { type: Boolean } };

  static styles = [
    base,
    css`
      :host {
        display: grid;
        gap: 0.3rem;
        justify-items: end;
      }

      @media (max-width: 48rem) {
        :host {
          justify-items: start;
        }
      }
    `,
  ];

  #names = new Map();

  willUpdate(changed) {
    if (changed.has('ids')) this.#load(this.ids);
  }

  async #load(ids) {
    for (const id of ids) {
      const view = await office.mailer.certificate({ id }).catch(() => undefined);
      this.#names.set(id, view?.name ?? view?.addresses[0] ?? `${id.slice(0, 12)} …`);
    }
    this.requestUpdate();
  }

  render() {
    const isSample = office.person.keys.length > 0;
    return html`
      <ul>
        ${this.ids.map(
          (id) => html`<li class="row">
            ${this.#names.get(id)}
            <button
              class="plain icon"
              type="button"
              ?disabled=${this.locked}
              aria-label=${t('settings.archive.remove', { name: this.#names.get(id) ?? id })}
              @click=${() => this.ask('choose', this.ids.filter((other) => other !== id))}
            >
              ${icons.close}
            </button>
          </li>`,
        )}
      </ul>
      <input type="file" hidden accept=".pem,.cer,.crt,.der" aria-label=${t('settings.archive.add')} @change=${this.#picked}>
      <button type="button" ?disabled=${this.locked} @click=${() => this.renderRoot.querySelector('input').click()}>
        ${t('settings.archive.add')}
      </button>
      ${isSample && !this.ids.length && !this.locked
        ? html`<button type="button" @click=${async () => this.#add(await sampleFile('archiv.pem'))}>${t('settings.archive.sample')}</button>`
        : nothing}
    `;
  }

  async #picked({ target }) {
    const [file] = target.files;
    target.value = '';
    await this.#add(file);
  }

  async #add(file) {
    try {
      const [{ entry }] = await takenIn(office.mailer, { file });
      this.ask('choose', [...new Set([...this.ids, entry.id])]);
    } catch (error) {
      this.ask('complain', sentence(error));
    }
  }
}

customElements.define('archive-setting', ArchiveSetting);
