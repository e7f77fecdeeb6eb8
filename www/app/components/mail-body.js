// What there is to read of a mail: its texts, in a frame without rights where they are HTML, and its
// files. Nothing of it is fetched from anywhere.

import { css, html, nothing } from 'lit';
import { DemoElement } from '../element.js';
import { save } from '../files.js';
import { harmless } from '../html.js';
import { icons } from '../icons.js';
import { formatSize, sentence, t } from '../language.js';
import { base } from '../styles.js';

export class MailBody extends DemoElement {
  static properties = { view: { attribute: false }, links: { type: Boolean } };

  static styles = [
    base,
    css`
      :host {
        display: grid;
        gap: 1rem;
        grid-template-columns: minmax(0, 1fr);
      }

      .text {
        padding: 0.4rem 0;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }

      iframe {
        display: block;
        width: 100%;
        margin-top: 0.5rem;
        border: 1px solid var(--line);
        border-radius: 0.7rem;
        background: #fff;
        color-scheme: light;
        resize: vertical;
      }

      iframe.short {
        height: 18rem;
      }

      iframe.long {
        height: 36rem;
        max-height: 75dvh;
      }

      summary {
        cursor: pointer;
      }

      .remote li {
        overflow-wrap: anywhere;
      }

      .attachments {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        margin-top: 0.4rem;
      }

      .attachments li {
        max-width: 100%;
      }

      .attachments button {
        max-width: 100%;
      }

      .attachments .name {
        overflow: hidden;
        text-overflow: ellipsis;
      }
    `,
  ];

  /** One for each body: `{ html, embedded }`, or `undefined` where it is plain text. */
  #documents;
  #asText = new Set();

  willUpdate(changed) {
    if (!changed.has('view')) return;
    this.#documents = undefined;
    this.#asText = new Set();
    this.#prepare(this.view);
  }

  async #prepare(view) {
    const { bodies, attachments } = view;
    const documents = [];
    for (const body of bodies) {
      documents.push(body.html && (await harmless(body.html.unsafe, { attachments, links: this.links })));
    }
    if (view !== this.view) return;
    this.#documents = documents;
    this.requestUpdate();
  }

  render() {
    if (!this.#documents) return nothing;
    const { bodies, attachments, smimeParts } = this.view;
    const isSeen = (attachment) => this.#documents.some((one) => one?.embedded.has(attachment));
    const files = [...attachments.filter((attachment) => !isSeen(attachment)), ...smimeParts];
    return html`
      ${bodies.length ? bodies.map((body, i) => this.#body(body, i)) : html`<p class="caption">${t('read.no-text')}</p>`}
      ${files.length
        ? html`<section aria-labelledby="attachments">
            <h2 id="attachments">${t('read.attachments')}</h2>
            <ul class="attachments">
              ${files.map((attachment) => this.#attachment(attachment))}
            </ul>
          </section>`
        : nothing}
    `;
  }

  #body({ text, html: source }, index) {
    const one = this.#documents[index];
    if (!one) return plain(text);
    const isText = this.#asText.has(index);
    return html`
      <div>
        <div class="row spread">
          ${remote(source.remoteReferences)}
          <button type="button" aria-pressed=${isText} @click=${() => this.#toggle(index)}>${t('read.as-text')}</button>
        </div>
        ${isText
          ? plain(text)
          : html`<iframe
              class=${text.length < 400 ? 'short' : 'long'}
              sandbox=${this.links ? 'allow-popups allow-popups-to-escape-sandbox' : ''}
              title=${t('read.frame')}
              .srcdoc=${one.html}
            ></iframe>`}
      </div>
    `;
  }

  #toggle(index) {
    if (!this.#asText.delete(index)) this.#asText.add(index);
    this.requestUpdate();
  }

  #attachment({ name, type, size, kind, data }) {
    const isMail = kind === 'message' || kind === 'encrypted' || kind === 'signed' || kind === 'smime';
    const shown = kind === 'encrypted' || kind === 'signed' ? t(`read.part.${kind}`) : name || t('read.attachment.unnamed');
    return html`
      <li class="row">
        <button type="button" aria-label=${t('read.attachment.save', { name: shown })} @click=${() => this.#save(data, type, shown)}>
          ${icons.clip}<span class="name">${shown}</span>
        </button>
        <span class="caption">${formatSize(size)}</span>
        ${isMail
          ? html`<button type="button" aria-label=${t('read.attachment.open', { name: shown })} @click=${() => this.#open(data, type)}>
              ${icons.mail}${t('read.attachment.open.short')}
            </button>`
          : nothing}
      </li>
    `;
  }

  #save(data, type, name) {
    return this.#with(data, type, (blob) => save(blob, name));
  }

  /**
   * An attached mail, and a part that is signed or encrypted, has a status of its own: it is opened as a mail.
   * Its links are worth no more than these.
   */
  #open(data, type) {
    const { links } = this;
    return this.#with(data, type, (source) => this.ask('open-mail', { source, links }));
  }

  async #with(data, type, use) {
    try {
      use(new Blob([await data()], { type }));
    } catch (error) {
      this.ask('complain', sentence(error));
    }
  }
}

function plain(text) {
  const shown = text.trim();
  return shown ? html`<div class="text">${shown}</div>` : html`<p class="caption">${t('read.no-text')}</p>`;
}

/** What the HTML would fetch, were it let. */
function remote(references) {
  if (!references.length) return html`<span class="caption">${t('read.remote.none')}</span>`;
  return html`
    <details class="remote caption" data-count=${references.length}>
      <summary>${t('read.remote', { count: references.length })}</summary>
      <ul>
        ${references.map((reference) => html`<li><code>${reference}</code></li>`)}
      </ul>
    </details>
  `;
}

customElements.define('mail-body', MailBody);
