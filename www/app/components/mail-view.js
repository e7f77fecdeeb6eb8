// The reading pane: one mail, opened as far as the keys at hand allow.

import { css, html, nothing } from 'lit';
import { typedAddresses } from '../addresses.js';
import { DemoElement } from '../element.js';
import { fileName, save } from '../files.js';
import { icons, marks } from '../icons.js';
import { formatTime, sentence, t, words } from '../language.js';
import { office } from '../office.js';
import { route } from '../route.js';
import { base } from '../styles.js';
import { summaryOf } from '../summary.js';
import { Work } from '../work.js';
import './busy-bar.js';
import './mail-body.js';
import './mail-notices.js';
import './security-details.js';

const answers = [
  ['reply', icons.reply],
  ['reply-all', icons.replyAll],
  ['forward', icons.forward],
];

export class MailView extends DemoElement {
  static properties = { mail: { attribute: false }, empty: { type: Boolean } };

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
        gap: 0.9rem;
        grid-template-columns: minmax(0, 1fr);
        max-width: 58rem;
        padding: 0 1.6rem 2.5rem;
      }

      .bar {
        position: sticky;
        top: 0;
        z-index: 1;
        margin-inline: -1.6rem;
        padding: 0.55rem 1.6rem;
        border-bottom: 1px solid var(--line);
        background: var(--panel);
      }

      .back {
        display: none;
      }

      h1:focus {
        outline: none;
      }

      .sign {
        display: inline-flex;
        align-items: center;
        gap: 0.35rem;
        min-height: 1.7rem;
        padding: 0.1rem 0.6rem;
        border-radius: 1rem;
        font-size: 0.86rem;
        white-space: nowrap;
      }

      button.sign {
        border-color: transparent;
        background: var(--hover);
        color: var(--muted);
      }

      .sign.good {
        background: var(--good-soft);
        color: var(--good);
      }

      .sign.warn {
        background: var(--warn-soft);
        color: var(--warn);
      }

      .sign.bad {
        background: var(--bad-soft);
        color: var(--bad);
      }

      .sign.accent {
        background: var(--accent-soft);
        color: var(--accent);
      }

      .subject,
      .sender {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.3rem 0.7rem;
      }

      .sender b {
        font-weight: 600;
      }

      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0.05rem 0.9rem;
        font-size: 0.93rem;
      }

      dt {
        color: var(--muted);
      }

      dd {
        overflow-wrap: anywhere;
      }

      header {
        display: grid;
        gap: 0.55rem;
      }

      @media (max-width: 64rem) {
        article {
          padding: 0 1rem 2rem;
        }

        .bar {
          margin-inline: -1rem;
          padding: 0.4rem 0.6rem;
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
  #learned;
  #shown = {};

  willUpdate() {
    const { mail } = this;
    const { id, revision } = this.#shown;
    if (mail?.id === id && office.revision === revision) return;
    if (mail?.id !== id) this.#opened = this.#error = this.#learned = undefined;
    this.#shown = { id: mail?.id, revision: office.revision };
    if (mail) this.#open(mail);
    else this.#work.cancel();
  }

  async #open(mail, { fromCopy = false } = {}) {
    const shown = this.#shown;
    try {
      await this.#work.run('read.working', async ({ signal, onProgress }) => {
        const opened = await office.open(mail, { signal, onProgress, fromCopy });
        if (shown !== this.#shown) return;
        this.#opened = opened;
        this.#error = undefined;
        // It is news once: opened anew, the mail teaches nothing more.
        this.#learned ??= opened.learned.find(({ news }) => news.includes('certificate'));
      });
    } catch (error) {
      // A newer opening took over; it will report for itself.
      if (shown === this.#shown) this.#error = error;
    }
    this.requestUpdate();
  }

  render() {
    const { mail } = this;
    if (!mail) {
      return html`<div class="empty">
        ${icons.mail}
        <h2>${t('read.empty')}</h2>
        ${this.empty ? nothing : html`<p>${t('read.empty.hint')}</p>`}
      </div>`;
    }
    const opened = this.#opened;
    const summary = opened ? summaryOf(opened.headers) : office.summaryOf(mail);
    return html`
      <article aria-labelledby="subject" aria-busy=${this.#work.state ? 'true' : 'false'}>
        ${this.#bar(summary)}
        <busy-bar .state=${this.#work.state} @cancel=${() => this.#work.cancel()}></busy-bar>
        ${this.#header(summary)}
        ${this.#error ? html`<p class="error" role="alert">${sentence(this.#error)}</p>` : nothing}
        ${opened
          ? html`
              <mail-notices
                .mail=${mail}
                .opened=${opened}
                .learned=${this.#learned}
                @open-copy=${() => this.#open(mail, { fromCopy: true })}
                @answer-text=${({ detail }) => this.#answerWith(detail, summary)}
              ></mail-notices>
              <security-details id="details" .opened=${opened}></security-details>
              ${opened.view
                ? html`<mail-body .view=${opened.view} .links=${mail.links !== false && opened.encryption !== 'unprotected'}></mail-body>`
                : nothing}
            `
          : nothing}
      </article>
    `;
  }

  focus() {
    this.renderRoot.querySelector('#subject')?.focus();
  }

  #bar(summary) {
    const { mail } = this;
    const isDraft = mail.folder === 'drafts';
    return html`
      <div class="bar row spread" role="group" aria-label=${t('read.actions')}>
        <button class="plain icon back" type="button" aria-label=${t('read.back')} @click=${() => route.goToFolder(mail)}>
          ${icons.back}
        </button>
        <span class="row">
          ${isDraft
            ? barButton(icons.pen, t('read.edit'), () => this.ask('edit-draft', mail))
            : this.#opened?.view
              ? answers.map(([kind, icon]) => barButton(icon, t(`answer.${kind}`), () => this.#answer(kind, summary)))
              : nothing}
        </span>
        <span class="row">
          ${iconButton(icons.save, t('read.save'), () => save(mail.source, fileName(summary.subject, 'eml')))}
          ${iconButton(icons.mail, t('read.unread'), () => this.#markUnread())}
          ${iconButton(icons.trash, t('read.delete'), () => this.ask('remove-mail', mail))}
        </span>
      </div>
    `;
  }

  /** The lock stands beside the subject, the badge beside the sender (FEATURES R5). */
  #header({ from, to, cc, bcc, subject, date }) {
    const { badge, lock } = this.#opened ?? {};
    const row = (label, value) => (value ? html`<dt>${t(label)}</dt><dd>${value}</dd>` : nothing);
    return html`
      <header>
        <div class="subject">
          <h1 id="subject" class="break" tabindex="-1">${subject || t('list.no-subject')}</h1>
          ${lock && lock.code !== 'lock/none' ? this.#sign(lock) : nothing}
        </div>
        <div class="sender">
          <span class="break">${sender(from)}</span>
          ${badge ? this.#sign(badge) : nothing}
        </div>
        <dl>
          ${row('read.to', typedAddresses(to))} ${row('read.cc', typedAddresses(cc))}
          ${row('read.bcc', typedAddresses(bcc))} ${row('read.date', date && formatTime(date))}
        </dl>
      </header>
    `;
  }

  /** In a few words, with the sentence as a tooltip; a click tells the reasons. */
  #sign({ code, reasons }) {
    const { icon, look } = marks[code];
    const why = [sentence({ code }), ...reasons.map((reason) => sentence(reason))].join(' ');
    return html`
      <button class="sign ${look}" type="button" data-code=${code} title=${why} @click=${() => this.#showDetails()}>
        ${icon}${words(code)}
      </button>
    `;
  }

  #showDetails() {
    this.renderRoot.querySelector('security-details').show();
  }

  async #markUnread() {
    const { mail } = this;
    route.goToFolder(mail, { replace: true });
    await office.mark(mail, { isRead: false });
  }

  #answer(kind, summary) {
    this.ask('answer', { kind, opened: this.#opened, summary, mail: this.mail });
  }

  /** To a mail that nobody here can read (FEATURES R9): a text is proposed, and nothing sent. */
  #answerWith(text, { from, subject }) {
    this.ask('compose', { to: from, subject: subject ? `Re: ${subject}` : '', text, encrypt: false });
  }
}

function sender(from) {
  if (!from.length) return t('list.no-sender');
  return from.map(({ name, address }) => (name ? html`<b>${name}</b> <span class="caption">${address}</span> ` : html`<b>${address}</b> `));
}

/** Its words are left to assistive technology where there is no room for them. */
function barButton(icon, text, act) {
  return html`<button type="button" title=${text} aria-label=${text} @click=${act}>
    ${icon}<span class="words">${text}</span>
  </button>`;
}

function iconButton(icon, text, act) {
  return html`<button class="plain icon" type="button" title=${text} aria-label=${text} @click=${act}>${icon}</button>`;
}

customElements.define('mail-view', MailView);
