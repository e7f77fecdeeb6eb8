// Whether to trust an authority: asked for each one, with the facts to decide it by.

import { html, nothing } from 'lit';
import { nameOf } from '../certificates.js';
import { DemoElement } from '../element.js';
import { icons } from '../icons.js';
import { sentence, t } from '../language.js';
import { session } from '../session.js';
import { base } from '../styles.js';
import './certificate-facts.js';
import './modal-dialog.js';

export class AnchorDialog extends DemoElement {
  static styles = base;

  #certificate;
  #error;

  /** Asks about one authority; resolved when that is answered. */
  async open(certificate) {
    this.#certificate = certificate;
    this.#error = undefined;
    this.requestUpdate();
    await this.updateComplete;
    await this.#dialog.open();
  }

  render() {
    return html`
      <modal-dialog heading=${t('anchor.title')}>
        <div class="stack">
          ${this.#certificate
            ? html`<certificate-facts .certificate=${this.#certificate}></certificate-facts>`
            : nothing}
          <p>${t('anchor.hint')}</p>
          ${this.#error ? html`<p class="error" role="alert">${this.#error}</p>` : nothing}
          <div class="row">
            <button class="primary" type="button" @click=${this.#trust}>${icons.shield}${t('anchor.do')}</button>
            <button type="button" @click=${() => this.#dialog.close()}>${t('app.cancel')}</button>
          </div>
        </div>
      </modal-dialog>
    `;
  }

  async #trust() {
    try {
      await session.addAnchor(this.#certificate);
      this.#dialog.close();
      this.ask('say', t('anchor.added', { name: nameOf(this.#certificate) }));
    } catch (error) {
      this.#error = sentence(error);
      this.requestUpdate();
    }
  }

  get #dialog() {
    return this.renderRoot.querySelector('modal-dialog');
  }
}

customElements.define('anchor-dialog', AnchorDialog);
