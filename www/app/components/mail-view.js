// The reading pane: one mail, opened as far as the keys at hand allow, with its verdict above what
// there is to read.

import { css, html, nothing } from 'lit';
import { nameOf } from '../certificates.js';
import { typedAddresses } from '../compose.js';
import { DemoElement } from '../element.js';
import { fileName, save } from '../files.js';
import { icons } from '../icons.js';
import { formatTime, sentence, t } from '../language.js';
import { openMail } from '../mail.js';
import { otherAuthority } from '../samples.js';
import { session } from '../session.js';
import { base } from '../styles.js';
import { Work } from '../work.js';
import './busy-bar.js';
import './header-fields.js';
import './mail-body.js';
import './mail-verdict.js';

const answers = [
  ['reply', icons.reply],
  ['reply-all', icons.replyAll],
  ['forward', icons.forward],
];

export class MailView extends DemoElement {
  static properties = { mail: { attribute: false } };

  static styles = [
    base,
    css`
      :host {
        display: block;
        overflow: auto;
      }

      .empty {
        display: grid;
        place-content: center;
        justify-items: center;
        min-height: 100%;
        padding: 2rem;
        color: var(--muted);
        text-align: center;
      }

      .empty svg {
        width: 3rem;
        height: 3rem;
        margin-bottom: 0.8rem;
      }

      article {
        display: grid;
        gap: 1rem;
        grid-template-columns: minmax(0, 1fr);
        max-width: 56rem;
        margin: 0 auto;
        padding: 1.2rem 1.6rem 2.5rem;
      }

      .bar {
        min-height: 2.3rem;
      }

      .back {
        display: none;
      }

      h1:focus {
        outline: none;
      }

      header dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0.05rem 0.9rem;
        margin-top: 0.4rem;
      }

      header dt {
        color: var(--muted);
      }

      header dd {
        overflow-wrap: anywhere;
      }

      .note {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0 0.7rem;
        padding: 0.7rem 0.95rem;
        border-radius: 0.7rem;
        background: var(--accent-soft);
        font-size: 0.93rem;
      }

      .note > svg {
        width: 1.5rem;
        height: 1.5rem;
        color: var(--accent);
      }

      .copies li {
        margin-top: 0.3rem;
      }

      @media (max-width: 52rem) {
        article {
          padding: 0.7rem 1rem 2rem;
        }

        .back {
          display: inline-flex;
        }

        .bar .words {
          display: none;
        }
      }
    `,
  ];

  #work = new Work(this);
  #error;
  #opened;
  #shown = {};

  willUpdate() {
    const { mail } = this;
    if (mail !== this.#shown.mail || (mail && session.revision !== this.#shown.revision)) {
      if (mail !== this.#shown.mail) {
        this.#opened = this.#error = undefined;
      }
      this.#shown = { mail, revision: session.revision };
      if (mail) {
        this.#open(mail);
      } else {
        this.#work.cancel();
      }
    }
  }

  async #open(mail) {
    try {
      await this.#work.run('read.working', async ({ signal, onProgress }) => {
        const opened = await openMail({
          message: mail.source,
          identities: session.keys,
          trustAnchors: session.trustAnchors,
          intermediates: session.intermediates,
          signal,
          onProgress,
        });
        signal.throwIfAborted();
        this.#opened = opened;
        this.#error = undefined;
        const { status, encryption, summary } = opened;
        session.note(mail, { status, encryption, summary });
        if (opened.error) session.noteError(opened.error);
      });
    } catch (error) {
      // A newer opening took over; it will report for itself.
      if (this.#shown.mail === mail && !this.#work.state) this.#error = error;
    }
    this.requestUpdate();
  }

  render() {
    if (!this.mail) {
      return html`<div class="empty">
        ${icons.mail}
        <h2>${t('read.empty')}</h2>
        <p>${t('read.empty.hint')}</p>
      </div>`;
    }
    const { mail } = this;
    const summary = this.#opened?.summary ?? mail.headers;
    return html`
      <article aria-labelledby="subject" aria-busy=${this.#work.state ? 'true' : 'false'}>
        <div class="bar row spread">
          <button class="plain back" type="button" aria-label=${t('read.back')} @click=${() => this.ask('select-mail', undefined)}>
            ${icons.back}<span class="words">${t('read.back')}</span>
          </button>
          <span class="row">${this.#opened?.view ? this.#answers() : nothing}</span>
          <span class="row">
            ${mail.origin === 'sample'
              ? nothing
              : html`<button
                  class="plain icon"
                  type="button"
                  title=${t('list.remove')}
                  aria-label=${t('list.remove')}
                  @click=${() => this.ask('remove-mail', mail)}
                >
                  ${icons.close}
                </button>`}
            ${barButton(icons.save, t('read.save'), () => save(mail.source, fileName(summary.subject, 'eml')))}
          </span>
        </div>
        ${mail.origin === 'sample' ? this.#sampleNote(mail.id) : nothing} ${this.#headers(summary)}
        <busy-bar .state=${this.#work.state} @cancel=${() => this.#work.cancel()}></busy-bar>
        ${this.#error ? html`<p class="error" role="alert">${sentence(this.#error)}</p>` : nothing}
        <div aria-live="polite">
          ${this.#opened ? html`<mail-verdict .opened=${this.#opened}></mail-verdict>` : nothing}
        </div>
        ${this.#opened ? this.#content() : nothing}
      </article>
    `;
  }

  focus() {
    this.renderRoot.querySelector('#subject')?.focus();
  }

  #sampleNote(id) {
    return html`
      <aside class="note" aria-label=${t('read.sample')}>
        ${icons.info}
        <div>
          <p>${t(`sample.${id}`)}</p>
          ${id === 'unknown-issuer'
            ? html`<button type="button" @click=${this.#offerAuthority}>${icons.shield}${t('sample.unknown-issuer.add')}</button>`
            : nothing}
        </div>
      </aside>
    `;
  }

  async #offerAuthority() {
    const { authorities } = await session.readCertificates(await otherAuthority());
    this.ask('offer-anchor', authorities[0]);
  }

  #headers({ from, to, cc, bcc, subject, date }) {
    const row = (label, value) => (value ? html`<dt>${t(label)}</dt><dd>${value}</dd>` : nothing);
    return html`
      <header>
        <h1 id="subject" class="break" tabindex="-1">${subject || t('list.no-subject')}</h1>
        <dl>
          ${row('read.from', typedAddresses(from) || t('list.no-sender'))} ${row('read.to', typedAddresses(to))}
          ${row('read.cc', typedAddresses(cc))} ${row('read.bcc', typedAddresses(bcc))}
          ${row('read.date', date && formatTime(date))}
        </dl>
        ${this.#opened?.isSmime ? html`<header-fields .headers=${this.#opened.headers}></header-fields>` : nothing}
      </header>
    `;
  }

  #content() {
    const { error, view, links } = this.#opened;
    return html`
      ${error?.code === 'decrypt/no-recipient' ? this.#unlockHint() : nothing} ${this.#keepSender()}
      ${this.#copies()}
      ${view
        ? html`<mail-body .view=${view} .links=${links && this.mail.links}></mail-body>`
        : nothing}
    `;
  }

  #unlockHint() {
    const locked = session.lockedIdentities;
    if (!locked.length) return nothing;
    return html`
      <div class="row">
        <span>${t('read.unlock.hint')}</span>
        ${locked.map(
          (entry) => html`<button type="button" @click=${() => this.ask('unlock', entry)}>
            ${icons.unlock}${t('read.unlock', { name: nameOf(entry.certificate) })}
          </button>`,
        )}
      </div>
    `;
  }

  /** A sender's certificate is kept on request only, and only if the signature is confirmed. */
  #keepSender() {
    const { status, signatures } = this.#opened;
    const signer = signatures[0]?.signer;
    if (status !== 'verified' || !signer || session.knows(signer)) return nothing;
    const name = nameOf(signer);
    return html`
      <div class="row">
        <button type="button" @click=${() => this.ask('keep-certificate', signer)}>
          ${icons.person}${t('read.keep', { name })}
        </button>
        <span class="caption">${t('read.keep.hint', { name })}</span>
      </div>
    `;
  }

  /** What goes out of a mail that was written here. */
  #copies() {
    const { copies } = this.mail;
    if (!copies) return nothing;
    const name = fileName(this.#opened.summary.subject, 'eml');
    const row = ({ to, source }) => {
      const names = to.join(', ');
      return html`
        <li class="row">
          <button type="button" aria-label=${t('read.copy.save', { names })} @click=${() => save(source, name)}>
            ${icons.save}${names}
          </button>
        </li>
      `;
    };
    return html`
      <section aria-labelledby="copies">
        <h2 id="copies">${t('read.copies')}</h2>
        <p class="caption">${t('read.copies.hint')}</p>
        <ul class="copies">
          ${copies.map(row)}
        </ul>
      </section>
    `;
  }

  #answers() {
    return answers.map(([kind, icon]) => barButton(icon, t(`answer.${kind}`), () => this.#answer(kind)));
  }

  #answer(kind) {
    this.ask('answer', { kind, opened: this.#opened.answerable, summary: this.#opened.summary });
  }
}

/** Its words are left to assistive technology where there is no room for them. */
function barButton(icon, words, act) {
  return html`<button type="button" title=${words} aria-label=${words} @click=${act}>
    ${icon}<span class="words">${words}</span>
  </button>`;
}

customElements.define('mail-view', MailView);
