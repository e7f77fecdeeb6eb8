// The list of mails of a folder. One row is in the order of the Tab key; the arrow keys, or J and K, go
// from row to row.

import { css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { DemoElement } from '../element.js';
import { fileName } from '../files.js';
import { icons, marks } from '../icons.js';
import { formatShort, formatTime, t, words } from '../language.js';
import { office } from '../office.js';
import { route } from '../route.js';
import { base } from '../styles.js';
import { namesOf } from '../summary.js';

export class MailList extends DemoElement {
  static properties = { place: { attribute: false } };

  static styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
        background: var(--panel);
      }

      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 0.5rem;
        padding: 0.7rem 0.7rem 0.5rem 1rem;
        border-bottom: 1px solid var(--line);
      }

      h1 {
        font-size: 1.1rem;
      }

      .search {
        display: flex;
        align-items: center;
        padding-inline-start: 0.8rem;
        border-bottom: 1px solid var(--line);
        color: var(--muted);
      }

      .search input:not([type='checkbox']) {
        border: 0;
        border-radius: 0;
        background: none;
        color: var(--text);
      }

      .search input:focus-visible {
        outline-offset: -3px;
      }

      ul {
        flex: 1;
        overflow: auto;
      }

      li > button {
        display: grid;
        grid-template-columns: 0.8rem minmax(0, 1fr) auto;
        gap: 0.05rem 0.45rem;
        width: 100%;
        padding: 0.55rem 0.8rem 0.55rem 0.35rem;
        border: 0;
        border-bottom: 1px solid var(--line);
        border-radius: 0;
        background: none;
      }

      li > button:focus-visible {
        outline-offset: -3px;
      }

      li > button[aria-current='true'] {
        background: var(--accent-soft);
      }

      .dot {
        grid-row: 1 / 3;
        place-self: start center;
        margin-top: 0.45rem;
        width: 0.5rem;
        height: 0.5rem;
        border-radius: 50%;
        background: var(--accent);
      }

      .who,
      .subject {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .unread .who,
      .unread .subject {
        font-weight: 650;
      }

      .subject {
        grid-column: 2;
        color: var(--muted);
        font-size: 0.93rem;
      }

      .unread .subject {
        color: var(--text);
      }

      time {
        color: var(--muted);
        font-size: 0.83rem;
      }

      .marks {
        display: inline-flex;
        align-items: center;
        justify-content: end;
        gap: 0.25rem;
        color: var(--muted);
      }

      .good {
        color: var(--good);
      }

      .warn {
        color: var(--warn);
      }

      .bad {
        color: var(--bad);
      }

      .accent {
        color: var(--accent);
      }

      .empty {
        flex: 1;
        display: grid;
        place-content: center;
        padding: 2rem;
        color: var(--muted);
        text-align: center;
      }

      footer {
        padding: 0.45rem 1rem;
        border-top: 1px solid var(--line);
      }

      @media (pointer: coarse) {
        footer {
          display: none;
        }
      }
    `,
  ];

  #search = '';
  #searched;

  willUpdate() {
    // Each folder is searched by itself.
    const { account, folder } = this.place;
    if (`${account} ${folder}` !== this.#searched) this.#search = '';
    this.#searched = `${account} ${folder}`;
  }

  render() {
    const { folder } = this.place;
    const all = office.mailsIn(this.place);
    const mails = this.#search ? all.filter((mail) => office.matches(mail, this.#search)) : all;
    const name = t(`folder.${folder}`);
    return html`
      <header>
        <h1>${name}</h1>
        <button
          class="plain icon"
          type="button"
          title=${t('list.open')}
          aria-label=${t('list.open')}
          @click=${() => this.ask('pick-files', 'mail')}
        >
          ${icons.folder}
        </button>
      </header>
      ${all.length
        ? html`<div class="search" role="search">
            ${icons.search}
            <input type="search" aria-label=${t('list.search')} placeholder=${t('list.search')} .value=${this.#search} @input=${this.#onSearch}>
          </div>`
        : nothing}
      ${mails.length
        ? html`
            <ul aria-label=${t('list.label', { folder: name })} @keydown=${this.#onKey}>
              ${repeat(mails, ({ id }) => id, (mail, at) => this.#row(mail, at, mails))}
            </ul>
            <footer class="caption">${t('list.keys')}</footer>
          `
        : html`<p class="empty">${t(this.#search ? 'list.found.none' : folder === 'inbox' ? 'list.empty.inbox' : 'list.empty')}</p>`}
    `;
  }

  #onSearch({ target }) {
    this.#search = target.value.trim();
    this.requestUpdate();
  }

  /** Puts the focus on a mail's row. */
  focusOn(id) {
    this.renderRoot.querySelector(`[data-mail="${id}"]`)?.focus();
  }

  #row(mail, at, mails) {
    const { from, to, cc, bcc, subject, date } = office.summaryOf(mail);
    const isOurs = mail.folder === 'sent' || mail.folder === 'drafts';
    const reached = [...to, ...cc, ...bcc];
    const who = isOurs
      ? reached.length
        ? t('list.to', { names: namesOf(reached) })
        : t('list.no-recipient')
      : namesOf(from) || t('list.no-sender');
    const isHere = mail.id === this.place.mail;
    const isInOrder = mails.some(({ id }) => id === this.place.mail) ? isHere : at === 0;
    const when = mail.sample ? (date ?? mail.receivedAt) : mail.receivedAt;
    return html`
      <li>
        <button
          class=${mail.isRead ? '' : 'unread'}
          type="button"
          data-mail=${mail.id}
          data-sample=${mail.sample ?? nothing}
          tabindex=${isInOrder ? 0 : -1}
          aria-current=${isHere}
          draggable="true"
          @click=${() => route.goToMail(mail, { replace: this.place.mail !== undefined })}
          @dragstart=${(event) => drag(event, mail, subject)}
        >
          ${mail.isRead ? nothing : html`<span class="dot" role="img" aria-label=${t('list.unread')}></span>`}
          <span class="who" style="grid-column: 2">${who}</span>
          <time datetime=${when.toISOString()} title=${formatTime(when)}>${formatShort(when)}</time>
          <span class="subject">${subject || t('list.no-subject')}</span>
          <span class="marks">${this.#marks(mail)}</span>
        </button>
      </li>
    `;
  }

  /** Only what there is to say: most mail is neither signed nor encrypted. */
  #marks(mail) {
    const verdict = office.verdictOf(mail);
    if (!verdict || mail.folder === 'drafts') return nothing;
    return [verdict.lock, verdict.badge]
      .filter((code) => !['lock/none', 'badge/unsigned', 'badge/unknown'].includes(code))
      .map((code) => {
        const { icon, look } = marks[code];
        return html`<span class=${look} role="img" aria-label=${words(code)} title=${words(code)}>${icon}</span>`;
      });
  }

  #onKey(event) {
    const rows = [...this.renderRoot.querySelectorAll('li > button')];
    const at = rows.indexOf(this.renderRoot.activeElement);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = { ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    const next = rows[to];
    if (to !== undefined) {
      event.preventDefault();
      // With list and mail side by side a row that is reached is shown.
      next?.focus();
      if (next && !matchMedia('(max-width: 64rem)').matches) next.click();
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      this.#remove(rows, at);
    }
  }

  /** Goes on with the mail that takes its place. */
  async #remove(rows, at) {
    const idOf = (row) => row && Number(row.dataset.mail);
    const next = idOf(rows[at + 1] ?? rows[at - 1]);
    const mail = office.mailAt(idOf(rows[at]));
    const isShown = this.place.mail === mail.id;
    this.ask('remove-mail', mail);
    const change = () => {
      if (office.mailAt(mail.id)?.folder === mail.folder) return;
      office.removeEventListener('change', change);
      const following = office.mailAt(next);
      if (isShown && following) route.goToMail(following, { replace: true });
      this.updateComplete.then(() => this.focusOn(next));
    };
    office.addEventListener('change', change);
  }
}

/** Out of the page as a file, where the browser can do that. */
function drag(event, mail, subject) {
  const url = URL.createObjectURL(mail.source);
  event.dataTransfer.setData('DownloadURL', `message/rfc822:${fileName(subject, 'eml')}:${url}`);
  event.dataTransfer.effectAllowed = 'copy';
  event.target.addEventListener('dragend', () => setTimeout(() => URL.revokeObjectURL(url), 60_000), { once: true });
}

customElements.define('mail-list', MailList);
