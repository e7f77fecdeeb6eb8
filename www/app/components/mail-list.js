// The list of mails, in groups by where they come from.

import { css, html, nothing } from 'lit';
import { DemoElement } from '../element.js';
import { icons } from '../icons.js';
import { formatDate, t } from '../language.js';
import { session } from '../session.js';
import { base } from '../styles.js';

const groups = ['written', 'opened', 'sample'];

export class MailList extends DemoElement {
  static properties = { selected: { attribute: false } };

  static styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }

      .actions {
        padding: 0.9rem;
      }

      .actions button {
        flex: 1;
      }

      nav {
        flex: 1;
        overflow: auto;
        padding: 0 0.5rem 0.5rem;
      }

      h2 {
        padding: 0.7rem 0.6rem 0.25rem;
        color: var(--muted);
        font-size: 0.8rem;
        font-weight: 600;
        letter-spacing: 0.04em;
        text-transform: uppercase;
      }

      li {
        position: relative;
      }

      li > button.mail {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 0 0.6rem;
        width: 100%;
        padding: 0.5rem 0.6rem;
        border: 0;
        border-radius: 0.6rem;
        background: none;
      }

      li > button.mail:hover {
        background: var(--hover);
      }

      li > button.mail[aria-current='true'] {
        background: var(--accent-soft);
      }

      .who {
        font-weight: 600;
      }

      .who,
      .subject {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      time,
      .marks {
        color: var(--muted);
        font-size: 0.83rem;
      }

      .marks {
        display: inline-flex;
        align-items: center;
        justify-content: end;
        gap: 0.2rem;
      }

      .marks .verified {
        color: var(--good);
      }

      .marks .unverified {
        color: var(--warn);
      }

      .marks .failed {
        color: var(--bad);
      }

      footer {
        padding: 0.6rem 1.1rem 0.9rem;
        border-top: 1px solid var(--line);
      }
    `,
  ];

  render() {
    return html`
      <div class="actions row">
        <button class="primary" type="button" @click=${() => this.ask('compose')}>
          ${icons.pen}${t('list.compose')}
        </button>
        <button type="button" @click=${() => this.ask('pick-mail')}>${icons.folder}${t('list.open')}</button>
      </div>
      <nav aria-label=${t('list.label')} @keydown=${this.#onKey}>${groups.map((origin) => this.#group(origin))}</nav>
      <footer class="caption">${t('app.local')} ${t('list.kept')}</footer>
    `;
  }

  /** Puts the focus on a mail's row. */
  focusOn(mail) {
    this.renderRoot.querySelector(`[data-mail="${mail.id}"]`)?.focus();
  }

  /** The arrow keys go from row to row, across the groups. */
  #onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const rows = [...this.renderRoot.querySelectorAll('.mail')];
    rows[rows.indexOf(this.renderRoot.activeElement) + step]?.focus();
  }

  #group(origin) {
    const mails = session.mails.filter((mail) => mail.origin === origin);
    if (!mails.length) return nothing;
    return html`
      <h2 id=${origin}>${t(`list.${origin}`)}</h2>
      <ul aria-labelledby=${origin}>
        ${mails.map((mail) => this.#row(mail))}
      </ul>
    `;
  }

  #row(mail) {
    const { from, to, cc, subject, date } = mail.found?.summary ?? mail.headers;
    const who = mail.origin === 'written' ? t('list.to', { names: namesOf(to.length ? to : cc) }) : namesOf(from);
    return html`
      <li>
        <button
          class="mail"
          type="button"
          data-mail=${mail.id}
          aria-current=${this.selected?.id === mail.id}
          @click=${() => this.ask('select-mail', mail)}
        >
          <span class="who">${who || t('list.no-sender')}</span>
          ${date ? html`<time datetime=${date.toISOString()}>${formatDate(date)}</time>` : html`<span></span>`}
          <span class="subject">${subject || t('list.no-subject')}</span>
          <span class="marks">${this.#marks(mail.found)}</span>
        </button>
      </li>
    `;
  }

  /** What was found when the mail was last opened. */
  #marks(found) {
    if (!found) return nothing;
    const { status, encryption } = found;
    const marks = [];
    if (encryption !== 'none') marks.push(mark('lock', `encryption.${encryption}`, ''));
    if (status && status !== 'unsigned') marks.push(mark(status, `list.${status}`, status));
    return marks;
  }
}

/** Names, or addresses where there are none. A name that looks like an address is no name. */
function namesOf(people) {
  return people.map(({ name, address }) => (name && !name.includes('@') ? name : address)).join(', ');
}

function mark(icon, text, className) {
  return html`<span class=${className} role="img" aria-label=${t(text)} title=${t(text)}>${icons[icon]}</span>`;
}

customElements.define('mail-list', MailList);
