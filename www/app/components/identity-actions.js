// What can be done with a key of one's own: a backup as .p12, another passphrase, and to remove it.

import { css, html, nothing } from 'lit';
import { nameOf } from '../certificate-names.js';
import { DemoElement } from '../element.js';
import { fileName, save } from '../files.js';
import { icons } from '../icons.js';
import { formatDate, formatList, sentence, t } from '../language.js';
import { office } from '../office.js';
import { base } from '../styles.js';
import { Work } from '../work.js';
import './busy-bar.js';

export class IdentityActions extends DemoElement {
  static properties = { view: { attribute: false } };

  static styles = [
    base,
    css`
      :host {
        display: grid;
        gap: 0.7rem;
      }

      form {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 0.6rem;
      }

      .field {
        flex: 1 1 12rem;
      }
    `,
  ];

  #work = new Work(this);
  #error;
  #removal;

  willUpdate(changed) {
    if (changed.has('view')) this.#removal = this.#error = undefined;
  }

  render() {
    return html`
      <h3>${t('identity.key')}</h3>
      <form @submit=${this.#export}>
        <label class="field">
          ${t('identity.password')}
          <input name="password" type="password" autocomplete="new-password" required minlength="8">
        </label>
        <button ?disabled=${this.#work.state !== undefined}>${icons.save}${t('identity.export')}</button>
      </form>
      <busy-bar .state=${this.#work.state} @cancel=${() => this.#work.cancel()}></busy-bar>
      ${this.#removal
        ? html`
            <p role="status">
              ${t('identity.remove.served', {
                addresses: formatList(this.#removal.addresses),
                from: formatDate(this.#removal.from),
                until: formatDate(this.#removal.until),
              })}
            </p>
            <div class="row">
              <button class="danger" type="button" @click=${this.#remove}>${t('certificate.remove.sure')}</button>
            </div>
          `
        : html`<div class="row">
            <button class="danger" type="button" @click=${this.#askRemoval}>${icons.trash}${t('identity.remove')}</button>
          </div>`}
      ${this.#error ? html`<p class="error" role="alert">${sentence(this.#error)}</p>` : nothing}
    `;
  }

  async #export(event) {
    event.preventDefault();
    const form = event.target;
    const { password } = Object.fromEntries(new FormData(form));
    const { id, certificate } = this.view;
    await this.#attempt(() =>
      this.#work.run('identity.export.working', async ({ signal }) => {
        const data = await office.mailer.exportP12({ id, password, signal });
        save(new Blob([data], { type: 'application/x-pkcs12' }), fileName(nameOf(certificate), 'p12'));
        form.reset();
      }),
    );
  }

  async #askRemoval() {
    await this.#attempt(async () => {
      this.#removal = await office.mailer.removal({ id: this.view.id });
    });
  }

  async #remove() {
    await this.#attempt(async () => {
      await office.mailer.removeIdentity({ id: this.view.id });
      office.reopen();
      this.ask('say', t('certificate.removed', { name: nameOf(this.view.certificate) }));
      this.dispatchEvent(new Event('removed'));
    });
  }

  /** What needs a key that is locked is done once it is unlocked. */
  async #attempt(act) {
    this.#error = undefined;
    try {
      await act();
    } catch (error) {
      this.#error = error;
      if (error.code === 'identity/locked') this.ask('unlock', () => this.#attempt(act));
    }
    this.requestUpdate();
  }
}

customElements.define('identity-actions', IdentityActions);
