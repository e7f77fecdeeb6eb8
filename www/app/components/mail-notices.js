// What there is to do about a mail: the yellow bar for a new certificate, a key to be unlocked, an answer
// to a mail that nobody can read, and what a sample shows.

import { css, html, nothing } from 'lit';
import { replyText } from 'smime-wasm/texts';
import { issuerOf, nameOf } from '../certificate-names.js';
import { DemoElement } from '../element.js';
import { icons } from '../icons.js';
import { acceptOffer } from '../integration/read-mail.js';
import { formatDate, language, sentence, t } from '../language.js';
import { office } from '../office.js';
import { base } from '../styles.js';

export class MailNotices extends DemoElement {
  static properties = { mail: { attribute: false }, opened: { attribute: false }, learned: { attribute: false } };

  static styles = [
    base,
    css`
      :host {
        display: contents;
      }

      .note {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        align-items: center;
        gap: 0.3rem 0.8rem;
        padding: 0.65rem 0.95rem;
        border-radius: 0.7rem;
        background: var(--accent-soft);
        font-size: 0.93rem;
      }

      .note > svg {
        width: 1.4rem;
        height: 1.4rem;
        color: var(--accent);
      }

      .offer {
        background: var(--warn-soft);
      }

      .offer > svg {
        color: var(--warn);
      }

      .bad {
        background: var(--bad-soft);
      }

      .bad > svg {
        color: var(--bad);
      }

      .good {
        background: var(--good-soft);
      }

      .good > svg {
        color: var(--good);
      }

      pre {
        margin: 0.4rem 0;
        font: inherit;
        white-space: pre-wrap;
      }

      @media (max-width: 40rem) {
        .note {
          grid-template-columns: auto minmax(0, 1fr);
        }

        .note > .row {
          grid-column: 2;
        }
      }
    `,
  ];

  render() {
    const { mail, opened, learned } = this;
    return html`
      ${mail.sample ? this.#sample(mail.sample) : nothing} ${this.#warning()}
      ${opened.locked.length ? this.#locked() : nothing}
      ${opened.offered.map((offer) => this.#offer(offer))}
      ${learned ? this.#learned(learned) : nothing} ${this.#reply()}
    `;
  }

  #sample(id) {
    return html`
      <aside class="note" aria-label=${t('read.sample')}>
        ${icons.info}
        <p>${t(`sample.${id}`)}</p>
        ${id === 'unknown-issuer'
          ? html`<span class="row">
              <button type="button" @click=${() => this.ask('take-in', 'other-root-ca.pem')}>
                ${t('sample.unknown-issuer.add')}
              </button>
            </span>`
          : nothing}
      </aside>
    `;
  }

  /** What nobody may overlook: that the text was changed, and that there is none because no key here opens it. */
  #warning() {
    const { badge, lock } = this.opened;
    const found = badge.code === 'badge/altered' ? badge : lock.code === 'lock/unreadable' ? lock : undefined;
    if (!found) return nothing;
    return html`
      <div class="note bad" role="status" data-warning=${found.code}>
        ${icons.failed}
        <div>
          <b>${sentence({ code: found.code })}</b>
          ${found.reasons.map((reason) => html`<p>${sentence(reason)}</p>`)}
        </div>
      </div>
    `;
  }

  #locked() {
    return html`
      <div class="note" role="status">
        ${icons.lock}
        <p>${t('read.locked')}</p>
        <span class="row">
          ${this.mail.copy
            ? html`<button type="button" @click=${() => this.ask('open-copy')}>${t('read.copy')}</button>`
            : nothing}
          <button class="primary" type="button" @click=${() => this.ask('unlock')}>${icons.unlock}${t('read.unlock')}</button>
        </span>
      </div>
    `;
  }

  #offer(offer) {
    const { certificate, address, isChanged, reasons } = offer;
    const facts = {
      name: nameOf(certificate),
      issuer: issuerOf(certificate),
      date: formatDate(certificate.notAfter),
    };
    return html`
      <section class="note offer" aria-label=${t(isChanged ? 'offer.title.changed' : 'offer.title', { address })}>
        ${icons.shield}
        <div>
          <b>${t(isChanged ? 'offer.title.changed' : 'offer.title', { address })}</b>
          <p>${t('offer.text', facts)}</p>
          ${reasons.map((reason) => html`<p class="caption">${sentence(reason)}</p>`)}
        </div>
        <span class="row">
          <button type="button" @click=${() => this.#accept(offer)}>${icons.check}${t('offer.accept')}</button>
        </span>
      </section>
    `;
  }

  async #accept(offer) {
    try {
      await acceptOffer(office.mailer, offer);
      office.reopen();
      this.ask('say', t('offer.accepted', { name: nameOf(offer.certificate) }));
    } catch (error) {
      this.ask('complain', sentence(error));
    }
  }

  #learned({ id, certificate }) {
    return html`
      <div class="note good" role="status">
        ${icons.check}
        <p>${t('read.learned', { name: nameOf(certificate) })}</p>
        <span class="row">
          <button type="button" @click=${() => this.ask('look-at', id)}>${t('offer.look')}</button>
        </span>
      </div>
    `;
  }

  #reply() {
    const texts = [...this.opened.lock.reasons, ...this.opened.problems].map((one) => replyText(one, language.code));
    const text = texts.find(Boolean);
    if (!text) return nothing;
    return html`
      <section class="note" aria-label=${t('read.shared')}>
        ${icons.reply}
        <pre>${text}</pre>
        <span class="row">
          <button type="button" @click=${() => this.ask('answer-text', text)}>${t('read.shared.do')}</button>
        </span>
      </section>
    `;
  }
}

customElements.define('mail-notices', MailNotices);
