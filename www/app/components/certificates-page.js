// Identities, certificates of others, and the authorities that are trusted.

import { css, html, nothing } from 'lit';
import { nameOf } from '../certificates.js';
import { DemoElement } from '../element.js';
import { icons } from '../icons.js';
import { sentence, t } from '../language.js';
import { session } from '../session.js';
import { base } from '../styles.js';
import './certificate-details.js';
import './certificate-facts.js';

export class CertificatesPage extends DemoElement {
  static styles = [
    base,
    css`
      :host {
        display: block;
        overflow: auto;
      }

      .page {
        display: grid;
        gap: 2rem;
        grid-template-columns: minmax(0, 1fr);
        max-width: 56rem;
        margin: 0 auto;
        padding: 1.4rem 1.6rem 3rem;
      }

      .cards {
        display: grid;
        gap: 0.7rem;
        grid-template-columns: minmax(0, 1fr);
        margin-top: 0.6rem;
      }

      .cards > li,
      .none,
      .samples {
        padding: 0.9rem 1.1rem;
        border: 1px solid var(--line);
        border-radius: 0.8rem;
        background: var(--panel);
      }

      .none {
        margin-top: 0.6rem;
        border-style: dashed;
        color: var(--muted);
      }

      .actions {
        margin-top: 0.6rem;
      }

      .samples .caption {
        padding-inline-start: 1.6rem;
      }

      @media (max-width: 40rem) {
        .page {
          padding: 1rem 1rem 2rem;
        }
      }
    `,
  ];

  #removing;

  render() {
    return html`
      <div class="page">
        <div class="row spread">
          <h1>${t('app.certificates')}</h1>
          <button class="primary" type="button" @click=${() => this.ask('pick-identity')}>
            ${icons.plus}${t('certificates.import')}
          </button>
        </div>
        ${this.#section('own', session.identities, (entry) => this.#identity(entry))}
        ${this.#section('people', session.people, (entry) => this.#certificate(entry))}
        ${this.#section('anchors', session.anchors, (entry) => this.#certificate(entry), t('certificates.anchors.hint'))}
        <section class="samples">
          <label class="check">
            <input type="checkbox" aria-describedby="samples-hint" .checked=${session.usesSamples} @change=${this.#useSamples}>
            <b>${t('certificates.samples')}</b>
          </label>
          <p id="samples-hint" class="caption">${t('certificates.samples.hint')}</p>
        </section>
      </div>
    `;
  }

  #section(name, entries, card, hint) {
    return html`
      <section aria-labelledby=${name}>
        <h2 id=${name}>${t(`certificates.${name}`)}</h2>
        ${hint ? html`<p class="caption">${hint}</p>` : nothing}
        ${entries.length
          ? html`<ul class="cards">
              ${entries.map((entry) => html`<li>${card(entry)}</li>`)}
            </ul>`
          : html`<p class="none">${t(`certificates.${name}.none`)}</p>`}
      </section>
    `;
  }

  #identity(entry) {
    const { certificate, identity, origin } = entry;
    if (origin === 'sample') return this.#certificate(entry);
    return html`
      <certificate-facts .certificate=${certificate}>
        ${identity
          ? html`<span class="chip good">${icons.unlock}${t('certificates.unlocked')}</span>`
          : html`<span class="chip">${icons.lock}${t('certificates.locked')}</span>`}
      </certificate-facts>
      <certificate-details .certificate=${certificate}></certificate-details>
      <div class="actions row">
        ${identity
          ? html`<button type="button" @click=${() => session.lock()}>${icons.lock}${t('app.lock')}</button>`
          : html`<button type="button" @click=${() => this.ask('unlock', entry)}>
              ${icons.unlock}${t('unlock.do')}
            </button>`}
        ${this.#remove(entry, () => session.removeIdentity(entry.id), t('certificates.remove.key-hint'))}
      </div>
    `;
  }

  #certificate(entry) {
    return html`
      <certificate-facts .certificate=${entry.certificate}>
        ${entry.origin === 'sample' ? html`<span class="chip accent">${t('certificates.sample')}</span>` : nothing}
      </certificate-facts>
      <certificate-details .certificate=${entry.certificate}></certificate-details>
      ${entry.origin === 'sample'
        ? nothing
        : html`<div class="actions row">${this.#remove(entry, () => session.removeCertificate(entry.id))}</div>`}
    `;
  }

  /** Two steps, so that no slip of the hand removes a key. */
  #remove(entry, remove, hint) {
    const name = nameOf(entry.certificate);
    if (this.#removing !== entry.id) {
      return html`<button
        class="plain"
        type="button"
        aria-label=${t('certificates.remove.named', { name })}
        @click=${() => this.#ask(entry.id)}
      >
        ${icons.trash}${t('certificates.remove')}
      </button>`;
    }
    return html`
      <button class="danger" type="button" @click=${() => this.#finish(remove, name)}>
        ${icons.trash}${t('certificates.remove.sure')}
      </button>
      <button class="plain" type="button" @click=${() => this.#ask(undefined)}>${t('app.cancel')}</button>
      ${hint ? html`<span class="caption" role="status">${hint}</span>` : nothing}
    `;
  }

  #ask(id) {
    this.#removing = id;
    this.requestUpdate();
  }

  async #finish(remove, name) {
    this.#ask(undefined);
    try {
      await remove();
      this.ask('say', t('certificates.removed', { name }));
    } catch (error) {
      this.ask('complain', sentence(error));
    }
  }

  async #useSamples({ target }) {
    try {
      await session.useSamples(target.checked);
    } catch {
      this.ask('complain', t('certificates.samples.failed'));
    }
  }
}

customElements.define('certificates-page', CertificatesPage);
